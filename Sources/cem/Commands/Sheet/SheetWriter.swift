import CEMDomain
import CEMStore
import FoundationEssentials

/// Makes the workbook that a department is given.
struct SheetWriter {
  let reader: any ProgramReader
  let department: DepartmentReport
  let day: Day
  let programID: UUID
  let programName: String
  /// Tells this workbook from any other.
  let id: UUID
  let people: SheetPeople

  /// The file.
  func bytes() throws -> [UInt8] {
    var workbook = Workbook()
    var lists: [[String]] = []
    workbook.sheets.append(guide)
    for form in SheetForm.allCases {
      workbook.sheets.append(sheet(form, try rows(form), &lists))
    }
    workbook.sheets += [listSheet(lists), origin]
    return workbook.bytes()
  }

  /// A row's values by column.
  private typealias Values = [String: Datum]

  private func sheet(
    _ form: SheetForm, _ rows: [Values], _ lists: inout [[String]]
  ) -> WorkbookSheet {
    var sheet = WorkbookSheet(name: Words.say(form.title))
    sheet.headerRow = 1
    sheet.isProtected = true
    sheet.rows = [form.columns.map { Workbook.Cell(.text(Words.say($0.title)), .header) }]
    sheet.rows += rows.map { values in
      form.columns.map { column in
        let value = values[column.key] ?? .null
        switch column.kind {
        case .reference: return Workbook.Cell(value, value.isNumber ? .plain : .text)
        case .day: return Workbook.Cell(value, .inputDay)
        case .number: return Workbook.Cell(value, .inputNumber)
        case .text, .code, .person, .references, .flag, .term, .terms:
          return Workbook.Cell(value, .input)
        }
      }
    }
    for (index, column) in form.columns.enumerated() where !rows.isEmpty {
      guard let labels = labels(column.kind), !labels.isEmpty else { continue }
      let place = lists.firstIndex(of: labels) ?? lists.count
      if place == lists.count { lists.append(labels) }
      let name = WorkbookSheet.column(index)
      let list = WorkbookSheet.column(place)
      sheet.choices.append(
        Workbook.Choice(
          range: "\(name)2:\(name)\(rows.count + 1)",
          source: "\(SheetForm.lists)!$\(list)$1:$\(list)$\(labels.count)",
          message: Words.say("Choose one of the list.")))
    }
    return sheet
  }

  /// The words that a cell may have; `nil` where it may have any.
  private func labels(_ kind: SheetForm.Kind) -> [String]? {
    switch kind {
    case .term(let kind, let ids):
      ids.map { Catalog.label(kind, $0, in: Words.language) ?? $0 }
    case .flag: [Words.say("yes")]
    case .person: people.labels
    case .reference, .text, .number, .day, .code, .references, .terms: nil
    }
  }

  private func rows(_ form: SheetForm) throws -> [Values] {
    switch form {
    case .gaps: return try Self.openGaps(reader, of: department.department).map(values)
    case .initiatives:
      return try Self.openInitiatives(reader, of: department.department).map(values)
    case .actions:
      return department.actions.filter { !$0.counts }.map { status in
        [
          "action": Datum(status.action), "text": Datum(Catalog.action(status.action)),
          "state": Datum(status.state),
        ]
      }
    case .newGaps, .newInitiatives:
      return (1...SheetForm.blankRows).map { ["number": .integer(Int64($0))] }
    }
  }

  private func values(_ record: EntityRecord, _ gap: Gap) -> Values {
    var values = Self.locked(record)
    values["owner"] = owner(gap.details.owner)
    values["due"] = Datum(gap.details.due)
    return values
  }

  private func values(_ record: EntityRecord, _ initiative: Initiative) -> Values {
    var values = Self.locked(record)
    values["owner"] = owner(initiative.details.owner)
    values["due"] = Datum(initiative.details.due)
    return values
  }

  private func owner(_ id: PersonID?) -> Datum { Datum(id.map { people.label($0.code) }) }

  /// What the locked cells say of a thing.
  static func locked(_ record: EntityRecord) -> [String: Datum] {
    switch record.entity {
    case .gap(let gap):
      [
        "ref": .text(record.stream.reference), "title": Datum(gap.details.title),
        "link": Datum(gap.details.link), "severity": Datum(gap.details.severity),
        "expected": Datum(gap.details.expected), "before": Datum(gap.details.perceived),
        "unit": Datum(gap.details.unit),
      ]
    case .initiative(let initiative):
      [
        "ref": .text(record.stream.reference), "title": Datum(initiative.details.title),
        "step": Datum(initiative.details.step),
        "state": .term(kind: "InitiativeLife.Status", id: initiative.life.status.rawValue),
        "ragBefore": Datum(initiative.life.lastUpdate?.rag),
      ]
    default: [:]
    }
  }

  /// The gaps that a department is given.
  static func openGaps(
    _ reader: any ProgramReader, of department: DepartmentCode
  ) throws -> [(EntityRecord, Gap)] {
    try reader.records(of: .gap, concerning: department).compactMap { record in
      guard !record.isVoided, let gap = record.gap, gap.isOpen,
        gap.details.department == department
      else { return nil }
      return (record, gap)
    }
  }

  /// The initiatives that a department is given.
  static func openInitiatives(
    _ reader: any ProgramReader, of department: DepartmentCode
  ) throws -> [(EntityRecord, Initiative)] {
    try reader.records(of: .initiative, concerning: department).compactMap { record in
      guard !record.isVoided, let initiative = record.initiative, initiative.isOpen,
        initiative.details.department == department
      else { return nil }
      return (record, initiative)
    }
  }

  private var guide: WorkbookSheet {
    var sheet = WorkbookSheet(name: Words.say(SheetForm.guide))
    let lines = [
      "Fill in the yellow cells only; all others tell you what is known.",
      "An empty yellow cell changes nothing. An owner or a date that you take away is taken away.",
      "A change of owner or due date needs a reason.",
      "New gaps and initiatives have sheets of their own.",
      "Send the file back when you are done. Each row is done or refused, with its reason.",
    ]
    sheet.rows =
      [
        [Workbook.Cell(.text(programName), .title)],
        [
          Workbook.Cell(
            .text("\(department.name ?? department.department.code) · \(day)"), .soft)
        ], [],
      ] + lines.map { [Workbook.Cell(.text(Words.say($0)))] }
    sheet.isProtected = true
    return sheet
  }

  private func listSheet(_ lists: [[String]]) -> WorkbookSheet {
    var sheet = WorkbookSheet(name: SheetForm.lists)
    sheet.isHidden = true
    let longest = lists.map(\.count).max() ?? 0
    sheet.rows = (0..<longest).map { row in
      lists.map { Workbook.Cell(row < $0.count ? .text($0[row]) : .null, .text) }
    }
    return sheet
  }

  /// What was given out, for whoever reads it back.
  private var origin: WorkbookSheet {
    var sheet = WorkbookSheet(name: SheetForm.origin)
    sheet.isHidden = true
    sheet.isProtected = true
    sheet.rows = [
      ("format", Datum.integer(Int64(SheetForm.version))), ("program", .text(programID.text)),
      ("department", Datum(department.department)), ("position", .integer(reader.point.position)),
      ("workbook", .text(id.text)), ("day", .text("\(day)")),
    ].map { [Workbook.Cell(.text($0), .text), Workbook.Cell($1, .text)] }
    return sheet
  }
}
