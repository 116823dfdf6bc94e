import ArgumentParser
import CEMDomain
import CEMStore

/// `cem department`.
struct DepartmentNoun: AsyncParsableCommand, ShownNoun {
  static let kind = EntityKind.department
  static let example = "ssc"
  static let configuration = CommandConfiguration(
    commandName: "department",
    abstract: "The units whose maturity, gaps and initiatives are tracked.",
    discussion: examples(
      "cem department register ssc --name \"Shared Services\"",
      "cem department show ssc"),
    subcommands: [
      Register.self, Amend.self, Retire.self, Reinstate.self, Merge.self, Split.self,
      ListVerb<Self>.self, ShowVerb<Self>.self, VoidVerb<Self>.self, RestoreVerb<Self>.self,
    ])

  static var listHelp: (abstract: String, discussion: String) {
    (
      "List the departments.",
      examples("cem department list", "cem department list --owner ada --json=code,name")
    )
  }
  static let showHelp = (
    abstract: "Show a department's fields.",
    discussion: examples("cem department show ssc", about: "How it stands is in: cem status CODE")
  )
  static let nothing = "no departments"
  static let first = "cem department register CODE --name TEXT"
  static let states = ["active", "retired"]
  static var state: ((EntityRecord, Day) -> String)? {
    { record, _ in record.department?.stateName ?? "" }
  }
  static func fields(on _: Day) -> [Field<EntityRecord>] { fields }

  static let fields: [Field<EntityRecord>] = [
    Field("code") { .text($0.stream.code) },
    Field("name") { Datum($0.department?.details.name) },
    Field("lead") { Datum($0.department?.details.lead) },
    Field("since") { .day($0.since) },
    Field("state") { record in
      record.department.map { .term(kind: "Department.State", id: $0.stateName) } ?? .null
    },
    Field("retiredOn", inTable: false) { Datum($0.department?.retirement?.on) },
    Field("successors") { Datum($0.department?.retirement?.successors ?? []) },
    .external, .voided, .duplicateOf, .version, .position, .changedAt,
  ]
}

extension Department {
  /// Whether it takes work, as lists show it and `--state` names it.
  var stateName: String { retirement == nil ? "active" : "retired" }
}

extension DepartmentNoun {
  struct Register: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "register", abstract: "Register a department.",
      discussion: examples("cem department register ssc --name \"Shared Services\" --lead ada"))

    @Argument(help: "Its code: lower-case letters, digits and hyphens; never used again.")
    var code: String
    @Option(help: "Its name.") var name: String
    @Option(help: "The id of the person who leads it.", completion: Completion.people)
    var lead: String?
    @OptionGroup(title: "Recording") var write: WriteOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      try await issue(
        "department.register", given(["code": code, "name": name, "lead": lead]), write, options)
    }
  }

  struct Amend: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "amend", abstract: "Correct a department's fields.",
      discussion: examples(
        "cem department amend ssc --lead grace --reason \"new lead\"",
        "cem department amend ssc --clear lead --reason \"vacant\""))

    @Argument(help: "Its code.", completion: Completion.references(.department)) var code: String
    @Option(help: "Its name.") var name: String?
    @Option(help: "The id of the person who leads it.", completion: Completion.people)
    var lead: String?
    @OptionGroup var amend: AmendOptions
    @OptionGroup(title: "Recording") var write: WriteOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      try await issue(
        "department.amend",
        amend.adding(
          to: given(["department": code, "name": name, "lead": lead]), of: .department), write,
        options)
    }
  }
}
