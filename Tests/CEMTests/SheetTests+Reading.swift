import CEMDomain
import CEMTestSupport
import Foundation
import Postgres
import Testing
import Zip

@testable import cem

/// Workbooks as people and spreadsheets leave them: what is read of them, and how.
extension SheetTests {
  @Test(
    "What spreadsheets do to cells, rows and sheets changes nothing", arguments: Language.allCases)
  func mangled(language: Language) throws {
    try withProgram { cem throws in
      // By place: the titles are in the language.
      let label = try #require(Catalog.label("StatusColour", "red", in: .chinese))
      let file = try filled(
        cem, in: language,
        [
          [1, "GAP-1", 8, "0.58"], [1, "GAP-1", 9, 46_027], [1, "GAP-2", 8, 9.5],
          [2, "INI-1", 6, label], [2, "INI-1", 9, "2026-03-31T00:00:00"], [2, "INI-1", 10, 5],
          [4, "7", 2, "  Blanks around  "], [4, "7", 3, 4], [4, "7", 8, true],
        ],
        then: """
          sheet = book.worksheets[1]
          rows = [[c.value for c in r] for r in sheet.iter_rows(min_row=2)]
          sheet.delete_rows(2, sheet.max_row)
          for number, row in enumerate(reversed(rows)):
              for place, value in enumerate(row):
                  if value is not None: sheet.cell(4 + 2 * number, place + 1).value = value
          sheet.insert_rows(1, 2)
          book.move_sheet(book.worksheets[4], -3)
          del book[book.worksheets[-2].title]
          """)
      let rows = try taken(cem, file)
      #expect(rows.count == 5 && rows.allSatisfy { $0["status"] == "done" }, "\(rows)")
      let gap = try state(cem, "gap", "show", "GAP-1")
      #expect(gap["perceived"] as? Double == 0.58 && gap["measuredOn"] as? String == "2026-01-05")
      #expect(gap["owner"] as? String == "kim")
      let work = try state(cem, "initiative", "show", "INI-1")
      #expect(work["rag"] as? String == "red" && work["due"] as? String == "2026-03-31")
      let fresh = try state(cem, "gap", "show", "GAP-5")
      #expect(fresh["title"] as? String == "Blanks around")
      #expect(fresh["lowerIsBetter"] as? Bool == true)
      #expect(fresh["link"] as? String == "training-execution")
    }
  }

