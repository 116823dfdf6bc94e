package import CEMDomain
package import Postgres

/// A table that follows from the log: its columns, and what each thing and each event contributes.
///
/// A projection is linear: the table is the sum of what all things contribute, plus what each event
/// adds. So a live update is what a thing contributes after a command less what it did before, and
/// rebuilding, looking back and verifying add up the same contributions from the log.
package protocol Projection: SendableMetatype {
  static var table: TableSchema { get }

  /// Statements that make or change views over the table in its present version; they run in the
  /// transaction that switches to it. Views that are there already are kept without them.
  static var views: [SQL] { get }

  /// What a thing contributes in its present state.
  static func rows(of record: EntityRecord) -> [Contribution]

  /// What an event contributes for ever.
  static func entries(for event: RecordedEvent) -> [Contribution]
}

extension Projection {
  package static var views: [SQL] { [] }
  package static func rows(of record: EntityRecord) -> [Contribution] { [] }
  package static func entries(for event: RecordedEvent) -> [Contribution] { [] }
}

/// The projections that a writer maintains, in the order in which they are written.
///
/// A new one is a file with its type and a line in ``all``: its table, its past, its place in rebuilding,
/// looking back and verifying follow from that (`README.md` beside this file).
package struct Projections: Sendable {
  /// Every projection that this program maintains.
  package static let all: [any Projection.Type] = [
    EntityTable.self, DepartmentStatus.self, GapRegister.self, InitiativeBoard.self,
    MaturityTimeline.self, MaturityActions.self, EvidenceRegister.self, SegmentRegister.self,
    TouchpointScorecard.self, TouchpointLinks.self, StandardRegister.self,
    StandardMeasurements.self, SurveyRegister.self, DeliveryGaps.self, ChannelRegister.self,
    InsightRegister.self, InsightLinks.self, NoteRegister.self, ProgramRegister.self,
    PersonRegister.self, PlatformRegister.self, WaiverRegister.self, DepartmentChanges.self,
    DepartmentRegister.self, DepartmentAbsences.self, PeriodRegister.self, RequestRegister.self,
    ApprovalRegister.self, RateRegister.self,
  ]

  /// Names and versions as the append function compares them.
  package static let required = current.versions

  /// Those of this program.
  package static let current = Projections(all)

  package let list: [any Projection.Type]
  /// Names and versions as the append function compares them.
  package let versions: String

  package init(_ list: [any Projection.Type]) {
    self.list = list
    versions = list.map { "\($0.table.name)=\($0.table.version)" }.sorted()
      .joined(separator: ",")
  }
}

/// The shape of a projection's table in schema `cem`. Every table is keyed by program first.
///
/// A class, since it is passed around with every row and never changes.
package final class TableSchema: Sendable {
  package let name: String
  /// Raised when the fold or the columns change. Each version has a table of its own, and a client of
  /// another version is refused.
  package let version: Int
  /// What one row is, for the table's comment, where no migration made the table.
  package let comment: String?
  /// Columns by which rows are looked up beside the key, after the program; for a table that no
  /// migration made.
  package let indexes: [[String]]
  /// The key within a program.
  package let keys: [Column]
  package let columns: [Column]
  /// The columns of the key, then the others: the order of a row's values.
  package let allColumns: [Column]
  /// Whether each thing has one row of its own that nothing else contributes to.
  package let isOwnRow: Bool
  /// Whether rows are nothing but sums of what several things contribute: one that adds up to nothing is
  /// no row.
  package let isSum: Bool
  /// Whose own rows these are, where the key tells; then the table can be compared with the log thing
  /// by thing, without holding its rows in memory.
  package let subject: Subject?

  /// The things that have a row of their own in a table.
  package enum Subject: Sendable {
    /// Every thing: the key is kind, number and code.
    case everything
    /// The numbered things of a kind: the key is the number.
    case numbered(EntityKind)

    /// The thing whose row has this key.
    package func stream(of key: [Value]) -> StreamID? {
      switch (self, key.first, key.count) {
      case (.numbered(let kind), .integer(let number)?, 1): StreamID(kind, number: Int(number))
      case (.everything, .text(let name)?, 3):
        switch (EntityKind(rawValue: name), key[1], key[2]) {
        case (let kind?, .integer(0), .text(let code)): StreamID(kind, code: code)
        case (let kind?, .integer(let number), .text("")): StreamID(kind, number: Int(number))
        default: nil
        }
      default: nil
      }
    }

    /// Whether a thing has a row.
    package func includes(_ stream: StreamID) -> Bool {
      switch self {
      case .everything: true
      case .numbered(let kind): stream.kind == kind
      }
    }
  }

  package init(
    _ name: String, version: Int, comment: String? = nil, keys: [Column], columns: [Column],
    indexes: [[String]] = [], isOwnRow: Bool = false, isSum: Bool = false, subject: Subject? = nil
  ) {
    self.name = name
    self.version = version
    self.comment = comment
    self.indexes = indexes
    self.keys = keys
    self.columns = columns
    self.isOwnRow = isOwnRow
    self.isSum = isSum
    self.subject = subject
    allColumns = keys + columns
    places = Dictionary(
      uniqueKeysWithValues: columns.enumerated().map { ($0.element.name, $0.offset) })
  }

  private let places: [String: Int]

  /// The table's name in schema `cem`: from the second version on with the version's number, so that a
  /// client of another version never reads or writes it by mistake.
  package var physicalName: String { Self.physicalName(name, version: version) }

  /// The name of the table that holds a version of a projection.
  package static func physicalName(_ name: String, version: Int) -> String {
    version == 1 ? name : "\(name)_v\(version)"
  }

  /// The place of a column among `columns`.
  package func index(of name: String) -> Int? { places[name] }
}

