import ArgumentParser
import CEMStore
import Postgres

extension Role: ExpressibleByArgument {}

extension DatabaseNoun {
  struct Roles: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "roles", abstract: "Show which logins may do what, or change it.",
      discussion: examples(
        "cem db roles", "cem db roles add ada --role approver",
        "cem db roles revoke bob --role office", "cem db roles disable bob",
        "cem db roles repair",
        about:
          "The office records; an approver also advances, waives, accepts gaps and concludes pilots; an auditor reads everything; a reader sees the tables for dashboards; an owner may erase, and could switch off what protects the log, so it is nobody's daily login."
      ),
      subcommands: [List.self, Add.self, Revoke.self, Disable.self, Repair.self],
      defaultSubcommand: List.self)
  }
}

extension DatabaseNoun.Roles {
  private static let fields: [Field<Logins.Entry>] = [
    Field("login") { .text($0.login) },
    Field("roles") { Datum($0.roles) },
    Field("superuser") { .bool($0.isSuperuser) },
  ]

  /// A login's name as a word of psql's, which folds what is not quoted.
  private static func psqlWord(_ login: String) -> String {
    if login.wholeMatch(of: /[a-z_][a-z0-9_]*/) != nil { return login }
    return "\""
      + login.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }

  /// Prints the logins as they are now.
  private static func show(_ connection: Connection, _ options: GlobalOptions) throws {
    try options.show(
      Listing(try Logins(connection).list(), fields, empty: "no login has a role"))
  }

  /// Connects as an administrator, to change a login.
  /// - Throws: `CommandError` for a name that is no login's.
  private static func administrator(
    _ login: String, mustExist: Bool, _ options: GlobalOptions
  ) async throws -> Connection {
    guard !login.hasPrefix("cem_"), !login.hasPrefix("pg_"), !login.isEmpty else {
      throw CommandError(
        "login.reserved", "\(login) is not a name for a login",
        hint: "names that begin with cem_ or pg_ are taken", exit: .input)
    }
    let connection = try await DatabaseChoice(options.database).connectToMigrate()
    if mustExist, try !Logins(connection).exists(login) {
      throw CommandError(
        "login.not-found", "there is no login \(login)", hint: "cem db roles", exit: .notFound)
    }
    return connection
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List the logins that have a role.",
      discussion: examples("cem db roles", "cem db roles --json=login,roles"))

    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      let connection = try await DatabaseChoice(options.database).connect()
      try connection.requireRoles()
      try show(connection, options)
    }
  }

  struct Add: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "add", abstract: "Give a login a role; the login is made where it is missing.",
      discussion: examples(
        "cem db roles add ada --role approver", "cem db roles add dash --role reader",
        about: "A login that was disabled may log in again. Needs a login that may make roles."))

    @Argument(help: "The login.") var login: String
    @Option(help: "office, approver, auditor, reader or owner; may be repeated.")
    var role: [Role]
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      let connection = try await administrator(login, mustExist: false, options)
      let isNew = try Logins(connection).add(login, role)
      if isNew {
        Console.standard.note(
          "the login \(login.printable()) is new and has no password: set one in psql with \\password \(psqlWord(login).printable())"
        )
      }
      if role.contains(.owner) {
        Console.standard.warn(
          "\(login) can now switch off what protects the log: use it to erase, and for nothing else"
        )
      }
      try show(connection, options)
    }
  }

  struct Revoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "revoke", abstract: "Take a role from a login.",
      discussion: examples("cem db roles revoke bob --role office"))

    @Argument(help: "The login.") var login: String
    @Option(help: "office, approver, auditor, reader or owner; may be repeated.")
    var role: [Role]
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      let connection = try await administrator(login, mustExist: true, options)
      try Logins(connection).revoke(login, role)
      try show(connection, options)
    }
  }

  struct Disable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "disable",
      abstract: "Let a login in no more, take its roles and end its sessions.",
      discussion: examples(
        "cem db roles disable bob", about: "What it recorded stays under its name."))

    @Argument(help: "The login.") var login: String
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      let connection = try await administrator(login, mustExist: true, options)
      guard connection.user != login else {
        throw CommandError(
          "login.own", "a login cannot disable itself", hint: "use another administrator's",
          exit: .input)
      }
      let ended = try Logins(connection).disable(login)
      for name in try Logins(connection).preparedTransactions(of: login) {
        let literal =
          "'" + name.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
          + "'"
        Console.standard.warn(
          "\(login) has a prepared transaction, which keeps its locks: ROLLBACK PREPARED \(literal)"
        )
      }
      if ended > 0 { Console.standard.note("ended \(ended) sessions of \(login.printable())") }
      try show(connection, options)
    }
  }

  struct Repair: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "repair",
      abstract: "Make missing roles, and bring all rights to what they must be.",
      discussion: examples(
        "cem db roles repair",
        about:
          "What schema/README.md says is granted, and what goes beyond it is taken. Needs the database's administrator."
      ))

    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      let connection = try await DatabaseChoice(options.database).connectToMigrate()
      // The rights are those of the tables that this program knows, which an upgrade makes.
      try Migrator(connection).check()
      let done = try AccessRepair(connection).run()
      try options.show(
        Listing(done, [Field("done") { .text($0) }], empty: "all is as it must be"))
    }
  }
}
