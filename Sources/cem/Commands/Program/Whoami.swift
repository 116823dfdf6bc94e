import ArgumentParser
import CEMDomain
import CEMStore
import Postgres

/// `cem whoami`.
struct WhoamiCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "whoami", abstract: "Show who you are to the database, and what you work on.",
    discussion: examples("cem whoami", "cem whoami --json=login,roles"))

  @OptionGroup(title: "Options everywhere") var options: GlobalOptions

  private struct Identity {
    var login: String
    var roles: [String]
    var isSuperuser: Bool
    var database: String
    var source: String
    var program: String?
    var person: EntityRecord?

    static let fields: [Field<Identity>] = [
      Field("login") { .text($0.login) },
      Field("roles") { Datum($0.roles) },
      Field("superuser") { .bool($0.isSuperuser) },
      Field("person") { Datum($0.person?.stream.code) },
      Field("personName") { Datum($0.person?.person?.details.name) },
      Field("program") { Datum($0.program) },
      Field("database") { .text($0.database) },
      Field("chosenBy") { .text($0.source) },
    ]
  }

  func run() async throws {
    let choice = try DatabaseChoice(options.database)
    let connection = try await choice.connect()
    let own = try Logins(connection).own()
    var identity = Identity(
      login: own.login, roles: own.roles, isSuperuser: own.isSuperuser,
      database: choice.name(connection), source: choice.source)
    // Who one is can be asked before there is a program.
    if let program = try? ProgramDirectory(connection).resolve(slug: options.slug(choice)) {
      identity.program = program.slug
      identity.person = try LiveReader(connection, programID: program.id).person(of: own.login)
    }
    try options.show(identity, Identity.fields)
  }
}

extension ProgramReader {
  /// The person whose login it is; `nil` where nobody has it.
  fileprivate func person(of login: String) throws -> EntityRecord? {
    try records(of: .person).first { !$0.isVoided && $0.person?.details.login?.value == login }
  }
}

extension Session {
  /// The person whose login works here; `nil` where nobody has it.
  func person() throws -> EntityRecord? {
    let login = try connection.query("SELECT session_user::text").one(String.self)
    return try readNow { try $0.reader.person(of: login) }
  }
}
