/// A statement's text, put together once, to which other values are bound each time.
///
///     static let rename = SQLTemplate("UPDATE gap SET title = \("") WHERE id = \(0)")
///     connection.execute(Self.rename.binding { $0.append(title); $0.append(id) })
package struct SQLTemplate: Sendable {
  private let pieces: [String]
  private let text: String

  /// - Parameter example: the statement with any values in the places of its parameters.
  package init(_ example: SQL) {
    pieces = example.pieces
    text = example.text
    precondition(!text.utf8.contains(0), "PostgreSQL's text holds no NUL byte")
  }

  /// The statement with values, one for each parameter in their order.
  package func binding(_ add: (inout Values) -> Void) -> SQL {
    var values = Values()
    add(&values)
    precondition(values.binds.starts.count == pieces.count - 1, "one value for each parameter")
    return SQL(pieces: pieces, binds: values.binds, text: text)
  }

  /// The values of a statement's parameters.
  package struct Values: Sendable {
    fileprivate var binds = Binds()

    package mutating func append(_ value: some PostgresEncodable) { binds.append(value) }

    /// Appends an array in its binary form.
    package mutating func append(_ array: BinaryArray) { binds.append(array) }
  }
}
