import CEMDomain
import CEMTestSupport
import Foundation
import Testing
import Zip

@testable import cem

/// `cem report --xlsx` and `--csv`, opened by programs that share no code with `cem`.
@Suite(
  .database(.migrated),
  .enabled(if: Spreadsheet.isAvailable, "needs Python with the package openpyxl"))
struct ReportWorkbookTests {
  /// Compares each cell of a workbook with the same table as CSV: the values, and their types.
  private static let compare = """
    import csv, datetime, decimal, io, json, sys, zipfile, openpyxl
    book = openpyxl.load_workbook(sys.argv[1]); archive = zipfile.ZipFile(sys.argv[2])
    assert archive.testzip() is None
    labelled = {'question','verdict','benefitKind','link','journeyStage','outcome','peak','element','matter','step','state','rag','levelName','levelBasis','why','change','name','what','worstLink','value','old','new'}
    tables = archive.namelist(); counts = {}
    assert len(book.sheetnames) == len(tables) == len(set(book.sheetnames)), book.sheetnames
    def note(kind): counts[kind] = counts.get(kind, 0) + 1
    for sheet, table in zip(book.worksheets, tables):
        rows = list(csv.reader(io.StringIO(archive.read(table).decode('utf-8'))))
        assert sheet.max_row == len(rows), (table, sheet.max_row, len(rows))
        for cells, row in zip(list(sheet.iter_rows())[1:], rows[1:]):
            for cell, text, key in zip(cells, row, rows[0]):
                where = (table, cell.coordinate, cell.value, text)
                assert cell.data_type != 'f', where
                if cell.value is None: assert text == '', where; note('empty')
                elif isinstance(cell.value, bool): assert text == str(cell.value).lower(), where; note('flag')
                elif isinstance(cell.value, datetime.datetime):
                    if len(text) == 10: assert cell.value.isoformat() == text + 'T00:00:00', where; note('day')
                    else: assert abs((cell.value - datetime.datetime.fromisoformat(text[:19])).total_seconds()) < 1, where; note('time')
                elif isinstance(cell.value, (int, float)):
                    assert decimal.Decimal(str(cell.value)) == decimal.Decimal(text), where; note('number')
                elif key not in labelled and cell.value not in ('–',):
                    plain = text[1:] if text[:1] == "'" and text[1:2] in '=+-@' else text
                    assert cell.value.replace(', ', ',') == plain.replace(', ', ','), where; note('text')
                elif cell.value[:1] in '=+-@': note('formula-like')
    print(json.dumps(counts))
    """

  @Test("The workbook and the CSV of the sample are the same tables, with values of their types")
  func sample() throws {
    let cem = try CommandProcess(database: TestDatabase.current.conninfo())
    defer { cem.remove() }
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "scripts/sample/program.ndjson")
    let founding = "init --program sample --name Sample --on 2023-04-01 --fiscal-year-start 4"
    try #require(try cem(founding.split(separator: " ").map(String.init)).status == 0)
    try #require(try cem("import", file.path()).status == 0)
    for language in Language.allCases {
      let (book, archive) = try written(cem, "--since", "300", "--lang", language.rawValue)
      let data = try Spreadsheet.run(Self.compare, [book, archive])
      let counts = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Int])
      #expect(counts["number"] ?? 0 > 1_000)
      #expect(counts["day"] ?? 0 > 300)
      #expect(counts["time"] ?? 0 > 200)
      #expect(counts["text"] ?? 0 > 1_000)
    }
    // The same bytes again.
    let (book, archive) = try written(cem, "--since", "300")
    let before = try [book, archive].map { try Data(contentsOf: URL(filePath: $0)) }
    _ = try written(cem, "--since", "300")
    #expect(try [book, archive].map { try Data(contentsOf: URL(filePath: $0)) } == before)
  }

  private func written(_ cem: CommandProcess, _ arguments: String...) throws -> (String, String) {
    let files = ["r.xlsx", "t.zip"].map { cem.home.appending(path: $0).path() }
    for file in files {
      let result = try cem.run(["report", "--out", file] + arguments)
      try #require(result.status == 0, "\(result.errors)")
    }
    return (files[0], files[1])
  }

  @Test("A text that a spreadsheet would run stays a text, and reads as it was written")
  func formulas() throws {
    let cem = try CommandProcess(database: TestDatabase.current.conninfo())
    defer { cem.remove() }
    try #require(try cem("init", "--program", "acme", "--name", "=1+1").status == 0)
    let titles = [
      "=HYPERLINK(\"http://a.example\")", "+1", "-2+3", "@SUM(A1)", "_x0041_ stays", "a_x004g_",
      "<b>&amp; \"x\"", "口碑 ї é", "'quoted",
    ]
    for code in ["ssc", "it"] {
      try #require(try cem("department", "register", code, "--name", "=2").status == 0)
    }
    for title in titles {
      let result = try cem(
        "gap", "record", "--department", "ssc", "--link", "1", "--title=\(title)", "--unit",
        "ratio",
        "--expected", "0.123456", "--perceived=-999999999999.123456")
      try #require(result.status == 0, "\(result.errors)")
    }
    let (book, archive) = try written(cem)
    let data = try Spreadsheet.run(Self.compare, [book, archive])
    let counts = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Int])
    #expect(counts["formula-like"] ?? 0 > 0)
    let cells = try Spreadsheet.run(
      """
      import json, sys, openpyxl
      sheet = openpyxl.load_workbook(sys.argv[1]).worksheets[2]
      print(json.dumps([[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]))
      """, [book])
    let rows = try #require(try JSONSerialization.jsonObject(with: cells) as? [[Any]])
    #expect(Set(rows.compactMap { $0[2] as? String }) == Set(titles))
    #expect(rows.allSatisfy { $0[5] as? Double == 0.123456 })
    // 18 digits are more than a spreadsheet keeps: they stay a text rather than become another number.
    #expect(rows.allSatisfy { $0[6] as? String == "-999999999999.123456" })
  }
}

