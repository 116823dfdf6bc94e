import ArgumentParser
import CEMDomain
import CEMStore

extension PersonNoun {
  struct ShowVerb: ShowingVerb {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Show a person with what is on their desk.",
      discussion: examples(
        "cem person show ada", "cem person show ada --json=agenda,owns",
        about:
          "What waits for them, as in 'cem agenda --owner', what they lead, own, sponsor and approved, open first, and what a handover would move. A terminal shows the first of each and says how many more there are; everywhere else all are there."
      ))

    @Argument(help: "The person's id.", completion: Completion.people) var id: String
    @OptionGroup(title: "When") var read: ReadOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      let person = try PersonID(given: id, field: "id")
      let session = try await Session.open(options)
      let (view, recent) = try session.read(read) { reading in
        let record = try reading.reader.record(person.stream)
        let parts = try reading.reader.parts(of: person)
        return (
          PersonView(
            record, parts, try reading.reader.agenda(on: reading.day, of: parts.owned),
            on: reading.day, isNow: read.asOf == nil && read.period == nil),
          try session.recentEvents(of: person.stream, upTo: reading.point.position)
        )
      }
      guard options.style.isForPeople, options.style.fields.isEmpty else {
        return try options.show(view, PersonView.fields)
      }
      try options.show(view.record, PersonNoun.fields, recent: [])
      for line in try view.lines(options.style) { try Console.standard.write(line + "\n") }
      try options.show(recent: recent)
    }
  }
}

/// A person with what is on their desk.
struct PersonView: Sendable {
  var record: EntityRecord
  /// What waits for them.
  var agenda: [AgendaItem]
  /// The departments that they lead.
  var leads: [PersonThing]
  var owns: [PersonThing]
  var sponsors: [PersonThing]
  /// The waivers and the accepted gaps.
  var approved: [PersonThing]
  /// Whether it is the present: at another moment nothing can be handed over.
  var isNow: Bool

  fileprivate init(
    _ record: EntityRecord, _ parts: PersonParts, _ agenda: Agenda, on day: Day, isNow: Bool
  ) {
    self.record = record
    self.agenda = agenda.items
    leads = PersonThing.sorted(parts.owned.filter { $0.stream.kind == .department }, on: day)
    owns = PersonThing.sorted(parts.owned.filter { $0.stream.kind != .department }, on: day)
    sponsors = PersonThing.sorted(parts.sponsored, on: day)
    approved = PersonThing.sorted(parts.approved, on: day, approved: true)
    self.isNow = isNow
  }

  static let fields: [Field<PersonView>] =
    Field.of(PersonNoun.fields) { $0.record } + [
      Field("agenda", inTable: false) { Datum($0.agenda, AgendaItem.fields) },
      Field("leads", inTable: false) { Datum($0.leads, PersonThing.fields) },
      Field("owns", inTable: false) { Datum($0.owns, PersonThing.fields) },
      Field("sponsors", inTable: false) { Datum($0.sponsors, PersonThing.fields) },
      Field("approved", inTable: false) { Datum($0.approved, PersonThing.approvedFields) },
      Field("handover", inTable: false) { view in
        Datum(["things": Datum(view.handedOver), "command": Datum(view.handover)])
      },
    ]

  /// How many things a handover moves.
  private var handedOver: Int { leads.count + owns.count + sponsors.count }
  private var handover: String? {
    isNow && handedOver > 0 ? "cem person handover \(record.stream.code) --to PERSON" : nil
  }

  /// How many of each a terminal shows.
  private static let shown = 10

  /// The desk for a person.
  fileprivate func lines(_ style: OutputStyle) throws -> [String] {
    let id = record.stream.code
    func lists(_ things: [PersonThing]) -> [String] {
      Set(things.map(\.record.stream.kind.rawValue)).sorted().map { "cem \($0) list --owner \(id)" }
    }
    var lines = try section(
      Words.pair(Words.say("on the agenda"), "\(agenda.count)"), agenda,
      AgendaItem.fields.filter { $0.key != "owner" }, style
    ) { _ in ["cem agenda --owner \(id)"] }
    if agenda.isEmpty { lines += ["", Words.say("nothing waits")] }
    lines += try section(Words.say("leads"), leads, style, rest: lists)
    lines += try section(Words.say("owns"), owns, style, rest: lists)
    lines += try section(Words.say("sponsors"), sponsors, style) { _ in
      ["cem person show \(id) --json=sponsors"]
    }
    lines += try section(Words.say("approved"), approved, style, approved: true) { _ in
      ["cem person show \(id) --json=approved"]
    }
    if let handover {
      lines += [
        "",
        Words.pair(Words.say("a handover moves what they lead, own and sponsor"), "\(handedOver)"),
        "  " + handover,
      ]
    }
    return lines
  }

