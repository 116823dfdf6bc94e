import CEMDomain
import CEMStore
import Testing

@testable import cem

/// A row with all that makes tables hard.
private struct Sample {
  var ref: String
  var title: String
  var amount: Exact?
  var due: Day?
  var count: Int64
  var tags: [String]
  var isOpen: Bool

  static let fields: [Field<Sample>] = [
    Field("ref") { .text($0.ref) },
    Field("title") { .text($0.title) },
    Field("amount", numeric: true) { Datum($0.amount) },
    Field("dueOn") { Datum($0.due) },
    Field("openGaps", numeric: true) { .integer($0.count) },
    Field("tags") { Datum($0.tags) },
    Field("open", inTable: false) { .bool($0.isOpen) },
  ]

  static func rows() throws -> [Sample] {
    [
      Sample(
        ref: "GAP-1",
        title: "Clerks answer the phone too late in the morning, and nobody calls back",
        amount: try Exact(scalar: "1234.5"), due: Day("2026-06-30"), count: 3,
        tags: ["phone", "service"], isOpen: true),
      Sample(
        ref: "GAP-12", title: "共享服务中心的答复时间太长，客户不满意，需要改进流程", amount: nil, due: nil,
        count: 12, tags: [], isOpen: false),
      Sample(
        ref: "GAP-3", title: "=HYPERLINK(\"http://evil\") \u{1b}[31m, 👩‍💻",
        amount: try Exact(scalar: "-0.75"),
        due: Day("2026-01-01"), count: 0, tags: ["a,b"], isOpen: true),
    ]
  }
}

@Suite struct RenderingTests {
  init() { System.prepare() }

