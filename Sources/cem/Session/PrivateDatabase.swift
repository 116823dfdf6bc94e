import CEMStore
import Postgres

/// What the private database needs beside the schema.
enum PrivateDatabase {
  /// The session lock of whoever gives the plain role the owner's right for a while.
  static let ownershipKey: Int64 = 0x63_65_6D_6F_77_6E_65_72

  /// Makes the plain role that works in the private database, with all rights that a person can have:
  /// there is only one.
  static func makeWorkRole(_ administrator: Connection) throws {
    try Migrator(administrator).whileLocked { try makeRole(administrator) }
  }

  private static func makeRole(_ administrator: Connection) throws {
    let role = LocalServer.workRole()
    let exists = try administrator.query(
      "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = \(role))"
    ).one(Bool.self)
    if !exists { try administrator.execute("CREATE ROLE \(identifier: role) LOGIN") }
    let hasSchema = try administrator.query(
      "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = 'cem_approver')"
    ).one(Bool.self)
    if hasSchema {
      try administrator.execute(
        "GRANT cem_office, cem_approver, cem_auditor TO \(identifier: role)")
      try endForsakenOwnership(administrator)
    }
  }

  /// Takes the owner's right from the plain role where a task that was killed has left it: whoever has it rightly
  /// holds the lock.
  static func endForsakenOwnership(_ administrator: Connection) throws(PostgresError) {
    let isForsaken = try administrator.query("SELECT pg_try_advisory_lock(\(ownershipKey))")
      .one(Bool.self)
    guard isForsaken else { return }
    try takeOwnership(administrator, from: LocalServer.workRole())
    try administrator.execute("SELECT pg_advisory_unlock(\(ownershipKey))")
  }

  /// Takes the owner's right from the plain role.
  static func takeOwnership(
    _ administrator: Connection, from role: String
  ) throws(PostgresError) {
    let isMember = try administrator.query(
      """
      SELECT EXISTS (SELECT FROM pg_auth_members WHERE roleid = 'cem_owner'::regrole \
      AND member = (SELECT oid FROM pg_roles WHERE rolname = \(role)))
      """
    ).one(Bool.self)
    if isMember { try administrator.execute("REVOKE cem_owner FROM \(identifier: role)") }
  }
}
