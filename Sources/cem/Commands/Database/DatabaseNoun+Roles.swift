import ArgumentParser
import Postgres

extension DatabaseNoun {
  /// A part that a login can have.
  enum Role: String, ExpressibleByArgument, CaseIterable {
    case office
    case approver
    case auditor
    case reader

    var name: String { "cem_" + rawValue }
  }

  struct Roles: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "roles", abstract: "Show which logins may do what, or change it.",
      discussion: examples(
        "cem db roles", "cem db roles --grant approver --to ada",
        "cem db roles --revoke office --to bob",
        about:
          "The office records; an approver also advances, waives, accepts gaps and concludes pilots; an auditor reads everything; a reader sees the tables for dashboards."
      ))

    @Option(help: "Give a role: office, approver, auditor or reader.") var grant: Role?
    @Option(help: "Take a role away.") var revoke: Role?
    @Option(help: ArgumentHelp("The login concerned.", valueName: "login")) var to: String?
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func validate() throws {
      if grant != nil, revoke != nil { throw ValidationError("give either --grant or --revoke") }
      if (grant == nil && revoke == nil) != (to == nil) {
        throw ValidationError("--grant and --revoke need --to LOGIN")
      }
    }

    private struct Line {
      var login: String
      var roles: [String]
      var isSuperuser: Bool
    }

    func run() async throws {
      let choice = try DatabaseChoice(options.database)
      let connection =
        to == nil ? try await choice.connect() : try await choice.connectToMigrate()
      if let to, let role = grant {
        try connection.execute("GRANT \(identifier: role.name) TO \(identifier: to)")
      } else if let to, let role = revoke {
        try connection.execute("REVOKE \(identifier: role.name) FROM \(identifier: to)")
      }
      let rows = try connection.query(
        """
        SELECT login.rolname::text, string_agg(role.rolname::text, ',' ORDER BY role.rolname), login.rolsuper \
        FROM pg_roles login JOIN pg_roles role ON pg_has_role(login.oid, role.oid, 'MEMBER') \
        WHERE login.rolcanlogin AND role.rolname IN \
        ('cem_owner', 'cem_office', 'cem_approver', 'cem_auditor', 'cem_reader') \
        GROUP BY login.rolname, login.rolsuper ORDER BY 1
        """
      ).decode((String, String, Bool).self)
      let lines = rows.map { login, roles, isSuperuser in
        Line(
          login: login, roles: roles.split(separator: ",").map(String.init),
          isSuperuser: isSuperuser)
      }
      try options.show(
        Listing(
          lines,
          [
            Field("login") { .text($0.login) },
            Field("roles") { Datum($0.roles) },
            Field("superuser") { .bool($0.isSuperuser) },
          ], empty: "no login has a role"))
    }
  }
}
