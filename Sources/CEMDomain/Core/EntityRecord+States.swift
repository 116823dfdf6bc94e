/// What a thing is, by its kind.
extension EntityRecord {
  /// The program, where this is it.
  package var program: Program? { if case .program(let state) = entity { state } else { nil } }
  /// The person, where this is one.
  package var person: Person? { if case .person(let state) = entity { state } else { nil } }
  /// The department, where this is one.
  package var department: Department? {
    if case .department(let state) = entity { state } else { nil }
  }
  /// The maturity, where this is one.
  package var maturity: Maturity? { if case .maturity(let state) = entity { state } else { nil } }
  /// The evidence, where this is some.
  package var evidence: Evidence? { if case .evidence(let state) = entity { state } else { nil } }
  /// The waiver, where this is one.
  package var waiver: Waiver? { if case .waiver(let state) = entity { state } else { nil } }
  /// The platform, where this is one.
  package var platform: Platform? { if case .platform(let state) = entity { state } else { nil } }
  /// The initiative, where this is one.
  package var initiative: Initiative? {
    if case .initiative(let state) = entity { state } else { nil }
  }
  /// The gap, where this is one.
  package var gap: Gap? { if case .gap(let state) = entity { state } else { nil } }
  /// The segment, where this is one.
  package var segment: Segment? { if case .segment(let state) = entity { state } else { nil } }
  /// The touchpoint, where this is one.
  package var touchpoint: Touchpoint? {
    if case .touchpoint(let state) = entity { state } else { nil }
  }
  /// The service standard, where this is one.
  package var standard: Standard? { if case .standard(let state) = entity { state } else { nil } }
  /// The survey, where this is one.
  package var survey: Survey? { if case .survey(let state) = entity { state } else { nil } }
  /// The feedback channel, where this is one.
  package var channel: Channel? { if case .channel(let state) = entity { state } else { nil } }
  /// The insight, where this is one.
  package var insight: Insight? { if case .insight(let state) = entity { state } else { nil } }
  /// The note, where this is one.
  package var note: Note? { if case .note(let state) = entity { state } else { nil } }
  /// The request, where this is one.
  package var request: Request? { if case .request(let state) = entity { state } else { nil } }
  /// The rate of exchange, where this is one.
  package var rate: Rate? { if case .rate(let state) = entity { state } else { nil } }
}
