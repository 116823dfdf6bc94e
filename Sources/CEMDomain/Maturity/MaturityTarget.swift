/// Whose maturity a command is about: a department's, or the program's own.
struct MaturityTarget {
  let stream: StreamID
  /// `nil` where nothing was recorded yet.
  let state: Maturity?

  var departments: [DepartmentCode] {
    stream == .programMaturity ? [] : [DepartmentCode(stream: stream)]
  }
  /// What a sentence calls it.
  var name: String { stream == .programMaturity ? "the program" : stream.code }
  /// How the command line names it.
  var argument: String { stream == .programMaturity ? "--program-level" : stream.code }

  func change(_ event: MaturityEvent) -> Change {
    Change(stream, .maturity(event), departments: departments)
  }
}

extension Situation {
  /// The target of a maturity command: a department, or all of them.
  func maturity(
    _ department: DepartmentCode?, forAll: Bool?, flag: String
  ) throws(Rejection) -> MaturityTarget {
    let stream: StreamID
    switch (department, forAll ?? false) {
    case (let department?, false):
      _ = try require(department.stream)
      stream = .maturity(department)
    case (nil, true):
      _ = try program()
      stream = .programMaturity
    case (nil, false), (_?, true):
      throw .input(FieldError(path: "department", "give a department or \(flag), one of the two"))
    }
    guard case .maturity(let state)? = try find(stream)?.entity else {
      return MaturityTarget(stream: stream, state: nil)
    }
    return MaturityTarget(stream: stream, state: state)
  }

  /// How the target's actions stand, with the evidence and the waivers that they point to.
  func evaluation(of target: MaturityTarget) throws(Rejection) -> MaturityEvaluation {
    var program: Maturity?
    if case .maturity(let state)? = try find(.programMaturity)?.entity { program = state }
    var evidence: [EvidenceRef: Evidence] = [:]
    var waivers: [WaiverRef: Waiver] = [:]
    for stream in MaturityEvaluation.references([target.state, program]) {
      guard let record = try find(stream), !record.isVoided else { continue }
      switch record.entity {
      case .evidence(let state): evidence[EvidenceRef(stream.number)] = state
      case .waiver(let state): waivers[WaiverRef(stream.number)] = state
      case .program, .person, .department, .maturity, .platform, .initiative, .gap, .segment,
        .touchpoint, .standard, .survey, .channel, .insight, .note, .request, .rate,
        .log:
        break
      }
    }
    return MaturityEvaluation(
      own: target.state, program: program, evidence: evidence, waivers: waivers)
  }
}

extension Rejection {
  static func notAssessed(_ target: MaturityTarget) -> Rejection {
    Rejection(
      "maturity.not-assessed", "\(target.name) has not been assessed yet",
      hint: "cem maturity assess \(target.argument) --level N --rationale TEXT")
  }

  static func actionsMissing(_ target: MaturityTarget, _ missing: [ActionStatus]) -> Rejection {
    let list = missing.map { status in
      status.state == .open ? "\(status.action)" : "\(status.action) (\(status.state.rawValue))"
    }
    return Rejection(
      "maturity.actions-missing",
      "\(target.name) cannot advance: \(list.joined(separator: ", ")) not done",
      hint:
        "cem maturity action complete \(target.stream == .programMaturity ? "--all" : target.argument) \(missing[0].action) --evidence TEXT",
      details: ["missingActions": .array(missing.map { .string($0.action.description) })])
  }
}
