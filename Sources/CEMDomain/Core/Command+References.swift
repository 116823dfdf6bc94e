extension IssuedCommand {
  /// The streams that the command names: what its decision most likely reads.
  ///
  /// A guess that saves a round trip; whatever is missing is loaded when the decision asks for it.
  package var references: [StreamID] {
    references(named: FieldEncoder.references(of: command))
  }

  /// The streams, where those that the fields hold are known.
  func references(named: [StreamID]) -> [StreamID] {
    var streams = named
    if let correction = command as? any CorrectionCommand { streams.append(correction.subject) }
    if let stream = (command as? any EvidenceCommand)?.evidenceGiven?.stream {
      streams.append(stream)
    }
    if let person = context.onBehalfOf { streams.append(person.stream) }
    if type(of: command).name.hasPrefix("maturity.") {
      streams += streams.filter { $0.kind == .department }
        .map { .maturity(DepartmentCode(stream: $0)) }
      streams.append(.programMaturity)
    }
    return streams
  }
}

extension Command {
  /// The person all of whose things the command looks at.
  package var handsOverFrom: PersonID? { (self as? HandOver)?.id }

  /// Whether it waives or accepts something and names nobody who approved that.
  package var lacksApprover: Bool {
    switch self {
    case let command as OpenInitiative: command.waivePlatform != nil && command.approver == nil
    case let command as WaivePlatform: command.approver == nil
    case let command as ScaleInitiative: command.waivePilot != nil && command.approver == nil
    case let command as AcceptGap: command.approver == nil
    default: false
    }
  }

  /// What people call the thing that the command is about, where that is not the thing that its first event
  /// happens to; `nil` for most.
  package var subjectName: String? {
    switch self {
    case let command as ClosePeriod: command.period.description
    case let command as ReopenPeriod: command.period.description
    case let command as HandOver: command.id.code
    default: nil
    }
  }

  /// The kind of numbered thing that the command most likely creates.
  package var creates: EntityKind? {
    switch self {
    case is RecordGap, is RecordBreach: .gap
    case is MapTouchpoint: .touchpoint
    case is SetStandard: .standard
    case is RecordSurvey: .survey
    case is DeclareChannel: .channel
    case is RecordInsight: .insight
    case is AddNote: .note
    case is MakeRequest: .request
    case is RecordRate: .rate
    case is AddEvidence: .evidence
    case is StatePlatform: .platform
    case is WaiveAction, is WaivePlatform: .waiver
    case let scaling as ScaleInitiative where scaling.waivePilot != nil: .waiver
    case let command as any EvidenceCommand
    where command.evidenceGiven.map { $0.stream == nil } ?? false:
      .evidence
    case is OpenInitiative: .initiative
    default: nil
    }
  }
}
