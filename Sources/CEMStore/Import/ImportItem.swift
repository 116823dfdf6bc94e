import CEMDomain
import FoundationEssentials

/// A row with all that can be worked out from it alone, before anybody knows what came before it.
struct ImportItem: Sendable {
  let line: Int
  let row: Result<ImportRow, Rejection>
  /// The id of its command; `nil` until the importer tells how often a row without a key came before.
  var commandID: UUID?
  /// The command, where it names no other row and no event: what that means shows when its turn comes.
  private(set) var issued: IssuedCommand?
  private(set) var canonicalText: String?
  /// The streams that the command names.
  private(set) var references: [StreamID] = []

  /// The id of its command.
  /// - Precondition: it was found.
  var id: UUID {
    guard let commandID else { preconditionFailure("a row that was not identified") }
    return commandID
  }

  init(line: Int, _ row: Result<ImportRow, Rejection>, program: String, source: String) {
    self.line = line
    self.row = row
    guard case .success(let row) = row else { return }
    if row.key != nil {
      commandID = row.commandID(row.content, program: program, source: source, occurrence: 0)
    }
    if !row.namesRows, row.undone == nil,
      let issued = try? IssuedCommand(name: row.command, fields: row.fields),
      let encoded = try? issued.encoded()
    {
      self.issued = issued
      canonicalText = encoded.canonicalText
      references = encoded.references
    }
  }
}

extension RowReader {
  /// The next rows, at most so many; `nil` at the end.
  /// - Throws: what reading the file throws.
  mutating func next(_ count: Int) throws -> [(line: Int, row: Result<ImportRow, Rejection>)]? {
    var rows: [(line: Int, row: Result<ImportRow, Rejection>)] = []
    rows.reserveCapacity(count)
    while rows.count < count, let row = try next() { rows.append(row) }
    return rows.isEmpty ? nil : rows
  }
}
