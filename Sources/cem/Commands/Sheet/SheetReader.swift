import CEMDomain
import CEMStore
import FoundationEssentials

/// What a row of a workbook asks for.
struct SheetChange {
  /// Why a row or a cell cannot be understood.
  struct Problem: Error {
    /// As `H4`; `nil` where it is the whole row.
    var cell: String?
    var message: String
    var hint: String?
  }

  var sheet: String
  var row: Int
  var content: Result<RowApplier.Row, Problem>
  /// The cell and the title of the column in which a field of the command is filled in.
  var place: (String) -> (cell: String, title: String)? = { _ in nil }
}

/// What a workbook says of itself.
struct SheetOrigin {
  var program: UUID
  var department: DepartmentCode
  /// The log's position when it was given out.
  var position: Int64
  var workbook: UUID
}

/// Reads a workbook that came back, and finds what was changed since it was given out.
struct SheetReader {
  private let book: WorkbookReader
  let origin: SheetOrigin
  /// What was changed, by the rows of the workbook that ask for it.
  private(set) var rows: [[SheetChange]] = []
  /// Sheets that are no longer there.
  private(set) var missing: [String] = []

  /// - Throws: `CommandError` for a workbook that `cem sheet out` did not make.
  init(_ book: WorkbookReader, name: String) throws(CommandError) {
    self.book = book
    let rows = book.sheets.first { $0.name == SheetForm.origin }?.cells.values
    var facts: [String: String] = [:]
    for cells in rows.map(Array.init) ?? [] {
      guard case .text(let key)? = cells[0] else { continue }
      switch cells[1] {
      case .text(let text)?: facts[key] = text.trimmed
      case .number(let digits)?: facts[key] = FilledRow.shortest(digits)
      case .day, .flag, .error, nil: break
      }
    }
    guard let program = facts["program"].flatMap({ UUID(uuidString: $0) }),
      let department = facts["department"].flatMap({ try? DepartmentCode(scalar: $0) }),
      let position = facts["position"].flatMap({ Int64($0) }), position > 0,
      let workbook = facts["workbook"].flatMap({ UUID(uuidString: $0) })
    else {
      throw WorkbookReader.unreadable(
        name, "it has no sheet '\(SheetForm.origin)' that says what was given out")
    }
    guard facts["format"] == String(SheetForm.version) else {
      throw CommandError(
        "sheet.version", "\(name) is of another version of cem", hint: "cem sheet out FILE",
        exit: .input)
    }
    origin = SheetOrigin(
      program: program, department: department, position: position, workbook: workbook)
  }

  /// Finds what was changed.
  /// - Parameter reader: the program as it was when the workbook was given out.
  /// - Throws: `CommandError` where a sheet was renamed: nobody can tell what it is.
  mutating func read(
    _ reader: any ProgramReader, on: String?, onBehalfOf: String?
  ) throws {
    var given: [StreamID: EntityRecord] = [:]
    for (record, _) in try SheetWriter.openGaps(reader, of: origin.department) {
      given[record.stream] = record
    }
    for (record, _) in try SheetWriter.openInitiatives(reader, of: origin.department) {
      given[record.stream] = record
    }
    var common = JSONObject()
    common["on"] = on.map(JSON.string)
    common["onBehalfOf"] = onBehalfOf.map(JSON.string)
    try refuseRenamedSheets()
    let people = try SheetPeople(reader)
    for form in SheetForm.allCases {
      guard let sheet = book.sheets.first(where: { Words.matches($0.name, form.title) }) else {
        missing.append(Words.say(form.title))
        continue
      }
      var seen: Set<String> = []
      for row in rows(of: sheet, form, people) {
        let asker = RowAsker(
          row: row, origin: origin, given: given, common: common,
          isFirst: { seen.insert($0).inserted })
        let changes = asker.changes
        if !changes.isEmpty { self.rows.append(changes) }
      }
    }
  }

  /// Where a sheet is missing and another is there that nobody gave out, it may be that one.
  private func refuseRenamedSheets() throws(CommandError) {
    let forms = SheetForm.allCases.filter { form in
      !book.sheets.contains { Words.matches($0.name, form.title) }
    }
    let strangers = book.sheets.map(\.name).filter { name in
      ![SheetForm.origin, SheetForm.lists].contains(name)
        && !(SheetForm.allCases.map(\.title) + [SheetForm.guide]).contains {
          Words.matches(name, $0)
        }
    }
    guard !forms.isEmpty, !strangers.isEmpty else { return }
    throw CommandError(
      "sheet.renamed",
      Words.say(
        "{unknown}: no such sheet was given out, and {missing} is missing",
        [
          "unknown": strangers.joined(separator: ", "),
          "missing": forms.map { Words.say($0.title) }.joined(separator: ", "),
        ]), cause: Words.say("nothing was done"),
      hint: Words.say("rename the sheet back, or take away the one that is not of this workbook"),
      exit: .input)
  }

