import CEMDomain
import CEMTestSupport
import FoundationEssentials
import Postgres
import Testing

@testable import CEMStore

/// Rows that come again, alone or beside others.
@Suite("Imports of rows that came before", .database(.migrated)) struct RepeatedImportTests {
  private func run(
    _ rows: [String], into program: TestProgram, pieceSize: Int = 2_500,
    _ change: (inout Importer.Options) -> Void = { _ in },
    refusing: @escaping (RefusedRow) -> Void = { _ in }
  ) throws -> ImportOutcome {
    let bytes = Array(rows.joined(separator: "\n").utf8)
    var options = Importer.Options()
    options.pieceSize = pieceSize
    change(&options)
    func reader() throws -> RowReader { try RowReader(.ndjson, read: chunks(bytes)) }
    var first = try reader()
    let importer = Importer(program.store, source: "rows.ndjson", options: options)
    importer.onRefusal = refusing
    return try importer.run(&first, again: reader)
  }

  private func gap(_ program: TestProgram, _ number: Int = 1) throws -> Gap {
    let reader = try LiveReader(program.connection, programID: program.programID)
    guard case .gap(let gap) = try reader.record(StreamID(.gap, number: number)).entity else {
      throw StoreError.notMigrated
    }
    return gap
  }

  private let rows = [
    #"{"command":"department.register","code":"ssc","name":"SSC"}"#,
    #"{"command":"gap.record","ref":"@g","department":"ssc","link":3,"title":"Wait"}"#,
    #"{"command":"gap.diagnose","gap":"@g","link":3}"#,
    #"{"command":"department.register","code":"a","name":"A"}"#,
    #"{"command":"department.register","code":"b","name":"B"}"#,
    #"{"command":"gap.diagnose","gap":"@g","link":4}"#,
  ]

  @Test(
    "A row that changed nothing does not take back what later rows brought about",
    arguments: [2_500, 2])
  func nothingIsTakenBack(pieceSize: Int) throws {
    let program = try TestProgram()
    let first = try run(rows, into: program, pieceSize: pieceSize)
    #expect(first.unchanged == 1 && first.recorded == 5)
    let link = try gap(program).details.link
    let again = try run(rows, into: program, pieceSize: pieceSize)
    #expect(again.overtaken == 1 && again.handledBefore == 5 && again.recorded == 0)
    #expect(try gap(program).details.link == link)

    // What is new is recorded, wherever its row stands.
    let more =
      Array(rows[..<4]) + [
        #"{"command":"gap.record","department":"ssc","link":1,"title":"Another"}"#
      ]
      + rows[4...] + [#"{"command":"gap.diagnose","gap":"@g","link":5}"#]
    let third = try run(more, into: program, pieceSize: pieceSize)
    #expect(third.recorded == 2 && third.overtaken == 1 && third.handledBefore == 5)
    #expect(try gap(program).details.link == GapLink.allCases[4])
    try program.expectLiveEqualsReplay()
  }

  @Test("A row that changed nothing is not refused for what later rows did to its thing")
  func nothingIsRefused() throws {
    let program = try TestProgram()
    let closing = rows + [#"{"command":"gap.close","gap":"@g","resolution":"done"}"#]
    let reassessed = [
      #"{"command":"department.register","code":"ssc","name":"SSC"}"#,
      #"{"command":"initiative.open","ref":"@i","department":"ssc","title":"I","step":1}"#,
      #"{"command":"initiative.hold","initiative":"@i","reason":"budget"}"#,
      #"{"command":"initiative.hold","initiative":"@i","reason":"budget"}"#,
      #"{"command":"initiative.cancel","initiative":"@i","reason":"over"}"#,
    ]
    for rows in [closing, reassessed] {
      let first = try run(rows, into: program) { $0.keepsGoing = true }
      let again = try run(rows, into: program) { $0.keepsGoing = true }
      #expect(again.recorded == 0)
      #expect(again.refused == 0, "\(first) \(again)")
    }
    try program.expectLiveEqualsReplay()
  }

  @Test("A revision of several steps is taken whole or refused whole")
  func revisionsAreWhole() throws {
    let program = try TestProgram()
    func row(_ title: String, _ perceived: String, _ measured: String) -> String {
      #"{"command":"gap.record","key":"g","external":"crm:1","department":"ssc","link":3,"title":"\#(title)","expected":1,"perceived":\#(perceived),"unit":"x","measuredOn":"\#(measured)"}"#
    }
    let department = rows[0]
    _ = try run([department, row("Old", "0.5", "2024-03-01")], into: program)
    let revised = [department, row("New", "0.6", "2024-02-01")]
    for _ in 1...2 {
      let outcome = try run(revised, into: program) {
        $0.revises = true
        $0.keepsGoing = true
      }
      #expect(outcome.refused == 1 && outcome.events == 0)
      #expect(try gap(program).details.title.value == "Old")
    }
    let mended = try run([department, row("New", "0.6", "2024-04-01")], into: program) {
      $0.revises = true
    }
    #expect(mended.events == 2)
    #expect(try gap(program).details.title.value == "New")
    #expect(try gap(program).details.perceived?.description == "0.6")
    try program.expectLiveEqualsReplay()
  }

  @Test("A segment and a rate are revised as other things are, for the reason that the row gives")
  func revisesAll() throws {
    let program = try TestProgram()
    let rows = [
      #"{"command":"segment.define","code":"vip","name":"VIP","external":"crm:1"}"#,
      #"{"command":"segment.define","code":"new","name":"New"}"#,
      #"{"command":"rate.record","from":"USD","to":"EUR","rate":2,"external":"ecb:1"}"#,
      #"{"command":"department.register","code":"ssc","name":"SSC","external":"hr:1"}"#,
      #"{"command":"touchpoint.map","department":"ssc","name":"T"}"#,
      #"{"command":"standard.set","touchpoint":1,"metric":"m","target":1,"from":"2024-01-01"}"#,
      #"{"command":"standard.measure","standard":1,"period":"2024","value":2}"#,
    ]
    _ = try run(rows, into: program)
    let changed = rows.map {
      $0.replacing("VIP", with: "Very important").replacing("New", with: "Newer")
        .replacing(#""rate":2"#, with: #""rate":3"#).replacing("SSC", with: "Service")
        .replacing(#""value":2"#, with: #""value":3"#)
    }
    #expect(throws: RefusedRow.self) { _ = try run(changed, into: program) }
    let worded = zip(rows, changed).map { row, changed in
      row == changed ? row : String(changed.dropLast()) + #","reason":"the board's wish"}"#
    }
    let outcome = try run(worded, into: program) { $0.revises = true }
    #expect(outcome.revised == 5 && outcome.recorded == 5)
    let revised = try program.events().suffix(5)
    #expect(
      revised.map(\.type) == [
        "segment.amended", "segment.amended", "rate.amended", "department.amended",
        "standard.measured",
      ])
    #expect(revised.allSatisfy { $0.personal?.contains("the board's wish") == true })
    // Without a reason of the row's own it is the import's.
    _ = try run(rows, into: program) { $0.revises = true }
    #expect(
      try program.events().suffix(4)
        .allSatisfy { $0.personal?.contains("revised by import of rows.ndjson") == true })
    let rates = try LiveReader(program.connection, programID: program.programID).records(of: .rate)
    #expect(RateTable(rates).entries.map(\.details.value.description) == ["2"])
    try program.expectLiveEqualsReplay()
  }

  @Test("§0: an undo that was refused is not left out in silence once later rows are recorded")
  func undoTooLate() throws {
    let program = try TestProgram()
    let wrong = [
      rows[0], rows[1],
      #"{"command":"gap.close","gap":"@g","resolution":"done","unmetReason":"u"}"#,
      #"{"command":"undo","position":5,"event":"gap/1@3","reason":"a slip"}"#,
      #"{"command":"gap.reopen","gap":"@g","reason":"worse"}"#,
    ]
    var refused: [String] = []
    // The third names a position alone.
    for rows in [wrong, wrong, wrong.map { $0.replacing(#","event":"gap/1@3""#, with: "") }] {
      _ = try run(rows, into: program) {
        $0.keepsGoing = true
      } refusing: {
        refused.append($0.rejection.code)
      }
    }
    #expect(
      refused == ["import.undone-missing"] + [String](repeating: "import.undo-too-late", count: 2))
    #expect(try gap(program).isOpen)
  }

  @Test("The second of two equal rows is one of its own, and both come once")
  func equalRows() throws {
    let program = try TestProgram()
    try program.run("department.register", ["code": "ssc", "name": "SSC"])
    let fields: JSONObject = ["department": "ssc", "link": 3, "title": "Wait"]
    let units = (1...2).map { _ in RowApplier.Unit([.init("gap.record", fields, key: "new")]) }
    func recorded(isDryRun: Bool = false) throws -> Int {
      try RowApplier(program.store, source: "sheet").apply(units, isDryRun: isDryRun).events
    }
    #expect(try recorded(isDryRun: true) == 2)
    #expect(try recorded() == 2)
    #expect(try recorded() == 0)
    #expect(try gap(program, 2).details.title.value == "Wait")
  }
}
