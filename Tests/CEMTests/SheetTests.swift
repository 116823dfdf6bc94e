import CEMDomain
import CEMTestSupport
import Foundation
import Postgres
import Testing

@testable import cem

/// `cem sheet out` and `in`, with workbooks that openpyxl edits between them.
@Suite(
  .database(.migrated),
  .enabled(if: Spreadsheet.isAvailable, "needs Python with the package openpyxl"))
struct SheetTests {
  func withProgram(_ body: (CommandProcess) throws -> Void) throws {
    let cem = try program()
    defer { cem.remove() }
    try body(cem)
  }

  /// A program with open work; its folder is to be removed.
  func program() throws -> CommandProcess {
    let cem = try CommandProcess(database: TestDatabase.current.conninfo())
    try cem.script([
      "init --program acme --name Acme --on 2024-01-01", "person add kim --name Kim",
      "person add lee --name Lee",
      "department register retail --name Retail --lead kim --on 2024-01-01",
      "department register it --name IT",
      "gap record --department retail --link 4 --title 'Callers wait' --expected 0.9 --perceived 0.5 --unit ratio --owner kim --on 2024-02-01",
      "gap record --department retail --link 1 --title '=1+1' --expected 10 --unit days --lower-is-better --on 2024-02-01",
      "gap record --department retail --link undiagnosed --title 'Third' --on 2024-02-01",
      "gap record --department it --link 1 --title 'Not theirs'",
      "initiative open --department retail --title 'Call back' --step 1 --due 2026-01-31 --on 2024-02-01",
      "initiative start INI-1",
      "maturity assess retail --level 0 --rationale r",
    ])
    return cem
  }

  /// Gives a workbook out and fills cells in, by sheet, row's first cell and column title.
  func filled(
    _ cem: CommandProcess, in language: Language = .english, _ cells: [[any Sendable]],
    then script: String = ""
  ) throws -> String {
    let file = cem.home.appending(path: "\(UUID().uuidString).xlsx").path()
    let out = try cem("sheet", "out", file, "--department", "retail", "--lang", language.rawValue)
    try #require(out.status == 0, "\(out.errors)")
    let json = try JSONSerialization.data(withJSONObject: cells)
    try Spreadsheet.run(
      """
      import datetime, json, sys, openpyxl
      book = openpyxl.load_workbook(sys.argv[1])
      for name, row, column, value in json.loads(sys.argv[2]):
          sheet = book.worksheets[name]
          titles = [cell.value for cell in sheet[1]]
          place = column if isinstance(column, int) else titles.index(column) + 1
          line = next(r for r in range(2, sheet.max_row + 1) if str(sheet.cell(r, 1).value) == str(row))
          if isinstance(value, str) and value.startswith('date:'): value = datetime.date.fromisoformat(value[5:])
          cell = sheet.cell(line, place)
          assert not cell.protection.locked, (name, row, column)
          cell.value = value
          if isinstance(value, str) and value.startswith("="): cell.data_type = "s"
      \(script)
      book.save(sys.argv[1])
      """, [file, String(decoding: json, as: UTF8.self)])
    return file
  }

  func taken(
    _ cem: CommandProcess, _ file: String, _ arguments: String..., status: Int32 = 0
  ) throws -> [[String: String]] {
    let result = try cem.run(["sheet", "in", file, "--json"] + arguments)
    #expect(result.status == status, "\(result.output) \(result.errors)")
    let rows = try #require(try result.json() as? [[String: Any]])
    return rows.map { row in row.compactMapValues { $0 as? String } }
  }

  func state(_ cem: CommandProcess, _ words: String...) throws -> [String: Any] {
    try #require(try cem.run(words + ["--json"]).json() as? [String: Any])
  }

  func events() throws -> Int {
    try TestDatabase.current.connect().query("SELECT count(*) FROM cem.event").one(Int.self)
  }

