/// A unit whose maturity, gaps and initiatives are tracked.
package struct Department: EntityState {
  package static let kind = EntityKind.department

  package var details: DepartmentDetails
  package var code: DepartmentCode
  /// That it takes no more work; `nil` while it does.
  package var retirement: Retirement?

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

/// Since when a department is there no more, and what took its place.
package struct Retirement: Codable, Hashable, Sendable {
  /// The first day on which it is not there.
  package var on: Day
  /// The departments that took its place, in the order given; none where nothing did.
  package var successors: [DepartmentCode]?
  /// The position of the event.
  package var position: Int64
  /// The position of the retirement that it goes on with; absent where it is the first itself.
  package var movedSince: Int64?
  /// Who approved that beside the login that asked; `nil` where nobody did.
  package var approval: Approval?
}

extension Retirement {
  /// What moved out of the department after this position moved with its retirement.
  package var start: Int64 { movedSince ?? position }
}

/// The recorded fields of a department.
package struct DepartmentDetails: EntityDetails {
  package var name: Title
  package var lead: PersonID?
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
