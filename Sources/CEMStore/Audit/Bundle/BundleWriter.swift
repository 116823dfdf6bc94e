package import CEMDomain
package import FoundationEssentials
package import Postgres
import SystemPackage
package import TransparencyLog

/// Writes a program's log as a bundle: a folder of files that can be checked without a database, by this
/// program or by any other.
///
///     let writer = BundleWriter(connection, programID: id)
///     let manifest = try writer.write(to: "audit-2026", content)
///
/// It reads windows of positions, each a short statement of its own, and holds one of them at a time.
package struct BundleWriter {
  private let connection: Connection
  private let programID: UUID

  package init(_ connection: Connection, programID: UUID) {
    self.connection = connection
    self.programID = programID
  }

  /// What goes into a bundle.
  package struct Content: Sendable {
    package var scope = BundleManifest.Scope.everything
    /// Whose data is disclosed; `nil` discloses all.
    package var department: DepartmentCode?
    /// At least one; the bundle ends where the largest does.
    package var checkpoints: [SignedCheckpoint]
    /// The key that signed them.
    package var key: VerifierKey

    package init(checkpoints: [SignedCheckpoint], key: VerifierKey) {
      self.checkpoints = checkpoints.sorted { $0.checkpoint.size < $1.checkpoint.size }
      self.key = key
    }
  }

  /// Writes a bundle into a folder, which is made where it is missing, and must be empty.
  ///
  /// The manifest is written last: a folder without one is no bundle.
  /// - Throws: `BundleError`; `LogProblem` where the log itself does not hold; `PostgresError`.
  package func write(
    to path: String, _ content: Content, progress: (Int64) -> Void = { _ in }
  ) throws -> BundleManifest {
    guard let newest = content.checkpoints.last?.checkpoint else {
      throw LogProblem(.checkpoint, nil, "a bundle needs a checkpoint")
    }
    let head = try MomentResolver(connection, programID: programID).head().position
    guard newest.size <= head else {
      throw BundleError.checkpointBeyond(size: newest.size, log: head)
    }
    let folder = try BundleFolder(FilePath(path))
    do {
      return try write(to: folder, newest, content, progress)
    } catch {
      folder.clear()
      throw error
    }
  }

  private func write(
    to folder: BundleFolder, _ newest: Checkpoint, _ content: Content, _ progress: (Int64) -> Void
  ) throws -> BundleManifest {
    var files = [
      try write(BundleManifest.formatName, PackageResources.LOG_FORMAT_md, in: folder),
      try write(BundleManifest.keyName, Array("\(content.key)\n".utf8), in: folder),
    ]
    for (name, bytes) in newestOfEachSize(content.checkpoints) {
      files.append(try write(name, bytes, in: folder))
    }
    let events: Int64
    if content.scope == .inclusionOnly {
      let written = try writeProvedEvents(newest, content.department, in: folder, progress)
      events = written.events
      files += written.files
    } else {
      let written = try writeAllEvents(content, in: folder, progress)
      events = written.events
      files.append(written.file)
    }
    if let department = content.department, events == 0 {
      throw BundleError.nothingConcerns(department.code)
    }
    let manifest = BundleManifest(
      program: programID, scope: content.scope, department: content.department?.code,
      events: events, treeSize: Int64(newest.size), rootHash: newest.root,
      files: files.sorted { $0.name.precedesByBytes($1.name) })
    _ = try write(BundleManifest.name, Array(manifest.text.utf8), in: folder)
    return manifest
  }

  private func write(
    _ name: String, _ bytes: [UInt8], in folder: BundleFolder
  ) throws(BundleError) -> BundleManifest.File {
    var file = try BundleFileWriter(name, in: folder)
    try file.write(bytes)
    return try file.finish()
  }

  /// One file a size: of two checkpoints of one size, the one with more signatures.
  private func newestOfEachSize(_ checkpoints: [SignedCheckpoint]) -> [(String, [UInt8])] {
    var bySize: [Int: SignedCheckpoint] = [:]
    for signed in checkpoints {
      let size = signed.checkpoint.size
      if let other = bySize[size], other.note.signatures.count >= signed.note.signatures.count {
        continue
      }
      bySize[size] = signed
    }
    return bySize.sorted { $0.key < $1.key }.map {
      (BundleManifest.name(ofCheckpoint: $0.key), $0.value.encoded)
    }
  }

  /// Writes every event up to the newest checkpoint, and checks on the way that they lead to it.
  private func writeAllEvents(
    _ content: Content, in folder: BundleFolder, _ progress: (Int64) -> Void
  ) throws -> (events: Int64, file: BundleManifest.File) {
    var file = try BundleFileWriter(BundleManifest.eventsName, in: folder)
    var check = LogCheck(pins: content.checkpoints.map { LogPin($0.checkpoint) })
    var erasures = ErasureCheck()
    var concerned = false
    let last = Int64(content.checkpoints.last?.checkpoint.size ?? 0)
    let (program, department) = (programID, content.department)
    if last > 0 {
      try EventLog(connection, programID: programID).replay(
        1...last, columns: StoredEvent.columns,
        prepare: { rows in
          var window = Window()
          for row in rows {
            window.add(
              try StoredEvent(binary: BinaryRow(row)), program: program, department: department)
          }
          return window
        },
        { window in
          for entry in window.entries {
            check.take(entry)
            erasures.take(entry)
          }
          if let problem = check.report.problems.first { throw problem }
          concerned = concerned || window.concerned
          try file.write(window.lines)
          progress(check.report.events)
        })
    }
    check.finish()
    if let problem = check.report.problems.first { throw problem }
    if content.scope == .everything, let position = erasures.unnamed.min() {
      throw BundleError.erasedLater(position: position, size: Int(last))
    }
    if let department = content.department, !concerned {
      throw BundleError.nothingConcerns(department.code)
    }
    return (check.report.events, try file.finish())
  }

  /// A window of events, ready to be checked and written.
  private struct Window: Sendable {
    var entries: [LogEntry] = []
    var lines: [UInt8] = []
    /// Whether any of them concerns the department.
    var concerned = false

    mutating func add(_ event: StoredEvent, program: UUID, department: DepartmentCode?) {
      let concerns = department.map { event.concerns($0) } ?? true
      concerned = concerned || concerns
      var entry = LogEntry(event, program: program)
      if event.type == "event.data_erased",
        case .log(.dataErased(let erased))? = try? event.recorded().event
      {
        entry.erases = erased.positions
      }
      entries.append(entry)
      BundleLine.write(event, isWithheld: !concerns, to: &lines)
    }
  }

  /// Writes the events that concern a department, each with its proof.
  private func writeProvedEvents(
    _ newest: Checkpoint, _ department: DepartmentCode?, in folder: BundleFolder,
    _ progress: (Int64) -> Void
  ) throws -> (events: Int64, files: [BundleManifest.File]) {
    var events = try BundleFileWriter(BundleManifest.eventsName, in: folder)
    var proofs = try BundleFileWriter(BundleManifest.proofsName, in: folder)
    let log = EventLog(connection, programID: programID)
    let tree = TreeReader(connection: connection, programID: programID)
    var filter = EventLog.Filter()
    filter.department = department
    filter.upTo = Int64(newest.size)
    var count: Int64 = 0
    while true {
      let window = try log.events(filter, limit: 500)
      for event in window {
        let index = Int(event.position) - 1
        let path = try tree.inclusionProof(index: index, size: newest.size)
        try MerkleTree.require(
          event, index: index, in: newest, path: path, program: programID)
        var line: [UInt8] = []
        BundleLine.write(event, isWithheld: false, to: &line)
        try events.write(line)
        try proofs.write(BundleProofLine(position: event.position, path: path).bytes)
        count += 1
      }
      guard let last = window.last else { break }
      filter.after = last.position
      progress(last.position)
    }
    return (count, [try events.finish(), try proofs.finish()])
  }
}

extension StoredEvent {
  /// Whether a department is among those concerned.
  package func concerns(_ department: DepartmentCode) -> Bool {
    departments.split(separator: ",").contains { $0 == department.code }
  }
}

extension MerkleTree {
  /// Makes sure that an event, hashed anew, is in a checkpoint's tree.
  /// - Throws: `LogProblem`.
  fileprivate static func require(
    _ event: StoredEvent, index: Int, in checkpoint: Checkpoint, path: [Hash], program: UUID
  ) throws(LogProblem) {
    let entry = LogEntry(event, program: program)
    if let fault = entry.faults.first { throw fault }
    do {
      try verifyInclusion(
        of: entry.leaf, index: index, size: checkpoint.size, root: checkpoint.root, proof: path)
    } catch {
      throw LogProblem(
        .proof, .at(event.position), "the event is not in the tree of the newest checkpoint")
    }
  }
}
