package import FoundationEssentials
package import Postgres

/// Who still sees what was erased, and so keeps a vacuum from removing it.
package struct SnapshotHolders {
  private let connection: Connection

  package init(_ connection: Connection) { self.connection = connection }

  /// Those who have held a snapshot, or been at work, since before a program's last erasure.
  package func sinceErasure(of program: UUID) throws(PostgresError) -> [String] {
    try connection.query(
      """
      WITH erased AS (
        SELECT min(age(xmin)) AS age FROM cem.event WHERE program_id = \(program) AND type = 'event.data_erased'
      ), holder AS (
        SELECT coalesce(usename || ' ', '') || '(process ' || pid || ')' AS name,
          greatest(age(backend_xmin), age(backend_xid)) AS age
        FROM pg_stat_activity WHERE pid <> pg_backend_pid()
          AND (datname = current_database() OR datname IS NULL)
        UNION ALL SELECT owner || ' (ROLLBACK PREPARED ' || quote_literal(gid) || ')', age(transaction)
        FROM pg_prepared_xacts WHERE database = current_database()
        UNION ALL SELECT 'the replication slot ' || slot_name, age(xmin) FROM pg_replication_slots
      )
      SELECT name FROM holder, erased WHERE holder.age >= erased.age ORDER BY holder.age DESC, name LIMIT 5
      """
    ).decode(String.self)
  }
}
