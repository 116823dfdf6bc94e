import ArgumentParser
import CEMDomain
import CEMStore

/// A noun whose things are listed by their fields.
protocol ListedNoun: CorrectableNoun {
  /// The help of `list`.
  static var listHelp: (abstract: String, discussion: String) { get }
  /// What is said where there is nothing to list.
  static var nothing: String { get }
  /// The fields, some of which may depend on the day.
  static func fields(on day: Day) -> [Field<EntityRecord>]
  /// The states that `--state` may name, beside `voided`.
  static var states: [String] { get }
  /// What `--state` is compared with; `nil` where things have no states.
  static var state: ((_ record: EntityRecord, _ day: Day) -> String)? { get }
  /// What `--overdue` is compared with; `nil` where nothing is due.
  static var due: ((_ record: EntityRecord) -> Day?)? { get }
}

extension ListedNoun {
  static var states: [String] { [] }
  static var state: ((_ record: EntityRecord, _ day: Day) -> String)? { nil }
  static var due: ((_ record: EntityRecord) -> Day?)? { nil }
}

/// `cem NOUN list`.
struct ListVerb<Noun: ListedNoun>: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "list", abstract: Noun.listHelp.abstract, discussion: Noun.listHelp.discussion)
  }

  @OptionGroup(title: "Which") var list: ListOptions
  @OptionGroup(title: "When") var read: ReadOptions
  @OptionGroup(title: "Options everywhere") var options: GlobalOptions

  func run() async throws {
    if let state = list.state, !Noun.states.isEmpty, !(Noun.states + ["voided"]).contains(state) {
      throw CommandError.usage(
        "there is no state \(state)",
        hint: "states: " + (Noun.states + ["voided"]).joined(separator: ", "))
    }
    let session = try await Session.open(options)
    let (records, day) = try session.read(read) {
      (try $0.reader.records(of: Noun.kind), $0.day)
    }
    let state = Noun.state.map { state in { (record: EntityRecord) in state(record, day) } }
    try options.show(
      list.apply(
        to: records, Noun.fields(on: day), today: day, state: state, due: Noun.due,
        empty: list.isFiltering ? "nothing matches" : Noun.nothing))
  }
}