  @Test(
    "A sheet that was renamed is named and nothing is done; one more, or one less, is no matter")
  func renamed() throws {
    try withProgram { cem throws in
      func edited(_ script: String) throws -> String {
        try filled(cem, [[1, "GAP-1", "Perceived now", 0.7]], then: script)
      }
      let before = try events()
      let file = try edited("book['Gaps'].title = 'Gaps of ours'; book['Guide'].title = 'Read me'")
      for arguments in [["sheet", "in", file], ["sheet", "in", file, "--dry-run"]] {
        let result = try cem.run(arguments)
        #expect(result.status == 65 && result.output.isEmpty, "\(result)")
        #expect(
          result.errors.contains("Read me, Gaps of ours: no such sheet was given out, and Gaps is"),
          "\(result.errors)")
        #expect(result.errors.contains("hint: rename the sheet back"))
      }
      #expect(try events() == before)
      let less = try cem("sheet", "in", try edited("del book['Initiatives']"))
      #expect(less.status == 0 && less.errors.contains("Initiatives is missing"), "\(less)")
      try #require(try cem("gap", "reassess", "GAP-1", "--perceived", "0.6").status == 0)
      let more = try cem("sheet", "in", try edited("book.create_sheet('Thoughts')"))
      #expect(more.status == 0, "\(more)")
    }
  }

  @Test("The workbook locks what it tells, and lists the terms that a cell may have")
  func form() throws {
    try withProgram { cem throws in
      let file = try filled(cem, [])
      let data = try Spreadsheet.run(
        """
        import json, sys, openpyxl
        book = openpyxl.load_workbook(sys.argv[1])
        gaps, new = book.worksheets[1], book.worksheets[4]
        lists = book['Lists']
        choices = {}
        for choice in new.data_validations.dataValidation:
            start, end = choice.formula1.split('!')[1].replace('$', '').split(':')
            choices[str(choice.sqref)] = [row[0].value for row in lists[start:end]]
        print(json.dumps({
            'protected': [s.protection.sheet for s in book.worksheets], 'password': gaps.protection.password,
            'hidden': [s.title for s in book.worksheets if s.sheet_state == 'hidden'],
            'locked': [c.protection.locked for c in gaps[2]], 'values': [str(c.value) for c in gaps[2]][:7],
            'formula': gaps['B3'].data_type, 'choices': choices}))
        """, [file])
      let form = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
      #expect(form["hidden"] as? [String] == ["Lists", "cem"])
      #expect(form["password"] is NSNull)
      #expect(
        form["locked"] as? [Bool] == Array(repeating: true, count: 7)
          + Array(repeating: false, count: 7))
      #expect(
        form["values"] as? [String] == [
          "GAP-1", "Callers wait", "training – execution", "None", "0.9", "0.5", "ratio",
        ])
      #expect(form["formula"] as? String == "s")
      let choices = try #require(form["choices"] as? [String: [String]])
      #expect(choices["C2:C31"] == GapLink.allCases.map { Catalog.label($0, in: .english) })
      // A workbook that somebody may have filled in is not replaced.
      let again = try cem("sheet", "out", file, "--department", "retail")
      #expect(again.status == 65 && again.errors.contains("hint:"))
      let other = cem.home.appending(path: "other.xlsx").path()
      #expect(try cem("sheet", "out", other, "--department", "nobody").status == 66)
      let table = try cem("sheet", "out", file + ".csv", "--department", "retail")
      #expect(table.status == 64 && table.errors.contains(".xlsx\n"), "\(table)")
      let untouched = try cem("sheet", "in", file)
      #expect(untouched.status == 0 && untouched.output.contains("nothing was filled in"))
    }
  }

  @Test(
    "Numbers are read in the forms that people type, and in no other",
    arguments: [
      ("0.45", "0.45"), ("0,45", "0.45"), ("−0.5", "-0.5"), ("-3", "-3"), ("12 345,6", "12345.6"),
      ("1\u{202f}234\u{202f}567", "1234567"), ("1\u{a0}200", "1200"), ("0,125", "0.125"),
      ("1200,125", "1200.125"), ("0.4 5", nil), ("12 34", nil), ("1234 567", nil), ("1,200", nil),
      ("1.2.3", nil), ("it went well", nil), ("5x", nil), ("1.2e-07", nil), ("", nil), ("-", nil),
      (".5", nil), ("٣", nil),
    ] as [(String, String?)])
  func numbers(typed: String, plain: String?) { #expect(FilledRow.plain(typed) == plain) }

  @Test(
    "The digits of a stored number are its shortest, and never an exponent",
    arguments: [
      ("0.57999999999999996", "0.58"), ("1.2E-7", "0.00000012"), ("-5e-05", "-0.00005"),
      ("12", "12"), ("1E+3", "1000"), ("0", "0"), ("1E+12", nil),
    ] as [(String, String?)])
  func digits(stored: String, shortest: String?) {
    #expect(FilledRow.shortest(stored) == shortest)
  }

  @Test("What cannot be kept exactly is refused, and quoted as it was typed")
  func exactNumbers() throws {
    try withProgram { cem throws in
      let file = try filled(
        cem,
        [
          [1, "GAP-1", "Perceived now", "0.4 5"], [1, "GAP-2", "Perceived now", 1.2e-07],
          [1, "GAP-3", "Perceived now", "it went well"],
          [2, "INI-1", "Completed", "date:2026-01-05"],
          [2, "INI-1", "Measured outcome", "date:2026-01-06"],
          [3, "0.1", "Evidence", "date:2026-01-07"], [4, "1", "Title", "New"], [4, "1", "Link", 4],
          [4, "1", "Expected", "12 345,5"], [4, "1", "Unit", "calls"],
        ])
      let rows = try taken(cem, file, status: 65)
      func reason(_ cell: String) -> String { rows.first { $0["cell"] == cell }?["reason"] ?? "" }
      #expect(reason("H2").contains("not 0.4 5: leave out"), "\(rows)")
      #expect(reason("H3").hasSuffix("has more than 6 digits after the point"), "\(rows)")
      #expect(reason("H4").hasSuffix("not it went well"), "\(rows)")
      #expect(reason("K2").hasSuffix("must be yes or empty, not 2026-01-05"), "\(rows)")
      #expect(
        rows.contains {
          $0["command"] == "cem maturity action complete retail 0.1 --evidence 2026-01-07"
        }, "\(rows)")
      #expect(rows.filter { $0["status"] == "done" }.count == 2, "\(rows)")
      #expect(try state(cem, "gap", "show", "GAP-5")["expected"] as? Double == 12345.5)
    }
  }

  @Test("A text that a cell cannot hold is no change, and a row that no sheet has no end")
  func oddTexts() throws {
    try withProgram { cem throws in
      let odd = "Mr\tTab\u{200e} waits"
      let recorded = try cem(
        "gap", "record", "--department", "retail", "--link", "4", "--title", odd, "--program",
        "acme")
      try #require(recorded.status == 0, "\(recorded.errors)")
      let file = try filled(cem, [])
      let result = try cem("sheet", "in", file, "--program", "acme")
      #expect(result.status == 0, "\(result.errors) \(result.output)")

      var zip = ZipWriter()
      let reader = try Data(contentsOf: URL(filePath: file))
      var old = try ZipReader(Array(reader))
      for name in old.names {
        var text = String(decoding: try #require(try old.file(name)), as: UTF8.self)
        if name.hasSuffix("sheet2.xml") {
          text.replace("<sheetData>", with: "<sheetData><row r=\"9223372036854775807\"/><row/>")
        }
        zip.add(name, Array(text.utf8))
      }
      try Data(zip.finish()).write(to: URL(filePath: file))
      let huge = try cem("sheet", "in", file, "--program", "acme")
      #expect(huge.status == 65 && huge.errors.contains("no row 9223372036854775807"), "\(huge)")
    }
  }
}
