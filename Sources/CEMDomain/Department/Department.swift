/// A unit whose maturity, gaps and initiatives are tracked.
package struct Department: EntityState {
  package static let kind = EntityKind.department

  package var details: DepartmentDetails
  package var code: DepartmentCode

  package init(code: DepartmentCode, details: DepartmentDetails) {
    self.code = code
    self.details = details
  }

  package var departments: [DepartmentCode] { [code] }
  package var owner: PersonID? {
    get { details.lead }
    set { details.lead = newValue }
  }
}

/// The recorded fields of a department.
package struct DepartmentDetails: EntityDetails {
  package var name: Title
  package var lead: PersonID?
}

/// What can happen to a department, beside corrections.
package enum DepartmentEvent: StoredEvents {
  case registered(DepartmentDetails)

  package static let forms: [StoredForm<DepartmentEvent>] = [
    StoredForm("department.registered", 1, command: "department.register", subject: "code") {
      .registered($0)
    }
  ]

  package var stored: (type: String, schemaVersion: Int, payload: any Encodable & Sendable) {
    switch self {
    case .registered(let payload): ("department.registered", 1, payload)
    }
  }
}

/// Registers a department. Its code is never used again, even after it was voided.
package struct RegisterDepartment: Command {
  package static let name = "department.register"
  package var code: DepartmentCode
  package var name: Title
  package var lead: PersonID?

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    _ = try situation.program()
    let details = DepartmentDetails(name: name, lead: lead)
    if let record = try situation.find(code.stream) {
      if !record.isVoided, case .department(let department) = record.entity,
        department.details == details
      {
        return []
      }
      throw .exists(code.stream, as: code.code)
    }
    try situation.requireAll([lead])
    return [Change(code.stream, .department(.registered(details)), departments: [code])]
  }
}
