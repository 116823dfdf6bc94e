import CEMDomain
import CEMStore
import Postgres
import SystemPackage
import TransparencyLog

extension ErrorReport {
  /// What a user is told about any error.
  init(_ error: any Error) {
    switch error {
    case let error as CommandError: self.init(error)
    case let error as Rejection: self.init(error)
    case let error as FieldError: self.init(Rejection.input(error))
    case let error as StoreError: self.init(error)
    case let error as PostgresError: self.init(error)
    case let error as LocalServerError: self.init(error)
    case let error as TransactionError<any Error>: self.init(error.underlying)
    case let error as SystemError:
      self.init(
        "output.failed", "the output cannot be written", cause: error.reason, exit: .inputOutput)
    case let error as Errno:
      self.init(
        "file.failed", "a file cannot be read or written", cause: error.description,
        exit: .inputOutput)
    case let error as NoteError:
      self.init("audit.\(error.code)", error.words, exit: .input)
    case let error as BundleError: self.init(error)
    case let error as SigningRefusal: self.init(error)
    case let error as LogProblem: self.init(error)
    case is CancellationError: self = .interrupted
    default:
      self.init(
        "bug", "something unexpected happened", cause: "\(error)",
        hint: "please report it with the command that you gave", exit: .bug)
    }
  }

  static let interrupted = ErrorReport("interrupted", "interrupted", exit: .interrupted)

  init(_ rejection: Rejection) {
    let exit: CommandStatus =
      switch rejection.kind {
      // To the command line it is one with an option that the parser misses.
      case .input where rejection.isOmission: .usage
      case .rule, .input: .input
      case .notFound: .notFound
      case .conflict: .conflict
      case .notAllowed: .notAllowed
      case .unloaded: .bug
      }
    self.init(
      rejection.code, rejection.message, hint: rejection.hint, details: rejection.details,
      exit: exit)
  }

  init(_ error: StoreError) {
    switch error {
    case .rejected(let rejection, _): self.init(rejection)
    case .database(let error): self.init(error)
    case .outcomeUnknown(let error):
      self.init(
        "outcome.unknown", "the connection broke while the command was being recorded",
        cause: error.message,
        hint: "the next cem command says whether it was recorded; sending it again with the same"
          + " --command-id is safe", exit: .unavailable)
    case .noProgram(let slug?):
      self.init(
        "program.not-found", "there is no program \(slug)", hint: "cem program list",
        exit: .notFound)
    case .noProgram(nil):
      self.init(
        "program.none", "there is no program yet",
        hint: "cem init --program SLUG --name TEXT", exit: .configuration)
    case .noHead:
      self.init(
        "program.no-head", "the program's head is gone, which says where its log ends",
        cause: "cem.head has no row of it", hint: "cem doctor; restore a backup",
        exit: .configuration)
    case .severalPrograms(let slugs):
      self.init(
        "program.ambiguous", "there are several programs", cause: slugs.joined(separator: ", "),
        hint: "add --program SLUG, or set CEM_PROGRAM",
        details: ["programs": .array(slugs.map(JSON.string))], exit: .configuration)
    case .notMigrated:
      self.init(
        "database.empty", "the database has not been set up for cem",
        hint: "cem init --program SLUG --name TEXT", exit: .configuration)
    case .newerDatabase(let version):
      self.init(
        "database.newer", "the database is newer than this cem",
        cause: "it has the migration \(version), this cem ends at \(Migration.latest)",
        hint: "install the newer cem", exit: .configuration)
    case .olderDatabase(let version):
      self.init(
        "database.older", "the database is older than this cem",
        cause: "it has \(version) of \(Migration.all.count) migrations",
        hint: "cem db migrate", exit: .configuration)
    case .missingRoles(let roles):
      self.init(
        "database.no-roles", "cem's roles are missing on this server",
        cause: roles.joined(separator: ", "), hint: "cem db roles repair", exit: .configuration)
    case .editedMigration(let number, let name):
      self.init(
        "database.edited", "the database was set up by another edition of migration \(number)",
        cause: "\(name) differs from this cem's", hint: "use the cem that set it up",
        exit: .configuration)
    case .otherProjections(let problem, let isProgramOlder):
      self.init(
        "database.projections",
        "the database's tables are of \(isProgramOlder ? "newer" : "older") versions than this cem's",
        cause: problem,
        hint: isProgramOlder
          ? "install the newer cem"
          : "cem db migrate   (others may work on meanwhile; then they need this cem, too)",
        exit: .configuration)
    case .switchBlocked(let others):
      self.init(
        "projection.switch-blocked",
        "the new versions are built, but others are in the way of the switch",
        cause: others.isEmpty
          ? "locks were held" : "open transactions: " + others.joined(separator: ", "),
        hint: "end those, and repeat: cem db migrate", exit: .conflict)
    case .unreadable(let position, let problem):
      self.init(
        "event.unreadable", "the event at position \(position) cannot be read", cause: problem,
        hint: "a newer cem may know it; else: cem audit verify", exit: .configuration)
    case .projectionsBehind:
      self.init(
        "projection.behind", "the log has an event that the tables know nothing of",
        cause: "it was appended without cem",
        hint: "cem projection rebuild   (then: cem audit verify)",
        exit: .configuration)
    case .closedSchema(let login, readsDashboards: true):
      self.init(
        "login.dashboards-only", "the login \(login) reads the dashboards' views and nothing else",
        hint: "in psql: SELECT * FROM cem_bi.department_current; or ask an administrator for:"
          + " cem db roles add \(login.shellQuoted) --role auditor", exit: .notAllowed)
    case .closedSchema(let login, readsDashboards: false):
      self.init(
        "login.no-role", "the login \(login) has no role of cem's in this database",
        hint: "ask an administrator for: cem db roles add \(login.shellQuoted) --role office",
        exit: .notAllowed)
    case .readOnlyLogin(let login):
      self.init(
        "login.read-only", "the login \(login) only reads",
        cause: "default_transaction_read_only is set for it",
        hint: "ask an administrator for: cem db roles repair", exit: .notAllowed)
    case .notUTF8(let encoding):
      self.init(
        "database.encoding", "the database's encoding is \(encoding), not UTF-8",
        hint: "CREATE DATABASE cem ENCODING 'UTF8' TEMPLATE template0", exit: .configuration)
    }
  }