  private func section(
    _ title: String, _ things: [PersonThing], _ style: OutputStyle, approved: Bool = false,
    rest: ([PersonThing]) -> [String]
  ) throws -> [String] {
    let (all, open) = ("\(things.count)", "\(things.count { $0.isOpen == true })")
    let counts =
      approved
      ? Words.say("%1, %2 of them in force", all, open)
      : Words.say("%1, %2 of them open", all, open)
    return try section(
      Words.pair(title, all == open ? all : counts), things,
      approved ? PersonThing.approvedFields : PersonThing.fields, style, rest: rest)
  }

  /// The first rows under a heading, with the commands that list the rest.
  private func section<Row>(
    _ title: String, _ rows: [Row], _ fields: [Field<Row>], _ style: OutputStyle,
    rest: ([Row]) -> [String]
  ) throws -> [String] {
    guard !rows.isEmpty else { return [] }
    let heading = style.usesColor ? "\u{1b}[1m\(title)\u{1b}[0m" : title
    let hidden = Array(rows.dropFirst(PersonView.shown))
    var (table, lines) = (style, ["", heading])
    table.format = .table
    lines += try Listing(Array(rows.prefix(PersonView.shown)), fields).text(table)
      .split(separator: "\n").map(String.init)
    if !hidden.isEmpty {
      lines.append(Words.say("… and %1 more:", "\(hidden.count)"))
      lines += rest(hidden).map { "  " + $0 }
    }
    return lines
  }
}

/// A thing that a person has a part in, with what their card says of it.
struct PersonThing: Sendable {
  var record: EntityRecord
  var title: Datum
  var state: Datum
  /// The last day: when it is due, is to be looked at again, or ends.
  var last: Day?
  /// Whether it is still going on or holds; `nil` for what has no life.
  var isOpen: Bool?

  fileprivate static let fields = common("due")
  fileprivate static let approvedFields = common("until")

  private static func common(_ last: String) -> [Field<PersonThing>] {
    [
      Field("ref") { .text($0.record.stream.reference) },
      Field("kind", inTable: false) {
        .term(kind: "EntityKind", id: $0.record.stream.kind.rawValue)
      },
      Field("state") { $0.state },
      Field(last) { Datum($0.last) },
      Field("departments") { Datum($0.record.entity.state.departments) },
      Field("title") { $0.title },
      Field("open", inTable: false) { Datum($0.isOpen) },
    ]
  }

  /// What is open first, then what has no life, each by the last day.
  fileprivate static func sorted(
    _ records: [EntityRecord], on day: Day, approved: Bool = false
  ) -> [PersonThing] {
    let kinds = Set(records.map(\.stream.kind))
    let nouns = Dictionary(
      uniqueKeysWithValues: kinds.compactMap { kind in
        (CommandTree.subcommand(kind.rawValue, of: CEM.self) as? any ListedNoun.Type)
          .map { (kind, (due: $0.due, fields: $0.fields(on: day))) }
      })
    func rank(_ thing: PersonThing) -> Int {
      thing.isOpen.map { $0 ? 0 : 2 } ?? 1
    }
    return records.map { record in
      let noun = nouns[record.stream.kind]
      func value(_ keys: String...) -> Datum {
        keys.lazy.compactMap { key in noun?.fields.first { $0.key == key }?.value(record) }
          .first { $0 != .null } ?? .null
      }
      return PersonThing(
        record: record, title: value("title", "name", "metric", "finding", "because"),
        state: value("state"), last: approved ? record.approvedUntil : noun?.due?(record),
        isOpen: record.isOpen(on: day, approved: approved))
    }
    .sorted { a, b in
      if rank(a) != rank(b) { return rank(a) < rank(b) }
      if a.last != b.last { return a.last.map { day in b.last.map { day < $0 } ?? true } ?? false }
      return a.record.stream < b.record.stream
    }
  }
}

extension EntityRecord {
  /// The day up to which what a person approved of it holds.
  fileprivate var approvedUntil: Day? { waiver?.details.until ?? gap?.life.reviewOn }

  /// Whether it is still going on, or what was approved of it holds; `nil` for what has no life.
  fileprivate func isOpen(on day: Day, approved: Bool) -> Bool? {
    switch entity {
    case .gap(let gap) where approved: gap.life.stage == .accepted
    case .waiver(let waiver): waiver.isValid(on: day)
    case .department(let department): department.retirement == nil
    case .gap, .initiative, .touchpoint, .standard, .channel, .request: entity.state.isOpen
    case .program, .person, .evidence, .maturity, .platform, .segment, .survey, .insight, .note,
      .rate, .log:
      nil
    }
  }
}

extension Datum {
  /// Rows as a list of objects with these fields.
  fileprivate init<Row>(_ rows: [Row], _ fields: [Field<Row>]) {
    self = .list(
      rows.map { row in
        .object(fields.map { Member(key: $0.key, value: $0.value(row)) })
      })
  }
}
