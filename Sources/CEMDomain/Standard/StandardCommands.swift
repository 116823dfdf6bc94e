/// Sets a service standard at a touchpoint.
package struct SetStandard: Command {
  package static let name = "standard.set"
  package var touchpoint: TouchpointRef
  package var metric: Title
  package var unit: Title?
  package var target: Exact?
  package var lowerIsBetter: Bool?
  package var `for`: StandardAudience?
  package var aspect: StandardAspect?
  /// From when it is in force; default the command's date.
  package var from: Day?
  package var owner: PersonID?

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    let place = try situation.activeTouchpoint(touchpoint)
    try situation.requireAll([owner])
    try situation.requireInCatalog(aspect.map { [$0] } ?? [])
    let details = StandardDetails(
      touchpoint: touchpoint, department: place.details.department, metric: metric, unit: unit,
      target: target, lowerIsBetter: lowerIsBetter, for: self.for, aspect: aspect,
      from: from ?? situation.on, owner: owner)
    return [
      Change(
        try situation.next(.standard), .standard(.set(details)),
        departments: [details.department])
    ]
  }
}

/// Puts a new version of a standard in force from a day.
package struct ReviseStandard: StandardSubject {
  package static let name = "standard.revise"
  package var standard: StandardRef
  package var target: Exact
  /// Default the command's date.
  package var from: Day?

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    let state = try situation.activeStandard(standard)
    let from = from ?? situation.on
    let isSame = state.details.target == target
    // The same target from an earlier day is not what is there.
    if let before = state.details.from, isSame ? from < before : from <= before {
      throw .versionOrder(
        from, after: before,
        hint:
          "use --from with a later day, or correct the latest version: cem standard amend \(standard) --target N --reason TEXT"
      )
    }
    guard !isSame else { return [] }
    return [
      change(
        state,
        .revised(
          StandardRevised(
            target: target, from: from, before: state.details.target,
            fromBefore: state.details.from)))
    ]
  }
}

/// Corrects a version that was recorded wrongly, or takes it out. What was measured is judged anew by what stands.
package struct CorrectStandardVersion: StandardSubject {
  package static let name = "standard.correct-version"
  package var standard: StandardRef
  /// The day from which it is in force, as recorded.
  package var version: Day
  package var target: Exact?
  package var from: Day?
  /// That there never was such a version.
  package var drop: Bool?

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    let state = try situation.standard(standard)
    let versions = state.versions
    guard let index = versions.firstIndex(where: { $0.from == version }) else {
      throw .noVersion(of: standard, from: version, versions)
    }
    if drop == true {
      guard target == nil, from == nil else {
        throw .input(FieldError(path: "drop", "leaves no version with a target or a day"))
      }
      guard index > 0 else { throw .firstVersion(of: standard) }
    } else {
      guard target != nil || from != nil else {
        throw .input(
          FieldError(path: "target", "is missing: say what is corrected: target, from or drop"))
      }
      let others = versions[..<index].last?.from
      if let from, let others, from <= others {
        throw .versionOrder(from, after: others, hint: "name a later day, or drop the version")
      }
      if let from, index + 1 < versions.count, from >= versions[index + 1].from {
        throw .versionOrder(
          versions[index + 1].from, after: from, hint: "name an earlier day, or drop the version")
      }
    }
    let event = StandardVersionCorrected(
      version: version, drop: drop == true ? true : nil, target: target, from: from,
      before: versions[index].target)
    guard versions.corrected(by: event) != versions else { return [] }
    try situation.requireReason("a correction")
    return [change(state, .versionCorrected(event))]
  }
}

