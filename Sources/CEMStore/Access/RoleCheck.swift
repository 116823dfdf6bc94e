package import Postgres

/// Looks at what logins may do beside the matrix: by attributes, memberships and what PUBLIC has.
package struct RoleCheck {
  private let connection: Connection

  package init(_ connection: Connection) { self.connection = connection }

  private static let groups: SQL = "(\(Role.allCases.map(\.name))::text[])"

  /// The functions of PostgreSQL's that PUBLIC has and that no login of cem's needs.
  static let needlessFunctions: SQL = """
    pronamespace = 'pg_catalog'::regnamespace AND (proname ~ '^pg_(try_)?advisory_.*lock' \
    OR proname IN ('lo_creat', 'lo_create', 'lo_from_bytea', 'lo_put', 'lo_truncate', 'lo_truncate64', \
    'lo_unlink', 'lowrite'))
    """

  private func texts(_ statement: SQL) throws(PostgresError) -> [String] {
    try connection.query(statement).decode(String.self)
  }

  /// The roles that the schema needs and that are missing.
  package func missingRoles() throws(PostgresError) -> [String] {
    try texts(
      """
      SELECT name FROM unnest\(RoleCheck.groups) AS name
      WHERE to_regrole(name) IS NULL
      """)
  }

  /// What is wrong with cem's own roles: they log in, have attributes, or are members of each other
  /// beyond the approver's being of the office.
  package func oddRoles() throws(PostgresError) -> [String] {
    try texts(
      """
      SELECT rolname || ' can log in or has attributes of its own' FROM pg_roles
      WHERE rolname = ANY \(RoleCheck.groups)
        AND (rolcanlogin OR rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls)
      UNION ALL SELECT member::regrole || ' is a member of ' || roleid::regrole FROM pg_auth_members
      WHERE pg_get_userbyid(member) = ANY \(RoleCheck.groups)
        AND NOT (roleid = to_regrole('cem_office') AND member = to_regrole('cem_approver'))
      ORDER BY 1
      """)
  }

  /// The logins that may act as the owner of the schema, superusers apart.
  package func owners() throws(PostgresError) -> [String] {
    try texts(
      """
      SELECT rolname::text FROM pg_roles WHERE rolcanlogin AND NOT rolsuper
      AND to_regrole('cem_owner') IS NOT NULL AND pg_has_role(oid, to_regrole('cem_owner'), 'MEMBER') ORDER BY 1
      """)
  }

  /// Functions beside cem's schemas that run as a superuser for whoever may call them; an extension's apart.
  package func superuserFunctions() throws(PostgresError) -> [String] {
    try texts(
      """
      SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_roles o ON o.oid = p.proowner
      WHERE p.prosecdef AND o.rolsuper AND p.pronamespace <> 'pg_catalog'::regnamespace
        AND coalesce(p.pronamespace NOT IN (to_regnamespace('cem'), to_regnamespace('cem_bi')), true)
        AND NOT EXISTS (SELECT FROM pg_depend e
          WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid AND e.deptype = 'e')
        AND EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) WHERE grantee <> p.proowner)
      ORDER BY 1
      """)
  }

  /// The logins with one of cem's roles that have more than a login needs, and what it is.
  package func powerfulLogins() throws(PostgresError) -> [String] {
    try texts(
      """
      WITH logins AS (
        SELECT l.* FROM pg_roles l WHERE rolcanlogin AND NOT rolsuper AND EXISTS (
          SELECT FROM pg_roles g WHERE g.rolname = ANY \(RoleCheck.groups) AND pg_has_role(l.oid, g.oid, 'MEMBER'))
      )
      SELECT rolname || ' may make roles, and so give itself any right' FROM logins WHERE rolcreaterole
      UNION ALL SELECT rolname || ' may copy the whole server' FROM logins WHERE rolreplication
      UNION ALL SELECT l.rolname || ' is a member of ' || g.rolname FROM logins l JOIN pg_roles g
        ON g.rolname IN ('pg_read_all_data', 'pg_write_all_data', 'pg_read_server_files',
          'pg_write_server_files', 'pg_execute_server_program')
        AND pg_has_role(l.oid, g.oid, 'MEMBER')
      ORDER BY 1
      """)
  }

  /// Who may set a parameter that only superusers may set by default, such as `session_replication_role`.
  package func parameterGrants() throws(PostgresError) -> [String] {
    try texts(
      """
      SELECT CASE grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(grantee)::text END
        || ' may ' || lower(privilege_type) || ' ' || parname
      FROM pg_parameter_acl, aclexplode(paracl)
      WHERE NOT coalesce((SELECT rolsuper FROM pg_roles r WHERE r.oid = grantee), false) ORDER BY 1
      """)
  }

  /// What every login may do in this database that readers have no use for.
  package func publicRights() throws(PostgresError) -> [String] {
    try texts(
      """
      SELECT what FROM (
        SELECT 1, 'make temporary tables' WHERE EXISTS (
          SELECT FROM pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba)))
          WHERE datname = current_database() AND grantee = 0 AND privilege_type = 'TEMPORARY')
        UNION ALL SELECT 2, 'make schemas' WHERE EXISTS (
          SELECT FROM pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba)))
          WHERE datname = current_database() AND grantee = 0 AND privilege_type = 'CREATE')
        UNION ALL SELECT 3, 'make objects in schema public' WHERE EXISTS (
          SELECT FROM pg_namespace, aclexplode(coalesce(nspacl, acldefault('n', nspowner)))
          WHERE nspname = 'public' AND grantee = 0 AND privilege_type = 'CREATE')
        UNION ALL SELECT DISTINCT 4, CASE WHEN proname ~ 'advisory' THEN 'take advisory locks'
            ELSE 'write large objects' END
          FROM pg_proc, aclexplode(coalesce(proacl, acldefault('f', proowner)))
          WHERE grantee = 0 AND \(RoleCheck.needlessFunctions)
      ) AS rights (number, what) ORDER BY number, what
      """)
  }

  /// The sessions and the prepared transactions that have held a program's lock, or one that keeps others off a table,
  /// for so many seconds, or have written to a table and do nothing since, where the login may see them.
  package func holders(forOver seconds: Int) throws(PostgresError) -> [String] {
    try texts(
      """
      WITH holder AS (
        SELECT usename || ' (process ' || pid || ')' AS name, pid, NULL AS virtual, xact_start AS since,
          CASE WHEN state ^@ 'idle in transaction' THEN state_change END AS idle_since
        FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
        UNION ALL SELECT owner || ' (prepared transaction ' || quote_literal(gid) || ')', NULL,
          virtualtransaction, prepared, prepared
        FROM pg_prepared_xacts p JOIN pg_locks own
          ON own.locktype = 'transactionid' AND own.transactionid = p.transaction AND own.pid IS NULL
        WHERE p.database = current_database()
      )
      SELECT DISTINCT name FROM holder h JOIN pg_locks l ON l.pid = h.pid
        OR l.pid IS NULL AND l.virtualtransaction = h.virtual
      WHERE l.granted AND h.since < clock_timestamp() - make_interval(secs => \(seconds))
        AND (l.locktype = 'advisory' OR l.relation = to_regclass('cem.head') AND l.mode = 'RowShareLock'
          OR (l.mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
              OR l.mode = 'RowExclusiveLock' AND h.idle_since < clock_timestamp() - make_interval(secs => \(seconds)))
            AND l.relation IN (SELECT oid FROM pg_class WHERE relnamespace = to_regnamespace('cem')))
      ORDER BY 1
      """)
  }

  /// The programs whose last event lies in the future of the server's clock, and by how many seconds.
  package func programsAhead() throws(PostgresError) -> [(slug: String, seconds: Int)] {
    try connection.query(
      """
      SELECT slug, ceil(extract(epoch FROM recorded_at - clock_timestamp()))::integer
      FROM cem.program JOIN cem.head USING (program_id)
      WHERE isfinite(recorded_at) AND recorded_at > clock_timestamp() ORDER BY slug
      """
    ).decode((String, Int).self).map { (slug: $0, seconds: $1) }
  }
}
