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
    case .department(.registered):
      return try VoidRecord<Department>(subject: stream).decide(in: situation)
    case .evidence(.added): return try VoidRecord<Evidence>(subject: stream).decide(in: situation)
    case .evidence(.renewed(let renewed)):
      return try RenewEvidence(evidence: EvidenceRef(stream.number), expires: renewed.before)
        .decide(in: situation)
    case .waiver(.granted):
      return try RevokeWaiver(waiver: WaiverRef(stream.number)).decide(in: situation)
    case .platform(.stated): return try VoidRecord<Platform>(subject: stream).decide(in: situation)
    case .initiative(.opened):
      return try VoidRecord<Initiative>(subject: stream).decide(in: situation)
    case .gap(.recorded): return try VoidRecord<Gap>(subject: stream).decide(in: situation)
    case .gap(.diagnosed(let diagnosed)):
      return try DiagnoseGap(gap: GapRef(stream.number), link: diagnosed.from)
        .decide(in: situation)
    case .gap(.reassessed(let reassessed)):
      var fields: JSONObject = ["perceived": .null, "measuredOn": .null]
      fields["perceived"] = reassessed.before.map { .string($0.description) } ?? .null
      fields["measuredOn"] = reassessed.measuredBefore.map { .string($0.description) } ?? .null
      return try AmendRecord<Gap>(subject: stream, fields: fields).decide(in: situation)
    case .maturity(let event):
      return try compensation(for: event, of: stream, in: situation)
    case .correction(let kind, let correction):
      return try compensation(for: correction, kind: kind, event: event, of: record, in: situation)
    case .initiative(.linked): return try unlink(record, in: situation)
    case .initiative(.scaled(let scaled)):
      return [reversion(of: event, in: record)]
        + (try revocation(of: scaled.waiver, in: situation))
    case .gap(.closed), .gap(.accepted), .gap(.reopened), .initiative:
      return [reversion(of: event, in: record)]
    case .program, .waiver(.revoked): throw .cannotUndo(event)
    }
  }

  private func reversion(of event: RecordedEvent, in record: EntityRecord) -> Change {
    Change(
      event.stream,
      .correction(
        event.stream.kind, .reverted(Reversion(position: position, type: event.event.type))),
      departments: record.entity.state.departments)
  }

  /// Takes away the link that was added last.
  private func unlink(
    _ record: EntityRecord, in situation: Situation
  ) throws(Rejection) -> [Change] {
    guard case .initiative(let state) = record.entity else { return [] }
    let links = (state.details.links ?? []).dropLast().map { $0.value.map(JSON.string) ?? .null }
    return try AmendRecord<Initiative>(
      subject: record.stream, fields: ["links": links.isEmpty ? .null : .array(links)]
    ).decide(in: situation)
  }

  /// What was granted for the step alone goes with it.
  private func revocation(
    of waiver: WaiverRef?, in situation: Situation
  ) throws(Rejection) -> [Change] {
    guard let waiver, try situation.find(waiver.stream)?.isVoided == false else { return [] }
    return try RevokeWaiver(waiver: waiver).decide(in: situation)
  }

  private func compensation(
    for event: MaturityEvent, of stream: StreamID, in situation: Situation
  ) throws(Rejection) -> [Change] {
    let department = stream == .programMaturity ? nil : DepartmentCode(stream: stream)
    let forAll = department == nil ? true : nil
    switch event {
    case .assessed(let assessed):
      return try CorrectMaturity(department: department, programLevel: forAll, to: assessed.from)
        .decide(in: situation)
    case .advanced(let advanced):
      return try CorrectMaturity(department: department, programLevel: forAll, to: advanced.from)
        .decide(in: situation)
    case .regressed(let regressed):
      return try CorrectMaturity(department: department, programLevel: forAll, to: regressed.from)
        .decide(in: situation)
    case .corrected(let corrected):
      return try CorrectMaturity(department: department, programLevel: forAll, to: corrected.from)
        .decide(in: situation)
    case .actionCompleted(let completed):
      return try ReopenAction(department: department, all: forAll, action: completed.action)
        .decide(in: situation)
    case .actionReopened(let reopened):
      guard let evidence = reopened.evidence else { return [] }
      do {
        return try CompleteAction(
          department: department, all: forAll, action: reopened.action,
          evidence: Text(evidence.description)
        ).decide(in: situation)
      } catch let error as Rejection {
        throw error
      } catch {
        throw .input(FieldError("cannot be read"))
      }
    case .actionWaived(let waived):
      return try RevokeWaiver(waiver: waived.waiver).decide(in: situation)
    }
  }

  private func compensation(
    for correction: CorrectionEvent, kind: EntityKind, event: RecordedEvent,
    of record: EntityRecord, in situation: Situation
  ) throws(Rejection) -> [Change] {
    func change(_ correction: CorrectionEvent) -> [Change] {
      [
        Change(
          event.stream, .correction(kind, correction), departments: event.departments)
      ]
    }
    switch correction {
    case .amended(let amendment):
      return change(
        .amended(
          Amendment(changed: amendment.changed, old: amendment.new, new: amendment.old)))
    case .voided: return change(.restored(Restoration()))
    case .restored: return change(.voided(Voiding()))
    case .handedOver(let handover):
      return change(.handedOver(Handover(from: handover.to, to: handover.from)))
    case .reverted: throw .cannotUndo(event)
    }
  }
}

extension Rejection {
  static func cannotUndo(_ event: RecordedEvent) -> Rejection {
    Rejection(
      "undo.impossible", "\(event.event.type) cannot be taken back",
      hint: "correct it: cem \(event.stream.kind.rawValue) --help")
  }
}
