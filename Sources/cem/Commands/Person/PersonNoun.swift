import ArgumentParser
import CEMDomain
import CEMStore

/// `cem person`.
struct PersonNoun: AsyncParsableCommand, ListedNoun {
  static let kind = EntityKind.person
  static let example = "ada"
  static let configuration = CommandConfiguration(
    commandName: "person", abstract: "The people who own, lead and approve.",
    discussion: examples(
      "cem person add ada --name \"Ada Lovelace\"",
      "cem person handover ada --to kim"),
    subcommands: [
      Add.self, Amend.self, HandoverVerb.self, ListVerb<Self>.self, ShowVerb.self,
      VoidVerb<Self>.self,
      RestoreVerb<Self>.self,
    ])

  static var listHelp: (abstract: String, discussion: String) {
    ("List the people.", examples("cem person list", "cem person list --sort name"))
  }
  static let nothing = "no people"
  static let first = "cem person add ID --name TEXT"
  static func fields(on _: Day) -> [Field<EntityRecord>] { fields }

  static let fields: [Field<EntityRecord>] = [
    Field("id") { .text($0.stream.code) },
    Field("name", words: "personName") { Datum($0.person?.details.name) },
    Field("login") { Datum($0.person?.details.login) },
    Field("since") { .day($0.since) },
    .external, .voided, .duplicateOf, .version, .position, .changedAt,
  ]
}

extension PersonNoun {
  struct Add: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "add", abstract: "Register a person.",
      discussion: examples("cem person add ada --name \"Ada Lovelace\" --login ada@example.com"))

    @Argument(help: "An id of your choice: lower-case letters, digits and hyphens.")
    var id: String
    @Option(help: "The person's name.") var name: String
    @Option(help: "The database login that acts for the person.") var login: String?
    @OptionGroup(title: "Recording") var write: WriteOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      try await issue(
        "person.add", given(["id": id, "name": name, "login": login]), write, options)
    }
  }

  struct Amend: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "amend", abstract: "Correct a person's fields.",
      discussion: examples("cem person amend ada --name \"Ada King\" --reason \"married\""))

    @Argument(help: "The person's id.", completion: Completion.people) var id: String
    @Option(help: "The person's name.") var name: String?
    @Option(help: "The database login that acts for the person.") var login: String?
    @OptionGroup var amend: AmendOptions
    @OptionGroup(title: "Recording") var write: WriteOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      try await issue(
        "person.amend",
        amend.adding(to: given(["person": id, "name": name, "login": login]), of: .person), write,
        options)
    }
  }

  struct HandoverVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "handover",
      abstract: "Hand over all that a person owns and sponsors to another.",
      discussion: examples("cem person handover ada --to grace --department ssc"))

    @Argument(help: "The person who gives.", completion: Completion.people) var id: String
    @Option(help: "The person who takes.", completion: Completion.people) var to: String
    @Option(help: "Only what concerns this department.", completion: Completion.departments)
    var department: String?
    @OptionGroup(title: "Recording") var write: WriteOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      try await issue(
        "person.handover", given(["id": id, "to": to, "department": department]), write, options)
    }
  }
}
