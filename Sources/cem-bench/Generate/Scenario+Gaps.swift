import CEMDomain

extension Scenario {
  private static let links = [
    "promise-expectation", "expectation-standard", "standard-training", "training-execution",
    "execution-reward",
  ]

  mutating func recordGap(in unit: Int) -> MadeCommand {
    let isMeasured = random.happens(750)
    let countsMinutes = random.happens(400)
    var gap = KnownGap(
      number: number(.gap), isDiagnosed: random.happens(850), lowerIsBetter: countsMinutes)
    let title =
      "\(random.pick(Words.subjects)) \(random.pick(Words.troubles)) \(random.pick(Words.occasions))"
    var fields: JSONObject = [
      "department": .string(units[unit].code), "title": .string(title),
      "link": .string(gap.isDiagnosed ? random.pick(Self.links) : "undiagnosed"),
      "severity": .int(Int64(random.number(1...5))), "source": .string(random.pick(Words.sources)),
    ]
    if isMeasured {
      let expected = countsMinutes ? random.number(2...40) * 50 : random.number(75...98)
      gap.expected = expected
      gap.perceived =
        countsMinutes ? expected + random.number(1...60) * 25 : expected - random.number(3...40)
      fields["expected"] = hundredths(expected)
      fields["perceived"] = hundredths(gap.perceived)
      fields["unit"] = .string(countsMinutes ? "minutes" : "share of contacts")
      if countsMinutes { fields["lowerIsBetter"] = true }
    }
    if random.happens(700) { fields["owner"] = owner() }
    if random.happens(500) { fields["due"] = later(random.number(30...270)) }
    if random.happens(400) { fields["dimension"] = random.pick(["functional", "emotional"]) }
    if random.happens(400) {
      fields["phase"] = random.pick(["expectation", "interaction", "reflection"])
    }
    if random.happens(300) {
      fields["attribute"] = random.pick(["integrity", "reliability", "efficiency", "convenience"])
    }
    if random.happens(150), let evidence = units[unit].evidence.last {
      fields["evidence"] = .string("EV-\(evidence)")
    }
    if random.happens(10) { fields["external"] = .string("crm:\(gap.number)") }
    units[unit].gaps.append(gap)
    return make("gap.record", fields)
  }

  /// One of a department's gaps that fit; `nil` where it has none.
  private mutating func gap(in unit: Int, where fits: (KnownGap) -> Bool) -> Int? {
    let gaps = units[unit].gaps
    guard !gaps.isEmpty else { return nil }
    let start = random.below(gaps.count)
    for offset in 0..<min(gaps.count, 16) {
      let index = (start + offset) % gaps.count
      if fits(gaps[index]) { return index }
    }
    return nil
  }

  mutating func reassessGap(in unit: Int) -> MadeCommand? {
    guard let index = gap(in: unit, where: { $0.expected != nil && !$0.isMet }) else { return nil }
    var gap = units[unit].gaps[index]
    // Mostly it gets better, and often it gets there.
    let distance = (gap.expected ?? 0) - gap.perceived
    gap.perceived +=
      random.happens(350) ? distance : distance * random.number(-15...80) / 100
    units[unit].gaps[index] = gap
    return make(
      "gap.reassess", ["gap": gap.reference, "perceived": hundredths(gap.perceived)])
  }

  mutating func closeGap(in unit: Int) -> MadeCommand? {
    let mayBeUnmet = random.happens(150)
    guard let index = gap(in: unit, where: { $0.isMet || mayBeUnmet }) else { return nil }
    let gap = units[unit].gaps.remove(at: index)
    units[unit].closed.remember(gap, atMost: 8)
    var fields: JSONObject = [
      "gap": gap.reference, "resolution": .string(random.pick(Words.resolutions)),
    ]
    if !gap.isMet { fields["unmetReason"] = .string(random.pick(Words.reasons)) }
    return make("gap.close", fields)
  }

  mutating func acceptGap(in unit: Int) -> MadeCommand? {
    guard let index = gap(in: unit, where: { !$0.isAccepted }) else { return nil }
    units[unit].gaps[index].isAccepted = true
    return make(
      "gap.accept",
      [
        "gap": units[unit].gaps[index].reference, "approver": owner(),
        "until": later(random.number(90...365)),
      ], reason: true)
  }

  mutating func reopenGap(in unit: Int) -> MadeCommand? {
    var gap: KnownGap
    if random.happens(500), !units[unit].closed.isEmpty {
      gap = units[unit].closed.removeLast()
      units[unit].gaps.append(gap)
    } else if let index = self.gap(in: unit, where: \.isAccepted) {
      units[unit].gaps[index].isAccepted = false
      gap = units[unit].gaps[index]
    } else {
      return nil
    }
    if let index = units[unit].gaps.firstIndex(where: { $0.number == gap.number }) {
      units[unit].gaps[index].isAccepted = false
    }
    return make("gap.reopen", ["gap": gap.reference], reason: true)
  }

  mutating func diagnoseGap(in unit: Int) -> MadeCommand? {
    guard let index = gap(in: unit, where: { !$0.isDiagnosed }) else { return nil }
    units[unit].gaps[index].isDiagnosed = true
    return make(
      "gap.diagnose",
      [
        "gap": units[unit].gaps[index].reference, "link": .string(random.pick(Self.links)),
      ])
  }

  mutating func amendGap(in unit: Int) -> MadeCommand? {
    guard let index = gap(in: unit, where: { _ in true }) else { return nil }
    var fields: JSONObject = ["gap": units[unit].gaps[index].reference]
    switch random.below(3) {
    case 0: fields["severity"] = .int(Int64(random.number(1...5)))
    case 1: fields["due"] = later(random.number(30...270))
    default: fields["owner"] = owner()
    }
    return make("gap.amend", fields, reason: true)
  }

  mutating func voidGap(in unit: Int) -> MadeCommand? {
    guard units[unit].gaps.count > 1, let index = gap(in: unit, where: { _ in true }) else {
      return nil
    }
    let gap = units[unit].gaps.remove(at: index)
    var fields: JSONObject = ["gap": gap.reference]
    if random.happens(500) { fields["duplicateOf"] = random.pick(units[unit].gaps).reference }
    return make("gap.void", fields, reason: true)
  }
}
