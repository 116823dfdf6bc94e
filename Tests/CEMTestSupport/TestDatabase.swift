package import Postgres
import Synchronization
package import Testing

/// A database of one test's own, made for it and dropped afterwards.
///
///     @Test(.database) func names() throws {
///       let connection = try TestDatabase.current.connect()
///     }
package struct TestDatabase: Sendable {
  /// The database of the test that runs; only inside a test with the `.database` trait.
  package static var current: TestDatabase {
    guard let database = task else {
      preconditionFailure("The test has no .database trait.")
    }
    return database
  }

  @TaskLocal fileprivate static var task: TestDatabase?

  /// The database's name.
  package let name: String
  /// The server that it is on.
  package let server: TestServer

  /// How to connect to it, as superuser or as another login.
  package func conninfo(user: String? = nil) -> String {
    server.conninfo(database: name, user: user)
  }

  /// Connects to it, as superuser or as another login.
  package func connect(
    user: String? = nil, settings: [(String, String)] = [], interrupts: Interrupts? = nil
  ) throws(PostgresError) -> Connection {
    try server.connect(
      database: name, user: user, settings: settings, interrupts: interrupts)
  }
}

/// What databases are cloned from: made once in a process, by a closure that fills it.
package final class DatabaseTemplate: Sendable {
  /// An empty database.
  package static let empty = DatabaseTemplate("empty") { _ in }

  private let name: String
  private let fill: @Sendable (Connection) throws -> Void
  private let made = Mutex<Result<Void, any Error>?>(nil)

  /// Names a template; keep it in a `static let`.
  ///
  /// - Parameter fill: makes what each test finds, such as the migrated schema. It gets a connection as
  ///   superuser, which is closed afterwards.
  package init(_ name: String, fill: @escaping @Sendable (Connection) throws -> Void) {
    self.name = "template_" + name
    self.fill = fill
  }

  /// Clones the template.
  package func clone() throws -> TestDatabase {
    let server = try TestServer.shared
    try made.withLock { made in
      let result = made ?? Result { try make(on: server) }
      made = result
      try result.get()
    }
    let number = DatabaseTemplate.last.add(1, ordering: .relaxed).newValue
    let database = TestDatabase(name: "test_\(number)", server: server)
    // Copying files needs no WAL of their contents, and two checkpoints, which are cheap without fsync.
    try server.connect().execute(
      """
      CREATE DATABASE \(identifier: database.name) TEMPLATE \(identifier: name) \
      STRATEGY \(unsafeSQL: DatabaseTemplate.strategy)
      """)
    return database
  }

  private static let last = Atomic<Int>(0)
  private static let strategy = "file_copy"

  private func make(on server: TestServer) throws {
    try server.connect().execute("CREATE DATABASE \(identifier: name)")
    let connection = try server.connect(database: name)
    try fill(connection)
    connection.close()
  }
}

extension TestDatabase {
  /// Drops the database, ending sessions that a test left open.
  package func drop() throws {
    try server.connect().execute("DROP DATABASE IF EXISTS \(identifier: name) WITH (FORCE)")
  }

  fileprivate func run(_ body: @concurrent @Sendable () async throws -> Void) async throws {
    do {
      try await TestDatabase.$task.withValue(self) { try await body() }
    } catch {
      try drop()
      throw error
    }
    try drop()
  }
}

/// Gives each test (each case of a parameterized one) a database cloned from a template.
package struct DatabaseTrait: TestTrait, SuiteTrait, TestScoping {
  let template: DatabaseTemplate

  package var isRecursive: Bool { true }

  package func scopeProvider(for test: Test, testCase: Test.Case?) -> DatabaseTrait? {
    testCase == nil ? nil : self
  }

  package func provideScope(
    for test: Test, testCase: Test.Case?,
    performing function: @concurrent @Sendable () async throws -> Void
  ) async throws {
    try await template.clone().run(function)
  }
}

extension Trait where Self == DatabaseTrait {
  /// An empty database for the test.
  package static var database: DatabaseTrait { DatabaseTrait(template: .empty) }

  /// A database for the test, cloned from the template.
  package static func database(_ template: DatabaseTemplate) -> DatabaseTrait {
    DatabaseTrait(template: template)
  }
}
