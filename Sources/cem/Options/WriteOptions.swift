import ArgumentParser
import CEMDomain
import CEMStore
import FoundationEssentials

/// The options of every command that records something.
struct WriteOptions: ParsableArguments {
  @Option(help: ArgumentHelp("When it happened; default today.", valueName: "date"))
  var on: String?

  @Option(help: ArgumentHelp("Why.", valueName: "text"))
  var reason: String?

  @Option(
    help: ArgumentHelp("For whom you act.", valueName: "person"), completion: Completion.people)
  var onBehalfOf: String?

  @Option(
    help: ArgumentHelp("The id that another system gave the new thing.", valueName: "source:id"))
  var external: String?

  @Option(
    help: ArgumentHelp(
      "A UUID for this command: sent again with the same id, it is recorded once.",
      valueName: "id"))
  var commandId: String?

  @Option(
    help: ArgumentHelp(
      "Refuse where the stream is no longer at this version; may be repeated.",
      valueName: "stream@version"))
  var expect: [ExpectedVersion] = []

  @Flag(help: "Record what is dated in a closed period, as a restatement; --reason says why.")
  var restate = false

  @Flag(
    help: "Ask for it, where it takes an approver: another login decides with 'cem approve'.")
  var request = false

  @Flag(help: "Decide and show the events, but write nothing.")
  var dryRun = false

  func validate() throws {
    if let commandId, UUID(uuidString: commandId) == nil {
      throw ValidationError("--command-id must be a UUID, not \(commandId)")
    }
  }
}

/// A stream's version that must still stand, as `gap/12@3` or `GAP-12@3`.
struct ExpectedVersion: ExpressibleByArgument {
  var stream: StreamID
  /// 0 where the stream must not exist yet.
  var version: Int

  init?(argument: String) {
    let parts = argument.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, let stream = StreamID(String(parts[0])), let version = Int(parts[1]),
      version >= 0
    else { return nil }
    self.stream = stream
    self.version = version
  }
}
