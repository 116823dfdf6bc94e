package import CEMDomain

/// Reads the rows of an import from NDJSON or CSV.
package struct RowReader {
  /// How a file's rows become commands.
  package enum Format: Sendable {
    /// One JSON object a line, with its command.
    case ndjson
    /// A header of field names, then one command of this name a record. `map` says which column holds
    /// a field where its header is another; columns that are then neither mapped nor fields are left out.
    /// `constants` are what fields without a column are in every record.
    case csv(command: String, map: [String: String], constants: [String: String] = [:])
  }

  private let format: Format
  private var records: RecordReader
  /// The field of each column; `nil` for one that is left out.
  private var columns: [String?] = []
  /// The headers of columns that are left out.
  package private(set) var unusedColumns: [String] = []

  /// - Throws: `Rejection` where the header does not fit the command.
  package init(_ format: Format, read: @escaping () throws -> [UInt8]) throws {
    self.format = format
    switch format {
    case .ndjson: records = try RecordReader(.lines, read: read)
    case .csv(let command, let map, let constants):
      records = try RecordReader(.csv, read: read)
      try readHeader(command: command, map: map, constants: constants)
    }
  }

  /// The next row, or why it cannot be read; `nil` at the end.
  /// - Throws: what reading the file throws.
  package mutating func next() throws -> (line: Int, row: Result<ImportRow, Rejection>)? {
    guard let record = try records.next() else { return nil }
    let row = record.fields.flatMap { fields in
      Result { () throws(Rejection) in try makeRow(line: record.line, fields) }
    }
    return (record.line, row)
  }

  private mutating func readHeader(
    command: String, map: [String: String], constants: [String: String]
  ) throws {
    guard let type = Commands.byName[command] else {
      throw Rejection(
        .input, "command.unknown", "there is no command \(command)", hint: "cem import --help")
    }
    guard let record = try records.next() else {
      throw Rejection.emptyImport(hint: "cem import --template \(command)")
    }
    let headers = try record.fields.get().map { $0.trimmed }
    let known = Set(type.fieldNames + ImportRow.envelopeFields)
    for field in map.keys.sorted() + constants.keys.sorted() where !known.contains(field) {
      throw Rejection(
        .input, "import.unknown-field", "\(command) has no field \(field)",
        hint: "cem import --template \(command)")
    }
    var fields: [String: String] = [:]
    for (field, column) in map {
      guard headers.contains(column) else {
        throw Rejection(
          .input, "import.unknown-column", "the file has no column \(column)",
          hint: "columns: " + headers.joined(separator: ", "))
      }
      fields[column] = field
    }
    for header in headers where fields[header] == nil && map[header] == nil {
      if known.contains(header) { fields[header] = header }
    }
    columns = headers.map { fields[$0] }
    unusedColumns = headers.filter { fields[$0] == nil && !$0.isEmpty }
    if map.isEmpty, let unknown = unusedColumns.first {
      throw Rejection(
        .input, "import.unknown-column", "\(command) has no field \(unknown)",
        hint: "map the columns that you want: --map FIELD=COLUMN")
    }
    if let twice = columns.compactMap(\.self).first(where: { constants[$0] != nil }) {
      throw Rejection(
        .input, "import.set-twice", "\(twice) has a column, and --set gives it too",
        hint: "leave out --set \(twice), or the column")
    }
    guard Set(columns.compactMap { $0 }).count == columns.compactMap({ $0 }).count else {
      throw Rejection(.input, "import.column-twice", "the header names a field twice")
    }
  }

  private func makeRow(line: Int, _ values: [String]) throws(Rejection) -> ImportRow {
    guard case .csv(let command, _, let constants) = format else {
      return try ImportRow(line: line, json: values[0])
    }
    guard values.count <= columns.count || values[columns.count...].allSatisfy(\.isEmpty) else {
      throw Rejection(
        .input, "import.too-many-fields",
        "the record has \(values.count) fields, the header \(columns.count)")
    }
    // A row that is cut short could be anything; what is empty on purpose has its commas.
    guard values.count >= columns.count else {
      throw Rejection(
        .input, "import.too-few-fields",
        "the record has \(values.count) fields, the header \(columns.count)")
    }
    var object: JSONObject = ["command": .string(command)]
    for (field, value) in constants { object[field] = Self.json(value, of: field) }
    for (field, value) in zip(columns, values) {
      guard let field, !value.allSatisfy(\.isWhitespace) else { continue }
      let text = ImportRow.cell(value, of: field, in: command).withoutFormulaGuard
      object[field] = Self.json(text, of: field)
    }
    return try ImportRow(line: line, json: object)
  }

  /// The value that a cell gives a field. Lists stand in one cell, divided by blanks.
  private static func json(_ value: String, of field: String) -> JSON {
    ImportRow.listFields.contains(field)
      ? .array(value.split(separator: " ").map { .string(String($0)) }) : .string(value)
  }
}

extension Rejection {
  /// There is nothing in a file that is to be imported.
  package static func emptyImport(hint: String) -> Rejection {
    Rejection(.input, "import.empty", "the file is empty", hint: hint)
  }
}

extension ImportRow {
  /// The keys that every row may have beside its command's fields.
  package static let envelopeFields = ["key", "ref", "on", "reason", "onBehalfOf", "external"]

  /// The fields that hold several values.
  static let listFields: Set<String> = [
    "with", "gaps", "links", "restsOn", "touchpoints", "modules", "gives", "labels",
    "brandElements",
    "insights", "platforms", "initiatives",
  ]
}
