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

/// Hands over all that a person owns and sponsors.
package struct HandOver: Command {
  package static let name = "person.handover"
  package var id: PersonID
  package var to: PersonID
  /// Only what concerns this department.
  package var department: DepartmentCode?
  /// Whether sponsorships go along. Whoever gives the command means it so; in older logs nobody did.
  package var sponsorships: Bool?

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    _ = try situation.require(id.stream)
    _ = try situation.require(to.stream)
    guard id != to else {
      throw Rejection(
        .input, "handover.self", "\(id) cannot hand over to \(to)",
        hint: "name another person with --to")
    }
    if let department { _ = try situation.require(department.stream, retired: true) }
    let owned = try situation.state.owned(by: id).compactMap { change(of: $0) }
    guard sponsorships == true else { return owned }
    return owned
      + (try situation.state.sponsored(by: id)).compactMap { change(of: $0, asSponsor: true) }
  }

  private func change(of record: EntityRecord, asSponsor: Bool? = nil) -> Change? {
    let departments = record.entity.state.departments
    if let department, !departments.contains(department) { return nil }
    return Change(
      record.stream,
      .correction(
        record.stream.kind,
        .handedOver(
          Handover(from: id, to: to, department: department, asSponsor: asSponsor))),
      departments: departments)
  }
}

extension HandOver {
  private enum Key: String, CodingKey { case id, to, department, sponsorships }

  package init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    id = try fields.decode(PersonID.self, forKey: .id)
    to = try fields.decode(PersonID.self, forKey: .to)
    department = try fields.decodeIfPresent(DepartmentCode.self, forKey: .department)
    sponsorships = try fields.decodeIfPresent(Bool.self, forKey: .sponsorships)
    if case .given = (decoder as! FieldDecoder).origin { sponsorships = true }
  }
}
