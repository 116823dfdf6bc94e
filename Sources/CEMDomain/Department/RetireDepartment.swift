/// Notes that a department takes no more work.
package struct RetireDepartment: Command {
  package static let name = "department.retire"
  package var department: DepartmentCode
  /// Where its work goes; without one there must be none.
  package var into: DepartmentCode?
  /// Whether its last reinstatement is taken back: what went with the retirement before and stayed there has gone
  /// with this one, too.
  package var again: Bool?

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    guard
      case .department(let state) = try situation.require(department.stream, retired: true).entity
    else { throw .notFound(department.stream) }
    if let retirement = state.retirement {
      guard into == nil || retirement.successors == into.map({ [$0] }) else {
        throw .departmentRetired(department, retirement)
      }
      return []
    }
    try situation.requireReason("retiring a department")
    let work = try situation.state.work(of: department)
    var moves: [Change] = []
    if let into {
      guard into != department else {
        throw .input(FieldError(path: "into", "is the department itself"))
      }
      _ = try situation.activeDepartment(into)
      moves = try situation.moves(of: work, from: department) { _ in into }
    } else {
      let unfinished = work.filter { $0.entity.movable?.isUnfinished ?? false }
      guard unfinished.isEmpty else { throw .departmentHasWork(department, unfinished) }
    }
    try situation.requireNothingLater(in: department)
    var retired = DepartmentRetired(into: into)
    if again == true {
      guard let ended = try situation.state.endedRetirement(of: department) else {
        throw Rejection(
          "department.never-retired", "\(department) was never retired before",
          hint: "leave out again")
      }
      (retired.again, retired.movedSince) = (true, ended.start)
    }
    return [
      Change(
        department.stream, .department(.retired(retired)),
        departments: [department] + (into.map { [$0] } ?? []))
    ] + moves
  }
}

/// Notes that a department takes work again.
package struct ReinstateDepartment: Command {
  package static let name = "department.reinstate"
  package var department: DepartmentCode
  /// Whether what it led and what went to its successors comes back, as far as it is still there and not
  /// over.
  package var withWork: Bool?

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    guard
      case .department(let state) = try situation.require(department.stream, retired: true).entity
    else { throw .notFound(department.stream) }
    guard let retirement = state.retirement else { return [] }
    var moves: [Change] = []
    for successor in withWork == true ? retirement.successors ?? [] : [] {
      let work = try situation.state.work(of: successor)
      let returning = work.filter { record in
        // Where it only took part, another department leads, and nothing tells that it still should.
        guard record.entity.state.departments.first == successor,
          let last = record.entity.movable?.standingMoves(after: retirement.start).last
        else { return false }
        return last.from == department && last.to == successor
      }
      let places = Set(returning.map(\.stream))
      moves += try situation.moves(of: work, from: successor) { record in
        places.contains(record.place) ? department : successor
      }
    }
    return [
      Change(
        department.stream,
        .department(
          .reinstated(
            DepartmentReinstated(
              retiredOn: retirement.on, successors: retirement.successors,
              withWork: withWork == true ? true : nil))),
        departments: [department] + (retirement.successors ?? []))
    ] + moves
  }
}

extension Rejection {
  fileprivate static func departmentHasWork(
    _ code: DepartmentCode, _ unfinished: [EntityRecord]
  ) -> Rejection {
    let named = unfinished.prefix(5).map(\.stream.reference).joined(separator: ", ")
    return Rejection(
      "department.has-work",
      "\(code) still has work: \(named)"
        + (unfinished.count > 5 ? " and \(unfinished.count - 5) more" : ""),
      hint: "end it, or move it with --into CODE",
      details: ["references": .array(unfinished.prefix(100).map { .string($0.stream.reference) })])
  }
}
