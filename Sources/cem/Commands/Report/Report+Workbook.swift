import CEMDomain
import CEMStore
import TransparencyLog
import Zip

extension Report {
  /// Every table of the report with all its rows, for a workbook or as CSV.
  func tables() throws -> [ReportTable] {
    if scope.isSummary {
      return [
        about, departmentTable, movementTable(movements), agendaTable(decisions),
        initiativeTable(try initiativesAtRisk()), budgetTable, pilotTable,
        standardTable(try standards().filter(\.standing.isBreach)), deliveryTable,
        try figureTable(),
      ]
    }
    let steps = try levelSteps()
    let changes = steps.flatMap { department, steps in
      steps.map { (department: department, step: $0) }
    }.sorted { ($0.department, $0.step.day) < ($1.department, $1.step.day) }
    return [
      about, departmentTable, gapTable(try openGaps(of: scope.department)),
      initiativeTable(try openInitiatives(of: scope.department)),
      agendaTable(overview.agenda.items), actionTable(reports), try unsupportedTable(), momentTable,
      journeyTable,
      pilotTable, budgetTable, brandTable, approvalTable, deliveryTable,
      standardTable(try standards()), try insightTable,
    ] + (scope.department == nil ? [levelCountTable(try levelCounts(steps))] : []) + [
      stepTable(changes),
      changeTable, try figureTable(), eventTable,
    ]
  }

  /// What the report is about, and where in the log it stands.
  private var about: ReportTable {
    let since: Datum =
      switch self.since {
      case .happened(let day): .day(day)
      case .recorded(_, let point): .integer(point.position)
      }
    let rows: [(String, Datum)] = [
      (Words.say("Name"), Datum(program.name)), ("program", .text(slug)),
      (Words.fieldTitle("department"), Datum(scope.department)),
      (Words.say("Date"), .day(day)), (Words.fieldTitle("period"), Datum(period?.period)),
      (Words.say("Log position"), .integer(point.position)),
      (Words.say("recorded"), Datum(point.recordedAt)), (Words.say("Root"), .text(root.base64)),
      (Words.say("since"), since),
    ]
    return ReportTable(
      "report", Words.say("Customer experience report"), rows,
      [ReportField("what", title: "What") { .text($0.0) }, ReportField("value") { $0.1 }])
  }

  private var departmentTable: ReportTable {
    // The fields of `status`, so that both are the same.
    let rows = reports.map { StatusRow(report: $0, point: point) }
    var fields: [ReportField<StatusRow>] = []
    for field in StatusRow.fields where !field.key.hasPrefix("asOf") {
      switch field.key {
      case "gapsByLink", "initiatives", "approvals":
        let members = rows.first.map { field.value($0) }.flatMap { value -> [String]? in
          if case .object(let members) = value { members.map(\.key) } else { nil }
        }
        fields += (members ?? []).map { key in
          let name = "\(field.key).\(key)"
          return ReportField(name, title: Words.figure(name), numeric: true) { row in
            guard case .object(let members) = field.value(row) else { return .null }
            return members.first { $0.key == key }?.value ?? .null
          }
        }
      case "levelName":
        fields.append(
          ReportField(field.key) { row in
            Datum(levelName: row.report.standing?.level)
          })
      default:
        fields.append(ReportField(field.key, numeric: field.isNumeric, field.value))
      }
    }
    return ReportTable("departments", Words.say("Departments"), rows, fields)
  }

  private var changeTable: ReportTable {
    ReportTable(
      "changes", Words.say("What changed"), isFromTheStart ? [] : changes.rows,
      [
        ReportField("department") { Datum($0.department) },
        ReportField("thing") { Datum($0.thing?.name) },
        ReportField("field") { .text($0.change.field) },
        ReportField("old", title: "Before") { FieldChange.datum($0.change.old) },
        ReportField("new", title: "After") { FieldChange.datum($0.change.new) },
        ReportField("positions", title: "Positions") { .list($0.positions.map(Datum.integer)) },
      ])
  }

  /// The figures that the page shows, with their events.
  private func figureTable() throws -> ReportTable {
    _ = try ReportPage(report: self).html()
    let rows = ([nil] + reports.map(\.department)).flatMap { figures.shown(of: $0) }
    return ReportTable(
      "figures", Words.say("Figures"), rows,
      [
        ReportField("figure", title: "Figure") { .text($0.id.figure) },
        ReportField("department") { Datum($0.id.department) },
        ReportField("name") { .text(Words.figure($0.id.figure)) },
        ReportField("value") { Datum($0.explanation.value) },
        ReportField("positions", title: "Positions") { row in
          figures.areEventsListed(of: row.id, row.explanation)
            ? .list(row.explanation.positions.map(Datum.integer))
            : .text(ReportPage.command(for: row.id, row.explanation))
        },
      ])
  }

  private var eventTable: ReportTable {
    ReportTable(
      "events", Words.say("Events"), figures.events.map { EventView($0) },
      [
        ReportField("position", title: "Position", numeric: true) { .integer($0.stored.position) },
        ReportField("occurredOn", title: "Date") { .day($0.stored.occurredOn) },
        ReportField("recordedAt", title: "recorded") { .time($0.stored.recordedAt) },
        ReportField("type") { .text($0.stored.type) },
        ReportField("thing", title: "Thing") { .text($0.thing) },
        ReportField("what", title: "What") { .text($0.words) },
        ReportField("who", title: "Recorded by") { .text($0.who) },
      ])
  }

  /// The tables as a workbook, a sheet each.
  func workbook() throws -> [UInt8] {
    var workbook = Workbook()
    for table in try tables() {
      var sheet = WorkbookSheet(name: table.title)
      sheet.headerRow = 1
      sheet.rows.append(table.columns.map { Workbook.Cell(.text($0.title), .header) })
      sheet.rows += table.rows.map { row in
        row.map { cell in
          switch cell.value {
          case .day: Workbook.Cell(cell.value, .day)
          case .time: Workbook.Cell(cell.value, .time)
          case .integer, .decimal, .bool, .null: Workbook.Cell(cell.value)
          case .erased, .text, .term, .list, .object: Workbook.Cell(cell.value, .text)
          }
        }
      }
      workbook.sheets.append(sheet)
    }
    return workbook.bytes()
  }

  /// The tables as CSV in one archive, a file each: names and values as `--format csv` has them.
  func archive() throws -> [UInt8] {
    var zip = ZipWriter()
    for table in try tables() {
      let lines =
        CSV.line(table.columns.map { .text($0.key) })
        + table.rows.map { row in CSV.line(row.map(\.value)) }.joined()
      zip.add("\(table.name).csv", Array(lines.utf8))
    }
    return zip.finish()
  }
}
