import CEMDomain

extension Scenario {
  mutating func openInitiative(in unit: Int, step: Int) -> MadeCommand {
    var work = KnownWork(number: number(.initiative))
    let title = "\(random.pick(Words.works)), \(random.pick(Words.occasions))"
    var fields: JSONObject = [
      "department": .string(units[unit].code), "title": .string(title), "step": .int(Int64(step)),
      "owner": owner(), "sponsor": owner(), "due": later(random.number(60...500)),
    ]
    if step > 2 {
      if random.happens(900) {
        fields["platform"] = .string("PLT-\(random.number(1...(counts[.platform] ?? 1)))")
      } else {
        fields["waivePlatform"] = .string(random.pick(Words.reasons))
        fields["approver"] = owner()
        _ = number(.waiver)
      }
    }
    if step == 3 {
      fields["brandElements"] = [random.pick(["name", "logo", "slogan", "look-and-feel"])]
    }
    if random.happens(600) {
      work.target = random.number(70...98)
      fields["metric"] = "share of contacts settled at once"
      fields["metricUnit"] = "share of contacts"
      fields["baseline"] = hundredths((work.target ?? 0) - random.number(5...40))
      fields["target"] = hundredths(work.target ?? 0)
    }
    if random.happens(500) { fields["budget"] = .string("\(random.number(5...400) * 1000)") }
    let partner = self.unit()
    if random.happens(150), partner != unit { fields["with"] = [.string(units[partner].code)] }
    let gaps = units[unit].gaps
    if random.happens(600), !gaps.isEmpty {
      let first = random.below(gaps.count)
      fields["gaps"] = .array(gaps[first...].prefix(random.number(1...2)).map(\.reference))
    }
    if random.happens(60) {
      fields["womRule"] = random.pick(["listen", "grassroots", "promoters"])
      fields["attestEthics"] = true
    }
    units[unit].work.append(work)
    return make("initiative.open", fields)
  }

  /// One of a department's initiatives that go on; `nil` where it has none.
  private mutating func work(in unit: Int) -> Int? {
    let count = units[unit].work.count
    return count == 0 ? nil : random.below(count)
  }

  /// Brings an initiative a step further in its life.
  mutating func moveInitiative(in unit: Int) -> MadeCommand? {
    guard let index = work(in: unit) else { return nil }
    let work = units[unit].work[index]
    if work.isOnHold {
      units[unit].work[index].isOnHold = false
      return make("initiative.resume", ["initiative": work.reference])
    }
    if random.happens(60) {
      units[unit].work[index].isOnHold = true
      return make("initiative.hold", ["initiative": work.reference], reason: true)
    }
    if random.happens(work.verdict == "stop" ? 600 : 40) {
      end(index, in: unit)
      return make("initiative.cancel", ["initiative": work.reference], reason: true)
    }
    switch work.stage {
    case .opened:
      return random.happens(650) ? start(index, in: unit) : startPilot(index, in: unit)
    case .started:
      if random.happens(500) { return startPilot(index, in: unit) }
      if random.happens(150) {
        _ = number(.waiver)
        return scale(index, in: unit, waivePilot: .string(random.pick(Words.reasons)))
      }
      return complete(index, in: unit)
    case .piloting: return concludePilot(index, in: unit)
    case .concluded:
      return work.verdict == "scale"
        ? scale(index, in: unit, waivePilot: nil) : startPilot(index, in: unit)
    case .scaling: return complete(index, in: unit)
    case .completed, .cancelled: return nil
    }
  }

  private mutating func start(_ index: Int, in unit: Int) -> MadeCommand {
    units[unit].work[index].stage = .started
    return make("initiative.start", ["initiative": units[unit].work[index].reference])
  }

  private mutating func startPilot(_ index: Int, in unit: Int) -> MadeCommand {
    units[unit].work[index].stage = .piloting
    units[unit].work[index].verdict = nil
    return make(
      "initiative.pilot.start",
      [
        "initiative": units[unit].work[index].reference,
        "scope": .string("\(random.pick(Words.subjects)) \(random.pick(Words.occasions))"),
      ], reason: true)
  }

  private mutating func concludePilot(_ index: Int, in unit: Int) -> MadeCommand {
    let verdict = random.pick(["scale", "scale", "scale", "repeat", "stop"])
    units[unit].work[index].stage = .concluded
    units[unit].work[index].verdict = verdict
    var fields: JSONObject = [
      "initiative": units[unit].work[index].reference, "verdict": .string(verdict),
      "cost": .string("\(random.number(1...60) * 500)"),
      "benefit": .string("\(random.number(0...200) * 500)"),
      "benefitKind": random.pick(["measured", "estimated"]), "horizon": "12m",
    ]
    if random.happens(600) {
      fields["evidence"] = .string("\(random.pick(Words.proofs)), \(today)")
      _ = number(.evidence)
    }
    return make("initiative.pilot.conclude", fields)
  }

  private mutating func scale(_ index: Int, in unit: Int, waivePilot: JSON?) -> MadeCommand {
    units[unit].work[index].stage = .scaling
    var fields: JSONObject = ["initiative": units[unit].work[index].reference]
    if let waivePilot {
      fields["waivePilot"] = waivePilot
      fields["approver"] = owner()
    }
    return make("initiative.scale", fields)
  }

  private mutating func complete(_ index: Int, in unit: Int) -> MadeCommand {
    let work = units[unit].work[index]
    end(index, in: unit)
    var fields: JSONObject = [
      "initiative": work.reference, "note": .string(random.pick(Words.notes)),
    ]
    if let target = work.target {
      fields["measured"] = hundredths(target + random.number(-12...4))
    }
    return make("initiative.complete", fields)
  }

  private mutating func end(_ index: Int, in unit: Int) {
    units[unit].ended.remember(units[unit].work.remove(at: index), atMost: 4)
  }

  mutating func updateInitiative(in unit: Int) -> MadeCommand? {
    guard let index = work(in: unit), !units[unit].work[index].isOnHold else { return nil }
    return update("INI-\(units[unit].work[index].number)")
  }

  mutating func linkInitiative(in unit: Int) -> MadeCommand? {
    guard let index = work(in: unit), !units[unit].work[index].isOnHold else { return nil }
    let page = random.next() % 1_000_000
    return make(
      "initiative.link",
      [
        "initiative": units[unit].work[index].reference,
        "url": .string("https://intranet.example/cem/page/\(page)"),
      ])
  }

  mutating func amendInitiative(in unit: Int) -> MadeCommand? {
    guard let index = work(in: unit) else { return nil }
    var fields: JSONObject = ["initiative": units[unit].work[index].reference]
    if random.happens(500) {
      fields["due"] = later(random.number(60...400))
    } else {
      fields["sponsor"] = owner()
    }
    return make("initiative.amend", fields, reason: true)
  }

  mutating func reopenInitiative(in unit: Int) -> MadeCommand? {
    guard let work = units[unit].ended.popLast() else { return nil }
    units[unit].work.append(work)
    return make("initiative.reopen", ["initiative": work.reference], reason: true)
  }

  mutating func voidInitiative(in unit: Int) -> MadeCommand? {
    guard let index = work(in: unit), units[unit].work[index].stage == .opened else { return nil }
    let work = units[unit].work.remove(at: index)
    return make("initiative.void", ["initiative": work.reference], reason: true)
  }
}