/// The archive by itself.
@Suite struct ZipTests {
  @Test("What is packed is unpacked, and a changed byte is found or harms nothing")
  func roundTrip() throws {
    var zip = ZipWriter()
    let contents: [String: [UInt8]] = [
      "a/empty": [], "b.txt": Array("hello".utf8),
      "ї.bin": (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) },
    ]
    for (name, content) in contents.sorted(by: { $0.key < $1.key }) { zip.add(name, content) }
    let bytes = zip.finish()
    var reader = try ZipReader(bytes)
    #expect(reader.names == contents.keys.sorted())
    for (name, content) in contents { #expect(try reader.file(name) == content) }
    #expect(try reader.file("none") == nil)
    var small = try ZipReader(bytes, limit: 5)
    #expect(try small.file("b.txt") == Array("hello".utf8))
    #expect(throws: ZipError.self, "all together are bounded") { try small.file("b.txt") }
    for place in stride(from: 0, to: bytes.count, by: 97) {
      var changed = bytes
      changed[place] ^= 0x55
      guard var reader = try? ZipReader(changed) else { continue }
      for name in reader.names {
        if let found = try? reader.file(name), let content = contents[name] {
          #expect(found == content, "\(place)")
        }
      }
    }
    for length in stride(from: 0, to: bytes.count, by: 1_009) {
      #expect(throws: ZipError.self) { try ZipReader(Array(bytes.prefix(length))) }
    }
  }

  @Test("XML is read as far as workbooks use it, and nothing else is followed")
  func xml() throws {
    func tokens(_ text: String) throws -> [XMLScanner.Token] {
      var scanner = XMLScanner(Array(text.utf8))
      var tokens: [XMLScanner.Token] = []
      while let token = try scanner.next() { tokens.append(token) }
      return tokens
    }
    #expect(
      try tokens(
        "<?xml version='1.0'?><!-- <a> --><x:a b:c=\"1&amp;&#x41;\" d='\"'><b/>t&lt;<![CDATA[<&]]></x:a >"
      )
        == [
          .start("a", ["c": "1&A", "d": "\""]), .start("b", [:]), .end("b"), .text("t<"),
          .text("<&"), .end("a"),
        ])
    for wrong in [
      "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", "<a>&b;</a>", "<a>", "<a></b>", "<a b></a>",
      "<a b=c></a>", "<a", "<!-- ", "<", String(repeating: "<a>", count: 200),
    ] {
      #expect(throws: XMLScanner.Failure.self, "\(wrong)") { try tokens(wrong) }
    }
  }
}
