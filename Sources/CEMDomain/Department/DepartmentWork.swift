/// The thing belongs to another department from a day on, because departments changed; nothing was wrong.
package struct Move: Codable, Hashable, Sendable {
  package var from: DepartmentCode
  package var to: DepartmentCode
}

/// A move as the thing remembers it.
package struct PastMove: Codable, Hashable, Sendable {
  package var from: DepartmentCode
  package var to: DepartmentCode
  package var on: Day
  package var position: Int64
  /// Whether the department only took part; absent where it led.
  package var asPartner: Bool?
}

/// A thing that goes along when its department is merged, split or retired.
protocol MovableState: EntityState {
  /// The moves so far; `nil` is none.
  var moves: [PastMove]? { get set }
  /// Puts one department in the place of another.
  /// - Returns: whether the other one led, rather than took part.
  mutating func replace(_ old: DepartmentCode, by new: DepartmentCode) -> Bool
  /// Whether it goes along: what is over stays where it was.
  var goesAlong: Bool { get }
  /// Whether a department with it cannot simply be retired.
  var isUnfinished: Bool { get }
}

extension MovableState {
  /// The moves of the thing with who leads it, after a position, that were not taken back by the opposite move.
  func standingMoves(after position: Int64) -> [PastMove] {
    (moves ?? []).filter { $0.asPartner != true && $0.position > position }
      .reduce(into: []) { standing, move in
        if let last = standing.last, last.from == move.to, last.to == move.from {
          standing.removeLast()
        } else {
          standing.append(move)
        }
      }
  }

  var goesAlong: Bool { true }
  var isUnfinished: Bool { isOpen }

  mutating func move(_ move: Move, on day: Day, at position: Int64) {
    let led = replace(move.from, by: move.to)
    moves =
      (moves ?? []) + [
        PastMove(
          from: move.from, to: move.to, on: day, position: position, asPartner: led ? nil : true)
      ]
  }
}

extension Gap: MovableState {
  mutating func replace(_: DepartmentCode, by new: DepartmentCode) -> Bool {
    details.department = new
    return true
  }
  /// An accepted gap is looked at again one day.
  var goesAlong: Bool { life.stage != .closed }
  var isUnfinished: Bool { goesAlong }
}

extension Initiative: MovableState {
  mutating func replace(_ old: DepartmentCode, by new: DepartmentCode) -> Bool {
    let leads = details.department == old
    if leads { details.department = new }
    // Whoever leads is no partner, and nobody is one twice.
    var partners: [DepartmentCode] = []
    for partner in (details.with ?? []).map({ $0 == old ? new : $0 })
    where partner != details.department && !partners.contains(partner) {
      partners.append(partner)
    }
    details.with = partners.isEmpty ? nil : partners
    return leads
  }
  var goesAlong: Bool { isOpen }
}

extension Touchpoint: MovableState {
  mutating func replace(_: DepartmentCode, by new: DepartmentCode) -> Bool {
    details.department = new
    return true
  }
}

extension Standard: MovableState {
  mutating func replace(_: DepartmentCode, by new: DepartmentCode) -> Bool {
    details.department = new
    return true
  }
}

extension Channel: MovableState {
  mutating func replace(_: DepartmentCode, by new: DepartmentCode) -> Bool {
    details.department = new
    return true
  }
  var isUnfinished: Bool { false }
}

extension Platform: MovableState {
  mutating func replace(_: DepartmentCode, by new: DepartmentCode) -> Bool {
    details.department = new
    return true
  }
}

extension EntityKind {
  /// Whether what is dated in a thing of this kind says that its department was there: work, levels, and what was
  /// found out. What is said, asked for or waived may be later.
  package var needsDepartment: Bool {
    moves || self == .maturity || self == .survey || self == .insight
  }

  /// Whether things of this kind go along when their department is merged, split or retired.
  ///
  /// What was found out, said and waived (surveys, insights, notes, waivers) stays where it was, and so
  /// does a level.
  package var moves: Bool {
    switch self {
    case .gap, .initiative, .touchpoint, .standard, .channel, .platform: true
    case .program, .person, .department, .evidence, .waiver, .maturity, .segment, .log, .survey,
      .insight, .note, .request, .rate:
      false
    }
  }
}

