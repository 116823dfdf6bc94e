import ArgumentParser
import CEMDomain
import CEMStore

/// A noun whose things are listed by their fields.
protocol ListedNoun: CorrectableNoun {
  /// What a list can be narrowed by beside what every list has.
  associatedtype Filter: ListFilter = NoFilter
  /// The help of `list`.
  static var listHelp: (abstract: String, discussion: String) { get }
  /// What is said where there is nothing to list.
  static var nothing: String { get }
  /// The command that makes the first one; empty where none does.
  static var first: String { get }
  /// The fields, some of which may depend on the day.
  static func fields(on day: Day) -> [Field<EntityRecord>]
  /// The same where some also depend on what else the program holds.
  static func fields(
    on day: Day, _ reader: any ProgramReader
  ) throws -> [Field<EntityRecord>]
  /// The states that `--state` may name, beside `voided`.
  static var states: [String] { get }
  /// What `--state` is compared with; `nil` where things have no states.
  static var state: ((_ record: EntityRecord, _ day: Day) -> String)? { get }
  /// What `--overdue` is compared with; `nil` where nothing is due.
  static var due: ((_ record: EntityRecord) -> Day?)? { get }
}

extension ListedNoun {
  static var first: String { "" }
  static func fields(
    on day: Day, _ reader: any ProgramReader
  ) throws -> [Field<EntityRecord>] { fields(on: day) }
  static var states: [String] { [] }
  static var state: ((_ record: EntityRecord, _ day: Day) -> String)? { nil }
  static var due: ((_ record: EntityRecord) -> Day?)? { nil }
}

/// Options that narrow the list of one noun.
protocol ListFilter: ParsableArguments {
  /// Whether any of them was given.
  var isGiven: Bool { get }
  /// Whether a thing belongs to the list.
  /// - Throws: `FieldError` for an option that cannot be read.
  func lets(_ record: EntityRecord) throws -> Bool
  /// Those of all things of the noun that belong to the list, where other things tell.
  /// - Throws: `FieldError`, `Rejection.notFound` for an option that names nothing.
  func chosen(from records: [EntityRecord], _ reader: any ProgramReader) throws -> [EntityRecord]
}

extension ListFilter {
  func chosen(
    from records: [EntityRecord], _: any ProgramReader
  ) throws -> [EntityRecord] { try records.filter(lets) }
}

/// What most nouns have.
struct NoFilter: ListFilter {
  var isGiven: Bool { false }
  func lets(_: EntityRecord) -> Bool { true }
}

/// `cem NOUN list`.
struct ListVerb<Noun: ListedNoun>: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "list", abstract: Noun.listHelp.abstract, discussion: Noun.listHelp.discussion)
  }

  @OptionGroup(title: "Which") var filter: Noun.Filter
  @OptionGroup(title: "Which") var list: ListOptions
  @OptionGroup(title: "When") var read: ReadOptions
  @OptionGroup(title: "Options everywhere") var options: GlobalOptions

  func run() async throws {
    if let state = list.state, !Noun.states.isEmpty, !(Noun.states + ["voided"]).contains(state) {
      throw CommandError.unknown("state", state, among: Noun.states + ["voided"])
    }
    let session = try await Session.open(options)
    let (records, fields, day) = try session.read(read) { reading in
      let records = try list.records(of: Noun.kind, in: reading.reader)
      return (
        try filter.chosen(from: records, reading.reader),
        try Noun.fields(on: reading.day, reading.reader), reading.day
      )
    }
    let state = Noun.state.map { state in { (record: EntityRecord) in state(record, day) } }
    try options.show(
      list.apply(
        to: records, fields, today: day, state: state,
        due: Noun.due,
        empty: list.isFiltering || filter.isGiven
          ? Words.say("nothing matches") : Words.nothing(Noun.nothing, Noun.first)))
  }
}
