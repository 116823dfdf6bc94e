import ArgumentParser
import CEMDomain
import CEMStore

/// `cem agenda`: what waits for somebody.
struct AgendaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "agenda", abstract: "Show what waits: overdue, due, expiring, stuck.",
    discussion: examples(
      "cem agenda", "cem agenda retail", "cem agenda --owner cx-lead --limit 10",
      "cem agenda --kind overdue --as-of 2026-06-30",
      about:
        "What hurts most comes first: levels and initiatives without support; what is overdue, the gravest first; requests for another login; accepted gaps to look at again and channels not audited for a year; gaps whose breach is none any more; initiatives under way of which nothing was heard for 60 days; evidence and waivers that end within 30 days; what is due within 14."
    ))

  @Argument(help: "Only this department.", completion: Completion.departments)
  var department: String?
  @Option(
    help: ArgumentHelp("Only what a person owns.", valueName: "person"),
    completion: Completion.people)
  var owner: String?
  @Option(
    help: ArgumentHelp(
      "Only one kind: unsupported, to-assess, overdue, to-approve, to-review, unfounded, stuck, expiring or due.",
      valueName: "kind"), completion: .list(AgendaItem.Kind.allCases.map(\.rawValue)))
  var kind: String?
  @Option(help: ArgumentHelp("At most this many.", valueName: "n")) var limit: Int?
  @OptionGroup(title: "When") var read: ReadOptions
  @OptionGroup(title: "Options everywhere") var options: GlobalOptions

  func validate() throws {
    if let limit, limit < 0 { throw ValidationError("--limit must not be negative") }
    if let kind, AgendaItem.Kind(rawValue: kind) == nil {
      throw ValidationError(
        "there is no kind \(kind): "
          + AgendaItem.Kind.allCases.map(\.rawValue).joined(separator: ", "))
    }
  }

  func run() async throws {
    let session = try await Session.open(options)
    var items = try session.read(read) { reading in
      try reading.reader.requireExistence(ofDepartment: department, owner: owner)
      guard let owner else {
        let department = try department.map { try DepartmentCode(given: $0, field: "department") }
        return try reading.reader.agenda(on: reading.day, of: department).items
      }
      let owned = try reading.reader.records(ownedBy: PersonID(given: owner, field: "owner"))
      return try reading.reader.agenda(on: reading.day, of: owned).items
    }
    if let department {
      items.removeAll { item in
        !item.record.entity.state.departments.contains { $0.code == department }
      }
    }
    if let kind { items.removeAll { $0.kind.rawValue != kind } }
    if let limit { items = Array(items.prefix(limit)) }
    try options.show(Listing(items, AgendaItem.fields, empty: "nothing waits"))
  }
}

extension AgendaItem {
  /// What it is about: a reference, or the department whose level it is.
  var refText: String { record.stream.reference }

  static let fields: [Field<AgendaItem>] = [
    Field("kind", title: "WHY") { .term(kind: "AgendaItem.Kind", id: $0.kind.rawValue) },
    Field("ref") { .text($0.refText) },
    Field("title") { Datum($0.title) },
    Field("date", numeric: true) { Datum($0.date) },
    Field("days", numeric: true) { Datum($0.days) },
    Field("departments") { Datum($0.record.entity.state.departments) },
    Field("owner") { Datum($0.record.entity.state.owner) },
    Field("severity", inTable: false, numeric: true) { item in
      item.record.stream.kind == .gap ? Datum(item.severity) : .null
    },
  ]
}
