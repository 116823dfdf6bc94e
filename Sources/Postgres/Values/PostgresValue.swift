/// A value that can be bound to a parameter (`$n`), in PostgreSQL's text form.
///
/// The text carries no type: the server infers it from where the parameter stands, and a statement
/// says `$1::bigint[]` where it cannot. Types of other modules conform through ``PostgresText``.
package protocol PostgresEncodable: Sendable {
  /// Whether the value stands for SQL's NULL; its text is not asked for then.
  var isPostgresNull: Bool { get }

  /// Appends the value's text form, unquoted and unescaped.
  func encode(into text: inout TextWriter)
}

/// A value that can be read from a column's text form.
package protocol PostgresDecodable {
  /// What SQL's NULL becomes, nil where the type has no such value.
  static var postgresNull: Self? { get }

  /// Reads the value from a column's text, nil where the text is not one of the type's.
  init?(postgres text: Span<UInt8>)
}

/// A value that can stand in an array parameter.
package protocol PostgresArrayElement: PostgresEncodable {
  /// Whether the element's text may hold a character that an array literal gives a meaning to.
  static var needsQuotes: Bool { get }

  /// Appends the text of a whole array; bytes differ from other elements here.
  static func encode(array: [Self], into text: inout TextWriter)
}

/// A type that goes to and from PostgreSQL as a string: the way for other modules' types.
///
///     extension Day: PostgresText {
///       init?(postgresText: String) { self.init(postgresText) }
///       var postgresText: String { description }
///     }
package protocol PostgresText: PostgresArrayElement, PostgresDecodable {
  /// Reads the value from its text form, nil where the text is not one of the type's.
  init?(postgresText: String)

  /// The text form, as PostgreSQL's input function of the column's type understands it.
  var postgresText: String { get }
}

extension PostgresEncodable {
  package var isPostgresNull: Bool { false }
}

extension PostgresDecodable {
  package static var postgresNull: Self? { nil }
}

extension PostgresText {
  package init?(postgres text: Span<UInt8>) {
    self.init(postgresText: String(utf8: text))
  }

  package func encode(into text: inout TextWriter) {
    text.append(postgresText)
  }
}

extension Optional: PostgresEncodable where Wrapped: PostgresEncodable {
  package var isPostgresNull: Bool { self?.isPostgresNull ?? true }

  package func encode(into text: inout TextWriter) {
    self?.encode(into: &text)
  }
}

extension Optional: PostgresDecodable where Wrapped: PostgresDecodable {
  package static var postgresNull: Self? { .some(nil) }

  package init?(postgres text: Span<UInt8>) {
    guard let value = Wrapped(postgres: text) else { return nil }
    self = .some(value)
  }
}
