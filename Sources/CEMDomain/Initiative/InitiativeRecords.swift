/// Tells how an initiative is going.
package struct UpdateInitiative: InitiativeSubject {
  package static let name = "initiative.update"
  package var initiative: InitiativeRef
  package var rag: StatusColour
  package var note: Text?

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    let state = try situation.initiative(initiative)
    guard state.isOpen else { throw .initiativeHasEnded(initiative, state.life.stage) }
    // The same words on a later day are news: nothing has changed since.
    if let last = state.life.lastUpdate,
      last == StatusUpdate(rag: rag, note: note, on: situation.on)
    {
      return []
    }
    return [
      change(
        state,
        .updated(InitiativeUpdated(from: state.life.lastUpdate?.rag, rag: rag, note: note)))
    ]
  }
}

/// Adds a link to where else the initiative is written about.
package struct LinkInitiative: InitiativeSubject {
  package static let name = "initiative.link"
  package var initiative: InitiativeRef
  package var url: Text

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    let state = try situation.initiative(initiative)
    do { try validateLink(url) } catch {
      throw .input(FieldError(path: "url", error.message))
    }
    let links = state.details.links ?? []
    guard !links.contains(url) else { return [] }
    guard links.count < InitiativeDetails.maximumLinks else {
      throw Rejection(
        "initiative.links-full", "\(initiative) has \(links.count) links, the most there can be",
        hint: "cem initiative amend \(initiative) --links URL --reason TEXT")
    }
    return [change(state, .linked(InitiativeLinked(url: url)))]
  }
}

/// Attests the ethics of a word-of-mouth initiative (domain §7).
package struct AttestInitiative: InitiativeSubject {
  package static let name = "initiative.attest"
  package var initiative: InitiativeRef

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    let state = try situation.activeInitiative(initiative)
    guard state.details.womRule != nil else { throw .notWordOfMouth(initiative) }
    guard state.life.ethicsVersion != Catalog.ethicsVersion else { return [] }
    return [
      change(
        state,
        .ethicsAttested(
          EthicsAttested(from: state.life.ethicsVersion, version: Catalog.ethicsVersion)))
    ]
  }
}
