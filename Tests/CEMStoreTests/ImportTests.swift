import CEMDomain
import CEMTestSupport
import Foundation
import Postgres
import Testing

@testable import CEMStore

/// Imports against a real server.
@Suite(.database(.migrated)) struct ImportTests {
  private func rows(_ text: String) throws -> RowReader { try rows(Array(text.utf8)) }

  private func rows(_ bytes: [UInt8], _ format: RowReader.Format = .ndjson) throws -> RowReader {
    try RowReader(format, read: chunks(bytes))
  }

  @discardableResult
  private func run(
    _ reader: RowReader, into program: TestProgram, source: String = "test.ndjson",
    _ change: (inout Importer.Options) -> Void = { _ in }
  ) throws -> (outcome: ImportOutcome, refused: [Int]) {
    var options = Importer.Options()
    change(&options)
    let importer = Importer(program.store, source: source, options: options)
    var refused: [Int] = []
    importer.onRefusal = { refused.append($0.line) }
    var reader = reader
    return (try importer.run(&reader), refused)
  }

  private func head(_ program: TestProgram) throws -> Int64 {
    try MomentResolver(program.connection, programID: program.programID).head().position
  }

  private let people = """
    {"command":"person.add","key":"1","id":"ada","name":"Ada"}
    {"command":"department.register","key":"2","code":"ssc","name":"SSC","lead":"ada"}

    {"command":"gap.record","key":"3","ref":"@g","department":"ssc","link":4,"title":"Wait","expected":0.9,"perceived":0.5,"unit":"share"}
    {"command":"gap.reassess","key":"4","gap":"@g","perceived":0.6}
    """

  @Test func aSecondRunAddsNothing() throws {
    let program = try TestProgram()
    let first = try run(rows(people), into: program).outcome
    #expect(first.recorded == 4)
    #expect(try head(program) == 5)
    let second = try run(rows(people), into: program).outcome
    #expect(second.recorded == 0)
    #expect(second.handledBefore == 4)
    #expect(try head(program) == 5)
    // Another source says the same again, and rules decide.
    #expect(throws: RefusedRow.self) {
      try run(rows(people + "\n{}"), into: program, source: "other")
    }
    #expect(try head(program) == 5)
  }

  @Test func oneBadRowKeepsAllOut() throws {
    let program = try TestProgram()
    let text = people + "\n" + #"{"command":"gap.reassess","gap":"@nobody","perceived":1}"#
    let error = #expect(throws: RefusedRow.self) { try run(rows(text), into: program) }
    #expect(error?.line == 6)
    #expect(error?.rejection.code == "import.unknown-ref")
    #expect(try head(program) == 1)
  }

  @Test func dryRunChecksEveryRowAndWritesNothing() throws {
    let program = try TestProgram()
    let text =
      #"{"command":"nope"}"# + "\n" + people + "\n" + #"{"command":"gap.close","gap":"GAP-9"}"#
    let (outcome, refused) = try run(rows(text), into: program) { $0.isDryRun = true }
    #expect(refused == [1, 7])
    #expect(outcome.recorded == 4)
    #expect(try head(program) == 1)
  }

  @Test func keepsGoingPastBadRows() throws {
    let program = try TestProgram()
    var bytes = Array("not json\n".utf8)
    bytes += Array(people.utf8) + [0x0a, 0x22, 0xff, 0x22, 0x0a]
    let (outcome, refused) = try run(rows(bytes), into: program) { $0.keepsGoing = true }
    #expect(refused == [1, 7])
    #expect(outcome.recorded == 4)
    #expect(try head(program) == 5)
  }

  @Test func rowsWithoutAKeyAreToldApartByTheirNumber() throws {
    let program = try TestProgram()
    let row = #"{"command":"evidence.add","title":"Minutes"}"# + "\n"
    try run(rows(row + row), into: program)
    #expect(try head(program) == 3)
    try run(rows(row + row + row), into: program)
    #expect(try head(program) == 4)
  }

  /// Whatever is forgotten between pieces, kept from one to the next, or asked for before the piece
  /// before was written: what the tables hold is the same.
  @Test(arguments: [(1, 50_000), (2, 50_000), (10, 20), (10, 90), (1, 20)])
  func piecesAndForgettingChangeNothing(_ pieces: Int, _ limit: Int) throws {
    var lines = [
      #"{"command":"person.add","key":"p","id":"cx-lead","name":"CX lead"}"#,
      #"{"command":"department.register","key":"d","code":"ssc","name":"SSC","lead":"cx-lead"}"#,
    ]
    for number in 1...130 {
      lines.append(
        #"{"command":"gap.record","key":"g\#(number)","external":"crm:\#(number)","department":"ssc","link":4,"title":"Wait \#(number)","expected":1,"perceived":0.5,"unit":"share","owner":"cx-lead"}"#
      )
      // Things of this piece, of the one before, and of those long ago.
      let other = number % 3 == 0 ? number : max(1, number - number % 3 * 45)
      lines.append(
        #"{"command":"gap.reassess","key":"r\#(number)","gap":"GAP-\#(other)","perceived":0.\#(number)}"#
      )
    }
    // The same row again counts as handled, however near the first is.
    lines.append(lines[lines.count - 1])
    let program = try TestProgram()
    let outcome = try run(rows(lines.joined(separator: "\n")), into: program) {
      $0.pieceSize = 40
      $0.isAllOrNothing = pieces > 2
      $0.piecesInTransaction = pieces
      $0.stateLimit = limit
      $0.changeLimit = 20
    }.outcome
    #expect(outcome.rows == 263)
    #expect(outcome.recorded == 262)
    #expect(outcome.handledBefore == 1)
    #expect(try head(program) == 263)
    let (gaps, versions, counted) = try program.connection.query(
      """
      SELECT (SELECT count(*) FROM cem.gap_register), (SELECT sum(version) FROM cem.entity_v3
        WHERE kind = 'gap'), (SELECT open_gaps FROM cem.department_status)
      """
    ).one((Int, Int, Int).self)
    #expect(gaps == 130)
    #expect(versions == 260)
    #expect(counted == 130)
    let again = try run(rows(lines.joined(separator: "\n")), into: program).outcome
    #expect(again.handledBefore == 263)
  }

  @Test func manyRowsGoInPiecesAndResume() throws {
    let program = try TestProgram()
    let good = (1...2_500).map {
      #"{"command":"evidence.add","key":"\#($0)","title":"No. \#($0)"}"#
    }
    var broken = good
    broken[2_200] = "{"
    let error = #expect(throws: RefusedRow.self) {
      try run(rows(broken.joined(separator: "\n")), into: program) {
        $0.isAllOrNothing = false
        $0.pieceSize = 1_000
        $0.piecesInTransaction = 1
      }
    }
    #expect(error?.line == 2_201)
    #expect(error?.isPartial == true)
    #expect(try head(program) == 2_001)
    let rest = try run(rows(good.joined(separator: "\n")), into: program) {
      $0.isAllOrNothing = false
    }
    #expect(rest.outcome.handledBefore == 2_000)
    #expect(rest.outcome.recorded == 500)
    #expect(try head(program) == 2_501)
  }

  @Test("A row of a thing that several pieces change is written once, and none is left out")
  func rowsAreWrittenOnce() throws {
    let gaps = (1...40).map {
      #"{"command":"gap.record","ref":"@g\#($0)","department":"d","link":1,"title":"G","expected":9,"perceived":1,"unit":"days"}"#
    }
    let changes = (1...40).map {
      #"{"command":"gap.reassess","gap":"@g\#($0)","perceived":\#($0)}"#
    }
    let first = #"{"command":"department.register","code":"d","name":"D"}"#
    for (limit, updated) in [(100, 0), (30, 10), (0, 40)] {
      let program = try TestProgram(slug: "p\(limit)")
      func updates() throws -> Int {
        _ = try program.connection.query("SELECT pg_stat_force_next_flush()")
        return try program.connection.query(
          "SELECT n_tup_upd FROM pg_stat_user_tables WHERE relname = 'gap_register'"
        ).one(Int.self)
      }
      let before = try updates()
      try run(rows(([first] + gaps + changes).joined(separator: "\n")), into: program) {
        $0.pieceSize = 41
        $0.changeLimit = limit
      }
      #expect(try updates() - before == updated, "\(limit)")
      try program.expectLiveEqualsReplay()
    }
  }

  @Test func oneTransactionTakesMoreThanAPiece() throws {
    let program = try TestProgram()
    let good = (1...2_500).map {
      #"{"command":"evidence.add","key":"\#($0)","title":"No. \#($0)"}"#
    }
    try run(rows(good.joined(separator: "\n")), into: program) {
      $0.pieceSize = 1_000
    }
    #expect(try head(program) == 2_501)
    #expect(throws: RefusedRow.self) {
      try run(rows((good + ["{"]).joined(separator: "\n")), into: program, source: "other") {
        $0.pieceSize = 1_000
      }
    }
    #expect(try head(program) == 2_501)
  }

  private func csv(_ perceived: String, title: String = "Long \"\"wait\"\"\nin line") -> [UInt8] {
    [0xef, 0xbb, 0xbf]
      + Array(
        "department;link;title;expected;perceived;unit;external\r\n"
          .appending("ssc;4;\"\(title)\";0.9;\(perceived);share;crm:1\r\n").utf8)
  }

  private func gap(_ program: TestProgram) throws -> Gap? {
    let record = try LiveReader(program.connection, programID: program.programID)
      .record(GapRef(1).stream)
    if case .gap(let gap) = record.entity { return gap } else { return nil }
  }

  @Test func readsCSVOfASpreadsheet() throws {
    let program = try TestProgram()
    try program.run("department.register", ["code": "ssc", "name": "SSC"])
    let format = RowReader.Format.csv(command: "gap.record", map: [:])
    try run(rows(csv("0.5"), format), into: program)
    #expect(try gap(program)?.details.title.value == "Long \"wait\"\nin line")
  }

  @Test("§0: what comes again from another system, by its external id, is revised")
  func revisesWhatIsKnown() throws {
    let program = try TestProgram()
    try program.run("department.register", ["code": "ssc", "name": "SSC"])
    let format = RowReader.Format.csv(command: "gap.record", map: [:])
    try run(rows(csv("0.5"), format), into: program)
    let error = #expect(throws: RefusedRow.self) {
      try run(rows(csv("0.7"), format), into: program)
    }
    #expect(error?.rejection.code == "import.changed")

    try run(rows(csv("0.7", title: "Wait"), format), into: program) { $0.revises = true }
    #expect(try gap(program)?.details.perceived?.description == "0.7")
    #expect(try gap(program)?.details.title.value == "Wait")
    #expect(try gap(program)?.life.reassessments == 1)
    let position = try head(program)
    try run(rows(csv("0.7", title: "Wait"), format), into: program) { $0.revises = true }
    #expect(try head(program) == position)

    // The source says again what it said at first.
    try run(rows(csv("0.5"), format), into: program) { $0.revises = true }
    #expect(try gap(program)?.details.perceived?.description == "0.5")

    // What people did since stays, as long as the source says nothing new.
    try program.run("gap.reassess", ["gap": "GAP-1", "perceived": "0.8"])
    try run(rows(csv("0.5"), format), into: program) { $0.revises = true }
    #expect(try gap(program)?.details.perceived?.description == "0.8")
  }

  @Test func exportLeadsToTheSameState() throws {
    let program = try TestProgram(fiscalYearStart: 4)
    let sample = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../scripts/sample/program.ndjson").standardized
    let outcome = try run(rows(Array(Data(contentsOf: sample))), into: program).outcome
    #expect(outcome.recorded == 445)
    var text = ""
    try CommandExport(program.connection, programID: program.programID)
      .forEach(upTo: head(program)) { text += JSON.object($0).canonicalText + "\n" }

    let copy = try TestProgram(slug: "copy", fiscalYearStart: 4)
    try run(rows(text), into: copy)
    for projection in Projections.all where projection.table.name != "entity" {
      func contents(_ program: TestProgram) throws -> [TableRow] {
        try LiveReader(program.connection, programID: program.programID)
          .rows(of: projection, RowQuery())
      }
      #expect(try contents(copy) == contents(program), "\(projection.table.name)")
    }
  }

  private static let dataset = ProcessInfo.processInfo.environment["CEM_TEST_DATA"]

  @Test(
    .enabled(if: dataset != nil, "CEM_TEST_DATA names no folder with service-standards-2023-24.csv")
  )
  func importsThePublishedStandards() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
      .standardized
    let script = Process()
    script.executableURL = URL(filePath: "/usr/bin/env")
    script.arguments = [
      "python3", root.appending(path: "scripts/sample/from-service-standards.py").path(),
      try #require(Self.dataset) + "/service-standards-2023-24.csv",
    ]
    let output = Pipe()
    script.standardOutput = output
    script.standardError = FileHandle.nullDevice
    try script.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    script.waitUntilExit()
    let program = try TestProgram(on: "2023-01-01")
    try run(rows(Array(data)), into: program)
    let reader = try LiveReader(program.connection, programID: program.programID)
    #expect(try reader.records(of: .department).count == 62)
    #expect(try reader.records(of: .gap).count == 470)

    // What is exported leads to the same state of every department in an empty program.
    let day = Day("2025-01-01")!
    let status = try reader.departments(on: day)
    #expect(status.count == 62)
    var text = ""
    try CommandExport(program.connection, programID: program.programID)
      .forEach(upTo: head(program)) { text += JSON.object($0).canonicalText + "\n" }
    let copy = try TestProgram(slug: "copy", on: "2023-01-01")
    try run(rows(text), into: copy)
    let copied = try LiveReader(copy.connection, programID: copy.programID).departments(on: day)
    #expect(copied.map(\.row) == status.map(\.row))
    #expect(copied.map(\.standing) == status.map(\.standing))
    #expect(copied.map(\.missingActions) == status.map(\.missingActions))
  }
}

/// Gives bytes in small chunks, so that everything is cut somewhere.
func chunks(_ bytes: [UInt8], of size: Int = 7) -> () throws -> [UInt8] {
  var rest = bytes[...]
  return {
    let chunk = Array(rest.prefix(size))
    rest = rest.dropFirst(size)
    return chunk
  }
}
