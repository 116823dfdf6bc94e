/// A command on one initiative.
protocol InitiativeSubject: Command { var initiative: InitiativeRef { get } }

extension InitiativeSubject {
  func change(_ state: Initiative, _ event: InitiativeEvent) -> Change {
    Change(initiative.stream, .initiative(event), departments: state.departments)
  }
}

extension Situation {
  /// The initiative with a reference.
  package func initiative(_ ref: InitiativeRef) throws(Rejection) -> Initiative {
    try require(ref.stream, as: \.initiative)
  }

  /// The initiative, on which work goes on: neither ended nor on hold.
  func activeInitiative(_ ref: InitiativeRef) throws(Rejection) -> Initiative {
    let state = try initiative(ref)
    guard state.isOpen else { throw .initiativeHasEnded(ref, state.life.stage) }
    guard !state.life.isOnHold else { throw .initiativeIsOnHold(ref) }
    return state
  }

  /// Checks that the ethics of word of mouth are attested (domain §7): perhaps it was known to be that only after
  /// the work had begun.
  func requireEthics(of state: Initiative, _ ref: InitiativeRef) throws(Rejection) {
    if state.details.womRule != nil, state.life.ethicsVersion == nil {
      throw .ethicsMissing(ref)
    }
  }

  /// Checks that elements of the brand are designed in the step that designs it (domain §3), and that the program
  /// goes by a catalog that has them.
  func requireBrandStep(of details: InitiativeDetails, hint: String) throws(Rejection) {
    let elements = details.brandElements ?? []
    guard elements.isEmpty || details.step == .brandExperience else {
      throw .brandElsewhere(elements, step: details.step, hint: hint)
    }
    try requireInCatalog(elements)
  }

  /// Checks what must be there before work begins or grows: the platform or a waiver that holds
  /// (domain §3), and the attestation of ethics.
  func requireFoundations(of state: Initiative, _ ref: InitiativeRef) throws(Rejection) {
    try requireEthics(of: state, ref)
    guard try state.isFounded(on: on, find) else { throw try .notFounded(state, ref, in: self) }
  }
}
