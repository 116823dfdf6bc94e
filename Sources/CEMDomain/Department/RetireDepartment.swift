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
  /// Whether that is looked for further on, too: with the successors of those that are gone since. Whoever gives the
  /// command means it so; in older logs nobody did.
  package var further: Bool?
  /// The departments that give up the level they inherited, for what they had it by is taken back.
  package var levels: [DepartmentCode]?

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    guard
      case .department(let state) = try situation.require(department.stream, retired: true).entity
    else { throw .notFound(department.stream) }
    guard let retirement = state.retirement else { return [] }
    let (holders, isFurther) = try holders(of: retirement, in: situation)
    var moves: [Change] = []
    for holder in withWork == true ? holders : [] {
      let work = try situation.state.work(of: holder)
      let places = Set(
        work.filter { isWork($0, at: holder, since: retirement) }.map(\.stream))
      moves += try situation.moves(of: work, from: holder) { record in
        places.contains(record.place) ? department : holder
      }
    }
    guard moves.count <= Situation.mostMoves else {
      throw .tooManyMoves(of: department, moves.count)
    }
    let reinstated = DepartmentReinstated(
      retiredOn: retirement.on, successors: retirement.successors,
      withWork: withWork == true ? true : nil, further: isFurther ? true : nil,
      levels: levels?.isEmpty == true ? nil : levels)
    return [
      Change(
        department.stream, .department(.reinstated(reinstated)),
        departments: [department] + holders)
    ] + (try givenUp(by: holders, in: situation)) + moves
  }

  /// Where its work may be: with its successors and, as far as these are gone, with theirs.
  private func holders(
    of retirement: Retirement, in situation: Situation
  ) throws(Rejection) -> ([DepartmentCode], isFurther: Bool) {
    var holders = retirement.successors ?? []
    var (next, isFurther) = (0, false)
    while withWork == true, further == true, next < holders.count {
      defer { next += 1 }
      guard
        case .department(let holder)? = try situation.find(holders[next].stream)?.entity,
        let successors = holder.retirement?.successors
      else { continue }
      isFurther = true
      holders += successors.filter { $0 != department && !holders.contains($0) }
    }
    return (holders, isFurther)
  }

  /// Whether a thing was the department's and came by reorganisations alone to where it is.
  private func isWork(
    _ record: EntityRecord, at holder: DepartmentCode, since retirement: Retirement
  ) -> Bool {
    // Where it only took part, another department leads, and nothing tells that it still should.
    guard record.entity.state.departments.first == holder,
      let moves = record.entity.movable?.standingMoves(after: retirement.start),
      let leaving = moves.lastIndex(where: { $0.from == department })
    else { return false }
    // What an amendment brought to another department stays there.
    let way = moves[leaving...]
    return way.last?.to == holder
      && zip(way, way.dropFirst()).allSatisfy { $0.to == $1.from }
  }

  private func givenUp(
    by successors: [DepartmentCode], in situation: Situation
  ) throws(Rejection) -> [Change] {
    var changes: [Change] = []
    for code in levels ?? [] {
      guard successors.contains(code),
        case .maturity(let maturity)? = try situation.find(.maturity(code))?.entity,
        let standing = maturity.standing, standing.isDue
      else {
        throw .input(FieldError(path: "levels", "names \(code), which inherited none from it"))
      }
      changes.append(
        Change(
          .maturity(code),
          .maturity(
            .corrected(MaturityCorrected(from: standing.level, to: maturity.before?.level))),
          departments: [code]))
    }
    return changes
  }
}

extension ReinstateDepartment {
  private enum Key: String, CodingKey { case department, withWork, further, levels }

  package init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    department = try fields.decode(DepartmentCode.self, forKey: .department)
    withWork = try fields.decodeIfPresent(Bool.self, forKey: .withWork)
    further = try fields.decodeIfPresent(Bool.self, forKey: .further)
    levels = try fields.decodeIfPresent([DepartmentCode].self, forKey: .levels)
    if case .given = (decoder as! FieldDecoder).origin, withWork == true { further = true }
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
