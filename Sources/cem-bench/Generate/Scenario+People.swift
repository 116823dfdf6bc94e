import CEMDomain

/// Evidence, platforms, people and departments.
extension Scenario {
  mutating func addEvidence(in unit: Int) -> MadeCommand {
    let number = number(.evidence)
    var fields: JSONObject = [
      "title": .string("\(random.pick(Words.proofs)), \(units[unit].code), \(today)"),
      "date": .string(today.description),
    ]
    if random.happens(500) {
      fields["url"] = .string("https://intranet.example/cem/evidence/\(number)")
    } else {
      fields["text"] = .string(random.pick(Words.notes) + " " + random.pick(Words.resolutions))
    }
    if random.happens(300) { fields["expires"] = later(random.number(180...720)) }
    units[unit].evidence.remember(number, atMost: 8)
    return make("evidence.add", fields)
  }

  mutating func renewEvidence(in unit: Int) -> MadeCommand? {
    guard !units[unit].evidence.isEmpty else { return nil }
    return make(
      "evidence.renew",
      [
        "evidence": .string("EV-\(random.pick(units[unit].evidence))"),
        "expires": later(random.number(180...720)),
      ])
  }

  /// A platform of a department, or of the whole program.
  mutating func statePlatform(in unit: Int?) -> MadeCommand {
    let number = number(.platform)
    var fields: JSONObject = [
      "title": .string("Platform \(number)"), "owner": owner(),
      "promise": "You tell us once, and we see it through.",
      "impressions": ["feel": "taken seriously", "act": "come back without being asked to"],
    ]
    if let unit { fields["department"] = .string(units[unit].code) }
    return make("platform.state", fields)
  }

  mutating func addPerson() -> MadeCommand {
    let number = number(.person)
    return make(
      "person.add",
      [
        "id": .string(person(number - 1)),
        "name": .string("\(random.pick(Words.roles)) \(number)"),
      ])
  }

  mutating func amendDepartment(_ unit: Int) -> MadeCommand {
    make(
      "department.amend",
      ["department": .string(units[unit].code), "lead": owner()], reason: true)
  }

  /// Somebody hands over what they own in a department. How many events that makes is not known
  /// beforehand, so it is left out near the end.
  mutating func handOver(in unit: Int) -> MadeCommand? {
    guard left > 5_000 else { return nil }
    let from = random.below(counts[.person] ?? 1)
    let to = (from + 1) % (counts[.person] ?? 1)
    return make(
      "person.handover",
      [
        "id": .string(person(from)), "to": .string(person(to)),
        "department": .string(units[unit].code),
      ], reason: true)
  }
}
