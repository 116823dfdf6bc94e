import ArgumentParser
import CEMDomain
import CEMStore

struct ChannelNoun: AsyncParsableCommand, AmendableNoun, ShownNoun {
  static let kind = EntityKind.channel
  static let example = "CH-2"
  static let configuration = CommandConfiguration(
    commandName: "channel", abstract: "Feedback channels: how a department hears its customers.",
    discussion: examples(
      "cem channel declare --department retail --name \"Complaints desk\"",
      "cem channel list"),
    subcommands: [
      DeclareVerb.self, AuditVerb.self, PlanVerb.self, AmendVerb<Self>.self, VoidVerb<Self>.self,
      RestoreVerb<Self>.self, ListVerb<Self>.self, ShowVerb<Self>.self,
    ])

  typealias Fields = ChannelFields
  static let amendHelp = (
    abstract: amendAbstract,
    discussion: examples("cem channel amend CH-2 --form panel --reason \"typing error\"")
  )
  static let showHelp = (
    abstract: "Show a feedback channel.", discussion: examples("cem channel show CH-2")
  )
  static let listHelp = (
    abstract: "List feedback channels.",
    discussion: examples(
      "cem channel list --state unaudited --department retail",
      about: "States: unaudited, audited, planned; voided ones only with --state voided.")
  )
  static let nothing = "no channels"
  static let first = "cem channel declare --department DEPT --name TEXT"
  static let states = ["unaudited", "audited", "planned"]
  static var state: ((EntityRecord, Day) -> String)? {
    { record, _ in record.channel?.stateName ?? "" }
  }
  static func fields(on _: Day) -> [Field<EntityRecord>] { fields }

  struct DeclareVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "declare", abstract: "Declare a feedback channel.",
      discussion: examples(
        "cem channel declare --department retail --name \"Complaints hotline\" --form hotline"))

    @OptionGroup(title: "The channel") var channel: ChannelFields
    @OptionGroup(title: "Recording") var write: WriteOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws { try await issue("channel.declare", channel.values, write, options) }
  }

  struct AuditVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "audit", abstract: "Record an audit of a channel.",
      discussion: examples(
        "cem channel audit CH-2 --findings \"Half of the forms are never read\" --evidence EV-4",
        about: "The plan that follows is recorded with: cem channel plan CH-2 --text TEXT"))

    @Argument(help: "The channel.", completion: Completion.references(.channel)) var channel: String
    @Option(help: ArgumentHelp("What was found.", valueName: "text")) var findings: String
    @OptionGroup var proof: EvidenceReference
    @OptionGroup(title: "Recording") var write: WriteOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      try await issue(
        "channel.audit",
        given(["channel": channel, "findings": findings, "evidence": proof.evidence]), write,
        options)
    }
  }

  struct PlanVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "plan", abstract: "Record the plan that followed a channel's last audit.",
      discussion: examples(
        "cem channel plan CH-2 --text \"Two people read the forms every morning\""))

    @Argument(help: "The channel.", completion: Completion.references(.channel)) var channel: String
    @Option(help: ArgumentHelp("What is planned.", valueName: "text")) var text: String
    @OptionGroup(title: "Recording") var write: WriteOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      try await issue("channel.plan", given(["channel": channel, "plan": text]), write, options)
    }
  }

  static let fields: [Field<EntityRecord>] = ownFields + Field.common

  private static let ownFields: [Field<EntityRecord>] = [
    .ref,
    Field("department") { Datum($0.channel?.details.department) },
    Field("name") { Datum($0.channel?.details.name) },
    Field("form") { Datum($0.channel?.details.form) },
    Field("state") { record in
      record.channel.map { .term(kind: "Channel.State", id: $0.stateName) } ?? .null
    },
    Field("auditedOn", numeric: true) { Datum($0.channel?.life.auditedOn) },
    Field("owner") { Datum($0.channel?.details.owner) },
    Field("audits", inTable: false, numeric: true) { Datum($0.channel?.life.audits) },
    Field("findings", inTable: false) { Datum($0.channel?.life.findings) },
    Field("plan", inTable: false) { Datum($0.channel?.life.plan) },
    Field("evidence", inTable: false) { Datum($0.channel?.life.evidence) },
  ]
}

/// What a channel's fields are called on the command line.
struct ChannelFields: FieldOptions {
  @Option(
    help: ArgumentHelp("The department.", valueName: "dept"), completion: Completion.departments)
  var department: String?
  @Option(help: ArgumentHelp("Its name.", valueName: "text")) var name: String?
  @Option(help: ArgumentHelp("Its form, like hotline, form or panel.", valueName: "form"))
  var form: String?
  @Option(help: ArgumentHelp("Who owns it.", valueName: "person"), completion: Completion.people)
  var owner: String?

  var values: JSONObject {
    given(["department": department, "name": name, "form": form, "owner": owner])
  }
}

extension Channel {
  /// What `--state` calls where it stands.
  fileprivate var stateName: String {
    guard life.auditedOn != nil else { return "unaudited" }
    return life.hasPlan == true ? "planned" : "audited"
  }
}
