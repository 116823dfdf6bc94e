import ArgumentParser
import CEMStore
import FoundationEssentials
import Postgres

/// `cem db`.
struct DatabaseNoun: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "db", abstract: "The database: cem's own server, the schema, and who may do what.",
    discussion: examples(
      "cem db status",
      "cem db roles add kim --role office"),
    subcommands: [
      Start.self, Stop.self, Status.self, Migrate.self, Roles.self, Uninstall.self,
    ])

  /// cem's own server, whatever database is chosen.
  fileprivate static func ownServer() throws -> LocalServer {
    try LocalServer(environment: ProcessInfo.processInfo.environment)
  }
}

/// One line about cem's own server.
private struct ServerLine {
  var state: String
  var status: LocalServer.Status?

  static let fields: [Field<ServerLine>] = [
    Field("state") { .text($0.state) },
    Field("dataDirectory") { Datum($0.status?.dataDirectory.map { "\($0)" }) },
    Field("release", numeric: true) { Datum($0.status?.majorVersion) },
    Field("socket") { Datum($0.status?.socket.map { "\($0)" }) },
    Field("processId", numeric: true) { Datum($0.status?.endpoint.map { Int($0.processID) }) },
    Field("log") { Datum($0.status?.log.map { "\($0)" }) },
    Field("bytesOnDisk", numeric: true) { Datum($0.status?.bytesOnDisk) },
    Field("runsBehind") { Datum($0.status?.runsBehind) },
  ]

  /// - Throws: `LocalServerError`, `CancellationError`.
  static func current(of server: LocalServer) async throws -> ServerLine {
    let status = try await server.status()
    let state =
      status.endpoint != nil
      ? "running"
      : status.isChanging ? "changing" : status.dataDirectory == nil ? "none" : "stopped"
    return ServerLine(state: state, status: status)
  }
}

extension DatabaseNoun {
  struct Start: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "start", abstract: "Start cem's private PostgreSQL.",
      discussion: examples("cem db start", about: "Commands start it by themselves."))

    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      let server = try ownServer()
      guard server.isInitialized else { throw StoreError.noProgram(nil) }
      _ = try await server.start()
      try options.show(try await ServerLine.current(of: server), ServerLine.fields)
    }
  }

  struct Stop: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "stop", abstract: "Stop cem's private PostgreSQL.",
      discussion: examples("cem db stop"))

    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      let server = try ownServer()
      _ = try await server.stop()
      try options.show(try await ServerLine.current(of: server), ServerLine.fields)
    }
  }

  struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "status", abstract: "Show cem's private PostgreSQL.",
      discussion: examples("cem db status", "cem db status --json=state"))

    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      try options.show(try await ServerLine.current(of: try ownServer()), ServerLine.fields)
    }
  }

  struct Uninstall: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "uninstall-local",
      abstract: "Remove cem's private PostgreSQL with all programs in it, for good.",
      discussion: examples("cem db uninstall-local --yes"))

    @Flag(help: "Really remove it.") var yes = false
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      let server = try ownServer()
      guard yes else {
        throw CommandError.usage(
          "this removes all programs of the private database for good",
          hint: "cem db uninstall-local --yes")
      }
      let removed = try await server.uninstall()
      Console.standard.note(removed ? "removed" : "there was none")
    }
  }

  struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "migrate",
      abstract: "Bring the database's schema and projections up to this cem's.",
      discussion: examples(
        "cem db migrate", "cem db migrate --dry-run",
        about:
          "Needs a login that may make roles and schemas, or has the owner's right where only projections are new; the private database has its own. Projections with new versions are filled beside those in use, of all programs, while others may work, and come into use all at once. From then on an older cem is refused. Killed, it goes on where it was when it is run again."
      ))

    @Flag(help: "List what is missing, and change nothing.") var dryRun = false
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      let choice = try DatabaseChoice(options.database)
      if case .own(let server) = choice.place, !server.isInitialized {
        throw StoreError.noProgram(nil)
      }
      let connection = try await choice.connectToMigrate()
      try connection.requireRoles()
      if let reason = try connection.readOnlyReason() {
        Console.standard.warn("the database takes no changes: \(reason)")
      }
      let names =
        dryRun
        ? try DatabaseSetup.missing(connection) : try DatabaseSetup(choice).migrate(connection)
      if !dryRun, case .own = choice.place { try PrivateDatabase.makeWorkRole(connection) }
      let state = dryRun ? "missing" : "applied"
      try options.show(
        Listing(
          names,
          [Field("migration") { .text($0) }, Field("state") { _ in .text(state) }],
          empty: "nothing to migrate"))
    }
  }
}
