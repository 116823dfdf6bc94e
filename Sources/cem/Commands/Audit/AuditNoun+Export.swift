import ArgumentParser
import CEMDomain
import CEMStore
import TransparencyLog

extension AuditNoun {
  struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "export",
      abstract: "Write the log as a bundle that can be checked without a database.",
      discussion: examples(
        "cem audit export --out bundle", "cem audit export --out bundle --department retail",
        "cem audit export --out bundle --department retail --inclusion-only",
        "cem audit export --out bundle --checkpoint cosigned.txt --vkey \"$VKEY\"",
        about:
          "The bundle ends at the newest checkpoint. Check it with cem audit verify --offline DIR --vkey VKEY, or with scripts/verify_bundle.py, which shares no code with cem. FORMAT.md in it says what everything means."
      ))

    @Option(help: ArgumentHelp("The folder to make.", valueName: "dir")) var out: String
    @Option(
      help: ArgumentHelp(
        "Disclose the data of one department alone. All events' headers stay in, so that nothing can be left out.",
        valueName: "dept"), completion: Completion.departments)
    var department: String?
    @Flag(
      help:
        "With --department: no headers of other events either. What is in the bundle is proved; what is missing is not noticed."
    )
    var inclusionOnly = false
    @Option(
      help: ArgumentHelp(
        "A signed checkpoint to go by, instead of those that were signed here; may be repeated.",
        valueName: "file"), completion: .file())
    var checkpoint: [String] = []
    @OptionGroup var keys: VerifierKeyOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func validate() throws {
      if inclusionOnly, department == nil {
        throw ValidationError("--inclusion-only needs --department")
      }
      if checkpoint.isEmpty != keys.vkey.isEmpty {
        throw ValidationError("--checkpoint and --vkey go together")
      }
    }

    func run() async throws {
      let department = try department.map {
        try DepartmentCode(given: $0, field: "department")
      }
      let session = try await Session.open(options, purpose: .bulk)
      var content = try content(session)
      content.department = department
      content.scope =
        inclusionOnly ? .inclusionOnly : department == nil ? .everything : .headers
      let writer = BundleWriter(session.connection, programID: session.program.id)
      let manifest = try writer.write(to: Files.absolute(out), content) { position in
        Console.standard.progress("\(position) events …")
      }
      let head = try session.moments.head()
      let view = BundleView(
        manifest: manifest, vkey: content.key.description, folder: out,
        later: head.position - manifest.treeSize)
      try options.show(view, BundleView.fields, sentence: view.sentence)
      for note in view.notes { Console.standard.note(note) }
    }

    /// The checkpoints that were named, or those that were signed here with the key used last.
    private func content(_ session: Session) throws -> BundleWriter.Content {
      guard checkpoint.isEmpty else {
        let keys = try keys.keys()
        let signed = try checkpoint.map { path in
          let signed = try CheckpointReader.read(path, keys)
          _ = try CheckpointReader.signatures(of: signed, LogKeys(log: keys.log), path)
          return signed
        }
        return BundleWriter.Content(checkpoints: signed, key: keys.log)
      }
      let kept = CheckpointShelf(session).checkpoints(of: try session.logOrigin())
      guard let newest = kept.last else {
        throw CommandError(
          "audit.no-checkpoint", "no checkpoint was signed here, and none was named",
          cause: "without one, nothing would tie the bundle to this log",
          hint: "cem audit checkpoint sign --key FILE, or --checkpoint FILE --vkey VKEY",
          exit: .notFound)
      }
      return BundleWriter.Content(
        checkpoints: kept.filter { $0.key == newest.key }.map(\.signed), key: newest.key)
    }
  }
}

/// A bundle that was written.
private struct BundleView {
  var manifest: BundleManifest
  var vkey: String
  var folder: String
  /// How many events came after the bundle's last.
  var later: Int64

  static let fields: [Field<BundleView>] = [
    Field("folder") { .text($0.folder) },
    Field("scope") { .text($0.manifest.scope.rawValue) },
    Field("department") { Datum($0.manifest.department) },
    Field("events", numeric: true) { .integer($0.manifest.events) },
    Field("treeSize", numeric: true) { .integer($0.manifest.treeSize) },
    Field("rootHash") { .text($0.manifest.rootHash.base64) },
    Field("vkey") { .text($0.vkey) },
    Field("laterEvents", numeric: true) { .integer($0.later) },
  ]

  var sentence: String {
    "\(manifest.events) events up to position \(manifest.treeSize) in \(folder)\n"
      + "check it with: cem audit verify --offline \(folder) --vkey \(vkey)"
  }

  /// What whoever hands the bundle on should know.
  var notes: [String] {
    var notes = [manifest.scope.words(manifest.department)]
    if later > 0 {
      notes.append("\(later) later events are under no checkpoint yet, and not in it")
    }
    return notes
  }
}

extension BundleManifest.Scope {
  /// What a bundle discloses, and what it can prove.
  func words(_ department: String?) -> String {
    switch self {
    case .everything:
      "complete: it discloses everything, private texts that are not erased included"
    case .headers:
      "complete: it discloses the header of every event, and the data of those that concern \(department ?? "")"
    case .inclusionOnly:
      "inclusion only: what is in it is proved to be in the log; that nothing is missing is not"
    }
  }
}
