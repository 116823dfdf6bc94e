import ArgumentParser
import CEMDomain
import CEMStore
import FoundationEssentials

extension AuditNoun {
  struct Recover: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "recover",
      abstract: "After a restore from a backup, say so in the log and begin a new origin.",
      discussion: examples(
        "cem audit recover --reason \"disk lost; restored the backup of 2 March\"",
        "cem audit recover --from 4711 --reason \"restored, and noticed a day later\"",
        about:
          "What was recorded after the backup is lost, and receipts and checkpoints of it no longer fit. "
          + "Checkpoints have a new origin from here on, which needs a new key: the old one never signs across. "
          + "Takes the owner's right."))

    @Option(
      help: ArgumentHelp(
        "The last position that the backup had; default the last there is.", valueName: "position"))
    var from: Int64?
    @Option(help: ArgumentHelp("Why.", valueName: "text")) var reason: String
    @Flag(help: "Decide and show the events, but write nothing.") var dryRun = false
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      let session = try await Session.open(options)
      try session.requireOwner("declaring a restore")
      let head = try session.moments.head()
      let command = try IssuedCommand(
        name: RecoverLog.name,
        fields: given(["from": JSON.int(from ?? head.position), "reason": reason]))
      if dryRun {
        var dry = ProgramStore.Options()
        dry.isDryRun = true
        let receipt = try session.store.execute([Submission(command)], options: dry)[0]
        let issued = IssuedReceipt(
          receipt: receipt, program: session.program.slug, database: session.databaseName,
          isDryRun: true)
        return try options.show(issued, sentence: issued.sentence)
      }
      let receipt = try await session.asOwner { try await session.record(Submission(command)) }
      try options.show(receipt, sentence: receipt.sentence)
      Console.standard.note(
        "the origin is now \(try session.logOrigin()): make a new key for it with cem audit checkpoint keygen"
      )
    }
  }
}
