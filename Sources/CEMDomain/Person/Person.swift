/// Somebody whom facts refer to by id; registered once (domain §0).
package struct Person: EntityState {
  package static let kind = EntityKind.person

  package var details: PersonDetails

  package init(details: PersonDetails) { self.details = details }
}

/// The recorded fields of a person.
package struct PersonDetails: EntityDetails {
  package var name: Title
  /// The database login that acts for this person.
  package var login: Title?
}

/// What can happen to a person, beside corrections.
package enum PersonEvent: StoredEvents {
  case added(PersonDetails)

  package static let forms: [StoredForm<PersonEvent>] = [
    StoredForm("person.added", 1, command: "person.add", subject: "id") { .added($0) }
  ]

  package var stored: (type: String, schemaVersion: Int, payload: any Encodable & Sendable) {
    switch self {
    case .added(let payload): ("person.added", 1, payload)
    }
  }
}

/// Registers a person.
package struct AddPerson: Command {
  package static let name = "person.add"
  package var id: PersonID
  package var name: Title
  package var login: Title?

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    _ = try situation.program()
    let details = PersonDetails(name: name, login: login)
    if let record = try situation.find(id.stream) {
      // Registering the same person again is nothing new.
      if !record.isVoided, case .person(let person) = record.entity, person.details == details {
        return []
      }
      throw .exists(id.stream, as: id.code)
    }
    return [Change(id.stream, .person(.added(details)))]
  }
}

/// Hands over all that a person owns.
package struct HandOver: Command {
  package static let name = "person.handover"
  package var id: PersonID
  package var to: PersonID
  /// Only what concerns this department.
  package var department: DepartmentCode?

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    _ = try situation.require(id.stream)
    _ = try situation.require(to.stream)
    guard id != to else {
      throw Rejection(
        .input, "handover.self", "\(id) cannot hand over to \(to)",
        hint: "name another person with --to")
    }
    if let department { _ = try situation.require(department.stream, retired: true) }
    var changes: [Change] = []
    for record in try situation.state.owned(by: id) {
      let departments = record.entity.state.departments
      if let department, !departments.contains(department) { continue }
      changes.append(
        Change(
          record.stream,
          .correction(
            record.stream.kind,
            .handedOver(
              Handover(from: id, to: to, department: department))),
          departments: departments))
    }
    return changes
  }
}
