/// A field of the output: a column of a table, a line of a single thing, a key in JSON.
struct Field<Row>: Sendable {
  /// The key in JSON and the CSV header, in camel case.
  let key: String
  /// The key of its title's words in other languages than English.
  let words: String
  /// What stands over the column.
  let title: String
  /// What stands before the value of a single thing, where there is room for it.
  let name: String
  /// Whether a table on a terminal shows it; JSON, CSV and a single thing always do.
  let isInTable: Bool
  /// Whether its values stand on the right.
  let isNumeric: Bool
  let value: @Sendable (Row) -> Datum

  /// - Parameters:
  ///   - title: `nil` makes one from the key: `openGaps` becomes `OPEN GAPS`.
  ///   - short: what stands over a column that is narrower than the title.
  ///   - words: the key whose words are its title in other languages, where they have several for the English one.
  init(
    _ key: String, title: String? = nil, short: String? = nil, words: String? = nil,
    inTable: Bool = true,
    numeric: Bool = false,
    _ value: @escaping @Sendable (Row) -> Datum
  ) {
    self.key = key
    self.words = words ?? key
    name = title ?? Field.title(of: key)
    self.title = short ?? name
    isInTable = inTable
    isNumeric = numeric
    self.value = value
  }

  private static func title(of key: String) -> String {
    key.reduce(into: "") { title, character in
      if character.isUppercase { title += " " }
      title += character.uppercased()
    }
  }
}