/// A column of a projection.
package struct Column: Hashable, Sendable {
  package enum Kind: String, Sendable {
    case text
    case integer
    case bigint
    case boolean
    case date
    case numeric
  }

  /// How contributions to one row come together.
  package enum Merge: Sendable {
    /// One contributor sets it.
    case set
    /// Contributions add up.
    case add
    /// The greatest holds.
    case latest
  }

  package let name: String
  package let kind: Kind
  package let merge: Merge
  /// For the database's comment, where no migration made the column.
  package let comment: String?

  package init(_ name: String, _ kind: Kind, _ merge: Merge = .set, comment: String? = nil) {
    self.comment = comment
    self.name = name
    self.kind = kind
    self.merge = merge
  }
}

/// A value of a projection's column.
package enum Value: Hashable, Sendable {
  case null
  case text(String)
  case integer(Int64)
  case boolean(Bool)
  case date(Day)
  case numeric(Exact)

  /// Texts are the same where their bytes are, as for the database: Swift's own equality takes a letter with its accent
  /// for the two of them written one after the other.
  package static func == (a: Value, b: Value) -> Bool {
    switch (a, b) {
    case (.null, .null): true
    case (.text(let a), .text(let b)): a.hasSameBytes(as: b)
    case (.integer(let a), .integer(let b)): a == b
    case (.boolean(let a), .boolean(let b)): a == b
    case (.date(let a), .date(let b)): a == b
    case (.numeric(let a), .numeric(let b)): a == b
    case (.null, _), (.text, _), (.integer, _), (.boolean, _), (.date, _), (.numeric, _): false
    }
  }

  package func hash(into hasher: inout Hasher) {
    switch self {
    case .null: break
    case .text(let text): text.hashBytes(into: &hasher)
    case .integer(let number): hasher.combine(number)
    case .boolean(let flag): hasher.combine(flag)
    case .date(let day): hasher.combine(day)
    case .numeric(let number): hasher.combine(number)
    }
  }

  /// The text form that PostgreSQL reads; `nil` for NULL.
  package var postgresText: String? {
    switch self {
    case .null: nil
    case .text(let value): value
    case .integer(let value): String(value)
    case .boolean(let value): value ? "true" : "false"
    case .date(let value): value.postgresText
    case .numeric(let value): value.description
    }
  }

  package static func text(_ value: String?) -> Value { value.map { .text($0) } ?? .null }
  package static func text(_ value: FreeText<TitleLimit>?) -> Value { .text(value?.value) }
  package static func text(_ value: FreeText<LongTextLimit>?) -> Value { .text(value?.value) }
  package static func term(_ value: (any Term)?) -> Value { .text(value?.rawValue) }
  package static func code(_ value: (any ScalarCodable)?) -> Value { .text(value?.description) }
  package static func integer(_ value: Int?) -> Value { value.map { .integer(Int64($0)) } ?? .null }
  package static func date(_ value: Day?) -> Value { value.map { .date($0) } ?? .null }
  package static func numeric(_ value: Exact?) -> Value { value.map { .numeric($0) } ?? .null }
}

/// What one contributor gives to one row.
package struct Contribution: Hashable, Sendable {
  /// A value for one column.
  package struct Cell: Hashable, Sendable {
    /// The column's place among the table's `columns`.
    package var column: Int
    package var value: Value
  }

  /// What a contributor says of a row.
  private enum Content: Hashable, Sendable {
    /// All its columns.
    case row([Value])
    /// Some of a number of columns, each once.
    case cells([Cell], width: Int)
  }

  package let key: [Value]
  private let content: Content
  /// Whether the row exists by this contribution, rather than only being added to.
  package let makesRow: Bool

  /// All columns of a row.
  package init(key: [Value], row values: [Value]) {
    self.key = key
    content = .row(values)
    makesRow = true
  }

  /// Some columns of a row, by name.
  package init(
    to table: TableSchema, key: [Value], makesRow: Bool = false, _ values: [(String, Value)]
  ) {
    let cells = values.map { name, value in
      guard let index = table.index(of: name) else {
        preconditionFailure("\(table.name) has no column \(name)")
      }
      return Cell(column: index, value: value)
    }
    self.init(to: table, key: key, makesRow: makesRow, cells: cells)
  }

  /// Some columns of a row.
  package init(to table: TableSchema, key: [Value], makesRow: Bool = false, cells: [Cell]) {
    self.key = key
    self.makesRow = makesRow
    content = .cells(cells, width: table.columns.count)
  }

  /// The columns of which this contributor says something, each once.
  package var cells: [Cell] {
    switch content {
    case .row(let values): values.enumerated().map { Cell(column: $0, value: $1) }
    case .cells(let cells, _): cells
    }
  }

  /// The whole row, where this is its only contributor.
  func row(in table: TableSchema) -> [Value] {
    if case .row(let values) = content { return values }
    return zip(table.columns, values).map { column, value in value ?? column.initial }
  }

  /// The values by column; `nil` where this contributor says nothing.
  package var values: [Value?] {
    switch content {
    case .row(let values): return values
    case .cells(let cells, let width):
      var values = [Value?](repeating: nil, count: width)
      for cell in cells { values[cell.column] = cell.value }
      return values
    }
  }
}
