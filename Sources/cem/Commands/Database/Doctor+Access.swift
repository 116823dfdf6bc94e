import CEMStore
import Postgres

extension Diagnosis {
  /// Who may do more than the matrix of `schema/README.md` says, in whatever way.
  /// - Parameter isComparable: whether the tables and views are those that this program knows.
  func access(isComparable: Bool) throws(PostgresError) -> [Finding] {
    let roles = RoleCheck(connection)
    return [
      grade(
        "roles", .fail,
        try roles.missingRoles().map { "the role \($0) is missing" } + roles.oddRoles(),
        ok: "cem's roles are groups without a login", hint: "cem db roles repair")
    ]
      + (try isComparable
        ? objects()
        : [
          Finding(
            "access", .warn, "rights and definitions are compared once the schema is this cem's",
            hint: "cem db migrate")
        ]) + (try logins(roles))
  }

  /// What there is in the schemas, who may use it, and whether it is as it was migrated.
  private func objects() throws(PostgresError) -> [Finding] {
    let access = AccessCheck(connection)
    let check = DefinitionCheck(connection)
    let problems = try check.problems()
    let shape = try check.shapeProblems()
    return [
      grade(
        "access", .fail, try access.sentences(),
        ok: "everybody has exactly the rights of the matrix", hint: "cem db roles repair"),
      grade(
        "objects", .fail, try access.strangers(), ok: "the schema holds what is cem's alone",
        hint: "drop what is not cem's; give the rest back: ALTER … OWNER TO cem_owner"),
      grade(
        "triggers", .fail, try access.triggers(),
        ok: "what refuses changes of the log is always on",
        hint: "as cem_owner: ALTER TABLE … ENABLE ALWAYS TRIGGER …; then: cem audit verify"),
      problems.isEmpty && shape == nil
        ? Finding(
          "definitions", .warn, "the tables cannot be compared while one of them is locked",
          hint: "ask again once it is free: cem doctor")
        : grade(
          "definitions", .fail, problems + (shape ?? []),
          ok: "functions, keys, tables and views are as they were migrated",
          hint: "make them again from schema/, find out who changed them, and: cem audit verify"),
    ]
  }

  /// Who may do what beside the matrix, and who keeps others waiting.
  private func logins(_ roles: RoleCheck) throws(PostgresError) -> [Finding] {
    [
      grade(
        "parameters", .fail, try roles.parameterGrants(),
        ok: "nobody but a superuser may change a protected setting",
        hint: "REVOKE SET ON PARAMETER … FROM …"),
      grade(
        "owners", .warn,
        try roles.owners().map {
          "\($0) may act as the owner, who can switch off what protects the log"
        },
        ok: "no login may act as the owner of the schema",
        hint: "cem db roles revoke LOGIN --role owner, once what it is for is done"),
      grade(
        "logins", .warn,
        try roles.powerfulLogins()
          + roles.superuserFunctions().map { "\($0) runs as a superuser for others" },
        ok: "no login of cem's has other powers",
        hint: "ALTER ROLE … NOCREATEROLE NOREPLICATION, REVOKE … FROM …"),
      grade(
        "readers", .warn,
        try ReaderBounds(connection).misfits().map {
          $0.isReader
            ? "\($0.login) may read for ever, and try to write"
            : "\($0.login) cannot write, as if it read dashboards alone"
        },
        ok: "logins of dashboards only read, and not for long", hint: "cem db roles repair"),
      grade(
        "public", .warn, try roles.publicRights().map { "every login may \($0)" },
        ok: "logins have nothing in the database but their roles",
        hint: "as the database's owner or a superuser: cem db roles repair"),
      grade(
        "locks", .warn,
        try roles.holders(forOver: lockPatience).map {
          "\($0) has kept a program or a table locked for over \(lockPatience) s"
        },
        ok: "nobody keeps a program locked",
        hint:
          "SELECT pg_terminate_backend(PROCESS), or: cem db roles disable LOGIN; of a prepared one: ROLLBACK PREPARED 'NAME'"
      ),
      grade(
        "time", .fail,
        try roles.programsAhead().map {
          "the last event of \($0.slug) is \($0.seconds) s ahead of the server's clock"
        }, ok: "no event is ahead of the server's clock",
        hint: "set the server's clock: until it has caught up, new events all carry that last time"),
    ]
  }

  /// One finding for all problems of a kind.
  private func grade(
    _ check: String, _ grade: Finding.Grade, _ problems: [String], ok: String, hint: String
  ) -> Finding {
    guard !problems.isEmpty else { return Finding(check, .ok, ok) }
    let shown = problems.prefix(10).joined(separator: "; ")
    let rest = problems.count > 10 ? "; and \(problems.count - 10) more" : ""
    return Finding(check, grade, shown + rest, hint: hint)
  }
}
