import CEMDomain
import CEMStore
import CEMTestSupport
import Foundation
import Postgres
import RandomPrograms
import Testing

@testable import cem

/// `cem report` by the built program: its figures are those of `status`, its links lead somewhere, and
/// nothing that a program holds becomes markup.
@Suite(.database(.migrated)) struct ReportTests {
  private func page(_ cem: CommandProcess, _ arguments: String...) throws -> String {
    let result = try cem.run(["report", "--out", "-"] + arguments)
    try #require(result.status == 0, "\(arguments) \(result.errors)")
    return result.output
  }

  /// Compares every figure of a page with what `status` and `explain` say of the same moment.
  private func compare(_ html: String, _ cem: CommandProcess, _ moment: String...) throws -> Int {
    let document = try ReportDocument(html)
    var stated: [ReportDocument.Shown: String] = [:]
    func take(_ value: Any, _ path: String, _ department: String) {
      let shown = ReportDocument.Shown(figure: path, department: department)
      switch value {
      case let object as [String: Any]: object.forEach { take($1, "\(path).\($0)", department) }
      case is NSNull: stated[shown] = ""
      default: stated[shown] = "\(value)"
      }
    }
    let rows = try #require(
      try cem.run(["status", "--json"] + moment).json() as? [[String: Any]])
    for row in rows {
      let code = try #require(row["department"] as? String)
      row.forEach { take($1, $0, code) }
    }
    for (shown, values) in document.figures {
      if shown.department == nil {
        let explained = try #require(
          try cem.run(["explain", shown.figure, "--json"] + moment).json() as? [String: Any])
        let value = explained["value"].map { $0 is NSNull ? "" : "\($0)" }
        #expect(values == [value ?? "?"], "\(shown)")
      } else {
        #expect(values == [stated[shown] ?? "?"], "\(shown)")
      }
    }
    for row in rows {
      let code = try #require(row["department"] as? String)
      for figure in ["level", "openGaps", "actionsDone", "gapsByLink.undiagnosed"] {
        #expect(
          document.figures[.init(figure: figure, department: code)] != nil, "\(code) \(figure)")
      }
    }
    return document.figures.count
  }

  @Test("The figures of the sample's report are those of status, now and in the past")
  func figures() throws {
    try CommandProcess.withSample { cem throws in
      #expect(try compare(try page(cem), cem) > 350)
      #expect(
        try compare(page(cem, "--as-of", "200"), cem, "--as-of", "200") > 300)
      #expect(
        try compare(page(cem, "--period", "2025-Q1"), cem, "--period", "2025-Q1") > 300)
    }
  }

  @Test("So are those of random programs, with whatever texts they have", arguments: 0..<4)
  func randomFigures(number: UInt64) throws {
    var random = SeededGenerator(number &+ 77)
    let connection = try TestDatabase.current.connect(user: "approver")
    let program = TestProgram(founding: connection)
    var today = Day("2024-01-05")!
    for (name, fields) in RandomCommands.beginning(on: Day("2024-01-01")!) {
      _ = try? program.run(name, fields)
    }
    for _ in 0..<400 {
      if random.chance(40) { today = today.adding(days: 1) }
      let (name, fields) = RandomCommands.command(with: &random, today: today, events: 100)
      if !name.hasPrefix("audit.") { _ = try? program.run(name, fields) }
    }
    let cem = try CommandProcess(database: TestDatabase.current.conninfo())
    defer { cem.remove() }
    let html = try page(cem, "--lang", Language.allCases[Int(number) % 4].rawValue)
    #expect(try compare(html, cem) > 20)
    try expectWhole(html)
  }

  /// Whatever holds of every page.
  private func expectWhole(_ html: String) throws {
    let document = try ReportDocument(html)
    #expect(Set(document.ids).count == document.ids.count, "an id twice")
    for link in document.links {
      #expect(link.hasPrefix("#"), "\(link)")
      #expect(document.ids.contains(String(link.dropFirst())), "\(link) leads nowhere")
    }
    #expect(document.described == document.pictures)
    // It asks for nothing from anywhere, and runs nothing.
    #expect(
      document.elements.isDisjoint(with: ["script", "img", "iframe", "link", "object", "b:"]))
    #expect(document.attributes.isDisjoint(with: ["src", "style", "onclick", "onload", "srcset"]))
    #expect(!html.contains("url(") && !html.contains("@import") && !html.contains("@font-face"))
    #expect(!HostileText.isRaw(html.utf8))
  }

  @Test("Delivery gaps of other departments, touchpoints or segments are neither summed nor mixed")
  func deliveryGroups() throws {
    let cem = try CommandProcess(database: TestDatabase.current.conninfo())
    defer { cem.remove() }
    func run(_ line: String) throws -> CommandProcess.Result {
      let result = try cem.shell("\"$CEM\" \(line)")
      try #require(result.status == 0, "\(line) \(result.errors)")
      return result
    }
    _ = try run("init --program acme --name Acme --on 2023-01-01")
    for code in ["a", "b"] { _ = try run("department register \(code) --name \(code)") }
    for code in ["fresh", "regular"] { _ = try run("segment define \(code) --name \(code)") }
    let surveys = [
      ("a", "customers --segment fresh", "2024-Q2", "0.2"),
      ("a", "employees --segment fresh", "2024-Q2", "0.7"),
      ("a", "customers --segment regular", "2024-Q3", "0.4"),
      ("b", "customers", "2024-Q2", "0.6"), ("b", "employees", "2024-Q2", "0.5"),
      ("a", "customers --segment fresh", "2024-Q4", "0.3"),
    ]
    for (department, audience, period, share) in surveys {
      _ = try run(
        "survey record --department \(department) --audience \(audience) --period \(period) --agree \(share) --sample 10"
      )
    }
    let explained = try #require(
      try run("explain deliveryGaps --json").json() as? [String: Any])
    let rows = try #require(explained["value"] as? [[String: Any]])
    func line(_ row: [String: Any]) -> String {
      ["department", "segment", "period", "believing", "agreeing"].map {
        row[$0].map { $0 is NSNull ? "–" : "\($0)" } ?? "?"
      }.joined(separator: " ")
    }
    #expect(
      rows.map(line) == [
        "a fresh 2024-Q2 0.7 0.2", "b – 2024-Q2 0.5 0.6", "a regular 2024-Q3 – 0.4",
        "a fresh 2024-Q4 – 0.3",
      ])
    #expect(rows.first?["gap"] as? Double == 0.5)
    let status = try run("status --format table").output
    #expect(status.contains("2024-Q2 · a · fresh · believe 0.7"), "\(status)")
    // The latest first, in it the largest, and what is not named is counted.
    for (share, audience) in [("0.9", "employees"), ("0.8", "customers")] {
      for (department, period) in [("b", "2024-Q4"), ("a", "2023-Q1"), ("a", "2023-Q2")] {
        _ = try run(
          "survey record --department \(department) --audience \(audience) --period \(period) --agree \(share) --sample 10"
        )
      }
    }
    let block = try run("status --format table").output.components(separatedBy: "delivery gap  ")
    let periods = (block.last ?? "").split(separator: "\n").prefix(6).map {
      $0.drop { $0 == " " }.prefix(11)
    }
    #expect(
      periods
        == [
          "2024-Q4 · b", "2024-Q4 · a", "2024-Q3 · a", "2024-Q2 · a", "2024-Q2 · b", "… and 2 more",
        ].map { $0.prefix(11) }, "\(block)")
    let html = try page(cem)
    try expectWhole(html)
    let text = try ReportDocument(html).text
    #expect(text.contains("50 points"), "the difference of two shares")
    #expect(
      text.contains(
        "a · fresh 2024-Q2: believe 0.7, agree 0.2; a · fresh 2024-Q4: believe –, agree 0.3; "
          + "a · regular 2024-Q3: believe –, agree 0.4; b 2024-Q2: believe 0.5, agree 0.6"),
      "\(text)")
  }

  @Test("Every link has its target, every picture its words, in every language")
  func links() throws {
    try CommandProcess.withSample { cem throws in
      for language in Language.allCases {
        let html = try page(cem, "--lang", language.rawValue, "--since", "300")
        try expectWhole(html)
        let document = try ReportDocument(html)
        #expect(document.links.count > 1_000)
        #expect(document.pictures > 60)
        for status in InitiativeLife.Status.allCases {
          let id = "totalInitiatives.\(status.rawValue)"
          #expect(document.figures[.init(figure: id, department: nil)] != nil, "\(id)")
        }
        #expect(html.contains("<html lang=\"\(language.rawValue)\">"))
        #expect(!document.text.contains("{"), "a value was not put in its place")
      }
    }
  }

  @Test(
    "Shares read as percentages with one digit after the point",
    arguments: [
      ("0.633136", "63.3"), ("0.3", "30"), ("-0.0005", "0"), ("-0.0015", "−0.2"), ("1.25", "125"),
      ("0.12345", "12.3"), ("0.12355", "12.4"), ("12", "1\u{202f}200"),
    ])
  func percentages(share: String, percent: String) throws {
    #expect(try Total(Exact(scalar: share)).percentage == percent + "\u{202f}%")
  }

  @Test(
    "People stand by their names in the page, until those are erased; files keep ids and exact shares"
  )
  func readings() throws {
    try CommandProcess.withSample { cem throws in
      let html = try page(cem)
      #expect(html.contains("<td class=\"n\" title=\"1.376812\">137.7\u{202f}%</td>"))
      #expect(!html.contains(">1.376812<") && !html.contains(">svc-esdc</td>"))
      let people = try #require(
        try cem("person", "list", "--json").json() as? [[String: Any]])
      let person = try #require(people.first { $0["id"] as? String == "svc-esdc" })
      let name = try #require(person["name"] as? String)
      #expect(html.contains("<td title=\"svc-esdc\">\(name)</td>"))
      #expect(html.contains("<span title=\"svc-esdc\">\(name)</span>"))
      try #require(
        try cem("audit", "erase", "--person", "svc-esdc", "--reason", "asked for", "--yes").status
          == 0)
      let erased = try page(cem)
      #expect(!erased.contains(name) && erased.contains(">svc-esdc</td>"))
      let file = cem.home.appending(path: "tables.zip").path()
      try #require(try cem("report", "--out", file, "--csv").status == 0)
      let csv = try cem.shell("unzip -p '\(file)' pilots.csv gaps.csv").output
      #expect(csv.contains("1.376812") && csv.contains("svc-cra"))
    }
  }

  @Test("Every phrase of a report or a sheet has its words in every language")
  func phrases() {
    for line in (Words.reportTable + "\n" + Words.sheetTable).split(separator: "\n") {
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      #expect(cells.count == 4, "\(line)")
      let names = cells.map { cell in
        Set(
          cell.split(separator: "{", omittingEmptySubsequences: false).dropFirst().map {
            $0.prefix { $0 != "}" }
          })
      }
      #expect(Set(names).count == 1, "\(line)")
    }
  }

  @Test("The same position and day give the same bytes, later and elsewhere")
  func deterministic() throws {
    try CommandProcess.withSample { cem throws in
      let first = try page(cem, "--since", "300")
      let document = try ReportDocument(first)
      let position = try #require(document.metadata["cem-position"])
      let verified = try #require(try cem("audit", "verify", "--json").json() as? [String: Any])
      #expect(document.metadata["cem-root"] == verified["rootHash"] as? String)
      var elsewhere = cem
      elsewhere.environment["TZ"] = "Asia/Tokyo"
      #expect(try page(elsewhere, "--since", "300") == first)
      // The page says how: by that, it is made again when the log has gone on.
      let text = document.text
      let start = try #require(text.range(of: "cem report --program"))
      let command = text[start.lowerBound...].prefix { $0 != "\n" }
        .split(separator: " ").dropFirst(2).map(String.init).prefix { $0 != "FILE" }
      try #require(try cem("department", "register", "later", "--name", "Later").status == 0)
      #expect(try page(cem, "--since", "300") != first)
      let again = try elsewhere.run(["report"] + command + ["-"])
      #expect(again.output == first, "\(command) \(again.errors)")
      let root = try #require(
        try ReportDocument(page(cem, "--as-of", position)).metadata["cem-root"])
      #expect(root == document.metadata["cem-root"])
    }
  }

  @Test("A program in which nothing or little was recorded gives a report all the same")
  func empty() throws {
    let cem = try CommandProcess(database: TestDatabase.current.conninfo())
    defer { cem.remove() }
    try #require(try cem("init", "--program", "acme", "--name", "Acme").status == 0)
    for language in Language.allCases {
      try expectWhole(try page(cem, "--lang", language.rawValue))
    }
    #expect(try ReportDocument(page(cem)).text.contains("cem department register"))
    #expect(try cem("report", "--out", "-", "--as-of", "0").status == 66)
    try #require(try cem("department", "register", "ssc", "--name", "SSC").status == 0)
    let html = try page(cem)
    try expectWhole(html)
    #expect(try compare(html, cem) > 20)
    #expect(try ReportDocument(html).text.contains("no department was assessed yet"))
  }

  @Test("A wrong moment, day or place is refused with a hint, and a file stays as it was")
  func refusals() throws {
    try CommandProcess.withSample { cem throws in
      let file = cem.home.appending(path: "r.html").path()
      let written = try cem("report", "--out", file, "--json")
      #expect(written.status == 0)
      let view = try #require(try written.json() as? [String: Any])
      let before = try String(contentsOfFile: file, encoding: .utf8)
      #expect(view["size"] as? Int == before.utf8.count)
      let sum = try cem.shell("sha256sum < '\(file)'").output.prefix(64)
      #expect(view["sha256"] as? String == String(sum))
      for (arguments, status) in [
        (["--since", "369", "--as-of", "10"], 65), (["--on", "2999-01-01"], 65),
        (["--on", "tomorrow"], 64), (["--period", "2025", "--since", "7"], 64),
        (["--since", "9999"], 65), (["--lang", "xx"], 64),
      ] as [([String], Int32)] {
        let result = try cem.run(["report", "--out", file] + arguments)
        #expect(result.status == status, "\(arguments) \(result.errors)")
        #expect(result.errors.contains("hint:") || status == 64, "\(arguments) \(result.errors)")
      }
      #expect(try cem("report", "--out", "/nowhere/at/all.html").status == 74)
      let document = cem.home.appending(path: "r.docx").path()
      let unknown = try cem("report", "--out", document)
      #expect(unknown.status == 64)
      #expect(unknown.errors.contains("hint: ") && unknown.errors.contains(".html, .pdf, .xlsx"))
      #expect(!FileManager.default.fileExists(atPath: document))
      // Several tables are no one CSV file.
      let csv = cem.home.appending(path: "r.csv").path()
      for option in [[], ["--csv"]] {
        let archive = try cem.run(["report", "--out", csv] + option)
        #expect(archive.status == 64 && archive.errors.contains("--out \(csv.dropLast(3))zip"))
        #expect(!FileManager.default.fileExists(atPath: csv))
      }
      #expect(try String(contentsOfFile: file, encoding: .utf8) == before)
      let files = try FileManager.default.contentsOfDirectory(atPath: cem.home.path())
      #expect(files.filter { $0.hasPrefix(".cem-") } == [])
    }
  }

  @Test("What changed by business date lies between the states of the two days")
  func changesOfAPeriod() throws {
    try CommandProcess.withSample { _ throws in
      let connection = try TestDatabase.current.connect()
      let program = try ProgramDirectory(connection).resolve(slug: nil)
      let head = try MomentResolver(connection, programID: program.id).head()
      let days = (Day("2025-03-31")!, Day("2025-09-30")!)
      let diff = try LogDiff(
        connection, programID: program.id, from: head, after: days.0, to: head, through: days.1)
      let ends = try [days.0, days.1].map { day in
        try PastReader(connection, programID: program.id, point: head, through: day).state
      }
      #expect(diff.before.state.entities == ends[0].entities)
      #expect(diff.after.state.entities == ends[1].entities)
      let changed = ends[1].entities.filter { ends[0].entities[$0.key]?.entity != $0.value.entity }
      // What was changed and changed back is touched all the same.
      #expect(Set(changed.keys).isSubset(of: diff.things.map(\.stream)))
      #expect(changed.count + 3 > diff.things.count)
      #expect(changed.count > 20)
      // Known less of at the earlier day: what was recorded since is a part of the difference.
      let middle = try MomentResolver(connection, programID: program.id)
        .resolve(.position(head.position / 2))
      let longer = try LogDiff(
        connection, programID: program.id, from: middle, after: days.0, to: head, through: days.1)
      let start = try PastReader(
        connection, programID: program.id, point: middle, through: days.0)
      #expect(longer.before.state.entities == start.state.entities)
      #expect(longer.after.state.entities == ends[1].entities)
      #expect(
        Set(diff.things.flatMap(\.positions)).isSubset(of: longer.things.flatMap(\.positions)))
    }
  }
}