/// Records what was measured of a standard in a period.
package struct MeasureStandard: StandardSubject {
  package static let name = "standard.measure"
  package var standard: StandardRef
  package var period: Period
  package var value: Exact?
  /// That there is nothing to go by, which is not zero.
  package var noData: Bool?
  package var volume: Exact?
  package var note: Text?

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    let state = try situation.standard(standard)
    let days = period.days(
      fiscalYearStart: try situation.program().details.fiscalYearStart)
    try checkFigures()
    guard days.upperBound <= situation.on else {
      throw Rejection(
        "standard.period-open",
        "\(period) ends on \(days.upperBound), after the command's date \(situation.on)",
        hint: "measure it when it is over")
    }
    if let retiredOn = state.life.retiredOn, days.lowerBound >= retiredOn {
      throw .standardIsRetired(standard)
    }
    let before = state.measurement(of: days)
    if let before {
      guard before.value != value || before.volume != volume || before.note != note else {
        return []
      }
      try situation.requireReason("measuring \(period) again")
    }
    return [
      change(
        state,
        .measured(
          StandardMeasured(
            // A period that goes by two names is measured once, under the first of them.
            period: before?.period ?? period, first: days.lowerBound, last: days.upperBound,
            value: value,
            noData: value == nil ? true : nil, volume: volume, note: note,
            replaces: before == nil ? nil : true, valueBefore: before?.value,
            volumeBefore: before?.volume)))
    ]
  }

  private func checkFigures() throws(Rejection) {
    switch (value, noData) {
    case (nil, nil), (nil, false):
      throw .input(FieldError(path: "value", "is missing: give it, or say noData"))
    case (_?, true):
      throw .input(FieldError(path: "noData", "contradicts the value"))
    case (nil, true), (_?, nil), (_?, false): break
    }
    if let volume, volume < .zero {
      throw .input(FieldError(path: "volume", "cannot be less than zero: \(volume)"))
    }
  }
}

/// Notes that a standard is promised no more.
package struct RetireStandard: StandardSubject {
  package static let name = "standard.retire"
  package var standard: StandardRef

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    let state = try situation.standard(standard)
    guard state.isOpen else { return [] }
    try situation.requireReason("retiring a standard")
    return [change(state, .retired(StandardRetired()))]
  }
}

/// Notes that a standard is promised again.
package struct ReinstateStandard: StandardSubject {
  package static let name = "standard.reinstate"
  package var standard: StandardRef

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    let state = try situation.standard(standard)
    guard let retiredOn = state.life.retiredOn else { return [] }
    _ = try situation.activeTouchpoint(state.details.touchpoint)
    return [change(state, .reinstated(StandardReinstated(retiredOn: retiredOn)))]
  }
}

/// A command on one standard.
protocol StandardSubject: Command { var standard: StandardRef { get } }

extension StandardSubject {
  fileprivate func change(_ state: Standard, _ event: StandardEvent) -> Change {
    Change(standard.stream, .standard(event), departments: state.departments)
  }
}

extension Situation {
  /// The service standard with a reference.
  package func standard(_ ref: StandardRef) throws(Rejection) -> Standard {
    try require(ref.stream, as: \.standard)
  }

  /// The standard, which is still promised.
  func activeStandard(_ ref: StandardRef) throws(Rejection) -> Standard {
    let state = try standard(ref)
    guard state.isOpen else { throw .standardIsRetired(ref) }
    return state
  }
}

extension Rejection {
  static func versionOrder(_ from: Day, after before: Day, hint: String) -> Rejection {
    Rejection(
      "standard.version-order",
      "a version from \(from) would not follow the one before, in force from \(before)", hint: hint)
  }

  fileprivate static func noVersion(
    of ref: StandardRef, from day: Day, _ versions: [StandardVersion]
  ) -> Rejection {
    let days = versions.map(\.from.description)
    return Rejection(
      .notFound, "standard.no-version", "\(ref) has no version from \(day)",
      hint: "its versions are in force from \(days.joined(separator: ", "))",
      details: ["versions": .array(days.map(JSON.string))])
  }

  fileprivate static func firstVersion(of ref: StandardRef) -> Rejection {
    Rejection(
      "standard.first-version", "the first version of \(ref) cannot be dropped",
      hint: "correct its target or its day, or: cem standard void \(ref) --reason TEXT")
  }

  static func standardIsRetired(_ ref: StandardRef) -> Rejection {
    Rejection("standard.retired", "\(ref) is retired", hint: "cem standard reinstate \(ref)")
  }
}
