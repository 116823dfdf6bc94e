import CEMDomain
import CEMStore

/// A value of the output, whatever the format.
indirect enum Datum: Hashable, Sendable {
  case null
  /// A text that was there and was erased.
  case erased
  case bool(Bool)
  case integer(Int64)
  case decimal(Total)
  case text(String)
  /// A term of the catalog: its id for programs, its name for people. The kind `Field` is a field's key.
  case term(kind: String, id: String)
  case day(Day)
  case time(Timestamp)
  case list([Datum])
  case object([Member])

  /// A key of an object with its value; the order is that of the output.
  struct Member: Hashable, Sendable {
    var key: String
    var value: Datum
    /// The kind of term that the key is, where it is one.
    var kind: String?
  }

  /// Whether this is a number, which stands on the right of its column.
  var isNumber: Bool {
    switch self {
    case .integer, .decimal: true
    case .null, .erased, .bool, .text, .term, .day, .time, .list, .object: false
    }
  }
}

extension Datum {
  init(_ value: String?) { self = value.map(Datum.text) ?? .null }
  init(_ value: Int?) { self = value.map { .integer(Int64($0)) } ?? .null }
  init(_ value: Int64?) { self = value.map(Datum.integer) ?? .null }
  init(_ value: Bool?) { self = value.map(Datum.bool) ?? .null }
  init(_ value: Day?) { self = value.map(Datum.day) ?? .null }
  init(_ value: Exact?) { self.init(value.map(Total.init)) }
  init(_ value: Total?) { self = value.map(Datum.decimal) ?? .null }
  init(_ value: Timestamp?) { self = value.map(Datum.time) ?? .null }
  init(_ value: (any ScalarCodable)?) { self.init(value?.description) }
  init(_ value: (any Term)?) {
    self = value.map { .term(kind: Catalog.kindName(of: $0), id: $0.rawValue) } ?? .null
  }
  /// A term that is no type of the domain, by the name under which the catalog keeps its kind.
  init(_ id: String?, of kind: String) { self = id.map { .term(kind: kind, id: $0) } ?? .null }
  init(_ values: [any Term]) { self = .list(values.map { Datum($0) }) }
  init<Limit>(_ value: FreeText<Limit>?) {
    self = value.map { $0.value.map(Datum.text) ?? .erased } ?? .null
  }
  init(_ values: [some ScalarCodable]) { self = .list(values.map { .text($0.description) }) }
  init(_ values: [String]) { self = .list(values.map(Datum.text)) }

  /// An object with its members in this order.
  init(_ members: KeyValuePairs<String, Datum>) {
    self = .object(members.map { Member(key: $0, value: $1) })
  }

  /// A value of a projection's row.
  init(_ value: Value) {
    switch value {
    case .null: self = .null
    case .text(let text): self = .text(text)
    case .integer(let number): self = .integer(number)
    case .boolean(let flag): self = .bool(flag)
    case .date(let day): self = .day(day)
    case .numeric(let number): self = .decimal(Total(number))
    }
  }

  /// A JSON value as commands and events have it.
  init(_ json: JSON) {
    switch json {
    case .null: self = .null
    case .bool(let flag): self = .bool(flag)
    case .int(let number): self = .integer(number)
    case .string(let text): self = .text(text)
    case .array(let values): self = .list(values.map { Datum($0) })
    case .object(let object):
      self = .object(object.members.map { Member(key: $0.key, value: Datum($0.value)) })
    }
  }
}

extension Datum {
  /// The value as a pipe gets it: whole, on one line, without decoration.
  var plain: String {
    switch self {
    case .null: ""
    case .erased: "(erased)"
    case .bool(let flag): flag ? "true" : "false"
    case .integer(let number): String(number)
    case .decimal(let number): number.description
    case .text(let text): text
    case .term(_, let id): id
    case .day(let day): day.description
    case .time(let time): time.description
    case .list(let values):
      values.contains(where: \.isObject) ? jsonText : values.map(\.plain).joined(separator: ",")
    case .object: jsonText
    }
  }

  /// The value as a person reads it on a terminal: times are local.
  var display: String {
    switch self {
    case .bool(let flag): Words.say(flag ? "yes" : "no")
    case .erased: Words.say("(erased)")
    case .term("Field", let id): Words.field(id)
    case .term(let kind, let id):
      // The ids are English, and what people type.
      Words.language == .english ? id : Catalog.label(kind, id, in: Words.language) ?? id
    case .time(let time):
      String(System.localTime(secondsSinceEpoch: time.secondsSinceEpoch).dropLast(3))
    case .list(let values) where !values.contains(where: \.isObject):
      values.map(\.display).joined(separator: Words.listMark)
    case .object(let members):
      members.compactMap { member in
        let value = member.value.display
        return value.isEmpty ? nil : "\(Datum.name(of: member)) \(value)"
      }.joined(separator: Words.listMark)
    case .list(let values): values.map(\.display).joined(separator: "; ")
    case .null, .integer, .decimal, .text, .day: plain
    }
  }

  /// The value on a card, where things of several parts have a line each.
  var cardText: String {
    switch self {
    case .list(let values) where values.contains(where: \.isObject):
      values.map(\.display).joined(separator: "\n")
    case .object(let members) where members.contains { $0.kind != nil }:
      members.map { Words.pair(Datum.name(of: $0), $0.value.display) }.joined(separator: "\n")
    case .null, .erased, .bool, .integer, .decimal, .text, .term, .day, .time, .list, .object:
      display
    }
  }

  /// The key of an object's member as a person reads it.
  private static func name(of member: Member) -> String {
    if let kind = member.kind {
      return Datum.term(kind: kind, id: member.key).display
    }
    guard !member.key.isCode else { return member.key }
    return Words.language == .english ? member.key.keyWords : Words.field(member.key)
  }

  private var isObject: Bool {
    if case .object = self { true } else { false }
  }
}

extension String {
  /// The words of a key such as `dueDate`.
  var keyWords: String {
    reduce(into: "") { words, character in
      words += (character.isUppercase ? " " : "") + character.lowercased()
    }
  }

  /// Whether it is a code of its own, such as a currency's, and not a key made of words.
  var isCode: Bool { !contains { $0.isLowercase } }
}

extension Timestamp {
  fileprivate var secondsSinceEpoch: Int64 {
    (microseconds - ((microseconds % 1_000_000) + 1_000_000) % 1_000_000) / 1_000_000
  }
}
