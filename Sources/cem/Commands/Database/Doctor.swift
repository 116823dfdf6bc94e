import ArgumentParser
import CEMStore
import FoundationEssentials
import Postgres

/// `cem doctor`.
struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Check the database, the connection and this cem.",
    discussion: examples(
      "cem doctor", "cem doctor --json", about: "Exit code 1 where something fails."))

  @OptionGroup(title: "Options everywhere") var options: GlobalOptions

  func run() async throws {
    var findings: [Finding] = []
    do {
      let choice = try DatabaseChoice(options.database)
      findings.append(Finding("choice", .ok, "chosen by \(choice.source)"))
      let connection = try await choice.connect()
      findings.append(Finding("connection", .ok, choice.name(connection)))
      try Diagnosis(connection: connection).add(to: &findings)
    } catch {
      let report = ErrorReport(error)
      // libpq says more on lines of its own.
      let why = report.cause?.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      findings.append(
        Finding(
          "connection", .fail,
          Secrets.removed(from: report.message + (why.map { ": " + $0 } ?? "")),
          // This is what it would send to.
          hint: report.hint == "cem doctor" ? nil : report.hint))
    }
    let pending = Journal.count
    findings.append(
      pending == 0
        ? Finding("journal", .ok, "no command is under way")
        : Finding(
          "journal", .warn, "\(pending) commands are under way or were interrupted",
          hint: "the next command in that program says what became of them"))
    try options.show(Listing(findings, Finding.fields))
    let failures = findings.count { $0.grade == .fail }
    if failures > 0 {
      throw CommandError.answerIsNo(
        failures == 1 ? "1 check failed" : "\(failures) checks failed",
        hint: findings.first { $0.grade == .fail }?.hint)
    }
  }
}

/// What a check found.
struct Finding: Hashable {
  enum Grade: String {
    case ok
    case warn
    case fail
  }

  var check: String
  var grade: Grade
  var message: String
  var hint: String?

  init(_ check: String, _ grade: Grade, _ message: String, hint: String? = nil) {
    self.check = check
    self.grade = grade
    self.message = message
    self.hint = grade == .ok ? nil : hint
  }

  static let fields: [Field<Finding>] = [
    Field("check") { .text($0.check) },
    Field("state") { .text($0.grade.rawValue) },
    Field("message") { .text($0.message) },
    Field("hint") { Datum($0.hint) },
  ]
}

/// The checks of a database.
struct Diagnosis {
  let connection: Connection
  /// A program that is locked for more than so many seconds is kept from others.
  var lockPatience = 60
  /// This machine's clock, in seconds.
  var now: () -> Double = { Date().timeIntervalSince1970 }

  /// - Throws: `PostgresError` where the connection fails meanwhile.
  func add(to findings: inout [Finding]) throws {
    findings.append(version)
    findings.append(contentsOf: try settings())
    findings.append(try changes())
    findings.append(try clock())
    findings.append(contentsOf: try login())
    findings.append(transport)
    findings.append(contentsOf: try schema())
  }

  private var version: Finding {
    let number = connection.serverVersion
    let name = "PostgreSQL \(number / 10_000).\(number % 10_000)"
    return number >= 150_000
      ? Finding("server", .ok, name)
      : Finding("server", .fail, "\(name) is too old", hint: "use PostgreSQL 15 or later")
  }

  /// What decides whether a committed event outlives a crash.
  private func settings() throws(PostgresError) -> [Finding] {
    let (encoding, fsync, pages, commit, checksums) = try connection.query(
      """
      SELECT current_setting('server_encoding'), current_setting('fsync'), \
      current_setting('full_page_writes'), current_setting('synchronous_commit'), \
      current_setting('data_checksums')
      """
    ).one((String, String, String, String, String).self)
    return [
      encoding == "UTF8"
        ? Finding("encoding", .ok, "UTF-8")
        : Finding(
          "encoding", .fail, "the database's encoding is \(encoding)",
          hint: "CREATE DATABASE cem ENCODING 'UTF8' TEMPLATE template0"),
      grade(
        "durability",
        fails: [
          fsync == "on" ? nil : "fsync is off", pages == "on" ? nil : "full_page_writes is off",
          commit == "off" ? "synchronous_commit is off" : nil,
        ], ok: "a committed event outlives a crash",
        hint: "switch them on in postgresql.conf: events that were confirmed can be lost"),
      checksums == "on"
        ? Finding("checksums", .ok, "data checksums are on")
        : Finding(
          "checksums", .warn, "data checksums are off: a failing disk may go unnoticed",
          hint: "pg_checksums --enable, with the server stopped"),
    ]
  }

