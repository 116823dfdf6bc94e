/// A kind of thing that somebody in a program does.
enum Move: CaseIterable {
  case recordGap, reassessGap, closeGap, acceptGap, reopenGap, diagnoseGap, amendGap, voidGap
  case openInitiative, moveInitiative, updateInitiative, linkInitiative, amendInitiative
  case reopenInitiative, voidInitiative
  case addEvidence, renewEvidence, completeAction, moveLevel, waiveAction, revokeWaiver
  case statePlatform, addPerson, amendDepartment, handOver

  /// How often it is tried, of about a thousand. Most work is on gaps and initiatives; levels move
  /// seldom, and people hand over once in many thousand events.
  var weight: Int {
    switch self {
    case .recordGap: 200
    case .reassessGap: 240
    case .closeGap: 170
    case .acceptGap: 25
    case .reopenGap: 15
    case .diagnoseGap: 25
    case .amendGap: 25
    case .voidGap: 6
    case .openInitiative: 28
    case .moveInitiative: 150
    case .updateInitiative: 120
    case .linkInitiative: 12
    case .amendInitiative: 10
    case .reopenInitiative: 2
    case .voidInitiative: 1
    case .addEvidence: 35
    case .renewEvidence: 6
    case .completeAction: 28
    case .moveLevel: 8
    case .waiveAction: 2
    case .revokeWaiver: 1
    case .statePlatform: 2
    case .addPerson: 2
    case .amendDepartment: 2
    case .handOver: 1
    }
  }

  /// Each as often as its weight says.
  static let all = Move.allCases.flatMap { Array(repeating: $0, count: $0.weight) }
}

extension Scenario {
  /// A command for a move in some department; `nil` where there is nothing for it to act on.
  mutating func command(_ move: Move) -> MadeCommand? {
    let unit = unit()
    switch move {
    case .recordGap: return recordGap(in: unit)
    case .reassessGap: return reassessGap(in: unit)
    case .closeGap: return closeGap(in: unit)
    case .acceptGap: return acceptGap(in: unit)
    case .reopenGap: return reopenGap(in: unit)
    case .diagnoseGap: return diagnoseGap(in: unit)
    case .amendGap: return amendGap(in: unit)
    case .voidGap: return voidGap(in: unit)
    case .openInitiative: return openInitiative(in: unit, step: random.number(1...5))
    case .moveInitiative: return moveInitiative(in: unit)
    case .updateInitiative: return updateInitiative(in: unit)
    case .linkInitiative: return linkInitiative(in: unit)
    case .amendInitiative: return amendInitiative(in: unit)
    case .reopenInitiative: return reopenInitiative(in: unit)
    case .voidInitiative: return voidInitiative(in: unit)
    case .addEvidence: return addEvidence(in: unit)
    case .renewEvidence: return renewEvidence(in: unit)
    case .completeAction: return completeAction(in: unit)
    case .moveLevel: return moveLevel(in: unit)
    case .waiveAction: return waiveAction(in: unit)
    case .revokeWaiver: return revokeWaiver(in: unit)
    case .statePlatform: return statePlatform(in: unit)
    case .addPerson: return addPerson()
    case .amendDepartment: return amendDepartment(unit)
    case .handOver: return handOver(in: unit)
    }
  }
}
