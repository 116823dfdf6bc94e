import CEMDomain
import CEMStore
import CEMTestSupport
import Foundation
import Postgres
import Testing

@testable import cem

/// Every figure has a definition, and the events that it names give it.
@Suite(.database(.migrated)) struct FigureTests {
  private struct Sample {
    var connection: Connection
    var programID: UUID
    /// The whole log.
    var events: [StoredEvent]
  }

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The sample program, with a department of which nothing but its name is known.
  private func sample() throws -> Sample {
    let cem = try CommandProcess(database: TestDatabase.current.conninfo())
    defer { cem.remove() }
    try #require(
      try cem.shell(
        "\"$CEM\" init --program sample --name Sample --on 2023-04-01 --fiscal-year-start 4"
      ).status == 0)
    let file = FigureTests.folder.appending(path: "scripts/sample/program.ndjson")
    let imported = try cem("import", file.path())
    try #require(imported.status == 0, "\(imported.errors)")
    try #require(try cem("department", "register", "blank", "--name", "Blank").status == 0)
    let connection = try TestDatabase.current.connect()
    let program = try ProgramDirectory(connection).resolve(slug: nil)
    let events = try EventLog(connection, programID: program.id)
      .events(EventLog.Filter(), limit: .max)
    return Sample(connection: connection, programID: program.id, events: events)
  }

  /// The keys of `status --json`, those of objects within by their path.
  private func flattened(_ datum: Datum, _ path: String) -> [(key: String, value: Datum)] {
    guard case .object(let members) = datum else { return [(path, datum)] }
    return [(path, datum)] + members.flatMap { flattened($0.value, "\(path).\($0.key)") }
  }

  /// What positions alone fold to, by way of no code that explains.
  private func folded(
    _ positions: [Int64], _ figure: Figure, _ department: DepartmentCode?, _ day: Day,
    _ sample: Sample, through: Day? = nil
  ) throws -> JSON {
    var replay = Replay(through: through, isOfPart: true)
    var point = ReadPoint(position: 0, recordedAt: nil, isHead: false)
    for position in positions {
      let event = sample.events[Int(position) - 1]
      try replay.apply(event)
      point = ReadPoint(position: position, recordedAt: event.recordedAt, isHead: false)
    }
    let reader = replay.reader(at: point)
    switch figure.value {
    case .department(let value):
      return value(try reader.report(of: try #require(department), on: day), point)
    case .program(let value): return value(try reader.departments(on: day), point)
    case .overview(let value): return try value(reader, department, day)
    case .restatement:
      // Both sides of it are figures of their own, which are walked as such.
      return try JSON(parsing: "null")
    }
  }

  /// Walks every key of every department, and counts the figures that depend on each of their events.
  private func walk(
    _ reader: any ProgramReader, _ sample: Sample, on day: Day, through: Day? = nil,
    every step: Int = 1
  ) throws -> (figures: Int, essential: Int) {
    let explainer = try Explainer(
      reader, sample.connection, programID: sample.programID, on: day, through: through)
    var (count, essential) = (0, 0)
    for (index, report) in try reader.departments(on: day).enumerated() where index % step == 0 {
      let row = StatusRow(report: report, point: reader.point)
      for field in StatusRow.fields {
        for (key, shown) in flattened(field.value(row), field.key) {
          let figure = try #require(
            Figures.find(key), "status shows \(key), which nothing explains")
          #expect(figure.id == key)
          #expect(!figure.definition.isEmpty)
          let found = try explainer.explain(figure, of: report.department)
          let explanation = try #require(found.first)
          #expect(
            try JSON(parsing: shown.sorted.jsonText) == explanation.value,
            "\(report.department) \(key)")
          #expect(explanation.isReproduced, "\(report.department) \(key)")
          let alone = try folded(
            explanation.positions, figure, report.department, day, sample, through: through)
          #expect(alone == explanation.value, "\(report.department) \(key)")
          count += 1
          guard explanation.positions.count > 0, explanation.value != .null else { continue }
          // With one event fewer it is mostly another figure: the positions are not there for show.
          let fewer = try folded(
            Array(explanation.positions.dropFirst()), figure, report.department, day, sample,
            through: through)
          if fewer != explanation.value { essential += 1 }
        }
      }
    }
    for figure in Figures.all where !figure.isOfDepartment {
      let explanation = try #require(try explainer.explain(figure).first)
      #expect(explanation.isReproduced, "\(figure.id)")
      let alone = try folded(
        explanation.positions, figure, nil, day, sample, through: through)
      #expect(alone == explanation.value, "\(figure.id)")
      // So does each department's part of it.
      guard figure.hasParts else { continue }
      for report in try reader.departments(on: day) {
        let part = try #require(try explainer.explain(figure, of: report.department).first)
        #expect(part.department == report.department && part.isReproduced, "\(figure.id)")
        let alone = try folded(
          part.positions, figure, report.department, day, sample, through: through)
        #expect(alone == part.value, "\(figure.id) of \(report.department)")
        let whole = Set(explanation.positions)
        #expect(part.positions.allSatisfy(whole.contains), "\(figure.id) of \(report.department)")
      }
    }
    return (count, essential)
  }

  @Test("Every figure of status is explained by events that fold to it")
  func everyFigure() throws {
    let sample = try sample()
    let reader = try LiveReader(sample.connection, programID: sample.programID)
    let (count, essential) = try walk(reader, sample, on: Day("2026-11-20")!)
    #expect(count > 300)
    #expect(essential > 100)
  }

  @Test("So are the figures of the past and of a period")
  func everyFigureOfThePast() throws {
    let sample = try sample()
    let resolver = MomentResolver(sample.connection, programID: sample.programID)
    let head = try resolver.head()
    let half = try resolver.resolve(.position(head.position / 2))
    let past = try PastReader(sample.connection, programID: sample.programID, point: half)
    #expect(try walk(past, sample, on: Day("2026-11-20")!, every: 4).essential > 5)

    let end = Day("2025-03-31")!
    let period = try PastReader(
      sample.connection, programID: sample.programID, point: head, through: end)
    #expect(try walk(period, sample, on: end, through: end, every: 4).essential > 5)
  }

  @Test("Money and shares are numbers in JSON, as in lists") func numbers() throws {
    let cem = try CommandProcess(database: TestDatabase.current.conninfo())
    defer { cem.remove() }
    try cem.script([
      "init --program acme --name Acme --currency EUR", "person add boss --name Boss",
      "department register ssc --name SSC",
      "initiative open --department ssc --title T --step 4 --waive-platform quick --approver boss --budget 500.50 --currency USD",
      "initiative start INI-1", "initiative pilot start INI-1",
      "initiative pilot conclude INI-1 --cost 100 --benefit 150 --verdict scale",
      "rate record USD EUR --rate 0.5",
      "initiative open --department ssc --title W --step 3 --waive-platform quick --approver boss --brand-element logo --brand-element slogan",
      "initiative open --department ssc --title X --step 3 --waive-platform quick --approver boss --brand-element logo",
      "initiative start INI-3", "initiative complete INI-3",
    ])
    func value(_ figure: String) throws -> [String: [String: Any]] {
      let explained = try cem("explain", figure, "--json").json() as? [String: Any]
      let value = try #require(explained?["value"] as? [String: Any])
      return value.compactMapValues { $0 as? [String: Any] }
    }
    #expect(try value("budgetsUnderWay")["USD"]?["budget"] as? Double == 500.5)
    let kinds = try #require(try value("pilotReturns")["USD"])
    #expect(kinds.keys.sorted() == ["estimated"])
    let pilots = try #require(kinds["estimated"] as? [String: Any])
    #expect(
      ["pilots", "cost", "benefit", "return"].map { pilots[$0] as? Double } == [1, 100, 150, 0.5])
    #expect(try value("convertedTotals")["budget"]?["total"] as? Double == 250.25)
    let brand = try value("brandElements").mapValues {
      [$0["open"] as? Int, $0["completed"] as? Int]
    }
    #expect(brand["logo"] == [1, 1] && brand["slogan"] == [1, 0] && brand["packaging"] == [0, 0])
    let page = try cem("report", "--out", "-").output
    #expect(page.contains("Elements of the brand"))
    try #require(
      try cem("initiative", "void", "INI-2", "--reason", "r").status == 0
        && cem("initiative", "void", "INI-3", "--reason", "r").status == 0)
    #expect(try !cem("report", "--out", "-").output.contains("Elements of the brand"))
    let none = try cem("explain", "brandElements", "--json").json() as? [String: Any]
    #expect(none?["value"] is NSNull)
  }

  @Test(
    "What counts only in part, or was taken back apart from the figure, is explained all the same")
  func partly() throws {
    let cem = try CommandProcess(database: TestDatabase.current.conninfo())
    defer { cem.remove() }
    try cem.script([
      "init --program acme --name Acme --on 2024-01-01",
      "department register ssc --name SSC --on 2024-01-01",
      "maturity assess ssc --level 1 --rationale r --on 2024-01-02",
      "maturity action complete ssc 1.1 --evidence done --on 2024-01-03",
      "maturity action complete ssc 2.1 --evidence early --on 2024-01-04",
      "undo 6 --reason wrong",
      "gap record --department ssc --link 1 --title g --on 2024-01-05",
      "gap diagnose GAP-1 --link 2 --on 2024-02-10",
      // The link of January was right; the severity was missing then, too.
      "gap amend GAP-1 --link 3 --severity 4 --reason r --on 2024-02-11",
    ])
    let report = cem.home.appending(path: "r.html").path()
    for moment in ["", " --period 2024-01", " --period 2024-02"] {
      try cem.script(["report --out '\(report)'\(moment)"])
      let explained = try #require(
        try cem.shell("\"$CEM\" explain actionsDone ssc --json\(moment)").json()
          as? [String: Any])
      #expect(explained["value"] as? Int == 1, "\(moment)")
      let worst = try #require(
        try cem.shell("\"$CEM\" explain worstLink ssc --json\(moment)").json() as? [String: Any])
      #expect(
        worst["value"] as? String
          == (moment.hasSuffix("01") ? "promise-expectation" : "standard-training"), "\(moment)")
    }
  }

  @Test("A table that disagrees with the log is found out")
  func disagreement() throws {
    let sample = try sample()
    try sample.connection.execute(
      "UPDATE cem.department_status SET open_gaps = open_gaps + 1 WHERE department = 'blank'")
    let reader = try LiveReader(sample.connection, programID: sample.programID)
    let explainer = try Explainer(
      reader, sample.connection, programID: sample.programID, on: Day("2026-11-20")!)
    let figure = try #require(Figures.find("openGaps"))
    let explanation = try #require(
      try explainer.explain(figure, of: DepartmentCode(scalar: "blank")).first)
    #expect(!explanation.isReproduced)
    #expect(explanation.value == 1)
    #expect(explanation.folded == 0)
  }

  @Test("The figures of a replay step by step equal those of a whole one")
  func steps() throws {
    let sample = try sample()
    let log = EventLog(sample.connection, programID: sample.programID)
    let head = try MomentResolver(sample.connection, programID: sample.programID).head()
    var stepping = SteppingReader()
    var whole = Replay()
    let day = Day("2026-11-20")!
    try log.forEach(in: 1...head.position) { stored in
      _ = try stepping.step(stored)
      try whole.apply(stored)
      guard stored.position % 97 == 0 || stored.position == head.position else { return }
      let point = stepping.point
      let past = whole.reader(at: point)
      #expect(
        try stepping.rows(of: DepartmentStatus.self, RowQuery())
          == past.rows(of: DepartmentStatus.self, RowQuery()))
      let rows = try [stepping.departments(on: day), past.departments(on: day)].map { reports in
        reports.map { report in
          let row = StatusRow(report: report, point: point)
          return StatusRow.fields.map { $0.value(row) }
        }
      }
      #expect(rows[0] == rows[1])
    }
  }

  @Test(
    "A figure is found by its names, and suggested where it is mistyped",
    arguments: [
      ("openGaps", "openGaps", nil), ("opengaps", "openGaps", nil),
      ("G3", "gapsByLink.standard-training", nil),
      ("g?", "gapsByLink.undiagnosed", nil), ("to advance", "missingActions", nil),
      ("openGap", nil, "openGaps"), ("lvel", nil, "level"), ("onHold", nil, "initiatives.onHold"),
      ("median", nil, "medianLevel"), ("qqqqqqqq", nil, nil), ("", nil, nil),
    ] as [(String, String?, String?)])
  func names(name: String, id: String?, nearest: String?) {
    #expect(Figures.find(name)?.id == id)
    if id == nil { #expect(Figures.nearest(to: name) == nearest) }
  }

  @Test("No two figures share a name")
  func distinct() {
    let names = Figures.all.flatMap { [$0.id] + $0.aliases }.map { $0.lowercased() }
    #expect(Set(names).count == names.count)
  }
}

extension Datum {
  /// The same with the members of objects in the order that JSON values have them in.
  fileprivate var sorted: Datum {
    guard case .object(let members) = self else { return self }
    return .object(
      members.map { Member(key: $0.key, value: $0.value.sorted) }
        .sorted { $0.key.precedesByBytes($1.key) })
  }
}