  private func changes() throws(PostgresError) -> Finding {
    guard let reason = try connection.readOnlyReason() else {
      return Finding("changes", .ok, "the database takes changes")
    }
    return Finding(
      "changes", .warn, "the database takes no changes: \(reason)",
      hint: "to record, add target_session_attrs=read-write to the connection string")
  }

  private func grade(_ check: String, fails: [String?], ok: String, hint: String) -> Finding {
    let problems = fails.compactMap { $0 }
    return problems.isEmpty
      ? Finding(check, .ok, ok)
      : Finding(check, .fail, problems.joined(separator: ", "), hint: hint)
  }

  private func clock() throws(PostgresError) -> Finding {
    let before = now()
    let server = try connection.query(
      "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint"
    ).one(Int64.self)
    let after = now()
    // Compared with the middle of the round trip.
    let difference = Double(server) / 1000 - (before + after) / 2
    let seconds = Int(difference.magnitude.rounded())
    return seconds < 5
      ? Finding("clock", .ok, "the server's clock and this machine's agree")
      : Finding(
        "clock", .warn, "the server's clock differs by \(seconds) s from this machine's",
        hint: "events carry the server's time: check its time synchronisation")
  }

  private func login() throws(PostgresError) -> [Finding] {
    let own = try Logins(connection).own()
    let login = own.login
    let roles = own.roles.filter { $0 != Role.owner.name }
    return [
      own.isSuperuser
        ? Finding(
          "login", .warn, "\(login) is a superuser, whom nothing in the database binds",
          hint: "work as a plain login: cem db roles add LOGIN --role office")
        : Finding("login", .ok, "\(login) is a plain login"),
      roles.isEmpty
        ? Finding(
          "rights", .fail, "\(login) has no role of cem's",
          hint: "cem db roles add \(login) --role office")
        : Finding("rights", .ok, roles.joined(separator: ", ")),
    ]
  }

  private var transport: Finding {
    if let warning = connection.securityWarning {
      return Finding(
        "transport", .warn, warning, hint: "add sslmode=verify-full to the connection string")
    }
    return Finding(
      "transport", .ok, connection.isTLS ? "TLS with a verified certificate" : "on this machine")
  }

  private func schema() throws -> [Finding] {
    var findings: [Finding] = []
    let changes: [Projections.Change]
    do {
      let state = try Migrator(connection).state()
      findings.append(
        state.pending.isEmpty
          ? Finding("schema", .ok, "\(state.applied) migrations")
          : Finding(
            "schema", .fail, "missing migrations: " + state.pending.joined(separator: ", "),
            hint: state.applied == 0 ? "cem init --program SLUG --name TEXT" : "cem db migrate"))
      guard state.applied > 0 else { return findings }
      // What is granted and how tables are made is that of one set of versions.
      changes = Projections.current.changes(from: try Projections.wanted(connection))
      findings += try access(isComparable: changes.isEmpty && state.pending.isEmpty)
    } catch let error as StoreError {
      let report = ErrorReport(error)
      return [Finding("schema", .fail, report.message, hint: report.hint)]
    }
    let unfinished = Set(try ProjectionRenewal(connection).pending().values.joined()).sorted()
    findings.append(
      grade(
        "projections",
        fails: changes.map(\.sentence)
          + unfinished.map { "\($0) has not been made again since a migration changed it" },
        ok: "the versions that this cem maintains",
        hint: changes.contains(where: \.isProgramOlder)
          ? "install the newer cem" : "cem db migrate"))
    let programs = try ProgramDirectory(connection).list().map(\.slug)
    let headless = try connection.query(
      """
      SELECT slug FROM cem.program p \
      WHERE NOT EXISTS (SELECT FROM cem.head h WHERE h.program_id = p.program_id) ORDER BY slug
      """
    ).decode(String.self)
    findings.append(
      programs.isEmpty
        ? Finding(
          "programs", .warn, "there is none yet", hint: "cem init --program SLUG --name TEXT")
        : grade(
          "programs", fails: headless.map { "the head of \($0) is gone, and nothing else" },
          ok: programs.joined(separator: ", "), hint: "restore a backup: cem.head was changed"))
    return findings
  }
}