  /// The rows below the header, wherever it stands; rows without a value are left out.
  private func rows(
    of sheet: WorkbookReader.Sheet, _ form: SheetForm, _ people: SheetPeople
  ) -> [FilledRow] {
    var columns: [String: Int] = [:]
    var header = 0
    for number in sheet.cells.keys.sorted().prefix(20) {
      var found: [String: Int] = [:]
      for (place, value) in sheet.cells[number] ?? [:] {
        guard case .text(let text) = value,
          let column = form.columns.first(where: { Words.matches(text, $0.title) })
        else { continue }
        found[column.key] = place
      }
      if found.count > columns.count { (columns, header) = (found, number) }
    }
    return sheet.cells.keys.sorted().filter { $0 > header }.compactMap { number in
      var cells: [String: WorkbookReader.Value] = [:]
      for (key, place) in columns { cells[key] = sheet.cells[number]?[place] }
      guard !cells.isEmpty else { return nil }
      return FilledRow(
        form: form, sheet: sheet.name, row: number, cells: cells, columns: columns,
        countsFrom1904: book.countsFrom1904, people: people)
    }
  }
}

/// Turns a row into the commands that it asks for.
private struct RowAsker {
  let row: FilledRow
  let origin: SheetOrigin
  /// The things that were given out.
  let given: [StreamID: EntityRecord]
  /// What every command has.
  let common: JSONObject
  /// Whether a row of this name comes for the first time.
  let isFirst: (String) -> Bool

  var changes: [SheetChange] {
    switch row.form {
    case .gaps: thing(.gap) { gap($0, $1) }
    case .initiatives: thing(.initiative) { initiative($0, $1) }
    case .actions: action
    case .newGaps: new("gap.record", ["link", "title"])
    case .newInitiatives: new("initiative.open", ["step", "title"])
    }
  }

  private func change(
    _ make: () throws(SheetChange.Problem) -> RowApplier.Row
  ) -> SheetChange {
    let content: Result<RowApplier.Row, SheetChange.Problem>
    do { content = .success(try make()) } catch { content = .failure(error) }
    let row = row
    return SheetChange(
      sheet: row.sheet, row: row.row, content: content,
      place: { field in
        guard let cell = row.cell(field), let title = row.title(field) else { return nil }
        return (cell, title)
      })
  }

  private func problem(_ message: String, _ hint: String? = nil) -> [SheetChange] {
    [
      change { () throws(SheetChange.Problem) in
        throw SheetChange.Problem(message: message, hint: hint)
      }
    ]
  }

  /// The value of a cell.
  private func value(_ key: String) throws(SheetChange.Problem) -> JSON? {
    do { return try row.value(key) } catch {
      throw SheetChange.Problem(
        cell: error.column + String(row.row), message: "\(error.title): \(error.reason)")
    }
  }

  private func values(_ keys: String...) throws(SheetChange.Problem) -> JSONObject {
    var fields = JSONObject()
    for key in keys { fields[key] = try value(key) }
    return fields
  }

  private func command(
    _ name: String, _ fields: JSONObject, _ key: String, _ record: EntityRecord? = nil
  ) -> RowApplier.Row {
    var all = common
    for member in fields.members where member.value != .null || name.hasSuffix(".amend") {
      all[member.key] = member.value
    }
    return RowApplier.Row(
      name, all, key: "\(row.form.rawValue)/\(key)", basis: record.map { ($0.stream, $0.version) })
  }

  // MARK: What was given out

  private func thing(
    _ kind: EntityKind, _ make: (EntityRecord, String) -> [SheetChange]
  ) -> [SheetChange] {
    let inputs = row.form.columns.filter(\.isInput).map(\.key)
    guard let text = (try? row.value("ref"))?.string else {
      // Nothing was filled in, or it belongs to nothing.
      return inputs.contains { row.has($0) }
        ? problem(Words.say("the row has no reference"), "cem sheet out FILE") : []
    }
    guard let stream = StreamID(text.uppercased()), stream.kind == kind, let record = given[stream]
    else {
      return problem(
        Words.say("{ref} was not given out with this sheet", ["ref": text]), "cem sheet out FILE")
    }
    guard isFirst(stream.reference) else {
      return problem(Words.say("{ref} has two rows", ["ref": text]))
    }
    return contradictions(record) + make(record, stream.reference)
  }