  static var good: [[any Sendable]] {
    [
      [1, "GAP-1", "Perceived now", 0.58], [1, "GAP-1", "Measured on", "date:2026-01-05"],
      [1, "GAP-1", "Due", "date:2027-01-31"], [1, "GAP-1", "Owner", "lee"],
      [1, "GAP-1", "Reason for the change", "it's agreed; \"all\" of it"],
      [1, "GAP-2", "Perceived now", "9,5"], [1, "GAP-2", "Closed by", "=a second shift"],
      [2, "INI-1", "Colour now", "amber"], [2, "INI-1", "Note", "-slow"],
      [3, "0.1", "Evidence", "Minutes of the board"],
      [4, "3", "Title", "New one"], [4, "3", "Link", "training – execution"],
      [4, "3", "Severity", 4], [4, "3", "Expected", 1], [4, "3", "Perceived", 0.25],
      [4, "3", "Unit", "ratio"],
      [5, "1", "Title", "New work"], [5, "1", "Step", "2"], [5, "1", "Gaps", "GAP-1, GAP-3"],
      [5, "2", "Title", "New words"], [5, "2", "Step", "brand experience"],
      [5, "2", "Elements of the brand", "Look and feel, слоган"],
      [5, "2", "Why without a platform", "small"],
    ]
  }

  /// The lines typed one by one in a copy of the program lead to the same.
  func expectSameIfTyped(_ lines: [String], _ cem: CommandProcess) throws {
    let typed = lines.map { "\"$CEM\"" + $0.dropFirst(3) + " --program copy || exit 1" }
    let founded = try cem.shell(
      "\"$CEM\" init --program copy --name Copy --on 2024-01-01 >/dev/null && "
        + "\"$CEM\" import \"$HOME/all.ndjson\" --program copy >/dev/null && "
        + typed.joined(separator: " && "))
    #expect(founded.status == 0, "\(founded.output) \(founded.errors)")
    for things in ["gap list --state open", "gap list --state closed", "initiative list"] {
      let fields = "--json=ref,title,owner,due,perceived,state,severity,link"
      let both = try ["acme", "copy"].map { program in
        try cem.shell(
          "\"$CEM\" \(things) \(things.hasPrefix("gap") ? fields : "--json=ref,title,rag,step,gaps,brandElements") --program \(program)"
        )
      }
      #expect(both[0].output == both[1].output && both[0].status == 0, "\(both)")
    }
  }

