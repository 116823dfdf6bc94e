package struct Initiative: EntityState {
  package static let kind = EntityKind.initiative
  package var details: InitiativeDetails
  package init(details: InitiativeDetails) { self.details = details }
}
package struct InitiativeDetails: EntityDetails {
  package var department: DepartmentCode
  package var title: Title
  package var step: Step
}
package enum InitiativeEvent: StoredEvents {
  case opened(InitiativeDetails)
  package static let forms: [StoredForm<InitiativeEvent>] = [
    StoredForm("initiative.opened", 1, command: "initiative.open") { .opened($0) }
  ]
  package var stored: (type: String, schemaVersion: Int, payload: any Encodable & Sendable) {
    switch self {
    case .opened(let payload): ("initiative.opened", 1, payload)
    }
  }
}
extension Initiative {
  mutating func evolve(with event: InitiativeEvent, on day: Day) {}
}
extension Situation {
  package func initiative(_ ref: InitiativeRef) throws(Rejection) -> Initiative {
    guard case .initiative(let state) = try require(ref.stream).entity else {
      throw .notFound(ref.stream)
    }
    return state
  }
}
