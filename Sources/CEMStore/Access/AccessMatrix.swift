/// Who may do what with each object of the schema: what `schema/README.md` shows, what the migrations
/// grant, and what `cem doctor` compares a database with.
///
/// An object that is not here does not exist; a right that is not here nobody has but the owner.
package enum AccessMatrix {
  /// The roles that get rights. An approver has all that the office has, by being a member of it.
  package enum Role: String, CaseIterable, Sendable {
    case office = "cem_office"
    case approver = "cem_approver"
    case auditor = "cem_auditor"
    case reader = "cem_reader"
  }

  /// The role that owns all objects.
  package static let owner = "cem_owner"

  package enum Kind: String, Sendable {
    case schema
    case table
    case function
  }

  /// An object with what is granted on it.
  package struct Object: Sendable {
    package let kind: Kind
    package let name: String
    /// By role; an approver's come from the office, but for schemas.
    package let grants: [Role: Set<String>]

    /// All that a role may do with it.
    package func rights(of role: Role) -> Set<String> {
      let own = grants[role] ?? []
      return role == .approver ? own.union(grants[.office] ?? []) : own
    }
  }

  /// The log and what goes with it: written by functions alone.
  private static let log = [
    "program", "head", "event", "tree_node", "event_type", "projection", "migration",
  ]

  /// Projections that only deciding commands needs.
  private static let inner = ["entity"]

  /// What rebuilding a projection notes.
  private static let rebuilding = ["projection_rebuild", "rebuild_progress"]

  /// What filling a projection's new version notes.
  private static let building = ["projection_build", "projection_build_position"]

  /// What a writer calls.
  private static let called = ["append", "lock_program", "register_program", "actor_token"]

  /// What only the database itself calls.
  private static let internalFunctions = [
    "refuse_change", "refuse_event_change", "erase_named", "queue",
  ]

  /// What is granted on a projection's table.
  static func grants(of table: TableSchema) -> [Role: Set<String>] {
    var grants: [Role: Set<String>] = [
      .office: ["SELECT", "INSERT", "UPDATE", "DELETE"], .auditor: ["SELECT"],
    ]
    if !inner.contains(table.name) { grants[.reader] = ["SELECT"] }
    return grants
  }

  package static let objects: [Object] =
    [
      Object(
        kind: .schema, name: "cem",
        grants: Dictionary(uniqueKeysWithValues: Role.allCases.map { ($0, ["USAGE"]) }))
    ]
    + log.map {
      Object(kind: .table, name: $0, grants: [.office: ["SELECT"], .auditor: ["SELECT"]])
    }
    + Projections.all.map { projection in
      Object(
        kind: .table, name: projection.table.physicalName, grants: grants(of: projection.table))
    }
    + rebuilding.map {
      Object(
        kind: .table, name: $0,
        grants: [.office: ["SELECT", "INSERT", "UPDATE", "DELETE"], .auditor: ["SELECT"]])
    }
    + building.map {
      Object(kind: .table, name: $0, grants: [.office: ["SELECT"], .auditor: ["SELECT"]])
    }
    + called.map { Object(kind: .function, name: $0, grants: [.office: ["EXECUTE"]]) }
    + internalFunctions.map { Object(kind: .function, name: $0, grants: [:]) }

  /// The triggers that refuse changes and erase what is named; all of them always on.
  package static let triggers: [(table: String, name: String, definition: String)] = [
    (
      "event", "event_erases",
      "AFTER INSERT FOR EACH ROW WHEN ((new.type = 'event.data_erased'::text)) EXECUTE FUNCTION cem.erase_named()"
    ),
    (
      "event", "event_is_append_only",
      "BEFORE DELETE OR UPDATE FOR EACH ROW EXECUTE FUNCTION cem.refuse_event_change()"
    ),
    (
      "event", "event_is_never_truncated",
      "BEFORE TRUNCATE FOR EACH STATEMENT EXECUTE FUNCTION cem.refuse_change()"
    ),
    (
      "tree_node", "tree_node_is_append_only",
      "BEFORE DELETE OR UPDATE FOR EACH ROW EXECUTE FUNCTION cem.refuse_change()"
    ),
    (
      "tree_node", "tree_node_is_never_truncated",
      "BEFORE TRUNCATE FOR EACH STATEMENT EXECUTE FUNCTION cem.refuse_change()"
    ),
  ]

  package static func object(_ kind: Kind, _ name: String) -> Object? {
    objects.first { $0.kind == kind && $0.name == name }
  }

  /// The matrix as rows of a table in Markdown: objects with the same rights in one row.
  package static var rows: [String] {
    var rows: [(rights: String, kind: Kind, names: [String])] = []
    for object in objects {
      let rights = [Role.office, .auditor, .reader].map { role in
        let rights = order.filter { object.rights(of: role).contains($0) }
        return rights.isEmpty ? "–" : rights.joined(separator: ", ")
      }.joined(separator: " | ")
      if let last = rows.last, last.rights == rights, last.kind == object.kind {
        rows[rows.count - 1].names.append(object.name)
      } else {
        rows.append((rights, object.kind, [object.name]))
      }
    }
    return rows.map { row in
      "| \(row.kind.rawValue) | " + row.names.map { "`\($0)`" }.joined(separator: ", ")
        + " | \(row.rights) |"
    }
  }

  private static let order = ["USAGE", "SELECT", "INSERT", "UPDATE", "DELETE", "EXECUTE"]
}
