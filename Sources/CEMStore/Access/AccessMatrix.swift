/// Who may do what with each object of the schema: what `schema/README.md` shows, what the migrations
/// grant, and what `cem doctor` compares a database with.
///
/// An object that is not here does not exist; a right that is not here nobody has but the owner.
package enum AccessMatrix {
  package enum Kind: String, Sendable {
    case schema
    case table
    case function
    /// A view of the dashboards' schema.
    case view

    /// The schema that objects of the kind are in; a schema is in none.
    package var schema: String { self == .view ? AccessMatrix.dashboards : "cem" }
  }

  /// The schema that dashboards read.
  package static let dashboards = "cem_bi"

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
    "program", "head", "event", "tree_node", "event_type", "projection", "projection_list",
    "migration", "gap_event",
  ]

  /// What the dashboards' views join to projections.
  private static let reference = ["calendar", "term"]

  /// The dashboards' views; whoever may read one may read all.
  private static let views = [
    "dim_program", "dim_department", "dim_person", "dim_date", "dim_term", "dim_segment",
    "dim_platform", "dim_closed_period", "fact_initiative", "fact_gap", "bridge_initiative_gap",
    "fact_gap_event",
    "fact_maturity_change", "fact_action", "fact_waiver", "fact_evidence", "fact_touchpoint",
    "fact_standard", "fact_measurement", "fact_survey", "fact_delivery_gap", "fact_channel",
    "fact_insight", "department_current", "gap_current", "department_flow", "department_daily",
    "program_current", "freshness", "fact_request", "fact_approval", "fact_rate",
    "bridge_initiative_brand_element",
    "journey",
  ]

  /// What rebuilding a projection notes.
  private static let rebuilding = ["projection_rebuild", "rebuild_progress"]

  /// What filling a projection's new version notes.
  private static let building = ["projection_build", "projection_build_position"]

  /// What a writer calls.
  private static let called = [
    "append", "append_one", "lock_program", "register_program", "actor_token", "mend_gap_events",
  ]

  /// What compares the database with itself.
  private static let comparing = [
    "fact", "fact_number", "gap_events_in_log", "gap_events_expected", "gap_events_amiss",
  ]

  /// What only the database itself calls.
  private static let internalFunctions = [
    "refuse_change", "refuse_event_change", "erase_named", "queue", "leaf_hash", "private_hash",
    "list_projections", "follow_gap", "require_program_event",
  ]

  /// What is granted on a projection's table, of whatever version; readers see it through views.
  static let projectionGrants: [Role: Set<String>] = [
    .office: ["SELECT", "INSERT", "UPDATE", "DELETE"], .auditor: ["SELECT"],
  ]

  /// Everything that there is: the schemas, then the views, tables and functions in them.
  package static let objects: [Object] =
    [
      Object(
        kind: .schema, name: "cem",
        grants: [.office: ["USAGE"], .approver: ["USAGE"], .auditor: ["USAGE"]]),
      Object(
        kind: .schema, name: dashboards,
        grants: Dictionary(uniqueKeysWithValues: Role.granted.map { ($0, ["USAGE"]) })),
    ]
    + views.map {
      Object(
        kind: .view, name: $0,
        grants: [.office: ["SELECT"], .auditor: ["SELECT"], .reader: ["SELECT"]])
    }
    + (log + reference).map {
      Object(kind: .table, name: $0, grants: [.office: ["SELECT"], .auditor: ["SELECT"]])
    }
    + Projections.all.map { projection in
      Object(
        kind: .table, name: projection.table.physicalName, grants: projectionGrants)
    }
    + rebuilding.map { Object(kind: .table, name: $0, grants: projectionGrants) }
    + building.map {
      Object(kind: .table, name: $0, grants: [.office: ["SELECT"], .auditor: ["SELECT"]])
    }
    + called.map { Object(kind: .function, name: $0, grants: [.office: ["EXECUTE"]]) }
    + comparing.map {
      Object(kind: .function, name: $0, grants: [.office: ["EXECUTE"], .auditor: ["EXECUTE"]])
    }
    + internalFunctions.map { Object(kind: .function, name: $0, grants: [:]) }

  /// The triggers that refuse changes, erase what is named and hold programs to their logs; all of them always on.
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
      "program", "program_follows_log",
      "AFTER INSERT OR UPDATE DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cem.require_program_event()"
    ),
    (
      "projection", "projection_is_listed",
      "AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE FOR EACH STATEMENT EXECUTE FUNCTION cem.list_projections()"
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

  /// The object of a kind and name; `nil` where the schema has none.
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
