/// Which events count towards what had happened by the end of a day.
///
/// What happened counts by its business date. A correction counts whenever it was recorded: it says
/// what is known, not what happened. It counts only where what it corrects does, so a correction
/// of something that happened after the day changes nothing before it.
package struct PeriodFold: Sendable {
  /// The last day that counts.
  package let end: Day
  /// The positions of events that do not count, which a reversion may name.
  private var later: Set<Int64> = []
  /// The recorded fields that such events changed, by stream and position: what is corrected there came later.
  private var laterFields: [StreamID: [Int64: [String]]] = [:]
  /// The levels as they are known, whenever they were reached, by stream.
  private var known: [StreamID: Maturity] = [:]

  package init(through end: Day) { self.end = end }

  /// The event as far as it counts; `nil` where it does not.
  ///
  /// - Parameters:
  ///   - event: the next one in the order of the log.
  ///   - record: its thing before it, folded from what counted so far.
  package mutating func counted(
    _ event: RecordedEvent, _ record: EntityRecord?
  ) -> RecordedEvent? {
    if case .maturity(let maturity) = event.event {
      known[event.stream, default: Maturity(stream: event.stream)]
        .evolve(with: maturity, on: event.occurredOn, at: event.position, by: event.approval)
    }
    guard event.occurredOn > end else { return event }
    if let record, let counted = correction(event, record) { return counted }
    later.insert(event.position)
    let names = event.changedFields
    if !names.isEmpty { laterFields[event.stream, default: [:]][event.position] = names }
    return nil
  }

  private mutating func correction(
    _ event: RecordedEvent, _ record: EntityRecord
  ) -> RecordedEvent? {
    switch event.event {
    case .correction(let kind, .amended(let amendment)):
      let later = Set((laterFields[event.stream] ?? [:]).values.joined())
      let names = amendment.changed.filter { !later.contains($0) }
      guard !names.isEmpty else { return nil }
      var event = event
      event.event = .correction(kind, .amended(amendment.limited(to: names)))
      return event
    case .correction(_, .voided): return event
    case .correction(_, .restored): return record.isVoided ? event : nil
    case .correction(_, .reverted(let reversion)),
      .correction(_, .approvedReverted(let reversion)):
      laterFields[event.stream]?[reversion.position] = nil
      return later.contains(reversion.position) ? nil : event
    case .standard(.measured(let measured)):
      // Measured again for a reason, which says that what was measured first was wrong.
      guard case .standard(let standard) = record.entity else { return nil }
      return standard.measurement(of: measured.period) == nil ? nil : event
    case .initiative(.pilotCorrected(let corrected)):
      guard case .initiative(let here) = record.entity else { return nil }
      return here.life.lastPilot != nil && here.life.pilots == corrected.pilot ? event : nil
    case .standard(.versionCorrected(let corrected)):
      // A version that came later is not there to be corrected.
      guard case .standard(let standard) = record.entity else { return nil }
      return standard.versions.contains { $0.from == corrected.version } ? event : nil
    case .maturity(.corrected): return bringsBack(event.stream, other: record) ? event : nil
    default:
      // Of whatever kind, it happened later.
      return nil
    }
  }

  /// Whether the correction of a level leaves one that has stood since the last day that counts or longer, and
  /// another than the one here. What it leaves else came later, or was here all along.
  private func bringsBack(_ stream: StreamID, other record: EntityRecord) -> Bool {
    guard let known = known[stream], case .maturity(let here) = record.entity,
      // Where it leaves none, that is since the level that it corrects.
      let since = (known.standing ?? known.before)?.since
    else { return false }
    return since <= end && known.standing != here.standing
  }
}

extension RecordedEvent {
  /// The recorded fields of a thing that change because something happened to it. Its first event sets them all, and
  /// amendments and reversions change none: they correct what was recorded.
  package var changedFields: [String] {
    switch event {
    case .gap(.diagnosed): ["link"]
    case .gap(.reassessed): ["perceived", "measuredOn"]
    case .standard(.revised), .standard(.versionCorrected): ["target", "from"]
    case .evidence(.renewed): ["expires"]
    case .initiative(.linked): ["links"]
    case .program(.catalogAdopted): ["catalogVersion"]
    case .correction(let kind, .handedOver(let handover)): [handover.field(of: kind)]
    case .correction(_, .moved(let move)):
      // The first department is the one that leads.
      departments.first == move.from ? ["department", "with"] : ["with"]
    case .program, .person, .department, .evidence, .waiver, .maturity, .platform, .initiative,
      .gap, .segment, .touchpoint, .standard, .survey, .channel, .insight, .note, .request, .rate,
      .log, .correction, .unreadable:
      []
    }
  }
}

extension Amendment {
  /// The amendment of some of its fields alone.
  fileprivate func limited(to names: [String]) -> Amendment {
    func kept(_ part: JSON?) -> JSON? {
      guard let object = part?.object else { return part }
      var kept = JSONObject()
      for name in names { kept[name] = object[name] }
      return .object(kept)
    }
    func fields(_ fields: AmendedFields) -> AmendedFields {
      AmendedFields(
        split: Split(facts: kept(fields.split.facts), personal: kept(fields.split.personal)))
    }
    return Amendment(changed: names, old: fields(old), new: fields(new))
  }
}
