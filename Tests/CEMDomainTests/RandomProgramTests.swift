import CEMDomain
import RandomPrograms
import Testing

/// Random histories, valid and invalid commands alike. `Machine` checks every one of them: decisions
/// on demand, the way back from events to commands, folding without private values, storage.
@Suite("Random programs") struct RandomProgramTests {
  @Test("Every command is among the random ones") func allCommands() {
    let known = Set(RandomCommands.fields.map(\.command))
    #expect(Commands.all.map { $0.name }.filter { !known.contains($0) } == [])
  }

  /// What the state keeps of who owns what is what a look at every thing gives.
  private func expectOwners(of machine: Machine) {
    var owned: [PersonID: [StreamID]] = [:]
    for record in machine.state.entities.values where !record.isVoided {
      if let owner = record.entity.state.owner { owned[owner, default: []].append(record.stream) }
    }
    for person in machine.state.entities.keys where person.kind == .person {
      let id = PersonID(stream: person)
      #expect((try? machine.state.owned(by: id).map(\.stream)) == (owned[id] ?? []).sorted())
    }
  }

  /// What events say that they change is what they change.
  private func expectChangedFields(of machine: Machine) {
    var state = ProgramState.complete
    for event in machine.log {
      let before = state.entities[event.stream]
      state.evolve(with: event)
      switch event.event {
      case .correction(_, .amended), .correction(_, .reverted), .correction(_, .approvedReverted):
        continue
      default: break
      }
      guard let before, let after = state.entities[event.stream] else { continue }
      func fields(_ record: EntityRecord) -> JSONObject {
        (try? Split.merged(record.entity.state.details).object) ?? JSONObject()
      }
      let (old, new) = (fields(before), fields(after))
      let changed = Set(old.keys + new.keys).filter { old[$0] != new[$0] }
      #expect(changed.isSubset(of: event.changedFields), "\(event.event.type)")
    }
  }

  @Test("Whatever is commanded, the invariants hold, and everything that can happen happens")
  func invariants() {
    var seen: Set<String> = []
    var accepted = 0
    for program in 0..<80 {
      var random = SeededGenerator(UInt64(program))
      var machine = Machine(today: Day("2026-01-05")!)
      for (name, fields) in RandomCommands.beginning(on: Day("2026-01-01")!)
        + RandomCommands.rare
      {
        _ = try? machine.submit(name, fields)
      }
      // So that there is one to adopt.
      machine.releasedCatalogs = [1, 2, 3]
      for _ in 0..<130 {
        if random.chance(40) { machine.today = machine.today.adding(days: 3) }
        let (name, fields) = RandomCommands.command(
          with: &random, today: machine.today, events: machine.log.count)
        do {
          let actor = random.pick(["office", "office", "ann"])
          if try !machine.submit(name, fields, by: actor).isEmpty { accepted += 1 }
        } catch {
          #expect(!error.code.isEmpty && !error.message.isEmpty)
          if case .unloaded = error.kind { Issue.record("\(name) asked a complete state for more") }
        }
      }
      expectOwners(of: machine)
      expectChangedFields(of: machine)
      seen.formUnion(machine.log.map(\.event.type))
    }
    #expect(accepted > 1300, "seed \(SeededGenerator.seed)")
    // Kinds without a life have nothing to revert, kinds without an owner nothing to hand over.
    let impossible = ["program.voided", "program.restored", "request.amended"]
    let missing = Event.allForms.map(\.type).filter { type in
      let kind = type.prefix { $0 != "." }
      // Of what is taken back, a retirement is too seldom the last event.
      return !seen.contains(type) && !impossible.contains(type)
        && !type.hasSuffix(".retirement-reverted") && !type.hasSuffix(".verdict-reverted")
        && (!type.hasSuffix(".reverted")
          || ["gap", "initiative", "maturity", "touchpoint", "standard", "channel"].contains(kind))
        && (!type.hasSuffix(".handed-over")
          || [
            "gap", "department", "platform", "initiative", "segment", "touchpoint", "standard",
            "channel", "insight",
          ].contains(kind))
    }
    #expect(missing == [], "seed \(SeededGenerator.seed)")
  }
}
