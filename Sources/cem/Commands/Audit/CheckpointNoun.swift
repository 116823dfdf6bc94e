import ArgumentParser
import CEMStore
import FoundationEssentials
import TransparencyLog

/// `cem audit checkpoint`.
struct CheckpointNoun: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "checkpoint",
    abstract: "Sign where the log stands, so that it can be kept elsewhere.",
    subcommands: [Keygen.self, Sign.self, Verify.self, Cosign.self])
}

/// A signed checkpoint as it is printed.
struct CheckpointView {
  var signed: SignedCheckpoint
  var signatures: [VerifiedSignature]
  /// Where it was written; `nil` where it is the output itself.
  var file: String?
  /// The size of the older tree that it was shown to go on from.
  var since: Int?

  static let fields: [Field<CheckpointView>] = [
    Field("origin") { .text($0.signed.checkpoint.origin) },
    Field("treeSize", numeric: true) { Datum($0.signed.checkpoint.size) },
    Field("rootHash") { .text($0.signed.checkpoint.root.base64) },
    Field("signatures") { .list($0.signatures.map(\.datum)) },
    Field("consistentSince", numeric: true) { Datum($0.since) },
    Field("file") { Datum($0.file) },
  ]

  var sentence: String {
    let checkpoint = signed.checkpoint
    let names = signatures.map { signature in
      signature.key.name.description + (signature.time == nil ? "" : " (witness)")
    }
    return "\(checkpoint.origin) at \(checkpoint.size), root \(checkpoint.root.base64), signed by "
      + names.joined(separator: ", ") + (since.map { "; it goes on from size \($0)" } ?? "")
      + (file.map { " (\($0))" } ?? "")
  }
}

extension VerifiedSignature {
  fileprivate var datum: Datum {
    Datum([
      "name": .text(key.name.description), "vkey": .text(key.description),
      "time": Datum(time.map { Timestamp(microseconds: Int64($0) * 1_000_000) }),
    ])
  }
}

extension CheckpointNoun {
  struct Keygen: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "keygen", abstract: "Make a key that signs checkpoints.",
      discussion: examples(
        "cem audit checkpoint keygen --out log.key",
        "cem audit checkpoint keygen --out log.key --name example.com/cem/acme",
        "cem audit checkpoint keygen --out witness.key --witness --name witness.example.com",
        about:
          "Keep the file where the database's administrators cannot read it, and give the vkey that is printed to everybody who checks. FILE.state, beside it, remembers what the key signed last."
      ))

    @Option(help: ArgumentHelp("The file for the private key.", valueName: "file"))
    var out: String
    @Option(
      help: ArgumentHelp(
        "The log's name in its checkpoints, or the witness's. Default: cem/ and the program's id, and how often it was restored.",
        valueName: "origin"))
    var name: String?
    @Flag(help: "The key of a second party, who cosigns what the log's own key signed.")
    var witness = false
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func validate() throws {
      if witness, name == nil {
        throw ValidationError("a witness needs a name: --witness --name …")
      }
    }

    func run() async throws {
      var origin = name.map(Arguments.restored)
      if origin == nil {
        origin = try await Session.open(options).logOrigin().description
      }
      let keyName = try KeyName(origin ?? "")
      let key = SignerKey.generate(name: keyName, algorithm: witness ? .cosignatureV1 : .ed25519)
      let state =
        witness ? SigningState() : try SigningState(beginning: keyName.description)
      try KeyFile.create(out, key, state: state)
      let view = KeyView(vkey: key.verifier.description, name: keyName.description, file: out)
      try options.show(view, KeyView.fields, sentence: view.vkey)
      Console.standard.note("the private key is in \(out.printable()); keep it from others")
    }
  }

  /// A new key as it is printed.
  private struct KeyView {
    var vkey: String
    var name: String
    var file: String

    static let fields: [Field<KeyView>] = [
      Field("vkey") { .text($0.vkey) },
      Field("name") { .text($0.name) },
      Field("file") { .text($0.file) },
    ]
  }
}

extension Session {
  /// The name under which the program's log is signed now.
  func logOrigin() throws -> LogOrigin {
    try LogOrigin(of: program.id, LiveReader(connection, programID: program.id))
  }
}
