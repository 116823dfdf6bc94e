import CEMDomain
import FoundationEssentials
import Postgres

/// How far a rebuild of a long log has come, kept in the database so that one that was killed goes on.
struct RebuildProgress {
  let connection: Connection
  let programID: UUID
  let projections: [any Projection.Type]

  /// Takes over what an earlier rebuild of the same projections found; `nil` where there is none.
  /// - Returns: the parts that are left, and up to which position they fold.
  func resume(_ refold: Refold) throws -> (left: [LogPart], position: Int64)? {
    let rows = try connection.query(
      """
      SELECT parts, finished, position, contents FROM cem.rebuild_progress \
      WHERE program_id = \(programID) AND projections = \(names) \
      AND NOT \(Refold.hasErasure(in: programID, since: "rebuild_progress.position"))
      """
    ).decode((Int, Int, Int64, String).self)
    guard let (parts, finished, position, contents) = rows.first else { return nil }
    try refold.restore(JSON(parsing: contents))
    return ((finished..<max(finished, parts)).map { LogPart(index: $0, count: parts) }, position)
  }

  /// Keeps what was found up to the end of a part.
  /// - Throws: `ErasedMeanwhile`.
  func save(_ refold: Refold, after part: LogPart, position: Int64) throws {
    let contents = refold.saved.canonicalText
    do {
      try connection.transaction { tx in
        try tx.execute("LOCK TABLE cem.rebuild_progress IN ROW EXCLUSIVE MODE")
        try refold.requireNothingErased(since: position)
        try tx.execute(
          """
          INSERT INTO cem.rebuild_progress (program_id, parts, finished, projections, position, contents) \
          VALUES (\(programID), \(part.count), \(part.index + 1), \(names), \(position), \(contents)) \
          ON CONFLICT (program_id) DO UPDATE SET parts = EXCLUDED.parts, \
          finished = EXCLUDED.finished, projections = EXCLUDED.projections, \
          position = EXCLUDED.position, contents = EXCLUDED.contents
          """)
      }
    } catch {
      throw error.underlying
    }
  }

  /// The statement that forgets it: not what a rebuild of other projections kept.
  var removal: SQL {
    """
    DELETE FROM cem.rebuild_progress WHERE program_id = \(programID) AND projections = \(names)
    """
  }

  private var names: String {
    projections.map { "\($0.table.name)=\($0.table.version)" }.sorted().joined(separator: ",")
  }
}

extension Refold {
  /// What was found so far: rows of sums, rows that differ, and how many rows there should be.
  var saved: JSON {
    var object: JSONObject = ["expected": [:], "sums": [:], "counts": [:]]
    object["counts"] = .object(
      JSONObject(rowCounts.map { ($0.key, .int(Int64($0.value))) }))
    object["expected"] = .object(
      JSONObject(
        expected.map { name, rows in
          let list = rows.map { key, values in
            JSON.array([.array(key.map(\.json)), values.map { .array($0.map(\.json)) } ?? .null])
          }
          return (name, .array(list))
        }))
    object["sums"] = .object(
      JSONObject(
        zip(sums.projections, sums.rows).map { projection, rows in
          let list = rows.map { key, values in
            // A column that nobody set is no NULL.
            JSON.array([
              .array(key.map(\.json)),
              .array(values.map { value in value.map { .array([$0.json]) } ?? .null }),
            ])
          }
          return (projection.table.name, .array(list))
        }))
    object["unmade"] = .object(
      JSONObject(
        zip(sums.projections, sums.unmade).filter { !$1.isEmpty }.map { projection, keys in
          (projection.table.name, .array(keys.map { .array([.array($0.map(\.json)), .null]) }))
        }))
    return .object(object)
  }

  /// Takes over what `saved` gave.
  /// - Throws: `StoreError.unreadable` where it is of another form.
  func restore(_ saved: JSON) throws {
    guard let object = saved.object else { throw damaged }
    for member in object["counts"]?.object?.members ?? [] {
      guard case .int(let count) = member.value else { throw damaged }
      rowCounts[member.key] = Int(count)
    }
    for projection in own {
      let table = projection.table
      for (key, row) in try pairs(object["expected"]?.object?[table.name]) {
        let values = try row.map { try table.columns.values($0) }
        expected[table.name, default: [:]][try table.keys.values(key)] = .some(values)
      }
    }
    for (index, projection) in sums.projections.enumerated() {
      let table = projection.table
      for (key, row) in try pairs(object["sums"]?.object?[table.name]) {
        guard let row, row.count == table.columns.count else { throw damaged }
        sums.rows[index][try table.keys.values(key)] = try zip(table.columns, row).map {
          column, cell in
          guard case .array(let one) = cell, let json = one.first else { return nil }
          return try column.value(json)
        }
      }
      for (key, _) in try pairs(object["unmade"]?.object?[table.name]) {
        sums.unmade[index].insert(try table.keys.values(key))
      }
    }
  }

  private func pairs(_ list: JSON?) throws -> [([JSON], [JSON]?)] {
    guard case .array(let items)? = list else { return [] }
    return try items.map { item in
      guard case .array(let pair) = item, pair.count == 2, case .array(let key) = pair[0] else {
        throw damaged
      }
      if case .array(let row) = pair[1] { return (key, row) }
      return (key, nil)
    }
  }

  private var damaged: StoreError {
    .unreadable(position: 0, "what an earlier rebuild kept")
  }
}

extension JSONObject {
  fileprivate init(_ members: [(String, JSON)]) {
    self.init()
    for (key, value) in members { self[key] = value }
  }
}

extension Value {
  /// As JSON; the column's kind tells what it was.
  fileprivate var json: JSON { postgresText.map(JSON.string) ?? .null }
}

extension Column {
  /// Reads a value from its JSON.
  fileprivate func value(_ json: JSON) throws -> Value {
    guard case .string(let text) = json else { return .null }
    let value: Value? =
      switch kind {
      case .text: .text(text)
      case .integer, .bigint: Int64(text).map { .integer($0) }
      case .boolean: .boolean(text == "true")
      case .date: Day(text).map { .date($0) }
      case .numeric: (try? Exact(scalar: text)).map { .numeric($0) }
      }
    guard let value else { throw StoreError.unreadable(position: 0, "a value of \(name)") }
    return value
  }
}

extension [Column] {
  fileprivate func values(_ items: [JSON]) throws -> [Value] {
    try zip(self, items).map { try $0.value($1) }
  }
}
