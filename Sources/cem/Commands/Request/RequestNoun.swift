import ArgumentParser
import CEMDomain
import CEMStore

/// `cem request`.
struct RequestNoun: AsyncParsableCommand, ShownNoun {
  static let kind = EntityKind.request
  static let example = "REQ-5"
  static let configuration = CommandConfiguration(
    commandName: "request",
    abstract: "What waits for another login: what was asked for with --request.",
    discussion: examples(
      "cem gap accept GAP-12 --until 2027-03-31 --reason \"no budget\" --request",
      "cem request list --state open", "cem approve REQ-5",
      "cem reject REQ-5 --reason \"not yet\"",
      about:
        "Advances, waivers, accepted gaps, pilot verdicts, retirements and corrected levels take an approver. Where a program asks for four eyes (cem init --four-eyes), they are asked for first, and another login than the one that asked, and than the one that recorded the evidence, approves or rejects. Elsewhere they may be."
    ),
    subcommands: [
      ListVerb<Self>.self, ShowVerb<Self>.self, VoidVerb<Self>.self, RestoreVerb<Self>.self,
    ])

  static func fields(on _: Day) -> [Field<EntityRecord>] { fields }

  private static let fields: [Field<EntityRecord>] = [
    .ref,
    Field("state") { Datum($0.request?.life.stage) },
    Field("of", title: "COMMAND") { Datum($0.request?.details.of) },
    Field("about") { Datum($0.request?.details.about?.reference) },
    Field("departments") { Datum($0.request?.details.departments ?? []) },
    Field("requestedBy") { Datum($0.request?.requestedBy) },
    Field("requestedOn") { .day($0.since) },
    Field("reason", inTable: false) { Datum($0.request?.reason) },
    Field("onBehalfOf", inTable: false) { Datum($0.request?.onBehalf) },
    Field("given", inTable: false) { Datum($0.request?.details.fields.merged ?? .null) },
    Field("decidedBy") { Datum($0.request?.life.decidedBy) },
    Field("decidedOn", inTable: false) { Datum($0.request?.life.decidedOn) },
    Field("answer", inTable: false) { Datum($0.request?.life.why) },
    .voided, .duplicateOf, .version, .position, .changedAt,
  ]

  static let listHelp = (
    abstract: "List requests.",
    discussion: examples(
      "cem request list --state open", about: "States: open, approved, rejected, voided.")
  )
  static let showHelp = (
    abstract: "Show a request, with what it would do.",
    discussion: examples("cem request show REQ-5")
  )
  static let states = RequestLife.Stage.allCases.map(\.rawValue)
  static let nothing = "no requests"
  static var state: ((EntityRecord, Day) -> String)? {
    { record, _ in record.isVoided ? "voided" : record.request?.life.stage.rawValue ?? "" }
  }
}

extension RequestNoun {
  /// What waits for an answer.
  fileprivate static let open = Completion.references(.request) { $0.entity.state.isOpen }
}

/// `cem approve REQ`.
struct ApproveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "approve", abstract: "Approve a request: what was asked for is done.",
    discussion: examples(
      "cem approve REQ-5", "cem approve REQ-5 --dry-run",
      about:
        "It is decided anew, on the day of the approval: where a rule refuses it by now, the request stays open. Neither the login that asked nor one that recorded the evidence can approve."
    ))

  @Argument(help: "The request.", completion: RequestNoun.open) var request: String
  @OptionGroup(title: "Recording") var write: WriteOptions
  @OptionGroup(title: "Options everywhere") var options: GlobalOptions

  func run() async throws {
    try await issue("request.approve", given(["request": request]), write, options)
  }
}

/// `cem reject REQ`.
struct RejectCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reject", abstract: "Reject a request: nothing of it is done.",
    discussion: examples(
      "cem reject REQ-5 --reason \"not before the budget\"",
      about:
        "Another login than the one that asked rejects; whoever asked takes a request back with: cem request void"
    ))

  @Argument(help: "The request.", completion: RequestNoun.open) var request: String
  @OptionGroup(title: "Recording") var write: WriteOptions
  @OptionGroup(title: "Options everywhere") var options: GlobalOptions

  func run() async throws {
    try await issue("request.reject", given(["request": request]), write, options)
  }
}
