import CEMDomain
import CEMStore
import CEMTestSupport
import Postgres
import Synchronization
import Testing

@Suite("Databases of older programs", .database(.empty)) struct OlderSchemaTests {
  @Test(
    "One of any earlier schema is told so, and brought up",
    arguments: Migration.all.map(\.number).filter { $0 < Migration.latest })
  func older(number: Int) throws {
    let connection = try TestDatabase.current.connect()
    let migrator = Migrator(connection)
    try migrator.migrate(through: number)
    let applied = Migration.all.filter { $0.number <= number }
    // Not that it was never set up: whoever believes that founds a program anew.
    #expect {
      try migrator.check()
    } throws: { error in
      if case StoreError.olderDatabase(version: applied.count) = error { true } else { false }
    }
    #expect(
      try migrator.migrate() == Migration.all.filter { $0.number > number }.map(\.name))
    try migrator.check()
    #expect(try DefinitionCheck(connection).problems() == [])
    #expect(try DefinitionCheck(connection).shapeProblems() == [])
    let program = TestProgram(founding: connection)
    try program.run("program.found", ["slug": "later", "name": "Later"])
    try program.run("department.register", ["code": "a", "name": "A"])
    try program.expectLiveEqualsReplay()
  }
}

@Suite("Databases of one server") struct SharedServerTests {
  @Test("Those that are set up at the same moment all get their roles, which belong to the server")
  func atOnce() throws {
    let server = try TestServer(listeningOn: "", port: 5432)
    defer { server.end() }
    let root = try server.connect()
    for index in 0..<8 { try root.execute("CREATE DATABASE \(identifier: "db\(index)")") }
    let errors = Mutex<[String]>([])
    onThreads(8) { index in
      do {
        let connection = try server.connect(database: "db\(index)")
        try Migrator(connection).migrate()
        try Migrator(connection).check()
      } catch {
        errors.withLock { $0.append("\(error)") }
      }
    }
    #expect(errors.withLock { $0 } == [])
    // A reader's bounds are the whole server's as well, and each repair sets them.
    try root.execute(script: "CREATE ROLE looker LOGIN; GRANT cem_reader TO looker")
    onThreads(8) { index in
      do {
        _ = try AccessRepair(try server.connect(database: "db\(index)")).run()
      } catch {
        errors.withLock { $0.append("\(error)") }
      }
    }
    #expect(errors.withLock { $0 } == [])
  }
}