  init(_ error: LocalServerError) {
    let exit: CommandStatus =
      switch error {
      case .homeUnknown, .notInstalled, .releaseMissing, .unsafeDirectory, .noAccountForRoot,
        .fileError:
        .configuration
      case .initializationFailed, .startFailed, .timedOut, .stopFailed: .unavailable
      }
    self.init(
      "local-database", error.description, cause: error.cause, hint: error.hint, exit: exit)
  }

  init(_ error: PostgresError) {
    if error.isInterrupted {
      self = .interrupted
      return
    }
    let words = error.message
    switch error.kind {
    case .connectionFailure, .adminShutdown, .cannotConnectNow, .tooManyConnections:
      self.init(
        "database.unreachable", "the database is out of reach", cause: words, hint: "cem doctor",
        exit: .unavailable)
    case .invalidCatalogName:
      self.init(
        "database.missing", "there is no such database", cause: words,
        hint: "cem init --program SLUG --name TEXT, which makes it", exit: .unavailable)
    case .invalidPassword:
      self.init(
        "login.refused", "the database refuses the login", cause: words,
        hint: "put the password into ~/.pgpass, or name another user in the connection string",
        exit: .notAllowed)
    case .insufficientPrivilege:
      // What an approver alone may append can be asked for by anybody who records.
      let canAsk = words.hasSuffix("needs the role cem_approver")
      self.init(
        "login.not-allowed", "the login may not do this", cause: words,
        hint: canAsk ? "ask for it: the same command with --request" : "cem whoami",
        exit: .notAllowed)
    case .readOnlyTransaction:
      self.init(
        "database.read-only", "the database takes no changes", cause: words,
        hint: "add target_session_attrs=read-write to the connection string", exit: .unavailable)
    case .lockNotAvailable, .serializationFailure, .deadlockDetected, .other("CEM01"):
      self.init(
        "database.busy", "somebody else is changing the program", cause: words,
        hint: "try again", exit: .conflict)
    case .queryCanceled, .idleTimeout:
      self.init(
        "database.timeout", "the database took too long", cause: words, hint: "try again",
        exit: .conflict)
    case .insufficientResources:
      self.init(
        "database.exhausted", "the database lacks disk, memory or connections", cause: words,
        exit: .unavailable)
    case .undefinedObject where words.contains(/role "cem_\w+" does not exist/):
      self.init(
        "database.no-roles", "cem's roles are missing on this server", cause: words,
        hint: "cem db roles repair", exit: .configuration)
    // While connecting, the session has sent nothing but settings.
    case .dataException where error.refusesConnection,
      .undefinedObject where error.refusesConnection,
      .syntaxError where error.refusesConnection,
      .other("55P02") where error.refusesConnection:
      self.init(
        "database.settings", "the server refuses the session for one of its settings", cause: words,
        hint: "correct PGOPTIONS, or options in the connection string", exit: .configuration)
    case .other("55000") where error.refusesConnection:
      self.init(
        "database.closed", "the database takes no connections", cause: words,
        hint: "an administrator may: ALTER DATABASE … ALLOW_CONNECTIONS true", exit: .unavailable)
    case .undefinedTable, .invalidSchemaName: self.init(StoreError.notMigrated)
    case .undefinedFunction where error.message.contains("cem."):
      self.init(StoreError.notMigrated)
    case .other("CEM09"):
      self.init(
        "log.append-only", words, hint: "correct it with: cem NOUN amend, cem NOUN void, cem undo",
        exit: .notAllowed)
    case .misuse:
      self.init(
        "database.address", words,
        hint: "a connection string is like host=db.example.com dbname=cem, or postgresql://…",
        exit: .configuration)
    default:
      self.init(
        "database.error", "the database reports an error", cause: error.description,
        hint: "cem doctor", exit: .bug)
    }
  }

}

extension PostgresError {
  /// Whether the server refused to begin a session.
  fileprivate var refusesConnection: Bool { isConnectionLost && sql == nil && sqlState != nil }
}
