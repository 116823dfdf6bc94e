/// A field of a thing with what it was and what it is.
package struct FieldChange: Hashable, Sendable {
  /// As `fields` names it.
  package var field: String
  /// `nil` where it was not set, or the thing did not exist.
  package var old: JSON?
  /// `nil` where it is not set.
  package var new: JSON?
  /// Whether the old value was there and was erased.
  package var wasErased: Bool

  package init(_ field: String, from old: JSON?, to new: JSON?, wasErased: Bool = false) {
    self.field = field
    self.old = old
    self.new = new
    self.wasErased = wasErased
  }
}

extension EntityRecord {
  /// All that a person would call a field of the thing, in one flat object: what was recorded and where
  /// it stands. `state` and `stateSince` are the stage of its life; `actions.2.1` is what is recorded of
  /// an action, `measurements.2026-Q1.verdict` how a period was judged, `versions.2026-04-01` the target
  /// from a day on, `plan.goal` an item of a contact plan, `closes.2026-Q3` when a period was closed.
  package var fields: JSONObject {
    var fields = JSONObject()
    for member in (try? Split(entity.state).merged.object)??.members ?? [] {
      switch member.key {
      case "details", "standing": EntityRecord.add(member.value, under: "", to: &fields)
      case "life": EntityRecord.add(EntityRecord.life(member.value), under: "", to: &fields)
      case "actions": EntityRecord.add(actions: member.value, to: &fields)
      // What an undo would bring back, and how the levels came about.
      case "before", "previous", "previousLife", "levels", "moves": break
      case "closes": break
      default: EntityRecord.add(member.value, under: member.key, to: &fields)
      }
    }
    if case .program(let program) = entity {
      for close in program.closes ?? [] {
        fields["closes.\(close.period)"] = .string(close.on.description)
      }
    }
    if case .standard(let standard) = entity { standard.addHistory(to: &fields) }
    if case .touchpoint(let touchpoint) = entity { touchpoint.addPlan(to: &fields) }
    if let external { fields["external"] = .string(external.description) }
    if isVoided { fields["voided"] = true }
    if let duplicateOf { fields["duplicateOf"] = .string(duplicateOf.reference) }
    return fields
  }

  /// What changed between two moments of a thing, by field.
  package static func changes(from old: EntityRecord?, to new: EntityRecord?) -> [FieldChange] {
    let (before, after) = (old?.fields ?? JSONObject(), new?.fields ?? JSONObject())
    var changes: [FieldChange] = []
    var names = after.keys
    for name in before.keys where after[name] == nil { names.append(name) }
    for name in names.sorted(by: { $0.precedesByBytes($1) }) where before[name] != after[name] {
      changes.append(FieldChange(name, from: before[name], to: after[name]))
    }
    return changes
  }

  private static func life(_ life: JSON) -> JSON {
    guard var object = life.object else { return life }
    for (name, other) in [("stage", "state"), ("since", "stateSince")] {
      object[other] = object[name]
      object[name] = nil
    }
    object["turns"] = nil
    return .object(object)
  }

  private static func add(_ value: JSON, under path: String, to fields: inout JSONObject) {
    guard let object = value.object else {
      fields[path] = value == .null ? nil : value
      return
    }
    for member in object.members {
      add(member.value, under: path.isEmpty ? member.key : "\(path).\(member.key)", to: &fields)
    }
  }

  private static func add(actions: JSON, to fields: inout JSONObject) {
    guard case .array(let records) = actions else { return }
    for case .object(var record) in records {
      guard let action = record["action"]?.string else { continue }
      record["action"] = nil
      record["position"] = nil
      fields["actions.\(action)"] = .object(record)
    }
  }
}

extension Standard {
  /// Each version and each measurement under its day or period, in place of the lists as they are kept.
  fileprivate func addHistory(to fields: inout JSONObject) {
    fields["earlier"] = nil
    fields["measurements"] = nil
    // The latest version's own fields are there already.
    for version in life.earlier {
      fields["versions.\(version.from)"] =
        version.target.map { .string($0.description) } ?? "unknown"
    }
    for judgement in judgements {
      let measured = judgement.measurement
      let path = "measurements.\(measured.period)"
      fields["\(path).verdict"] = .string(judgement.verdict.rawValue)
      fields["\(path).value"] = measured.value.map { .string($0.description) }
      fields["\(path).volume"] = measured.volume.map { .string($0.description) }
      fields["\(path).gap"] = measured.gap.map { .string($0.description) }
      fields["\(path).note"] = measured.note?.value.map(JSON.string)
    }
  }
}

extension Touchpoint {
  /// Each item of the contact plan under its name, in place of the list as it is kept.
  fileprivate func addPlan(to fields: inout JSONObject) {
    fields["plan"] = nil
    for item in life.plan {
      fields["plan.\(item.item.rawValue)"] = item.text.value.map(JSON.string)
    }
  }
}
