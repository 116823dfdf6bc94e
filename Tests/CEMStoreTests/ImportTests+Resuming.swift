import CEMDomain
import CEMTestSupport
import Foundation
import Postgres
import Testing
import TransparencyLog

@testable import CEMStore

/// Imports that are cut off, come again, or are large.
@Suite("Imports that go on", .database(.migrated)) struct ResumingImportTests {
  private struct CutOff: Error {}

  /// Rows that rest on each other: a named gap, a new value for it, and evidence; none has a key.
  private func rows(_ count: Int) -> [String] {
    [#"{"command":"department.register","code":"ssc","name":"SSC"}"#]
      + (1...count / 4).flatMap { number in
        [
          #"{"command":"gap.record","ref":"@g\#(number)","department":"ssc","link":1,"title":"Gap \#(number)","expected":1,"perceived":0,"unit":"x","external":"src:\#(number)"}"#,
          #"{"command":"gap.reassess","gap":"@g\#(number)","perceived":1}"#,
          #"{"command":"gap.close","gap":"@g\#(number)","resolution":"met"}"#,
          #"{"command":"evidence.add","title":"Minutes"}"#,
        ]
      }
  }

  private func importer(
    _ program: TestProgram, _ change: (inout Importer.Options) -> Void = { _ in }
  ) -> Importer {
    var options = Importer.Options()
    options.isAllOrNothing = false
    change(&options)
    return Importer(program.store, source: "rows.ndjson", options: options)
  }

  private func run(_ importer: Importer, _ rows: [String]) throws -> ImportOutcome {
    var reader = try RowReader(
      .ndjson, read: chunks(Array(rows.joined(separator: "\n").utf8), of: 1 << 16))
    return try importer.run(&reader)
  }

  private func tables(_ program: TestProgram) throws -> [[TableRow]] {
    let reader = try LiveReader(program.connection, programID: program.programID)
    // The programs have slugs of their own, nothing else differs.
    return try Projections.all.map { projection in
      try reader.rows(of: projection, RowQuery()).filter { $0.key.first != .text("program") }
    }
  }

  @Test("An import that is cut off and run again ends in the same state as one run")
  func cutOff() throws {
    let rows = rows(3_000)
    let whole = try TestProgram(slug: "whole")
    #expect(try run(importer(whole), rows).recorded == 3_001)

    let cut = try TestProgram(slug: "cut")
    func inPieces(_ options: inout Importer.Options) {
      options.pieceSize = 1_000
      options.piecesInTransaction = 1
    }
    let first = importer(cut, inPieces)
    first.onProgress = { if $0 >= 2_000 { throw CutOff() } }
    #expect(throws: CutOff.self) { try run(first, rows) }
    // What was committed till then is known, and the tree that a receipt can hold the log to.
    #expect(first.committed.rows == 1_000 && first.committed.recorded == 1_000)
    let (size, hashes) = try cut.connection.query(
      "SELECT position, frontier FROM cem.head WHERE program_id = \(cut.programID)"
    ).one((Int, [UInt8]).self)
    #expect(first.committed.treeSize == Int64(size))
    #expect(try first.committed.rootHash == Frontier(size: size, encoded: hashes).root)
    // The server ends the session in the middle of a transaction.
    let second = importer(cut, inPieces)
    let pid = try cut.connection.query("SELECT pg_backend_pid()").one(Int.self)
    let admin = try TestDatabase.current.connect()
    second.onProgress = { rows in
      if rows == 2_000 { _ = try admin.query("SELECT pg_terminate_backend(\(pid))") }
    }
    #expect(throws: (any Error).self) { try run(second, rows) }

    let store = ProgramStore(
      try TestDatabase.current.connect(user: "approver"), programID: cut.programID)
    var options = Importer.Options()
    options.isAllOrNothing = false
    let third = Importer(store, source: "rows.ndjson", options: options)
    let outcome = try run(third, rows)
    // A piece that was cut off is not there; those before it are.
    #expect(outcome.handledBefore == 1_000)
    #expect(outcome.recorded == 2_001)
    let again = try TestProgram(existing: cut.programID)
    #expect(try tables(again) == tables(whole))
    #expect(try run(importer(again), rows).handledBefore == 3_001)
    #expect(try tables(again) == tables(whole))
    try again.expectLiveEqualsReplay()
  }

  @Test("A batch that holds a handled command and new ones adds just the new ones")
  func handledAndNew() throws {
    let program = try TestProgram()
    func submission(_ code: String) throws -> Submission {
      Submission(
        try IssuedCommand(
          name: "department.register", fields: ["code": .string(code), "name": "N"]))
    }
    let (a, b, c) = try (submission("a"), submission("b"), submission("c"))
    let first = try program.store.execute([b])[0]
    let receipts = try program.store.execute([a, b, c, a])
    #expect(receipts.map(\.isDuplicate) == [false, true, false, true])
    #expect(receipts.map(\.treeSize) == [3, 2, 4, 3])
    #expect(receipts[1].events == first.events)
    #expect(receipts[1].rootHash == first.rootHash)
    #expect(receipts[3].events == receipts[0].events)
    #expect(receipts[3].rootHash == receipts[0].rootHash)
    #expect(try program.store.execute([a, b, c]).allSatisfy(\.isDuplicate))

    let rows = rows(8)
    #expect(try run(importer(program), Array(rows[..<5])).recorded == 5)
    let outcome = try run(importer(program), rows)
    #expect(outcome.handledBefore == 5)
    #expect(outcome.recorded == 4)
    try program.expectLiveEqualsReplay()
  }

  @Test(
    "What an import holds in memory does not grow with its rows, and a small hold changes nothing",
    arguments: [true, false])
  func boundedMemory(isAllOrNothing: Bool) throws {
    let rows = rows(6_000)
    let program = try TestProgram(slug: "small")
    let bounded = importer(program) {
      $0.isAllOrNothing = isAllOrNothing
      $0.pieceSize = 200
      $0.stateLimit = 500
      $0.changeLimit = 300
    }
    var held: [Int] = []
    bounded.onProgress = { _ in held.append(bounded.held) }
    #expect(try run(bounded, rows).recorded == 6_001)
    #expect(held.count == 31)
    // A piece of 200 rows brings a few hundred things and look-ups; two are held at a time.
    #expect(held.allSatisfy { $0 <= 3_000 }, "\(held)")

    let free = try TestProgram(slug: "free")
    let unbounded = importer(free) { $0.isAllOrNothing = isAllOrNothing }
    _ = try run(unbounded, rows)
    #expect(unbounded.held > 6_000)
    #expect(try tables(program) == tables(free))
    try program.expectLiveEqualsReplay()
  }

  @Test("What people did since stays where the source says what it said last")
  func revisionsAreSaidOnce() throws {
    let program = try TestProgram()
    try program.run("department.register", ["code": "ssc", "name": "SSC"])
    func row(_ perceived: String) -> [String] {
      [
        #"{"command":"gap.record","department":"ssc","link":1,"title":"G","expected":1,"perceived":\#(perceived),"unit":"x","external":"src:1"}"#
      ]
    }
    func revise(_ perceived: String) throws -> Int {
      try run(importer(program) { $0.revises = true }, row(perceived)).events
    }
    #expect(try revise("0.5") == 1)
    #expect(try revise("0.7") == 1)
    try program.run("gap.reassess", ["gap": "GAP-1", "perceived": "0.8"])
    #expect(try revise("0.7") == 0)
    #expect(try revise("0.6") == 1)
  }
}
