import ArgumentParser
import CEMDomain
import CEMStore

/// `cem waiver`.
struct WaiverNoun: AsyncParsableCommand, ShownNoun {
  static let kind = EntityKind.waiver
  static let example = "WVR-2"
  static let configuration = CommandConfiguration(
    commandName: "waiver",
    abstract: "Rules that somebody set aside: what, why, by whom, until when.",
    discussion: examples(
      "cem waiver list",
      "cem waiver revoke WVR-2 --reason \"the memo came\"",
      about:
        "A waiver is granted by the command that needs it, such as: cem maturity action waive"),
    subcommands: [
      PlainVerb<Revoke>.self, Amend.self, ListVerb<Self>.self, ShowVerb<Self>.self,
      VoidVerb<Self>.self,
      RestoreVerb<Self>.self,
    ])

  /// The fields, of which `state` depends on the day.
  static func fields(on day: Day) -> [Field<EntityRecord>] {
    [
      .ref,
      Field("rule") { Datum($0.waiver?.details.rule) },
      Field("of") { Datum($0.waiver?.details.of.reference) },
      Field("action") { Datum($0.waiver?.details.action) },
      Field("departments", inTable: false) { Datum($0.waiver?.details.departments ?? []) },
      Field("state") { .term(kind: "Waiver.State", id: state(of: $0, on: day)) },
      Field("until") { Datum($0.waiver?.details.until) },
      Field("approver") { Datum($0.waiver?.details.approver) },
      Field("because") { Datum($0.waiver?.details.because) },
      Field("revokedOn", inTable: false) { Datum($0.waiver?.revokedOn) },
      Field("since", inTable: false) { .day($0.since) },
    ] + Field.approval + [.voided, .duplicateOf, .version, .position, .changedAt]
  }

  static var listHelp: (abstract: String, discussion: String) {
    (
      "List the waivers.",
      examples(
        "cem waiver list --state valid --department ssc",
        about: "States: valid, expired, revoked, voided.")
    )
  }
  static let states = ["valid", "expired", "revoked"]
  static let nothing = "no waivers"
  static let showHelp = (abstract: "Show a waiver.", discussion: examples("cem waiver show WVR-2"))
  static var state: ((EntityRecord, Day) -> String)? { state(of:on:) }

  static func state(of record: EntityRecord, on day: Day) -> String {
    guard !record.isVoided, let waiver = record.waiver else { return "voided" }
    if waiver.isValid(on: day) { return "valid" }
    return waiver.revokedOn == nil ? "expired" : "revoked"
  }
}

extension WaiverNoun {
  enum Revoke: PlainStep {
    typealias Noun = WaiverNoun
    static func fits(_ record: EntityRecord) -> Bool { record.waiver?.revokedOn == nil }
    static let verb = "revoke"
    static let abstract = "End a waiver: what it excused is missing again."
    static let discussion = examples(
      "cem waiver revoke WVR-2 --reason \"the platform is there now\"")
  }

  struct Amend: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "amend", abstract: "Correct a waiver's fields.",
      discussion: examples("cem waiver amend WVR-2 --until 2026-12-31 --reason \"wrong year\""))

    @Argument(help: "Its reference.", completion: Completion.references(.waiver)) var ref: String
    @Option(help: "Why the rule is set aside.") var because: String?
    @Option(help: "Who approved it.", completion: Completion.people) var approver: String?
    @Option(help: ArgumentHelp("The last day on which it holds.", valueName: "date"))
    var until: String?
    @OptionGroup var amend: AmendOptions
    @OptionGroup(title: "Recording") var write: WriteOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      try await issue(
        "waiver.amend",
        amend.adding(
          to: given(["waiver": ref, "because": because, "approver": approver, "until": until]),
          of: .waiver), write, options)
    }
  }
}
