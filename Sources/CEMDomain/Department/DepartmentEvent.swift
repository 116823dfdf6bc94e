/// What can happen to a department, beside corrections.
package enum DepartmentEvent: StoredEvents {
  case registered(DepartmentDetails)
  case retired(DepartmentRetired)
  case reinstated(DepartmentReinstated)
  case merged(DepartmentMerged)
  case split(DepartmentSplit)

  package static let forms: [StoredForm<DepartmentEvent>] = [
    StoredForm("department.registered", 1, command: "department.register", subject: "code") {
      .registered($0)
    },
    StoredForm("department.retired", 1, command: "department.retire", subject: "department") {
      .retired($0)
    },
    StoredForm(
      "department.reinstated", 1, command: "department.reinstate", subject: "department"
    ) { .reinstated($0) },
    StoredForm("department.merged", 1, command: "department.merge") { .merged($0) },
    StoredForm("department.split", 1, command: "department.split", subject: "department") {
      .split($0)
    },
  ]

  package var stored: (type: String, schemaVersion: Int, payload: any Encodable & Sendable) {
    switch self {
    case .registered(let payload): ("department.registered", 1, payload)
    case .retired(let payload): ("department.retired", 1, payload)
    case .reinstated(let payload): ("department.reinstated", 1, payload)
    case .merged(let payload): ("department.merged", 1, payload)
    case .split(let payload): ("department.split", 1, payload)
    }
  }
}

/// The department takes no more work; the reason is the command's.
package struct DepartmentRetired: Codable, Hashable, Sendable {
  /// Where its work went.
  package var into: DepartmentCode?
  /// Whether its last reinstatement was taken back, so that the retirement before it goes on.
  package var again: Bool?
  /// The position after which work moved with that retirement.
  package var movedSince: Int64?
}

/// The department takes work again.
package struct DepartmentReinstated: Codable, Hashable, Sendable {
  package var retiredOn: Day
  package var successors: [DepartmentCode]?
  /// Whether what went to its successors came back.
  package var withWork: Bool?
  /// Whether it was looked for further on, too: some of them are gone.
  package var further: Bool?
  /// The departments that gave up the level they had inherited.
  package var levels: [DepartmentCode]?
}

/// The department became a part of another, which may be new or one of those that were merged.
///
/// Each of the departments that are gone by it has such an event of its own.
package struct DepartmentMerged: Codable, Hashable, Sendable {
  /// All that were merged, in the order given.
  package var departments: [DepartmentCode]
  package var into: DepartmentCode
}

/// The department was divided; it stays where it is one of the parts.
package struct DepartmentSplit: Codable, Hashable, Sendable {
  /// The parts. What is not named in `move` goes to the first.
  package var into: [DepartmentCode]
  package var move: [WorkMove]?
}

/// What goes where, as `GAP-12=care`.
package struct WorkMove: ScalarCodable {
  package let subject: StreamID
  package let to: DepartmentCode

  package init(scalar text: String) throws(FieldError) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let subject = StreamID(String(parts[0])), subject.kind.moves else {
      throw FieldError(
        "must be what moves and the department it goes to, like GAP-12=care, not \(shown(text))")
    }
    self.subject = subject
    to = try DepartmentCode(scalar: String(parts[1]))
  }

  package var description: String { "\(subject.reference)=\(to)" }
}

extension Department {
  mutating func evolve(
    with event: DepartmentEvent, on day: Day, at position: Int64, by approval: Approval?
  ) {
    switch event {
    case .registered: break
    case .retired(let event):
      retire(event.into.map { [$0] }, on: day, at: position, by: approval)
      retirement?.movedSince = event.movedSince
    case .reinstated: retirement = nil
    case .merged(let event): retire([event.into], on: day, at: position, by: approval)
    case .split(let event):
      if !event.into.contains(code) { retire(event.into, on: day, at: position, by: approval) }
    }
  }

  private mutating func retire(
    _ successors: [DepartmentCode]?, on day: Day, at position: Int64, by approval: Approval?
  ) {
    retirement = Retirement(
      on: day, successors: successors, position: position, approval: approval)
  }
}