  /// Locked cells that were changed all the same: what was meant is not lost silently.
  private func contradictions(_ record: EntityRecord) -> [SheetChange] {
    let locked = SheetWriter.locked(record)
    return row.form.columns.compactMap { column in
      guard let given = locked[column.key], row.contradicts(given, column.key) else { return nil }
      return change { () throws(SheetChange.Problem) in
        throw SheetChange.Problem(
          cell: row.cell(column.key),
          message: Words.say(
            "{title} is locked, it is not changed from here", ["title": Words.say(column.title)]),
          hint: "cem \(record.stream.kind.rawValue) amend \(record.stream.reference)")
      }
    }
  }

  private func gap(_ record: EntityRecord, _ ref: String) -> [SheetChange] {
    guard let gap = record.gap else { return [] }
    var changes = amendments("gap", record, ref, owner: gap.details.owner, due: gap.details.due)
    if row.has("perceived") || row.has("measuredOn") {
      changes.append(
        change { () throws(SheetChange.Problem) in
          var fields = try values("perceived", "measuredOn")
          fields["gap"] = .string(ref)
          return command("gap.reassess", fields, "\(ref)/reassess", record)
        })
    }
    if row.has("resolution") || row.has("unmetReason") {
      changes.append(
        change { () throws(SheetChange.Problem) in
          var fields = try values("resolution", "unmetReason")
          fields["gap"] = .string(ref)
          return command("gap.close", fields, "\(ref)/close", record)
        })
    }
    return changes
  }

  private func initiative(_ record: EntityRecord, _ ref: String) -> [SheetChange] {
    guard let initiative = record.initiative else { return [] }
    var changes = amendments(
      "initiative", record, ref, owner: initiative.details.owner, due: initiative.details.due)
    if row.has("rag") || row.has("note") {
      changes.append(
        change { () throws(SheetChange.Problem) in
          var fields = try values("rag", "note")
          fields["initiative"] = .string(ref)
          return command("initiative.update", fields, "\(ref)/update", record)
        })
    }
    if row.has("completed") || row.has("measured") {
      changes.append(
        change { () throws(SheetChange.Problem) in
          guard try value("completed") == true else {
            throw SheetChange.Problem(
              message: Words.say("a measured outcome is recorded when the initiative is completed"))
          }
          var fields = try values("measured")
          fields["initiative"] = .string(ref)
          return command("initiative.complete", fields, "\(ref)/complete", record)
        })
    }
    return changes
  }

  /// What was changed of the owner and the due date.
  private func amendments(
    _ noun: String, _ record: EntityRecord, _ ref: String, owner: PersonID?, due: Day?
  ) -> [SheetChange] {
    let change = change { () throws(SheetChange.Problem) in
      var fields = JSONObject()
      // A column that somebody took away says nothing.
      if row.columns["owner"] != nil {
        let filled = try value("owner")
        if filled?.string != owner?.code { fields["owner"] = filled ?? .null }
      }
      if row.columns["due"] != nil {
        let filled = try value("due")
        if filled?.string != due?.description { fields["due"] = filled ?? .null }
      }
      guard !fields.isEmpty else { return RowApplier.Row("", [:], key: "") }
      fields[noun] = .string(ref)
      if let reason = try value("reason") { fields["reason"] = reason }
      return command("\(noun).amend", fields, "\(ref)/amend", record)
    }
    if case .success(let row) = change.content, row.command.isEmpty { return [] }
    return [change]
  }

  private var action: [SheetChange] {
    guard row.has("evidence") || row.has("on") || row.has("expires") else { return [] }
    return [
      change { () throws(SheetChange.Problem) in
        guard let action = try value("action") else {
          throw SheetChange.Problem(message: Words.say("the row has no reference"))
        }
        var fields = try values("evidence", "on", "expires")
        fields["department"] = .string(origin.department.code)
        fields["action"] = action
        return command("maturity.action.complete", fields, "\(action.string ?? "")")
      }
    ]
  }

  // MARK: What is new

  private func new(_ name: String, _ needed: [String]) -> [SheetChange] {
    let inputs = row.form.columns.filter(\.isInput).map(\.key)
    guard inputs.contains(where: { row.has($0) }) else { return [] }
    return [
      change { () throws(SheetChange.Problem) in
        var fields = JSONObject()
        for key in inputs { fields[key] = try value(key) }
        fields["department"] = .string(origin.department.code)
        var key = "row"
        if let number = (try? row.value("number"))?.string {
          key = number
          // The same row with other words later is not another thing.
          fields["external"] = .string(
            "sheet:\(origin.workbook.text)/\(row.form.rawValue)/\(number)")
        }
        return command(name, fields, key)
      }
    ]
  }
}
