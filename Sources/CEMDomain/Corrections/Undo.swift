/// Takes back the event at a position by the command that compensates for it.
///
/// Only a stream's last event can be taken back: what came later may rest on it.
package struct Undo: Command {
  package static let name = "undo"
  package var position: Int64

  package init(position: Int64) { self.position = position }

  package func decide(in situation: Situation) throws(Rejection) -> [Change] {
    guard let event = try situation.state.event(at: position) else {
      throw Rejection(
        .notFound, "undo.no-event", "there is no event at position \(position)",
        hint: "cem history --limit 10")
    }
    try situation.requireReason("an undo")
    guard let record = try situation.find(event.stream), record.version == event.version else {
      throw Rejection(
        "undo.not-last",
        "position \(position) is not the last event of \(event.stream.reference)",
        hint: "cem history --stream \(event.stream)")
    }
    return try compensation(for: event, of: record, in: situation)
  }

  private func compensation(
    for event: RecordedEvent, of record: EntityRecord, in situation: Situation
  ) throws(Rejection) -> [Change] {
    let stream = event.stream
    switch event.event {
    case .person(.added): return try VoidRecord<Person>(subject: stream).decide(in: situation)
    case .program(.periodClosed(let closed)):
      return try ReopenPeriod(period: closed.period).decide(in: situation)
    case .program(.periodReopened(let reopened)):
      // What the period was closed as is given up, and facts may have been dated in it since.
      throw .cannotUndo(event, hint: "close it anew: cem period close \(reopened.period)")
    case .department(.registered):
      return try VoidRecord<Department>(subject: stream).decide(in: situation)
    case .department(let event):
      return try compensation(for: event, of: record, in: situation)
    case .evidence(.added): return try VoidRecord<Evidence>(subject: stream).decide(in: situation)
    case .evidence(.renewed(let renewed)):
      // An amendment, for the day that it brings back may have passed.
      return try amend(
        record.entity.state,
        ["expires": renewed.before.map { .string($0.description) } ?? .null], in: situation)
    case .waiver(.granted):
      return try VoidRecord<Waiver>(subject: stream).decide(in: situation)
    case .platform(.stated): return try VoidRecord<Platform>(subject: stream).decide(in: situation)
    case .initiative(.opened):
      return try VoidRecord<Initiative>(subject: stream).decide(in: situation)
    case .gap(.recorded): return try VoidRecord<Gap>(subject: stream).decide(in: situation)
    case .segment(.defined): return try VoidRecord<Segment>(subject: stream).decide(in: situation)
    case .touchpoint(.mapped):
      return try VoidRecord<Touchpoint>(subject: stream).decide(in: situation)
    case .standard(.set): return try VoidRecord<Standard>(subject: stream).decide(in: situation)
    case .survey(.recorded): return try VoidRecord<Survey>(subject: stream).decide(in: situation)
    case .channel(.declared): return try VoidRecord<Channel>(subject: stream).decide(in: situation)
    case .insight(.recorded): return try VoidRecord<Insight>(subject: stream).decide(in: situation)
    case .note(.added): return try VoidRecord<Note>(subject: stream).decide(in: situation)
    case .request(.made): return try VoidRecord<Request>(subject: stream).decide(in: situation)
    case .rate(.recorded): return try VoidRecord<Rate>(subject: stream).decide(in: situation)
    case .maturity(.assessed(let assessed)):
      let corrected = try correct(stream, to: assessed.from, situation)
      // A confirmation left the level as it was: what is gone is who assessed it, how and why.
      return corrected.isEmpty ? [try reversion(of: event, in: record, situation)] : corrected
    case .maturity(.advanced(let event)): return try correct(stream, to: event.from, situation)
    case .maturity(.inherited(let event)): return try correct(stream, to: event.from, situation)
    case .maturity(.regressed(let event)): return try correct(stream, to: event.from, situation)
    case .maturity(.corrected(let event)): return try correct(stream, to: event.from, situation)
    case .maturity(.actionWaived(let waived)):
      // The waiver that the action had before counts again.
      return [try reversion(of: event, in: record, situation)]
        + (try voiding(of: waived.waiver, in: situation))
    case .correction(_, let correction):
      return try compensation(
        for: correction, event: event, of: record.entity.state, in: situation)
    case .initiative(.linked): return try unlink(record, in: situation)
    case .initiative(.platformWaived(let waived)):
      return [try reversion(of: event, in: record, situation)]
        + (try voiding(of: waived.waiver, in: situation))
    case .initiative(.scaled(let scaled)):
      return [try reversion(of: event, in: record, situation)]
        + (try voiding(of: scaled.waiver, in: situation))
    case .request(.rejected), .initiative, .touchpoint, .channel,
      .gap(.diagnosed), .gap(.reassessed), .gap(.closed), .gap(.accepted), .gap(.reopened),
      .maturity(.actionCompleted), .maturity(.actionReopened),
      .standard(.revised), .standard(.versionCorrected), .standard(.measured),
      .standard(.retired), .standard(.reinstated):
      return [try reversion(of: event, in: record, situation)]
    // The gap that it accompanies is what can be taken back.
    case .program, .waiver(.revoked), .standard(.breachRecorded), .request(.approved), .log,
      .unreadable:
      throw .cannotUndo(event)
    }
  }

  /// A department that is gone comes back with its work, and the other way round.
  private func compensation(
    for event: DepartmentEvent, of record: EntityRecord, in situation: Situation
  ) throws(Rejection) -> [Change] {
    guard case .department(let state) = record.entity else { return [] }
    switch event {
    case .registered:
      return try VoidRecord<Department>(subject: record.stream).decide(in: situation)
    case .retired(let retired) where retired.again == true:
      throw Rejection(
        "undo.impossible", "what took back a reinstatement cannot be taken back itself",
        hint: "cem department reinstate \(state.code)")
    case .retired, .merged, .split:
      guard let retirement = state.retirement else {
        throw Rejection(
          "undo.impossible", "\(state.code) is still there: a part of it became another department",
          hint: "move the work back with: cem department retire CODE --into \(state.code)")
      }
      return try changes(
        by: ReinstateDepartment(
          department: state.code, withWork: retirement.successors == nil ? nil : true,
          further: true,
          levels: try heirs(by: event, of: state.code, at: retirement.position, in: situation)),
        onTheDayOf: retirement.on, in: situation)
    case .reinstated(let reinstated):
      let successors = reinstated.successors ?? []
      guard successors.count <= 1 else {
        throw Rejection(
          "undo.impossible", "\(state.code) was divided, and its work cannot go back by itself",
          hint: "cem department split \(state.code) --into CODE --into CODE --move REF=CODE")
      }
      return try RetireDepartment(department: state.code, into: successors.first, again: true)
        .decide(in: situation)
    }
  }

  /// The departments whose level is the one that they inherited by the command that made an event, and whose maturity
  /// nothing was recorded of since.
  /// - Parameter position: of the event.
  private func heirs(
    by event: DepartmentEvent, of code: DepartmentCode, at position: Int64, in situation: Situation
  ) throws(Rejection) -> [DepartmentCode]? {
    let (parts, first): ([DepartmentCode], Int64)
    switch event {
    case .merged(let merged):
      let gone = merged.departments.filter { $0 != merged.into }
      let start = position - Int64(gone.firstIndex(of: code) ?? 0)
      // As long as another is a part of it, its level is that of both.
      for (other, place) in zip(gone, start...) where other != code {
        if case .department(let state)? = try situation.find(other.stream)?.entity,
          state.retirement?.position == place
        {
          return nil
        }
      }
      let isNew = !merged.departments.contains(merged.into)
      (parts, first) = ([merged.into], start + Int64(gone.count) + (isNew ? 1 : 0))
    case .split(let split):
      (parts, first) = (split.into, position + 1 + Int64(split.into.count))
    case .registered, .retired, .reinstated: return nil
    }
    var heirs: [DepartmentCode] = []
    for (part, place) in zip(parts, first...) {
      guard let record = try situation.find(.maturity(part)), record.position == place,
        case .maturity(let maturity) = record.entity, maturity.standing?.isDue == true
      else { continue }
      heirs.append(part)
    }
    return heirs
  }

  /// What a command leads to, on an earlier day if that may be: taken back on its own day, a retirement leaves no
  /// days without the department. A closed period stays as it is, and so does what went on since.
  private func changes(
    by command: some Command, onTheDayOf day: Day, in situation: Situation
  ) throws(Rejection) -> [Change] {
    let now = try command.decide(in: situation)
    guard day < situation.on, try situation.program().closes(holding: day).isEmpty else {
      return now
    }
    for change in now {
      if let record = try situation.find(change.stream), record.occurredOn > day { return now }
    }
    var then: [Change]
    do {
      then = try command.decide(in: situation.with(situation.context, on: day))
    } catch {
      if case .unloaded = error.kind { throw error }
      return now
    }
    for index in then.indices { then[index].on = day }
    return then
  }

  private func reversion(
    of event: RecordedEvent, in record: EntityRecord, _ situation: Situation
  ) throws(Rejection) -> Change {
    // It may be open after it, which is new work.
    try situation.requireAll(record.entity.state.departments)
    _ = try counterpart(of: event)?.decide(in: situation)
    return Change(
      event.stream, .correction(event.stream.kind, CorrectionEvent(takingBack: event)),
      departments: record.entity.state.departments)
  }

  /// The command that leads where taking the event back does, and by whose rules that goes, too.
  private func counterpart(of event: RecordedEvent) -> (any Command)? {
    switch event.event {
    case .standard(.retired): ReinstateStandard(standard: StandardRef(event.stream.number))
    case .touchpoint(.reinstated): RetireTouchpoint(touchpoint: TouchpointRef(event.stream.number))
    default: nil
    }
  }

  /// Takes away the link that was added last.
  private func unlink(
    _ record: EntityRecord, in situation: Situation
  ) throws(Rejection) -> [Change] {
    guard case .initiative(let state) = record.entity else { return [] }
    // Of a link that was erased there is nothing to keep.
    let links = (state.details.links ?? []).dropLast().compactMap { $0.value.map(JSON.string) }
    return try AmendRecord<Initiative>(
      subject: record.stream, fields: ["links": links.isEmpty ? .null : .array(links)]
    ).decide(in: situation)
  }

  /// What was granted for the step alone goes with it.
  private func voiding(
    of waiver: WaiverRef?, in situation: Situation
  ) throws(Rejection) -> [Change] {
    guard let waiver else { return [] }
    return try VoidRecord<Waiver>(subject: waiver.stream).decide(in: situation)
  }

  private func correct(
    _ stream: StreamID, to level: Int?, _ situation: Situation
  ) throws(Rejection) -> [Change] {
    let isProgram = stream == .programMaturity
    return try CorrectMaturity(
      department: isProgram ? nil : DepartmentCode(stream: stream),
      programLevel: isProgram ? true : nil, to: level
    ).decide(in: situation)
  }

  private func compensation<State: EntityState>(
    for correction: CorrectionEvent, event: RecordedEvent, of state: State, in situation: Situation
  ) throws(Rejection) -> [Change] {
    switch correction {
    case .amended(let amendment):
      var fields = JSONObject()
      // What follows from other fields does so again.
      for name in amendment.changed where !State.Details.settled.contains(name) {
        fields[name] = amendment.old.value(of: name) ?? .null
      }
      return try amend(state, fields, in: situation)
    case .voided: return try RestoreRecord<State>(subject: event.stream).decide(in: situation)
    case .restored(let restoration):
      return try VoidRecord<State>(subject: event.stream, duplicateOf: restoration.duplicateOf)
        .decide(in: situation)
    case .handedOver(let handover):
      // An amendment of this one thing: a handover would take along all that the person owns.
      return try amend(
        state, [handover.field(of: State.kind): .string(handover.from.description)], in: situation)
    case .reverted, .approvedReverted: throw .cannotUndo(event)
    case .moved(let move):
      throw .cannotUndo(
        event, hint: "bring it back with: cem department reinstate \(move.from) --with-work")
    }
  }
}

extension Undo {
  /// The amendment of the thing whose event is taken back.
  private func amend<State: EntityState>(
    _: State, _ fields: JSONObject, in situation: Situation
  ) throws(Rejection) -> [Change] {
    guard let event = try situation.state.event(at: position) else { return [] }
    return try AmendRecord<State>(subject: event.stream, fields: fields).decide(in: situation)
  }
}

extension Rejection {
  static func cannotUndo(_ event: RecordedEvent, hint: String? = nil) -> Rejection {
    Rejection(
      "undo.impossible", "\(event.event.type) cannot be taken back",
      hint: hint ?? "correct it: cem \(event.stream.kind.rawValue) --help")
  }
}
