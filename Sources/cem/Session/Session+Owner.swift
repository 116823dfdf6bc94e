import CEMStore
import Postgres

extension Session {
  /// Refuses a login that has not the owner's right, and does not get it for the time of a task as the sole user of
  /// the private database does, before it is asked anything.
  /// - Throws: `CommandError`.
  func requireOwner(_ task: String) throws {
    if case .own = choice.place { return }
    try connection.requireOwner(task)
  }

  /// Runs a task with the owner's right. In the private database the plain role has it meanwhile and
  /// no longer, so that the log names the person and daily work can never do more than a clerk's.
  ///
  /// One task at a time: the end of one would take the right from under another.
  func asOwner<T>(_ body: () async throws -> T) async throws -> T {
    guard case .own = choice.place else { return try await body() }
    let administrator = try await choice.connectToMigrate(interrupts: nil)
    let role = LocalServer.workRole()
    try await waitForOwnership(administrator)
    try administrator.execute("GRANT cem_owner TO \(identifier: role)")
    do {
      let result = try await body()
      try PrivateDatabase.takeOwnership(administrator, from: role)
      return result
    } catch {
      try? PrivateDatabase.takeOwnership(administrator, from: role)
      throw error
    }
  }

  /// Takes the lock of whoever has the owner's right, which is held to the end of the connection: that of the task or
  /// of the process.
  ///
  /// In many attempts: a statement that waits holds a snapshot, which would keep the other task's vacuum from its work.
  private func waitForOwnership(_ administrator: Connection) async throws {
    let deadline = ContinuousClock.now + .seconds(10)
    while try !administrator.query(
      "SELECT pg_try_advisory_lock(\(PrivateDatabase.ownershipKey))"
    ).one(Bool.self) {
      guard ContinuousClock.now < deadline else {
        throw PostgresError(
          kind: .lockNotAvailable, message: "another task has the owner's right")
      }
      System.sleep(milliseconds: 50)
    }
  }

  /// Takes the owner's right from the plain role where a task that was killed has left it.
  /// - Throws: `PostgresError`.
  func endForsakenOwnership() async throws {
    guard case .own = choice.place,
      try connection.query("SELECT pg_has_role(session_user, 'cem_owner', 'MEMBER')")
        .one(Bool.self)
    else { return }
    try PrivateDatabase.endForsakenOwnership(try await choice.connectToMigrate())
  }
}

extension Connection {
  /// Refuses a login without the owner's right.
  /// - Throws: `CommandError`.
  func requireOwner(_ task: String) throws {
    let mayActAsOwner = try query("SELECT pg_has_role(session_user, 'cem_owner', 'MEMBER')")
      .one(Bool.self)
    guard !mayActAsOwner else { return }
    throw CommandError(
      "login.not-owner", "\(task) takes the owner's right, which the login has not",
      hint: "an administrator gives it: cem db roles add LOGIN --role owner", exit: .notAllowed)
  }
}
