import CEMDomain
import CEMTestSupport
import FoundationEssentials
import Postgres
import Testing

@testable import CEMStore

/// What reads a log for long holds words that are erased meanwhile, and must not bring them back.
@Suite("Erasure while a log is folded", .database(.migrated))
struct ErasureMeanwhileTests {
  private struct Killed: Error {}

  private static let word = "Quagga"

  /// A program in which a person, a department and gaps bear the word, some of them twice.
  private func program() throws -> TestProgram {
    let program = try TestProgram()
    try program.run("person.add", ["id": "ada", "name": "Ada Quagga"])
    try program.run("department.register", ["code": "a", "name": "Quagga's desk"])
    for number in 1...20 {
      try program.run(
        "gap.record",
        ["department": "a", "link": 1, "title": .string("Gap \(number), said Ada Quagga")])
    }
    return program
  }

  /// What erases all that bears the word, by a connection of its own and on whatever thread.
  private func eraser(of program: TestProgram) throws -> () throws -> Void {
    let store = try program.owner()
    return {
      let events = try EventLog(store.connection, programID: store.programID)
        .events(EventLog.Filter(), limit: .max)
      let positions = events.filter { $0.personal?.contains(Self.word) == true }.map(\.position)
      #expect(positions.count == 22)
      let command = EraseData(positions: positions)
      let context = EventContext(reason: try Text("asked to"))
      _ = try store.execute([Submission(IssuedCommand(command, context: context))])
    }
  }

  /// Nothing of the database holds the word, and what is there is what the log makes of it.
  private func expectGone(
    _ program: TestProgram, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let root = try TestDatabase.current.connect()
    let tables = try root.query(
      "SELECT relname::text FROM pg_class WHERE relnamespace = 'cem'::regnamespace AND relkind = 'r' ORDER BY 1"
    ).decode(String.self)
    for table in tables {
      let holding = try root.query(
        "SELECT count(*) FROM cem.\(identifier: table) t WHERE t::text LIKE \("%\(Self.word)%")"
      ).one(Int.self)
      #expect(holding == 0, "cem.\(table)", sourceLocation: sourceLocation)
    }
  }

  @Test("A rebuild writes back nothing that was erased since it began", arguments: [1_000, 3])
  func rebuild(partSize: Int) throws {
    let program = try program()
    let erase = try eraser(of: program)
    var rebuild = Rebuild(program.connection, programID: program.programID)
    rebuild.partSize = Int64(partSize)
    var parts = 0
    rebuild.onPart = {
      parts += 1
      if parts == (partSize == 3 ? 2 : 1) { try erase() }
    }
    let outcome = try rebuild.run()
    #expect(outcome.corrected == [:])
    try expectGone(program)
    try program.expectLiveEqualsReplay()
  }

  @Test(
    "What a killed rebuild kept goes with the erasure, and an older remainder is not gone on from")
  func killedRebuild() throws {
    let program = try program()
    let erase = try eraser(of: program)
    let root = try TestDatabase.current.connect()
    var rebuild = Rebuild(program.connection, programID: program.programID)
    rebuild.partSize = 3
    rebuild.onPart = { throw Killed() }
    // What differs is kept with its words.
    try root.execute("DELETE FROM cem.gap_register")
    #expect(throws: Killed.self) { try rebuild.run() }
    try root.execute("CREATE TABLE kept AS TABLE cem.rebuild_progress")
    let isKept = try root.query("SELECT contents LIKE '%Quagga%' FROM kept").one(Bool.self)
    #expect(isKept)
    try erase()
    try #expect(root.query("SELECT count(*) FROM cem.rebuild_progress").one(Int.self) == 0)

    try root.execute("INSERT INTO cem.rebuild_progress TABLE kept")
    rebuild.onPart = {}
    _ = try rebuild.run()
    try root.execute("DROP TABLE kept")
    try expectGone(program)
    try program.expectLiveEqualsReplay()
  }

  @Test("A verification begun before an erasure raises no alarm")
  func verify() throws {
    let program = try program()
    let erase = try eraser(of: program)
    let refold = Refold(program.connection, programID: program.programID)
    #expect(try refold.verify(meanwhile: { try erase() }).map { "\($0)" } == [])
    #expect(refold.rowCounts["gap_register"] == 20)
  }

  @Test("An audit begun before an erasure raises no alarm")
  func audit() throws {
    let program = try program()
    let erase = try eraser(of: program)
    var erasure: Result<Void, any Error>?
    let report = try LiveLogCheck(program.connection, programID: program.programID).report(
      progress: { _, _ in if erasure == nil { erasure = Result(catching: erase) } })
    try #require(erasure).get()
    #expect(report.problems == [])
    #expect(report.projections.first { $0.name == "gap_register" }?.rows == 20)
  }

  @Test(
    "New versions of projections are filled without what was erased since", arguments: [1_000, 3])
  func upgrade(partSize: Int) throws {
    let program = try program()
    let erase = try eraser(of: program)
    var upgrade = ProjectionUpgrade(
      try TestDatabase.current.connect(user: "owner"), to: NewerProjections.all)
    upgrade.partSize = Int64(partSize)
    var isErased = false
    upgrade.onPart = {
      if !isErased { try erase() }
      isErased = true
    }
    let outcome = try upgrade.run()
    #expect(outcome[program.programID]?.rows["gap_register"] == 20)
    try expectGone(program)
    let refold = Refold(
      program.connection, programID: program.programID, projections: NewerProjections.all.list)
    #expect(try refold.verify().map { "\($0)" } == [])
  }

  @Test("The last moment before the switch is not too late")
  func upgradeAtLast() throws {
    let program = try program()
    let erase = try eraser(of: program)
    var upgrade = ProjectionUpgrade(
      try TestDatabase.current.connect(user: "owner"), to: NewerProjections.all)
    var isErased = false
    upgrade.beforeSwitch = {
      if !isErased { try erase() }
      isErased = true
    }
    _ = try upgrade.run()
    try expectGone(program)
  }

  @Test("What a killed upgrade filled goes with the erasure, and the next one fills it anew")
  func killedUpgrade() throws {
    let program = try program()
    let erase = try eraser(of: program)
    let root = try TestDatabase.current.connect()
    var upgrade = ProjectionUpgrade(
      try TestDatabase.current.connect(user: "owner"), to: NewerProjections.all)
    upgrade.beforeSwitch = { throw Killed() }
    #expect(throws: Killed.self) { try upgrade.run() }
    try #expect(root.query("SELECT count(*) FROM cem.gap_register_v2").one(Int.self) == 20)
    try erase()
    try expectGone(program)
    upgrade.beforeSwitch = {}
    _ = try upgrade.run()
    try expectGone(program)
    let refold = Refold(
      program.connection, programID: program.programID, projections: NewerProjections.all.list)
    #expect(try refold.verify().map { "\($0)" } == [])
  }
}
