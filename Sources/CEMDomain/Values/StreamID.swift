/// The kinds of things that have a stream of events of their own.
package enum EntityKind: String, CaseIterable, Sendable, Hashable {
  case program
  case person
  case department
  case evidence
  case waiver
  case maturity
  case platform
  case initiative
  case gap
  case segment
  case touchpoint
  case standard
  /// The log itself.
  case log
  case survey
  case channel
  case insight
  case note
  case request
  case rate

  /// The prefix of references to numbered things (`GAP` in `GAP-12`); `nil` where things have codes.
  package var referencePrefix: String? {
    switch self {
    case .program, .person, .department, .maturity, .segment, .log: nil
    case .evidence: "EV"
    case .waiver: "WVR"
    case .platform: "PLT"
    case .initiative: "INI"
    case .gap: "GAP"
    case .touchpoint: "TP"
    case .standard: "STD"
    case .survey: "SRV"
    case .channel: "CH"
    case .insight: "INS"
    case .note: "NOTE"
    case .request: "REQ"
    case .rate: "RATE"
    }
  }
}

/// The name of a stream: `program`, `person/ID`, `maturity/CODE`, `gap/12`, …
///
/// `maturity` without a code is the program's own level and the actions done for all departments.
package struct StreamID: Hashable, Sendable {
  package let kind: EntityKind
  /// From 1 where things are numbered, else 0.
  package let number: Int
  /// The code where things have one, else empty.
  package let code: String

  private init(_ kind: EntityKind, number: Int, code: String) {
    self.kind = kind
    self.number = number
    self.code = code
  }

  package init(_ kind: EntityKind, number: Int) { self.init(kind, number: number, code: "") }
  package init(_ kind: EntityKind, code: String) { self.init(kind, number: 0, code: code) }

  /// The program itself.
  package static let program = StreamID(.program, code: "")
  /// What was done to the log itself.
  package static let log = StreamID(.log, code: "")
  /// The maturity of the program as a whole.
  package static let programMaturity = StreamID(.maturity, code: "")
  /// The maturity of a department.
  package static func maturity(_ department: DepartmentCode) -> StreamID {
    StreamID(.maturity, code: department.code)
  }

  /// Parses a stream's name as stored, or a reference such as `GAP-12`.
  package init?(_ text: String) {
    if let slash = text.utf8.firstIndex(of: UInt8(ascii: "/")) {
      guard let kind = EntityKind(rawValue: String(text[..<slash])) else { return nil }
      let key = text[text.utf8.index(after: slash)...]
      if kind.referencePrefix != nil {
        guard let number = positiveNumber(key) else { return nil }
        self.init(kind, number: number)
      } else {
        guard kind != .program, kind != .log, isCode(key) else { return nil }
        self.init(kind, code: String(key))
      }
    } else if text == "program" {
      self = .program
    } else if text == "log" {
      self = .log
    } else if text == "maturity" {
      self = .programMaturity
    } else if let dash = text.firstIndex(of: "-"),
      let number = positiveNumber(text[text.index(after: dash)...])
    {
      // By ASCII alone: other letters have upper cases that are ASCII.
      let prefix = text[..<dash].utf8.map { $0 & ~0x20 }
      guard
        let kind = EntityKind.allCases.first(where: { kind in
          kind.referencePrefix.map { prefix.elementsEqual($0.utf8) } ?? false
        })
      else { return nil }
      self.init(kind, number: number)
    } else {
      return nil
    }
  }

  /// What people call the thing: `GAP-12`, or its code, or the kind where there is only one.
  package var reference: String {
    if let prefix = kind.referencePrefix { return "\(prefix)-\(number)" }
    return code.isEmpty ? kind.rawValue : code
  }
}

extension StreamID: CustomStringConvertible {
  /// The stream's name as stored.
  package var description: String {
    if number > 0 { return "\(kind.rawValue)/\(number)" }
    return code.isEmpty ? kind.rawValue : "\(kind.rawValue)/\(code)"
  }
}

extension StreamID: ScalarCodable {
  package init(scalar text: String) throws(FieldError) {
    guard let stream = StreamID(text) else {
      throw FieldError(
        "must be a reference like GAP-12 or a stream like gap/12, not \(shown(text))")
    }
    self = stream
  }
}

extension StreamID: Comparable {
  /// By kind, then number, then code: stable order for lists.
  package static func < (a: StreamID, b: StreamID) -> Bool {
    if a.kind != b.kind { return a.kind.rawValue < b.kind.rawValue }
    if a.number != b.number { return a.number < b.number }
    return a.code.precedesByBytes(b.code)
  }
}

/// A number from 1 as we write it: digits alone, without a leading zero; `nil` for any other text.
func positiveNumber(_ text: some StringProtocol) -> Int? {
  // So few digits that the next number is one too.
  guard text.utf8.count <= 18, text.utf8.first != UInt8(ascii: "0"),
    text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
  else { return nil }
  return Int(text)
}

/// Whether a text is a code: `[a-z0-9][a-z0-9-]{0,31}`.
package func isCode(_ text: some StringProtocol) -> Bool {
  guard (1...32).contains(text.utf8.count), text.utf8.first != UInt8(ascii: "-") else {
    return false
  }
  return text.utf8.allSatisfy { byte in
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
      || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
  }
}
