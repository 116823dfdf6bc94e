/// A breach by its standard and its period: `STD-9/2024`.
package struct BreachRef: StreamReference {
  package let standard: StandardRef
  package let period: Period

  package init(_ standard: StandardRef, _ period: Period) {
    self.standard = standard
    self.period = period
  }

  package init(scalar text: String) throws(FieldError) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else {
      throw FieldError("must be a standard and a period like STD-9/2024, not \(shown(text))")
    }
    standard = try StandardRef(scalar: String(parts[0]))
    period = try Period(scalar: String(parts[1]))
  }

  package var stream: StreamID { standard.stream }
  package var description: String { "\(standard)/\(period)" }
}

/// Records a breach of a standard as a gap, which takes over its figures (domain §5).
package struct RecordBreach: Command {
  package static let name = "gap.record-breach"
  package var breach: BreachRef
  /// Default `training-execution`: a standard that is known and not kept.
  package var link: GapLink?
  /// Default what the standard measures.
  package var title: Title?
  package var severity: Int?
  package var evidence: EvidenceRef?
  package var owner: PersonID?
  package var due: Day?

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    let (breach, standard, judgement) = try situation.breach(breach)
    let details: GapDetails
    do {
      let metric = standard.details.metric
      let fallback = try Title("breach of \(breach)")
      details = GapDetails(
        department: standard.details.department, link: link ?? .trainingExecution,
        title: title ?? (metric.value == nil ? fallback : metric),
        expected: judgement.version?.target, perceived: judgement.measurement.value,
        unit: try standard.unitOfGaps(), lowerIsBetter: standard.details.lowerIsBetter,
        severity: severity, evidence: evidence, measuredOn: judgement.measurement.last,
        owner: owner ?? standard.details.owner, due: due,
        touchpoint: standard.details.touchpoint, breach: breach)
    } catch {
      throw .input(error)
    }
    return try RecordGap(details: details).decide(in: situation)
  }
}

extension Standard {
  /// The unit of the gaps that come from it.
  fileprivate func unitOfGaps() throws(FieldError) -> Title {
    if let unit = details.unit { return unit }
    return details.metric.value == nil ? try Title("as measured") : details.metric
  }
}

extension GapDetails {
  /// Checks that a gap has the figures of the breach that it names.
  /// - Returns: the change that notes the gap at the breach; none where the gap names none.
  func noteBreach(as gap: GapRef, in situation: Situation) throws(Rejection) -> [Change] {
    guard let breach else { return [] }
    let (_, standard, judgement) = try situation.breach(breach)
    let fits =
      department == standard.details.department && touchpoint == standard.details.touchpoint
      && expected == judgement.version?.target && perceived == judgement.measurement.value
      && (lowerIsBetter ?? false) == (standard.details.lowerIsBetter ?? false)
    guard fits else {
      throw Rejection(
        "gap.breach-differs", "the figures are not those of the breach \(breach)",
        hint: "cem gap record --from-breach \(breach)")
    }
    return try standard.note(gap, at: breach, in: situation)
  }
}

extension Standard {
  /// The change that notes a gap at the breach that it was recorded from; none where it is noted. A breach is one
  /// gap at a time.
  func note(
    _ gap: GapRef, at breach: BreachRef, in situation: Situation
  ) throws(Rejection) -> [Change] {
    let known = measurement(of: breach.period)?.gap
    if known == gap { return [] }
    if let known, let record = try situation.find(known.stream), !record.isVoided {
      throw Rejection(
        "gap.breach-recorded", "the breach \(breach) is recorded already as \(known)",
        hint: "cem gap show \(known)", details: ["reference": .string(known.description)])
    }
    return [
      Change(
        breach.stream,
        .standard(.breachRecorded(BreachRecorded(period: breach.period, gap: gap))),
        departments: departments)
    ]
  }
}

extension Situation {
  /// A breach by the name under which its period was measured, with the standard and the judgement.
  func breach(_ ref: BreachRef) throws(Rejection) -> (BreachRef, Standard, Judgement) {
    let standard = try standard(ref.standard)
    let days = ref.period.days(fiscalYearStart: try program().details.fiscalYearStart)
    guard let measurement = standard.measurement(of: days) else {
      throw Rejection(
        .notFound, "standard.not-measured", "\(ref.standard) was not measured in \(ref.period)",
        hint: "cem standard measure \(ref.standard) --period \(ref.period) --value N")
    }
    let judgement = standard.judge(measurement)
    guard judgement.isBreach else {
      throw Rejection(
        "standard.no-breach",
        "\(ref) is no breach: its verdict is \(judgement.verdict.rawValue)",
        hint: "cem standard show \(ref.standard)")
    }
    return (BreachRef(ref.standard, measurement.period), standard, judgement)
  }
}
