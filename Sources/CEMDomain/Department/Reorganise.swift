/// Merges departments into one of them, or into a new one.
package struct MergeDepartments: Command {
  package static let name = "department.merge"
  /// Two or more.
  package var departments: [DepartmentCode]
  package var into: DepartmentCode
  /// Of a new department; default its code.
  package var name: Title?
  /// Who leads a new department.
  package var lead: PersonID?

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    guard Set(departments).count == departments.count, departments.count > 1 else {
      throw .input(FieldError(path: "departments", "must be two or more different ones"))
    }
    try situation.requireReason("merging departments")
    for code in departments { _ = try situation.activeDepartment(code) }
    var founding: [Change] = []
    if !departments.contains(into) {
      if try situation.find(into.stream) != nil { throw .notOneOfThem(into, departments) }
      founding = try RegisterDepartment(code: into, name: try title(name, of: into), lead: lead)
        .decide(in: situation)
    } else if name != nil || lead != nil {
      throw .input(
        FieldError(
          path: name != nil ? "name" : "lead", "is that of a new department; \(into) is one"))
    }
    var changes: [Change] = []
    var moves: [Change] = []
    var standings: [InheritedLevel.Source] = []
    for code in departments {
      if let level = try situation.level(of: code) {
        standings.append(InheritedLevel.Source(department: code, level: level))
      }
      guard code != into else { continue }
      try situation.requireNothingLater(in: code)
      changes.append(
        Change(
          code.stream,
          .department(.merged(DepartmentMerged(departments: departments, into: into))),
          departments: [code, into]))
      moves += try situation.moves(of: try situation.state.work(of: code), from: code) { _ in into }
    }
    guard moves.count <= Situation.mostMoves else { throw .tooManyMoves(of: into, moves.count) }
    return changes + founding + (try situation.inheritance(of: into, from: standings)) + moves
  }
}

/// Divides a department into new ones, of which it may itself be one.
package struct SplitDepartment: Command {
  package static let name = "department.split"
  package var department: DepartmentCode
  /// Two or more.
  package var into: [DepartmentCode]
  /// What goes to another part than the first.
  package var move: [WorkMove]?
  /// What the new departments are called; default their codes.
  package var names: [DepartmentName]?

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    guard Set(into).count == into.count, into.count > 1 else {
      throw .input(FieldError(path: "into", "must be two or more different ones"))
    }
    try situation.requireReason("splitting a department")
    _ = try situation.activeDepartment(department)
    var founding: [Change] = []
    for code in into where code != department {
      if let record = try situation.find(code.stream) {
        throw .exists(record.stream, as: code.code)
      }
      let name = names?.first { $0.department == code }?.name
      founding += try RegisterDepartment(code: code, name: title(name, of: code), lead: nil)
        .decide(in: situation)
    }
    if let other = names?.first(where: {
      !into.contains($0.department) || $0.department == department
    }) {
      throw .input(FieldError(path: "names", "names \(other.department), which is no new part"))
    }
    if !into.contains(department) { try situation.requireNothingLater(in: department) }
    let work = try situation.state.work(of: department)
    let destinations = try destinations(of: work)
    let first = into[0]
    let moves = try situation.moves(of: work, from: department) { destinations[$0.place] ?? first }
    let standing = try situation.level(of: department)
    var inheritance: [Change] = []
    for code in into {
      inheritance += try situation.inheritance(
        of: code,
        from: standing.map { [InheritedLevel.Source(department: department, level: $0)] } ?? [])
    }
    return [
      Change(
        department.stream,
        .department(
          .split(DepartmentSplit(into: into, move: move?.isEmpty == true ? nil : move))),
        departments: [department] + into.filter { $0 != department })
    ] + founding + inheritance + moves
  }

  private func destinations(
    of work: [EntityRecord]
  ) throws(Rejection) -> [StreamID: DepartmentCode] {
    var destinations: [StreamID: DepartmentCode] = [:]
    let there = Set(work.map(\.stream))
    for item in move ?? [] {
      guard into.contains(item.to) else {
        throw .input(FieldError(path: "move", "names \(item.to), which is no part"))
      }
      guard item.subject.kind != .standard else {
        throw .input(
          FieldError(
            path: "move",
            "names \(item.subject.reference), which stands where its touchpoint does: move that"))
      }
      guard there.contains(item.subject) else {
        throw Rejection(
          "department.not-its-work",
          "\(item.subject.reference) is no work of \(department) that could move",
          hint: "cem history --stream \(item.subject)",
          details: ["reference": .string(item.subject.reference)])
      }
      guard destinations.updateValue(item.to, forKey: item.subject) == nil else {
        throw .input(FieldError(path: "move", "names \(item.subject.reference) twice"))
      }
    }
    return destinations
  }
}

/// What a new department is called, as `care=Customer care`.
package struct DepartmentName: ScalarCodable {
  package let department: DepartmentCode
  package let name: Title

  package init(scalar text: String) throws(FieldError) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else {
      throw FieldError("must be a code and a name like care=Customer care, not \(shown(text))")
    }
    department = try DepartmentCode(scalar: String(parts[0]))
    name = try Title(String(parts[1]))
  }

  package var description: String { "\(department)=\(name.value ?? "")" }
}

/// A new department's name: its code where none was given.
private func title(_ name: Title?, of code: DepartmentCode) throws(Rejection) -> Title {
  if let name { return name }
  do { return try Title(code.code) } catch { throw .input(error) }
}

extension Situation {
  /// A department's level; `nil` where it was not assessed.
  fileprivate func level(of code: DepartmentCode) throws(Rejection) -> Int? {
    guard case .maturity(let maturity)? = try find(.maturity(code))?.entity else { return nil }
    return maturity.standing?.level
  }

  /// The level that a department has from those whose work it took over: the lowest of them. One that was
  /// not assessed says nothing of it.
  fileprivate func inheritance(
    of code: DepartmentCode, from sources: [InheritedLevel.Source]
  ) throws(Rejection) -> [Change] {
    guard let lowest = sources.map(\.level).min() else { return [] }
    return [
      Change(
        .maturity(code),
        .maturity(
          .inherited(
            InheritedLevel(from: try level(of: code), level: lowest, sources: sources))),
        departments: [code])
    ]
  }
}

extension Rejection {
  fileprivate static func notOneOfThem(
    _ into: DepartmentCode, _ departments: [DepartmentCode]
  ) -> Rejection {
    let all = (departments + [into]).map(\.code).joined(separator: " ")
    return Rejection(
      "department.exists", "\(into) exists already and is not one of those that are merged",
      hint: "name a code that was never used, or: cem department merge \(all) --into \(into)",
      details: ["reference": .string(into.code)])
  }
}
