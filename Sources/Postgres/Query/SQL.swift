/// A statement and the values bound to it.
///
/// What is interpolated into a literal becomes a parameter, never text of the statement:
///
///     let query: SQL = "SELECT title FROM gap WHERE id = \(id)"   // … WHERE id = $1
///
/// The ways to put text in are spelled out at the call: `\(identifier: name)` is quoted,
/// `\(unsafeSQL: text)` and ``init(unsafe:)`` are not. A `SQL` in a `SQL` keeps its parameters.
package struct SQL: Sendable {
  /// The statement's text around the parameters: always one piece more than there are parameters.
  private(set) var pieces: [String]

  /// The parameters' values.
  private(set) var binds = Binds()

  /// The text, where it is known to be that of the pieces and to hold no NUL byte.
  private(set) var knownText: String?

  /// A statement of raw text. Never give it text that comes from outside the program.
  package init(unsafe text: String) {
    pieces = [text]
  }

  init(pieces: [String], binds: Binds, text: String) {
    self.pieces = pieces
    self.binds = binds
    knownText = text
  }

  /// The text that is sent, with `$1`, `$2` … for the parameters.
  package var text: String {
    if let knownText { return knownText }
    guard pieces.count > 1 else { return pieces[0] }
    var text = pieces[0]
    text.reserveCapacity(pieces.reduce(0) { $0 + $1.utf8.count + 4 })
    for index in 1..<pieces.count {
      text += "$"
      text += String(index)
      text += pieces[index]
    }
    return text
  }

  /// How many parameters the statement has.
  package var parameterCount: Int { pieces.count - 1 }

  /// Appends another statement's text and parameters.
  package mutating func append(_ other: SQL) {
    knownText = nil
    pieces[pieces.count - 1] += other.pieces[0]
    pieces += other.pieces.dropFirst()
    binds.append(other.binds)
  }

  /// Joins statements' text by a separator, as for a list of conditions.
  package static func joined(_ parts: [SQL], separator: SQL) -> SQL {
    var joined = SQL(unsafe: "")
    for (index, part) in parts.enumerated() {
      if index > 0 { joined.append(separator) }
      joined.append(part)
    }
    return joined
  }

  /// Text as an SQL identifier, in double quotes.
  package static func quote(identifier: String) -> String {
    guard identifier.utf8.contains(UInt8(ascii: "\"")) else { return "\"\(identifier)\"" }
    return "\""
      + identifier.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }

  fileprivate mutating func append(raw text: String) {
    knownText = nil
    pieces[pieces.count - 1] += text
  }

  fileprivate mutating func append(bind value: some PostgresEncodable) {
    knownText = nil
    binds.append(value)
    pieces.append("")
  }
}

extension SQL: ExpressibleByStringInterpolation {
  package init(stringLiteral value: String) {
    self.init(unsafe: value)
  }

  package init(stringInterpolation: StringInterpolation) {
    self = stringInterpolation.sql
  }

  /// Collects the literal's text and turns values into parameters.
  package struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var sql = SQL(unsafe: "")

    package init(literalCapacity: Int, interpolationCount: Int) {}

    /// Takes the text as it stands.
    package mutating func appendLiteral(_ literal: String) {
      sql.append(raw: literal)
    }

    /// Binds the value to a parameter.
    package mutating func appendInterpolation(_ value: some PostgresEncodable) {
      sql.append(bind: value)
    }

    /// Binds the value or NULL. (Without this overload the compiler takes an optional for a slip.)
    package mutating func appendInterpolation(_ value: (some PostgresEncodable)?) {
      sql.append(bind: value)
    }

    /// Inserts a statement or a part of one, with its parameters.
    package mutating func appendInterpolation(_ part: SQL) {
      sql.append(part)
    }

    /// Inserts a name as a quoted identifier.
    package mutating func appendInterpolation(identifier: String) {
      sql.append(raw: SQL.quote(identifier: identifier))
    }

    /// Inserts raw text. Never give it text that comes from outside the program.
    package mutating func appendInterpolation(unsafeSQL text: String) {
      sql.append(raw: text)
    }
  }
}