  @Test("What was filled in becomes the commands that a person would type, once")
  func commands() throws {
    let cem = try program()
    defer { cem.remove() }
    let file = try filled(cem, Self.good)
    let before = try events()
    let dry = try taken(cem, file, "--dry-run")
    #expect(Set(dry.map { $0["status"] }) == ["would do"])
    let lines = dry.compactMap { $0["command"] }
    #expect(
      lines.contains("cem gap reassess GAP-1 --perceived 0.58 --measured-on 2026-01-05"),
      "\(lines)")
    #expect(
      lines.contains {
        $0.hasPrefix("cem gap amend GAP-1 --owner lee --due 2027-01-31 --reason 'it'")
      })
    #expect(lines.contains("cem gap reassess GAP-2 --perceived 9.5"))
    #expect(lines.contains("cem initiative update INI-1 --rag amber --note=-slow"))
    #expect(
      lines.contains("cem maturity action complete retail 0.1 --evidence 'Minutes of the board'"))
    #expect(try events() == before, "a dry run writes nothing")

    // For a copy, in which a person types the same.
    let copy = try cem.shell("\"$CEM\" export --what commands > \"$HOME/all.ndjson\"")
    #expect(copy.status == 0)
    let done = try taken(cem, file)
    #expect(Set(done.map { $0["status"] }) == ["done"])
    #expect(done.count == dry.count && done.count == 9)
    let gap = try state(cem, "gap", "show", "GAP-1")
    #expect(gap["perceived"] as? Double == 0.58 && gap["owner"] as? String == "lee")
    #expect(gap["due"] as? String == "2027-01-31" && gap["measuredOn"] as? String == "2026-01-05")
    let second = try state(cem, "gap", "show", "GAP-2")
    #expect(second["state"] as? String == "closed")
    #expect(second["resolution"] as? String == "=a second shift")
    let fresh = try state(cem, "gap", "show", "GAP-5")
    #expect(
      fresh["title"] as? String == "New one" && fresh["link"] as? String == "training-execution")
    #expect(fresh["severity"] as? Int == 4)
    let work = try state(cem, "initiative", "show", "INI-2")
    #expect(work["step"] as? String == "experiential-platform")
    #expect(work["gaps"] as? [String] == ["GAP-1", "GAP-3"])
    let words = try state(cem, "initiative", "show", "INI-3")
    #expect(words["brandElements"] as? [String] == ["look-and-feel", "slogan"])

    let after = try events()
    let again = try taken(cem, file)
    #expect(Set(again.map { $0["status"] }) == ["done before"])
    #expect(try events() == after, "taken in twice, it adds nothing")
    #expect(try cem("audit", "verify").status == 0)

    try expectSameIfTyped(lines, cem)
  }

  @Test("Each row is done or refused by itself, with the cell and the reason")
  func refusals() throws {
    try withProgram { cem throws in
      let file = try filled(
        cem,
        [
          [1, "GAP-1", "Perceived now", "many"], [1, "GAP-1", "Due", "soon"],
          [1, "GAP-1", "Closed by", "not met"],
          [1, "GAP-2", "Perceived now", 7], [1, "GAP-3", "Owner", "lee"],
          [2, "INI-1", "Note", "no colour"], [2, "INI-1", "Measured outcome", 3],
          [3, "0.2", "Evidence", "EV-99"], [4, "1", "Title", "No link"],
          [4, "2", "Title", "Wrong link"], [4, "2", "Link", "somewhere"],
          [5, "1", "Title", "No platform"], [5, "1", "Step", "customer interface"],
          [5, "2", "Title", "No such element"], [5, "2", "Step", 3],
          [5, "2", "Elements of the brand", "logo; smell"],
        ])
      let rows = try taken(cem, file, status: 65)
      func find(_ cell: String) -> [String: String]? { rows.first { $0["cell"] == cell } }
      #expect(find("H2")?["reason"]?.contains("many") == true, "\(rows)")
      #expect(find("M2")?["reason"]?.contains("soon") == true)
      #expect(find("C3")?["reason"]?.contains("somewhere") == true)
      #expect(rows.filter { $0["status"] == "done" }.count == 1)
      #expect(rows.count == 12, "\(rows.count)")
      #expect(
        rows.filter { $0["status"] == "refused" }.allSatisfy { $0["reason"] != nil })
      #expect(try state(cem, "gap", "show", "GAP-2")["perceived"] as? Double == 7)
      let text = try cem.run(["sheet", "in", file, "--lang", "uk"])
      #expect(text.status == 65)
      #expect(text.output.contains("відхилено") && text.output.contains("виконано раніше"))
      #expect(text.errors.contains("hint:"))

      // Corrected and taken in again, only what was refused is done.
      try Spreadsheet.run(
        """
        import sys, openpyxl
        book = openpyxl.load_workbook(sys.argv[1]); sheet = book.worksheets[1]
        sheet['H2'] = '0,95'; sheet['M2'] = None; sheet['J4'] = '=1+1'; book.save(sys.argv[1])
        """, [file])
      let next = try taken(cem, file, status: 65)
      #expect(next.filter { $0["status"] == "done" }.count == 2, "\(next)")
      // A formula that nobody worked out is no text, and is not lost silently.
      let formula = next.first { $0["cell"] == "J4" }
      #expect(formula?["reason"]?.contains("=1+1") == true)
      #expect(try state(cem, "gap", "show", "GAP-1")["state"] as? String == "closed")
    }
  }

  @Test("What one row asks for is done together or not at all, and a dry run says the same")
  func wholeRows() throws {
    try withProgram { cem throws in
      let file = try filled(
        cem,
        [
          // A rule refuses the measurement; the change before it and the closing after it could be done.
          [1, "GAP-1", "Owner", "lee"], [1, "GAP-1", "Reason for the change", "on leave"],
          [1, "GAP-1", "Perceived now", 0.8], [1, "GAP-1", "Measured on", "date:2999-01-05"],
          [1, "GAP-1", "Closed by", "more people"], [1, "GAP-1", "Why not met", "too few"],
          // A cell cannot be read.
          [1, "GAP-2", "Perceived now", "7 or so"], [1, "GAP-2", "Closed by", "a second shift"],
          [1, "GAP-2", "Why not met", "too few"],
          [1, "GAP-3", "Owner", "lee"], [1, "GAP-3", "Reason for the change", "on leave"],
          [2, "INI-1", "Colour now", "red"], [2, "INI-1", "Measured outcome", 3],
        ])
      let before = try events()
      func statuses(_ rows: [[String: String]]) -> [String] {
        rows.map { "\($0["row"] ?? "") \($0["status"] ?? "")" }
      }
      let dry = try taken(cem, file, "--dry-run", status: 65)
      #expect(try events() == before)
      let rows = try taken(cem, file, status: 65)
      #expect(try events() == before + 1, "\(rows)")
      for (rows, done) in [(dry, "would do"), (rows, "done")] {
        #expect(
          rows.map { $0["status"] } == [
            "refused", "refused", "refused", "refused", "refused", done, "refused", "refused",
          ], "\(rows)")
        let withheld = rows.filter { $0["reason"] == "something else in the row was refused" }
        #expect(withheld.count == 4, "\(rows)")
        #expect(withheld.allSatisfy { $0["command"] != nil })
      }
      for gap in ["GAP-1", "GAP-2"] {
        #expect(try state(cem, "gap", "show", gap)["state"] as? String == "open")
      }
      #expect(try state(cem, "gap", "show", "GAP-1")["owner"] as? String == "kim")
      #expect(try state(cem, "gap", "show", "GAP-3")["owner"] as? String == "lee")
      #expect(try cem("audit", "verify").status == 0)
      #expect(try cem("projection", "verify").status == 0)

      // Corrected, all of the row is done.
      try Spreadsheet.run(
        """
        import datetime, sys, openpyxl
        book = openpyxl.load_workbook(sys.argv[1])
        book.worksheets[1]['I2'] = datetime.date(2026, 1, 5); book.save(sys.argv[1])
        """, [file])
      let next = try taken(cem, file, status: 65)
      #expect(next.filter { $0["status"] == "done" }.count == 3, "\(next)")
      #expect(try state(cem, "gap", "show", "GAP-1")["state"] as? String == "closed")
    }
  }

  @Test("Owners go by their names; what is refused is said of the cell, by what stands over it")
  func words() throws {
    try withProgram { cem throws in
      let file = try filled(
        cem,
        [
          [1, "GAP-1", "Owner", "lee "], [1, "GAP-1", "Reason for the change", "on leave"],
          [1, "GAP-2", "Owner", "Somebody Else"], [1, "GAP-3", "Measured on", "date:2026-01-05"],
          [2, "INI-1", "Due", "date:2026-05-31"], [4, "1", "Title", "New"], [4, "1", "Link", 4],
          [4, "1", "Severity", 9],
        ], then: "book.worksheets[1]['B4'] = 'Another title'")
      let rows = try taken(cem, file, status: 65)
      func reason(_ cell: String) -> String? { rows.first { $0["cell"] == cell }?["reason"] }
      #expect(
        rows.first { $0["status"] == "done" }?["command"]
          == "cem gap amend GAP-1 --owner lee --reason 'on leave'")
      #expect(reason("L3") == "Owner: nobody is called Somebody Else", "\(rows)")
      #expect(reason("H4") == "Perceived now: is missing")
      #expect(reason("J2") == "Reason for the change: is missing")
      #expect(reason("D2")?.hasPrefix("Severity: must be 1 to 5") == true)
      // What was meant by a cell that is locked is not lost silently.
      #expect(reason("B4") == "Title is locked, it is not changed from here")
      #expect(rows.count == 6)
      // Two of one name are told apart by their ids.
      try #require(try cem("person", "add", "lee-2", "--name", "Lee").status == 0)
      let out = cem.home.appending(path: "two.xlsx").path()
      try #require(try cem("sheet", "out", out, "--department", "retail").status == 0)
      let shown = try Spreadsheet.run(
        """
        import sys, openpyxl
        book = openpyxl.load_workbook(sys.argv[1])
        print(book.worksheets[1]['L2'].value, [r[0].value for r in book['Lists'].iter_rows() if r[0].value])
        book.worksheets[1]['L4'] = 'Lee'; book.worksheets[1]['N4'] = 'r'; book.save(sys.argv[1])
        """, [out])
      #expect(String(decoding: shown, as: UTF8.self) == "lee ['Kim', 'lee', 'lee-2']\n")
      let again = try taken(cem, out, "--dry-run", status: 65)
      #expect(again.map { $0["reason"] } == ["Owner: Lee is the name of several: lee, lee-2"])
    }
  }

  @Test("What somebody changed meanwhile is refused, with a hint")
  func stale() throws {
    try withProgram { cem throws in
      let file = try filled(
        cem, [[1, "GAP-1", "Perceived now", 0.7], [1, "GAP-2", "Perceived now", 8]])
      try #require(try cem("gap", "reassess", "GAP-1", "--perceived", "0.6").status == 0)
      let rows = try taken(cem, file, status: 65)
      let stale = try #require(rows.first { $0["command"]?.contains("GAP-1") == true })
      #expect(stale["status"] == "refused")
      #expect(stale["reason"]?.contains("meanwhile") == true)
      #expect(stale["hint"]?.contains("cem sheet out") == true)
      #expect(try state(cem, "gap", "show", "GAP-1")["perceived"] as? Double == 0.6)
      #expect(try state(cem, "gap", "show", "GAP-2")["perceived"] as? Double == 8)
    }
  }

  @Test("A row that was taken in and says something else now is told from what others changed")
  func takenBefore() throws {
    try withProgram { cem throws in
      let file = try filled(
        cem,
        [
          [1, "GAP-1", "Perceived now", 0.7], [1, "GAP-2", "Perceived now", 8],
          [4, "1", "Title", "New"], [4, "1", "Link", 4],
        ])
      #expect(try taken(cem, file).allSatisfy { $0["status"] == "done" })
      try #require(try cem("gap", "reassess", "GAP-2", "--perceived", "6").status == 0)
      try Spreadsheet.run(
        """
        import sys, openpyxl
        book = openpyxl.load_workbook(sys.argv[1])
        book.worksheets[1]['H2'] = 0.75; book.worksheets[1]['H3'] = 7
        book.worksheets[4]['B2'] = 'Newer'; book.save(sys.argv[1])
        """, [file])
      for rows in [
        try taken(cem, file, "--dry-run", status: 65), try taken(cem, file, status: 65),
      ] {
        #expect(rows.allSatisfy { $0["status"] == "refused" && $0["hint"] == "cem sheet out FILE" })
        #expect(
          rows.map { $0["reason"] } == [
            "the row of GAP-1 was taken in before, and says something else now",
            "GAP-2 is at version 3, not 1: somebody changed it meanwhile",
            "the row of GAP-5 was taken in before, and says something else now",
          ], "\(rows)")
      }
      #expect(try state(cem, "gap", "show", "GAP-1")["perceived"] as? Double == 0.7)
      #expect(try cem("audit", "verify").status == 0)
    }
  }

  @Test("What is no workbook of this program is refused whole")
  func foreign() throws {
    try withProgram { cem throws in
      let file = try filled(cem, Self.good)
      #expect(try cem("init", "--program", "other", "--name", "Other").status == 0)
      let other = try cem("sheet", "in", file, "--program", "other")
      #expect(other.status == 65 && other.errors.contains("another program"))
      let before = try events()
      for (name, content) in [
        ("text.xlsx", Data("hello".utf8)), ("empty.xlsx", Data()),
        ("cut.xlsx", try Data(contentsOf: URL(filePath: file)).prefix(2_000)),
      ] {
        let place = cem.home.appending(path: name)
        try content.write(to: place)
        let result = try cem("sheet", "in", place.path(), "--program", "acme")
        #expect(result.status == 65, "\(name) \(result.errors)")
        #expect(result.errors.contains("hint:"))
      }
      #expect(try cem("sheet", "in", "/nowhere.xlsx", "--program", "acme").status == 66)
      try Spreadsheet.run(
        "import sys, openpyxl; book = openpyxl.Workbook(); book.save(sys.argv[1])", [file])
      #expect(try cem("sheet", "in", file, "--program", "acme").status == 65)
      #expect(try events() == before)
    }
  }
}
