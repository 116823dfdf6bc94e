import ArgumentParser
import CEMDomain
import CEMStore

extension DepartmentNoun {
  struct ListVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List the departments.",
      discussion: examples(
        "cem department list", "cem department list --owner ada --json=code,name"))

    @OptionGroup(title: "Which") var list: ListOptions
    @OptionGroup(title: "When") var read: ReadOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      let session = try await Session.open(options)
      let records = try session.read(read) { try $0.reader.records(of: .department) }
      try options.show(try list.apply(to: records, DepartmentNoun.fields))
    }
  }

  static let fields: [Field<EntityRecord>] = [
    Field("code") { .text($0.stream.code) },
    Field("name") { Datum($0.department?.details.name) },
    Field("lead") { Datum($0.department?.details.lead) },
    Field("since") { .day($0.since) },
    .voided, .changedAt,
  ]
}

extension EntityRecord {
  /// The department, where this is one.
  var department: Department? {
    if case .department(let department) = entity { department } else { nil }
  }
}
