package import Postgres

/// Brings a database's roles and grants to the matrix.
package struct AccessRepair {
  private let connection: Connection

  /// - Parameter connection: of an administrator: who may make roles and owns the schema.
  package init(_ connection: Connection) { self.connection = connection }

  /// Makes what is missing and takes what is too much, all or nothing.
  ///
  /// Of what PUBLIC has beside the schema only as much is taken as the login may take.
  /// - Returns: what was done, a sentence each.
  package func run() throws -> [String] {
    try PostgresError.retryingRacesForRoles {
      do throws(TransactionError<any Error>) {
        return try connection.transaction { _ throws(any Error) in try repair() }
      } catch {
        throw error.underlying
      }
    }
  }

  private func repair() throws -> [String] {
    let roles = try createMissingRoles()
    let owned = try giveBack()
    let rights = try AccessCheck(connection).deviations()
    for deviation in rights where deviation.isExcess { try revoke(deviation) }
    let defaults = try AccessCheck(connection).defaults()
    for granted in defaults { try revoke(granted) }
    // After all that was taken: a grantee that is in the matrix has its rights again.
    for deviation in try AccessCheck(connection).deviations() where !deviation.isExcess {
      try grant(deviation)
    }
    let misfits = try ReaderBounds(connection).misfits()
    for misfit in misfits { try ReaderBounds(connection).align(misfit.login) }
    return roles + owned + rights.map { ($0.isExcess ? "taken: " : "given: ") + $0.sentence }
      + defaults.map { "taken: " + $0.sentence }
      + misfits.map {
        $0.isReader
          ? "bound: \($0.login) only reads, and not for long"
          : "freed: \($0.login) is bound no more as one that reads dashboards alone"
      } + (try restrictPublic())
  }

  /// Makes the roles that a server lacks, as after a restore on another one.
  package func createMissingRoles() throws -> [String] {
    let missing = try RoleCheck(connection).missingRoles()
    for role in missing { try connection.execute("CREATE ROLE \(identifier: role) NOLOGIN") }
    let isMember = try connection.query(
      "SELECT pg_has_role('cem_approver', 'cem_office', 'MEMBER')"
    )
    .one(Bool.self)
    if !isMember { try connection.execute("GRANT cem_office TO cem_approver") }
    return missing.map { "made the role \($0)" }
  }

  /// Gives `cem_owner` what belongs to whoever restored a backup, as far as the login may: a function would run with
  /// that one's rights.
  func giveBack() throws -> [String] {
    var estranged = try AccessCheck(connection).found().filter(\.isEstranged)
    let owners = try connection.query(
      """
      SELECT owner FROM unnest(\(Set(estranged.map(\.owner)).sorted())::text[]) AS owner \
      WHERE pg_has_role(owner::name, 'USAGE') AND pg_has_role(\(Role.owner.name), 'MEMBER')
      """
    ).decode(String.self)
    estranged.removeAll { !owners.contains($0.owner) }
    // The schemas first: their owner alone may take what is in them.
    for object in estranged.filter({ $0.kind == "schema" })
      + estranged.filter({ $0.kind != "schema" })
    {
      try connection.execute(
        "ALTER \(unsafeSQL: object.address) OWNER TO \(identifier: Role.owner.name)")
    }
    return estranged.isEmpty
      ? []
      : ["given back to cem_owner: \(estranged.count) of its schemas, tables, views and functions"]
  }

  private func revoke(_ deviation: AccessCheck.Deviation) throws {
    for target in try targets(deviation) {
      try connection.execute("REVOKE ALL ON \(target) FROM \(grantee(deviation)) CASCADE")
    }
  }

  private func revoke(_ granted: AccessCheck.Default) throws {
    let place: SQL = granted.schema.map { "IN SCHEMA \(identifier: $0) " } ?? ""
    let grantee: SQL = granted.grantee == "PUBLIC" ? "PUBLIC" : "\(identifier: granted.grantee)"
    try connection.execute(
      """
      ALTER DEFAULT PRIVILEGES FOR ROLE \(identifier: Role.owner.name) \(place)\
      REVOKE ALL ON \(unsafeSQL: granted.kind) FROM \(grantee)
      """)
  }

  private func grant(_ deviation: AccessCheck.Deviation) throws {
    for target in try targets(deviation) {
      try connection.execute(
        "GRANT \(unsafeSQL: deviation.right) ON \(target) TO \(grantee(deviation))")
    }
  }

  private func grantee(_ deviation: AccessCheck.Deviation) -> SQL {
    deviation.grantee == "PUBLIC" ? "PUBLIC" : "\(identifier: deviation.grantee)"
  }

  /// The object as GRANT names it; a function by each of its signatures.
  private func targets(_ deviation: AccessCheck.Deviation) throws -> [SQL] {
    switch deviation.kind {
    case .schema: ["SCHEMA \(identifier: deviation.object)"]
    case .table, .view:
      ["\(identifier: deviation.kind.schema).\(identifier: deviation.object)"]
    case .function:
      try connection.query(
        """
        SELECT oid::regprocedure::text FROM pg_proc \
        WHERE pronamespace = 'cem'::regnamespace AND proname = \(deviation.object)
        """
      ).decode(String.self).map { "FUNCTION \(unsafeSQL: $0)" }
    }
  }

  private func restrictPublic() throws -> [String] {
    var done: [String] = []
    let before = try RoleCheck(connection).publicRights()
    let (database, isOwner, isSuperuser) = try connection.query(
      """
      SELECT datname::text, pg_has_role(datdba, 'USAGE'), (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) \
      FROM pg_database WHERE datname = current_database()
      """
    ).one((String, Bool, Bool).self)
    if isOwner {
      try connection.execute(
        "REVOKE CREATE, TEMPORARY ON DATABASE \(identifier: database) FROM PUBLIC")
      try connection.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    }
    if isSuperuser {
      let functions = try connection.query(
        "SELECT oid::regprocedure::text FROM pg_proc WHERE \(RoleCheck.needlessFunctions)"
      ).decode(String.self)
      for function in functions {
        try connection.execute("REVOKE EXECUTE ON FUNCTION \(unsafeSQL: function) FROM PUBLIC")
        if function.hasSuffix("advisory_xact_lock(bigint)")
          || function.hasSuffix("advisory_lock(bigint)")
          || function.hasSuffix("advisory_unlock(bigint)")
        {
          try connection.execute("GRANT EXECUTE ON FUNCTION \(unsafeSQL: function) TO cem_owner")
        }
      }
    }
    let after = try RoleCheck(connection).publicRights()
    done += before.filter { !after.contains($0) }.map {
      "taken: not every login may \($0) any more"
    }
    return done
  }
}