extension Entity {
  var movable: (any MovableState)? { state as? any MovableState }
}

extension EntityRecord {
  /// Whether it goes along when its department is merged, split or retired.
  var goesAlong: Bool { !isVoided && entity.movable?.goesAlong ?? false }

  /// The thing in whose department it stands: a service standard stands where its touchpoint does.
  var place: StreamID {
    if case .standard(let standard) = entity { return standard.details.touchpoint.stream }
    return stream
  }
}

extension Situation {
  /// The most things that one command moves: each is an event, and a command is one transaction.
  package static let mostMoves = 20_000

  /// The events by which things leave a department.
  /// - Parameter to: where each goes; the department itself where it stays.
  func moves(
    of records: [EntityRecord], from code: DepartmentCode,
    to destination: (EntityRecord) -> DepartmentCode
  ) throws(Rejection) -> [Change] {
    var changes: [Change] = []
    for record in records {
      let to = destination(record)
      guard to != code else { continue }
      let departments = record.entity.state.departments
      changes.append(
        Change(
          record.stream, .correction(record.stream.kind, .moved(Move(from: code, to: to))),
          departments: departments + (departments.contains(to) ? [] : [to])))
    }
    guard changes.count <= Self.mostMoves else {
      throw .tooManyMoves(of: code, changes.count)
    }
    return changes
  }

  /// A department that takes work.
  func activeDepartment(_ code: DepartmentCode) throws(Rejection) -> Department {
    let department = try require(code.stream, as: \.department)
    return department
  }

  /// Checks that work may go on in the departments that a thing concerns.
  func requireActive(_ departments: [DepartmentCode]) throws(Rejection) {
    for code in departments {
      // One that was voided, or never registered, is refused where it is named.
      guard let record = try find(code.stream), case .department(let department) = record.entity
      else { continue }
      if let retirement = department.retirement { throw .departmentRetired(code, retirement) }
      // Each absence ended with an event of the department, so after the last of them there is none to look for.
      guard on < record.occurredOn,
        let absence = try state.absences(of: code).first(where: { $0.contains(on) })
      else { continue }
      throw .departmentAbsent(code, on: on, absence)
    }
  }

  /// Checks that nothing happened in a department after the command's date, from which on it is gone.
  func requireNothingLater(in code: DepartmentCode) throws(Rejection) {
    guard on < today,
      let last = try state.facts(of: code, after: on).max(by: { $0.occurredOn < $1.occurredOn })
    else { return }
    throw .tooEarly(on, after: last.occurredOn, of: last.stream)
  }
}

extension Rejection {
  static func departmentRetired(_ code: DepartmentCode, _ retirement: Retirement) -> Rejection {
    let successors = (retirement.successors ?? []).map(\.code)
    let names = successors.joined(separator: ", ")
    return Rejection(
      "department.retired",
      "\(code) was retired on \(retirement.on)"
        + (successors.isEmpty ? "" : "; \(names) took its place") + ": it takes no new work",
      hint: (successors.isEmpty ? "" : "name \(names) instead, or ")
        + "cem department reinstate \(code)",
      details: [
        "retiredOn": .string(retirement.on.description),
        "successors": .array(successors.map(JSON.string)),
      ])
  }

  static func departmentAbsent(
    _ code: DepartmentCode, on day: Day, _ absence: Range<Day>
  ) -> Rejection {
    Rejection(
      "department.absent",
      "\(code) was not there on \(day): it was retired on \(absence.lowerBound) and reinstated on \(absence.upperBound)",
      hint: "use --on \(absence.upperBound) or later, or a day before \(absence.lowerBound)",
      details: [
        "retiredOn": .string(absence.lowerBound.description),
        "notBefore": .string(absence.upperBound.description),
      ])
  }

  static func tooManyMoves(of code: DepartmentCode, _ count: Int) -> Rejection {
    Rejection(
      "department.too-large",
      "\(count) things would move out of \(code), more than \(Situation.mostMoves) in one command",
      hint:
        "move a part of them first: cem department split \(code) --into \(code) --into CODE --move REF=CODE",
      details: ["count": .int(Int64(count))])
  }
}
