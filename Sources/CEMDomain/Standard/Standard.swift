/// What customers, or colleagues, can count on at a touchpoint (domain §5): `STD-9`.
package struct Standard: EntityState {
  package static let kind = EntityKind.standard

  package var details: StandardDetails
  package var life = StandardLife()
  /// What the last event changed, as it was before, so that it can be taken back.
  package var previous: [Snapshot] = []
  /// The departments that it came from, where departments changed.
  package var moves: [PastMove]?

  /// The part that events change.
  package struct Snapshot: Codable, Hashable, Sendable {
    package var target: Exact?
    package var from: Day?
    package var life: StandardLife
  }

  package init(details: StandardDetails) { self.details = details }

  package var departments: [DepartmentCode] { [details.department] }
  package var owner: PersonID? {
    get { details.owner }
    set { details.owner = newValue }
  }
  package var isOpen: Bool { life.retiredOn == nil }

  package mutating func revertLife(at _: Int64) {
    guard let before = previous.popLast() else { return }
    details.target = before.target
    details.from = before.from
    life = before.life
  }
}

/// The recorded fields of a service standard. Target and date are those of its latest version.
package struct StandardDetails: EntityDetails {
  package var touchpoint: TouchpointRef
  /// The touchpoint's.
  package var department: DepartmentCode
  package var metric: Title
  package var unit: Title?
  /// What is promised, in `unit`; unknown where it was not put into a number.
  package var target: Exact?
  /// Whether a lower value is better; absent means that a higher one is.
  package var lowerIsBetter: Bool?
  package var `for`: StandardAudience?
  /// Which side of the customer interface it holds (domain §3).
  package var aspect: StandardAspect?
  /// The first day on which the latest version is in force.
  package var from: Day?
  package var owner: PersonID?

  /// Measurements and breaches rest on them.
  package static let settled: Set = ["touchpoint", "department"]

  package func checkAmended(
    from before: StandardDetails, of record: EntityRecord, in situation: Situation
  ) throws(Rejection) {
    try situation.requireInCatalog(aspect.map { [$0] } ?? [])
    guard from != before.from, case .standard(let standard) = record.entity else { return }
    guard let from else {
      throw .input(FieldError(path: "from", "cannot be cleared: a version is in force from a day"))
    }
    if let last = standard.life.earlier.last, from <= last.from {
      throw .versionOrder(
        from, after: last.from, hint: "name a later day, or take the version back with: cem undo")
    }
  }
}

/// What became of a standard.
package struct StandardLife: Codable, Hashable, Sendable {
  /// The versions that later ones took the place of, the oldest first.
  package var earlier: [StandardVersion] = []
  /// By their last day, then by period.
  package var measurements: [Measurement] = []
  /// The day from which it is promised no more.
  package var retiredOn: Day?
  /// Who approved that beside the login that asked; `nil` where nobody did.
  package var retirement: Approval?
}

/// A target with the day from which it is in force.
package struct StandardVersion: Codable, Hashable, Sendable {
  package var from: Day
  package var target: Exact?
}

/// What was measured of a standard in a period.
package struct Measurement: Codable, Hashable, Sendable {
  package var period: Period
  package var first: Day
  package var last: Day
  /// In the standard's unit; unknown where there is no data.
  package var value: Exact?
  /// How many cases it rests on.
  package var volume: Exact?
  package var note: Text?
  /// The business date on which it was recorded.
  package var on: Day
  /// The gap that was recorded from its breach.
  package var gap: GapRef?
}

/// A measurement held against the standard.
package struct Judgement: Hashable, Sendable {
  package var measurement: Measurement
  /// The version in force on the period's last day; `nil` where none was.
  package var version: StandardVersion?
  package var verdict: StandardVerdict
  /// Whether another version came into force within the period.
  package var changedWithin: Bool

  package var isBreach: Bool { verdict == .missed }
}

extension Standard {
  /// All versions, the oldest first.
  package internal(set) var versions: [StandardVersion] {
    get {
      life.earlier
        + (details.from.map { [StandardVersion(from: $0, target: details.target)] } ?? [])
    }
    set {
      life.earlier = newValue.dropLast()
      details.from = newValue.last?.from
      details.target = newValue.last?.target
    }
  }

  /// The version in force on a day.
  package func version(on day: Day) -> StandardVersion? { versions.last { $0.from <= day } }

  /// The measurement recorded under a period's name.
  package func measurement(of period: Period) -> Measurement? {
    life.measurements.first { $0.period == period }
  }

  /// The measurement of a period, by whatever name it goes.
  package func measurement(of days: ClosedRange<Day>) -> Measurement? {
    life.measurements.first { $0.first == days.lowerBound && $0.last == days.upperBound }
  }

  /// Judges a measurement: the version in force on the period's last day decides (domain §5). Without
  /// a value or a target the verdict is unknown, never a miss.
  package func judge(_ measurement: Measurement) -> Judgement {
    let version = version(on: measurement.last)
    var verdict = StandardVerdict.unknown
    if let value = measurement.value, let target = version?.target {
      let isMet = details.lowerIsBetter == true ? value <= target : value >= target
      verdict = isMet ? .met : .missed
    }
    let changedWithin = versions.contains {
      $0.from > measurement.first && $0.from <= measurement.last
    }
    return Judgement(
      measurement: measurement, version: version, verdict: verdict, changedWithin: changedWithin)
  }

  /// All measurements, judged.
  package var judgements: [Judgement] { life.measurements.map { judge($0) } }

  /// The judgement that stands: of the period that ended last of those with a value, for one without takes back
  /// nothing of what was known; where none has a value, of the last.
  package var standing: Judgement? {
    (life.measurements.last { $0.value != nil } ?? life.measurements.last).map { judge($0) }
  }
}
