import CEMStore
import Postgres

extension DatabaseChoice {
  /// What a session is for, which bounds how long its statements may take.
  enum Purpose {
    /// One command or read: a statement that takes a minute has gone wrong.
    case command
    /// Imports, migrations and checks of the whole log.
    case bulk
  }

  /// Connects, starting the private server where that is the choice.
  ///
  /// Three bounds keep a client that hangs, or whose machine was suspended, from freezing a program:
  /// a transaction that sits idle ends after 10 s, a wait for a lock after 10 s, and where TCP gets no
  /// answer the connection is given up after 30 s.
  /// - Throws: `PostgresError`, `LocalServerError`, or `StoreError` where the private database is not
  ///   there yet.
  func connect(_ purpose: Purpose = .command) async throws -> Connection {
    switch place {
    case .named(let conninfo): return try open(conninfo, purpose)
    case .own(let server):
      guard server.isInitialized else { throw StoreError.noProgram(nil) }
      let endpoint = try await start(server)
      let conninfo = endpoint.conninfo(user: LocalServer.workRole())
      do {
        return try open(conninfo, purpose)
      } catch let error where error.kind == .invalidPassword {
        // The user's name is not yet a role here, or changed since.
        try PrivateDatabase.makeWorkRole(connectAsAdministrator(endpoint))
        return try open(conninfo, purpose)
      }
    }
  }

  /// Connects as one who may migrate: on the private server its superuser, elsewhere the login given.
  /// - Parameter interrupts: `nil` for what Ctrl-C must not keep from being put back in order.
  func connectToMigrate(interrupts: Interrupts? = .process) async throws -> Connection {
    switch place {
    case .named(let conninfo): return try open(conninfo, .bulk, interrupts: interrupts)
    case .own(let server):
      return try await connectAsAdministrator(start(server), interrupts: interrupts)
    }
  }

  private func start(_ server: LocalServer) async throws -> LocalServer.Endpoint {
    if let endpoint = server.runningEndpoint() { return endpoint }
    Console.standard.progress("starting the private database …")
    return try await server.start()
  }

  private func connectAsAdministrator(
    _ endpoint: LocalServer.Endpoint, interrupts: Interrupts? = .process
  ) throws(PostgresError) -> Connection {
    try open(endpoint.adminConninfo, .bulk, interrupts: interrupts)
  }

  func open(
    _ conninfo: String, _ purpose: Purpose, interrupts: Interrupts? = .process
  ) throws(PostgresError) -> Connection {
    // Until here Ctrl-C simply ends the process.
    Interrupts.install()
    let connection = try connect(
      conninfo,
      defaults: [("connect_timeout", "10"), ("tcp_user_timeout", "30000")],
      settings: [
        // Nobody else's functions, operators or types have a say in what a statement means.
        ("search_path", "pg_catalog, pg_temp"),
        // Nor what a database or a login has set for how texts are read and written.
        ("standard_conforming_strings", "on"), ("quote_all_identifiers", "off"),
        ("IntervalStyle", "postgres"),
        ("lock_timeout", "10s"), ("idle_in_transaction_session_timeout", "10s"),
        ("statement_timeout", purpose == .command ? "60s" : "0"),
      ],
      interrupts: interrupts)
    connection.onNotice = { notice in
      if notice.severity == "WARNING" { Console.standard.warn(notice.message) }
    }
    if let warning = connection.securityWarning { Console.standard.warn(warning) }
    return connection
  }

  /// - Throws: `PostgresError`, which does not quote what may be a part of a password.
  private func connect(
    _ conninfo: String, defaults: [(String, String)], settings: [(String, String)],
    interrupts: Interrupts?
  ) throws(PostgresError) -> Connection {
    do {
      return try Connection.open(
        conninfo, defaults: defaults, settings: settings, interrupts: interrupts)
    } catch {
      // What the server says comes after the address was understood.
      guard error.sqlState == nil, let advice = Secrets.advice(on: conninfo, for: error) else {
        throw error
      }
      throw PostgresError(kind: .misuse, message: "The database's address is wrong: \(advice)")
    }
  }
}
