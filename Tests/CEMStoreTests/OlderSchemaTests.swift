import CEMDomain
import CEMStore
import CEMTestSupport
import Postgres
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
    let program = TestProgram(founding: connection)
    try program.run("program.found", ["slug": "later", "name": "Later"])
    try program.run("department.register", ["code": "a", "name": "A"])
    try program.expectLiveEqualsReplay()
  }
}
