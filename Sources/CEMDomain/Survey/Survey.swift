/// What customers, or our own people, say of the experience that we deliver (domain §6).
package struct Survey: EntityState {
  package static let kind = EntityKind.survey

  package var details: SurveyDetails

  package init(details: SurveyDetails) { self.details = details }

  package var departments: [DepartmentCode] { [details.department] }
}

/// The recorded fields of a perception survey.
package struct SurveyDetails: EntityDetails {
  package var department: DepartmentCode
  /// Where it was about one touchpoint.
  package var touchpoint: TouchpointRef?
  package var period: Period
  package var first: Day
  package var last: Day
  package var audience: SurveyAudience
  package var segment: SegmentCode?
  /// The share who agree that we deliver a superior experience, 0 to 1.
  package var agree: Exact
  /// How many answered.
  package var sample: Int
  package var question: Text?
  package var evidence: EvidenceRef?

  /// They follow from the period.
  package static let settled: Set = ["first", "last"]

  package func validate() throws(FieldError) {
    guard agree >= .zero, agree <= .one else {
      throw FieldError(path: "agree", "must be a share between 0 and 1, not \(agree)")
    }
    guard (1...1_000_000_000).contains(sample) else {
      throw FieldError(path: "sample", "must be a number of people from 1, not \(sample)")
    }
  }

  package mutating func derive(in situation: Situation) throws(Rejection) {
    let days = period.days(fiscalYearStart: try situation.program().details.fiscalYearStart)
    (first, last) = (days.lowerBound, days.upperBound)
  }

  package func checkAmended(
    from before: SurveyDetails, of _: EntityRecord, in situation: Situation
  ) throws(Rejection) {
    if period != before.period { try checkOver(on: situation.on) }
    // It stays where it was asked when its touchpoint moves.
    guard let touchpoint, touchpoint != before.touchpoint || department != before.department else {
      return
    }
    let own = try situation.touchpoint(touchpoint).details.department
    guard department == own else { throw .surveyElsewhere(touchpoint, own) }
  }

  /// Nothing is known of a period before it is over.
  func checkOver(on day: Day) throws(Rejection) {
    guard last > day else { return }
    throw Rejection(
      "survey.period-open", "\(period) ends on \(last), after the command's date \(day)",
      hint: "record it when it is over")
  }

  /// How many agreed, in millionths of a person: samples add up.
  package var agreeing: Int64 { agree.millionths * Int64(sample) }
}

/// What can happen to a survey, beside corrections.
package enum SurveyEvent: StoredEvents {
  case recorded(SurveyDetails)

  package static let forms: [StoredForm<SurveyEvent>] = [
    StoredForm("survey.recorded", 1, command: "survey.record") { .recorded($0) }
  ]

  package var stored: (type: String, schemaVersion: Int, payload: any Encodable & Sendable) {
    switch self {
    case .recorded(let payload): ("survey.recorded", 1, payload)
    }
  }
}

/// Records a perception survey.
package struct RecordSurvey: Command {
  package static let name = "survey.record"
  /// Not needed where a touchpoint is named.
  package var department: DepartmentCode?
  package var touchpoint: TouchpointRef?
  package var period: Period
  package var audience: SurveyAudience
  package var segment: SegmentCode?
  package var agree: Exact
  package var sample: Int
  package var question: Text?
  package var evidence: EvidenceRef?

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    let days = period.days(fiscalYearStart: try situation.program().details.fiscalYearStart)
    let details = SurveyDetails(
      department: try place(in: situation), touchpoint: touchpoint, period: period,
      first: days.lowerBound, last: days.upperBound, audience: audience, segment: segment,
      agree: agree, sample: sample, question: question, evidence: evidence)
    do { try details.validate() } catch { throw .input(error) }
    try situation.requireAll([details.department, segment, evidence])
    try details.checkOver(on: situation.on)
    return [
      Change(
        try situation.next(.survey), .survey(.recorded(details)), departments: [details.department])
    ]
  }

  private func place(in situation: Situation) throws(Rejection) -> DepartmentCode {
    guard let touchpoint else {
      if let department { return department }
      throw .input(
        FieldError(path: "department", "is missing: a survey is about a department or a touchpoint")
      )
    }
    let own = try situation.touchpoint(touchpoint).details.department
    if let department, department != own {
      throw .input(FieldError(path: "department", "is not that of \(touchpoint), which is \(own)"))
    }
    return own
  }
}

extension Rejection {
  fileprivate static func surveyElsewhere(
    _ touchpoint: TouchpointRef, _ department: DepartmentCode
  ) -> Rejection {
    Rejection(
      .input, "survey.elsewhere",
      "department: is not that of \(touchpoint), which is \(department)",
      hint:
        "use --department \(department), or --clear touchpoint, or: cem touchpoint amend \(touchpoint) --department CODE --reason TEXT",
      details: ["field": "department"])
  }
}
