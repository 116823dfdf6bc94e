import CEMDomain

extension Scenario {
  mutating func assess(_ unit: Int) -> MadeCommand {
    let level = random.number(0...2)
    units[unit].level = level
    return make(
      "maturity.assess",
      [
        "department": .string(units[unit].code), "level": .int(Int64(level)),
        "rationale": .string(random.pick(Words.notes)),
        "method": random.pick(["self", "office", "independent"]),
      ])
  }

  /// The actions of a level by id.
  private func actions(ofLevel level: Int) -> [String] {
    Catalog.level(level)?.actions.map(\.id.description) ?? []
  }

  private func counts(_ action: String, in unit: Int) -> Bool {
    if units[unit].waived[action] != nil { return true }
    guard let expires = units[unit].done[action] else { return false }
    return expires.map { today <= $0 } ?? true
  }

  mutating func completeAction(in unit: Int) -> MadeCommand? {
    guard let level = units[unit].level else { return nil }
    let actions = actions(ofLevel: level)
    // At the highest level what keeps it is done over and over.
    let open = actions.filter { !counts($0, in: unit) }
    let action = random.pick(open.isEmpty ? actions : open)
    var fields: JSONObject = [
      "department": .string(units[unit].code), "action": .string(action),
      "evidence": .string("\(random.pick(Words.proofs)), \(today)"),
    ]
    var expires: Day?
    if random.happens(300) {
      expires = today.adding(days: random.number(180...720))
      fields["expires"] = .string(expires!.description)
    }
    units[unit].done[action] = .some(expires)
    _ = number(.evidence)
    return make("maturity.action.complete", fields)
  }

  /// An advance where all is done for it, now and then a regress, and else an assessment that
  /// confirms or lowers.
  mutating func moveLevel(in unit: Int) -> MadeCommand? {
    guard let level = units[unit].level else { return assess(unit) }
    var fields: JSONObject = ["department": .string(units[unit].code)]
    if level < Catalog.highestLevel,
      actions(ofLevel: level).allSatisfy({ counts($0, in: unit) })
    {
      units[unit].level = level + 1
      fields["rationale"] = .string(random.pick(Words.notes))
      return make("maturity.advance", fields)
    }
    if level > 1, random.happens(60) {
      units[unit].level = level - 1
      fields["to"] = .int(Int64(level - 1))
      return make("maturity.regress", fields, reason: true)
    }
    fields["level"] = .int(Int64(level))
    fields["rationale"] = .string(random.pick(Words.notes))
    fields["method"] = random.pick(["self", "office", "independent"])
    return make("maturity.assess", fields)
  }

  mutating func waiveAction(in unit: Int) -> MadeCommand? {
    guard let level = units[unit].level, level < Catalog.highestLevel,
      let action = actions(ofLevel: level).first(where: { !counts($0, in: unit) })
    else { return nil }
    units[unit].waived[action] = number(.waiver)
    return make(
      "maturity.action.waive",
      [
        "department": .string(units[unit].code), "action": .string(action), "approver": owner(),
      ], reason: true)
  }

  mutating func revokeWaiver(in unit: Int) -> MadeCommand? {
    guard let action = units[unit].waived.keys.sorted().first,
      let waiver = units[unit].waived.removeValue(forKey: action)
    else { return nil }
    return make("waiver.revoke", ["waiver": .string("WVR-\(waiver)")], reason: true)
  }
}
