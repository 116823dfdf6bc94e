import CEMDomain
import CEMStore

extension ListOptions {
  /// Whether the options leave things out, so that an empty list does not mean that there is nothing.
  var isFiltering: Bool { department != nil || owner != nil || state != nil || overdue }

  /// Refuses a department or a person that is not there: a list of nothing would look like an answer.
  /// - Throws: `Rejection`, `FieldError`.
  func check(_ reader: any ProgramReader) throws {
    try reader.requireExistence(ofDepartment: department, owner: owner)
  }

  /// The things of a kind among which the options choose: of a department's or a person's list the others are not
  /// even read.
  /// - Throws: `Rejection`, `FieldError` where it names a department or a person that is not there.
  func records(of kind: EntityKind, in reader: any ProgramReader) throws -> [EntityRecord] {
    try check(reader)
    if let department {
      let department = try DepartmentCode(given: department, field: "department")
      return try kind == .insight
        ? reader.insights(of: department) : reader.records(of: kind, concerning: department)
    }
    if let owner, state != "voided" {
      return try reader.records(ownedBy: PersonID(given: owner, field: "owner"))
        .filter { $0.stream.kind == kind }
    }
    return try reader.records(of: kind)
  }

  /// Those of `records(of:in:)` that the other options let through, sorted and limited; voided ones only with
  /// `--state voided`.
  ///
  /// - Parameters:
  ///   - state: what `--state` is compared with; `nil` where the noun has no states.
  ///   - due: what `--overdue` is compared with `today`.
  /// - Throws: `CommandError` where an option means nothing for this noun, or a field is not there.
  func apply(
    to records: [EntityRecord], _ fields: [Field<EntityRecord>], today: Day,
    state: ((EntityRecord) -> String)?, due: ((EntityRecord) -> Day?)?,
    empty: String
  ) throws(CommandError) -> Listing<EntityRecord> {
    var records = records
    if let wanted = self.state {
      if wanted == "voided" {
        records.removeAll { !$0.isVoided }
      } else {
        guard let state else { throw .usage("--state means nothing here but 'voided'") }
        records.removeAll { $0.isVoided || state($0) != wanted }
      }
    } else {
      records.removeAll(where: \.isVoided)
    }
    if let owner { records.removeAll { $0.entity.state.owner?.code != owner } }
    if overdue {
      guard let due else { throw .usage("--overdue means nothing here") }
      records.removeAll { record in
        !record.entity.state.isOpen || (due(record).map { $0 >= today } ?? true)
      }
    }
    return Listing(try sortedAndLimited(records, fields), fields, empty: empty)
  }

  /// The rows in the order of `--sort`, as many as `--limit` says.
  /// - Throws: `CommandError` for an unknown field.
  func sortedAndLimited<Row>(
    _ rows: [Row], _ fields: [Field<Row>]
  ) throws(CommandError) -> [Row] {
    var rows = rows
    if let sort {
      // Stable, and the least important field first, so that equals keep the order of the others.
      for part in Arguments.restored(sort).split(separator: ",").reversed() {
        let isDescending = part.hasPrefix("-")
        let name = isDescending ? String(part.dropFirst()) : String(part)
        guard let field = fields.first(where: { $0.key == name }) else {
          throw .usage(
            "there is no field \(name) to sort by",
            hint: "fields: " + fields.map(\.key).joined(separator: ", "))
        }
        let keyed = rows.enumerated().map { ($0.offset, field.value($0.element), $0.element) }
        rows = keyed.sorted { a, b in
          // What is unknown comes last either way.
          if a.1 == .null || b.1 == .null {
            return a.1 == b.1 ? a.0 < b.0 : b.1 == .null
          }
          if a.1.precedes(b.1) != b.1.precedes(a.1) { return a.1.precedes(b.1) != isDescending }
          return a.0 < b.0
        }.map(\.2)
      }
    }
    return limit.flatMap { $0 > 0 ? Array(rows.prefix($0)) : nil } ?? rows
  }
}

extension ProgramReader {
  /// Looks up the department and the person that a filter names.
  /// - Throws: `Rejection.notFound`, `FieldError`.
  func requireExistence(ofDepartment department: String?, owner: String?) throws {
    for stream in [
      try department.map { try DepartmentCode(given: $0, field: "department").stream },
      try owner.map { try PersonID(given: $0, field: "owner").stream },
    ].compactMap({ $0 }) {
      _ = try record(stream)
    }
  }
}

extension Datum {
  /// The order of a list: numbers by value, also those within a text (GAP-2 before GAP-10), the rest by bytes, what
  /// is unknown last.
  func precedes(_ other: Datum) -> Bool {
    switch (self, other) {
    case (.null, _): false
    case (_, .null): true
    case (.integer(let a), .integer(let b)): a < b
    case (.decimal(let a), .decimal(let b)): a < b
    case (.day(let a), .day(let b)): a < b
    case (.time(let a), .time(let b)): a < b
    default: plain.precedesByNumbers(other.plain)
    }
  }
}

extension String {
  /// The order by bytes, in which a run of digits counts as the number that it is.
  fileprivate func precedesByNumbers(_ other: String) -> Bool {
    var (a, b) = (utf8[...], other.utf8[...])
    while let x = a.first, let y = b.first {
      if isDigit(x), isDigit(y) {
        let (m, n) = (a.prefix(while: isDigit), b.prefix(while: isDigit))
        let (p, q) = (m.drop { $0 == UInt8(ascii: "0") }, n.drop { $0 == UInt8(ascii: "0") })
        if p.count != q.count { return p.count < q.count }
        if !p.elementsEqual(q) { return p.lexicographicallyPrecedes(q) }
        (a, b) = (a[m.endIndex...], b[n.endIndex...])
      } else {
        if x != y { return x < y }
        (a, b) = (a.dropFirst(), b.dropFirst())
      }
    }
    // The same but for zeros before numbers.
    if a.isEmpty, b.isEmpty { return precedesByBytes(other) }
    return a.isEmpty
  }
}

private func isDigit(_ byte: UInt8) -> Bool {
  (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
}