  @Test("A list is in the order of the numbers in its texts, and all else in it by bytes")
  func ordered() {
    let texts = [
      "", "2024-2", "2024-02-01", "2024-10", "GAP-2", "GAP-10", "GAP-10b", "GAP-11",
      "GAP-99999999999999999999",
      "GAP-100000000000000000000", "d-01", "d-1", "d-1x", "é",
    ]
    for (index, text) in texts.enumerated() {
      for (other, next) in texts.enumerated() {
        #expect(
          Datum.text(text).precedes(.text(next)) == (index < other),
          "\(text) before \(next)")
      }
    }
  }

  @Test(arguments: [30, 60, 80, 140]) func table(width: Int) throws {
    let listing = Listing(try Sample.rows(), Sample.fields)
    let text = try listing.text(OutputStyle(width: width))
    for line in text.split(separator: "\n") { #expect(String(line).displayWidth <= width) }
    try Golden.expect(text, equals: "table-\(width)")
  }

  @Test("A long title over short texts gives way before a column is left out")
  func longTitles() {
    func column(_ title: String, _ cell: String) -> TableLayout.Column {
      TableLayout.Column(title: title, isNumeric: false, cells: [cell])
    }
    let columns = [
      column("ПОДРАЗДЕЛЕНИЕ", "web"), column("A", String(repeating: "x", count: 60)),
      column("СОСТОЯНИЕ", "открыт"), column("ОТВЕТСТВЕННЫЙ", "p1"), column("ДО", "2026-12-31"),
    ]
    let lines = TableLayout.lines(columns, width: 64, usesColor: false)
    #expect(lines[0].contains("ПОДРАЗ") && lines[1].hasSuffix("2026-12-31"), "\(lines)")
    // Where there is room for them, titles are whole.
    #expect(TableLayout.lines(columns, width: 72, usesColor: false)[0].contains("ОТВЕТСТВЕННЫЙ"))
  }

  @Test func cardOfOneThing() throws {
    let listing = Listing(try Sample.rows(), Sample.fields)
    try Golden.expect(try listing.singleText(OutputStyle(width: 60)), equals: "card-60")
  }

  @Test func pipeGetsWholeValues() throws {
    let text = try Listing(try Sample.rows(), Sample.fields).text(OutputStyle())
    let lines = text.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(
      lines[0].hasPrefix("GAP-1\tClerks answer the phone too late in the morning, and nobody"))
    #expect(lines[0].hasSuffix("\t1234.5\t2026-06-30\t3\tphone,service"))
    #expect(!text.contains("\u{1b}"))
  }

  @Test func json() throws {
    let listing = Listing(try Sample.rows(), Sample.fields)
    try Golden.expect(try listing.text(OutputStyle(format: .json)), equals: "list-json")
    let some = try listing.text(OutputStyle(format: .json, fields: ["amount", "ref"]))
    #expect(
      some
        == #"[{"amount":1234.5,"ref":"GAP-1"},{"amount":null,"ref":"GAP-12"},{"amount":-0.75,"ref":"GAP-3"}]"#
        + "\n")
    #expect(try listing.text(OutputStyle(format: .ndjson)).split(separator: "\n").count == 3)
  }

  /// Whatever the format, nothing of the data may steer a terminal.
  @Test(arguments: [nil] + OutputFormat.allCases)
  func terminalsGetNoControls(format: OutputFormat?) throws {
    let evil = "a\u{1b}[2J\u{9b}31m\u{7f}\u{202e}\u{2028}\r\nb\u{e0041}"
    let listing = Listing([evil], [Field("text") { .text($0) }])
    for text in [
      try listing.text(OutputStyle(format: format, width: 80)),
      try listing.singleText(OutputStyle(format: format, width: 80)),
    ] {
      let unsafe = text.unicodeScalars.filter { $0.isUnsafeForTerminals && $0 != "\n" }
      #expect(unsafe.isEmpty, "\(unsafe.map(\.value))")
    }
  }

  @Test func jsonKeepsTheText() {
    #expect(Datum.text("\u{9b}\u{202e}\u{e0041}é").jsonText == #""\u009b\u202e\udb40\udc41é""#)
  }

  @Test func emptyList() throws {
    let listing = Listing([Sample](), Sample.fields, empty: "no gaps")
    #expect(try listing.text(OutputStyle(format: .json)) == "[]\n")
    #expect(try listing.text(OutputStyle(format: .ndjson)) == "")
    #expect(try listing.text(OutputStyle()) == "")
    #expect(try listing.text(OutputStyle(width: 80)) == "no gaps\n")
  }

  @Test func unknownFieldIsUsage() throws {
    let listing = Listing(try Sample.rows(), Sample.fields)
    let error = #expect(throws: CommandError.self) {
      try listing.text(OutputStyle(format: .json, fields: ["nope"]))
    }
    #expect(error?.exit == .usage)
    #expect(error?.hint == "fields: ref,title,amount,dueOn,openGaps,tags,open")
  }

  @Test func csvIsSafeInASpreadsheet() throws {
    try Golden.expect(
      try Listing(try Sample.rows(), Sample.fields).text(OutputStyle(format: .csv)),
      equals: "list-csv")
    for start in ["=", "+", "-", "@", "\t", "\r"] {
      let line = CSV.line([.text(start + "1+1")])
      #expect(line.hasPrefix("'\(start)") || line.hasPrefix("\"'\(start)"))
    }
    #expect(
      CSV.line([.integer(-5), Datum(try Exact(scalar: "-0.5")), .text("a\"b")])
        == "-5,-0.5,\"a\"\"b\"\r\n")
  }

  @Test(
    arguments: [
      (ColorChoice.auto, true, [:], true), (.auto, false, [:], false),
      (.auto, true, ["NO_COLOR": "1"], false), (.always, false, ["NO_COLOR": "1"], true),
      (.auto, false, ["CLICOLOR_FORCE": "1"], true), (.auto, false, ["CLICOLOR_FORCE": "0"], false),
      (.never, true, ["CLICOLOR_FORCE": "1"], false), (.auto, true, ["TERM": "dumb"], false),
    ] as [(ColorChoice, Bool, [String: String], Bool)])
  func color(choice: ColorChoice, isTerminal: Bool, environment: [String: String], expected: Bool) {
    #expect(
      Console.usesColor(choice, isTerminal: isTerminal, environment: { environment[$0] })
        == expected)
  }
}
