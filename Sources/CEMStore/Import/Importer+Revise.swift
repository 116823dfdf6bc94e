import CEMDomain
import FoundationEssentials

extension Importer {
  /// Brings a thing that is known by its external id, or by its code, to what a row says of it.
  ///
  /// Only the fields that the row has are compared. A gap's new value is a reassessment, a period's other
  /// figures are a measurement, all else is an amendment.
  /// - Returns: `nil` where the row is about nothing that is known, so that it is a command as it stands.
  /// - Throws: `Rejection` where the thing is otherwise and the import does not revise.
  func revise(
    _ row: ImportRow, _ issued: IssuedCommand, contentID: UUID, wasHandled: Bool,
    _ open: OpenBatch
  ) throws -> RowResult? {
    guard let record = try known(issued, open) else { return nil }
    let identity = identity(of: issued)
    var result = RowResult(events: 0, reference: record.stream.reference, isRevision: true)
    if let identity {
      // Handled is not enough: the source may have said something else since, and then this again.
      // What it said last is not said again: what people did since stays.
      let latest =
        try latestContent[identity]
        ?? open.lastCause(of: record.stream, correlation: identity)
      if latest == contentID || (wasHandled && latest == nil) { return result }
    } else if wasHandled {
      return result
    }
    let steps =
      issued.command is MeasureStandard
      ? try remeasuring(issued, record, open) : try steps(from: row, issued, record, open)
    try all(steps.count, open) { index in
      let id = UUID(
        derivedFrom: "cem-import-revision/1\n\(contentID.text)\n\(record.version)\n\(index)\n")
      let (events, _) = try open.append(
        Submission(
          steps[index], commandID: id, correlationID: identity,
          causationID: identity == nil ? nil : contentID))
      result.events += events
    }
    if options.revises, let identity { latestContent[identity] = contentID }
    return result
  }

  /// Takes all steps of a row, or none: what was taken of a row that is refused would say that it was brought in.
  private func all(
    _ count: Int, _ open: OpenBatch, _ take: (Int) throws -> Void
  ) throws {
    // A mark has the next change copy the state, which one step alone does not need.
    guard count > 1 else { return try (0..<count).forEach(take) }
    var refusal: Rejection?
    try open.asWhole {
      do { try (0..<count).forEach(take) } catch let rejection as Rejection { refusal = rejection }
      return refusal == nil
    }
    if let refusal { throw refusal }
  }

  /// The thing that a row would record again.
  private func known(_ issued: IssuedCommand, _ open: OpenBatch) throws -> EntityRecord? {
    switch issued.command {
    case is RecordGap, is OpenInitiative, is StatePlatform, is AddEvidence, is MapTouchpoint,
      is SetStandard, is RecordSurvey, is DeclareChannel, is RecordInsight, is AddNote,
      is RecordRate:
      break
    case let command as RegisterDepartment where options.revises:
      if let record = try open.record(command.code.stream) { return record }
    case let command as AddPerson where options.revises:
      if let record = try open.record(command.id.stream) { return record }
    case let command as DefineSegment where options.revises:
      if let record = try open.record(command.code.stream) { return record }
    case let command as MeasureStandard:
      // One that gives its reason corrects an earlier row, as an export has it.
      guard options.revises || issued.context.reason == nil,
        let record = try open.record(command.standard.stream),
        case .standard(let standard) = record.entity,
        case .program(let program)? = try open.record(.program)?.entity,
        standard.measurement(
          of: command.period.days(fiscalYearStart: program.details.fiscalYearStart)) != nil
      else { return nil }
      return record
    case is RegisterDepartment, is AddPerson, is DefineSegment: break
    default: return nil
    }
    return try issued.context.external.flatMap { try open.record(external: $0) }
  }

  private func steps(
    from row: ImportRow, _ issued: IssuedCommand, _ record: EntityRecord, _ open: OpenBatch
  ) throws -> [IssuedCommand] {
    let kind = record.stream.kind
    let amend = "\(kind.rawValue).amend"
    var fields = try row.resolvedFields(names)
    if issued.command is RecordRate {
      // An amendment names the thing by that.
      fields["value"] = fields["rate"]
      fields["rate"] = nil
    }
    let amendable = Set(Commands.byName[amend]?.fieldNames ?? [])
    var given: JSONObject = [kind.rawValue: .string(record.stream.reference)]
    for member in fields.members where amendable.contains(member.key) {
      given[member.key] = member.value
    }
    given["reason"] = .string(issued.context.reason?.value ?? "revised by import of \(source)")
    // The day that the row gives is that of the first recording; what came later has moved on.
    let on = issued.on.flatMap { $0 >= record.occurredOn ? $0 : nil }

    let drafts = try open.drafts(for: Submission(IssuedCommand(name: amend, fields: given)))
    guard case .correction(_, .amended(let amendment))? = drafts.first?.event else { return [] }
    guard options.revises else {
      let changed = amendment.changed.joined(separator: ", ")
      throw Rejection(
        .input, "import.changed",
        "\(issued.context.external?.description ?? record.stream.reference) is known as"
          + " \(record.stream.reference) with another \(changed)",
        hint: "add --revise to bring \(record.stream.reference) to what the file says",
        details: ["reference": .string(record.stream.reference)])
    }
    var steps: [IssuedCommand] = []
    var rest = amendment.changed
    if case .gap(let gap) = record.entity,
      rest.contains("perceived") || rest.contains("measuredOn"), gap.life.stage != .closed,
      fields["perceived"].map({ $0 != .null }) ?? true
    {
      let perceived = fields["perceived"] ?? gap.details.perceived.map { .string($0.description) }
      var values: JSONObject = ["gap": .string(record.stream.reference)]
      values["perceived"] = perceived
      values["measuredOn"] = fields["measuredOn"] ?? fields["on"]
      values["on"] = on.map { .string($0.description) }
      values["reason"] = given["reason"]
      steps.append(try IssuedCommand(name: "gap.reassess", fields: values))
      rest.removeAll { $0 == "perceived" || $0 == "measuredOn" }
    }
    guard !rest.isEmpty else { return steps }
    for key in amendable where key != kind.rawValue && !rest.contains(key) { given[key] = nil }
    given["on"] = on.map { .string($0.description) }
    // A unit and the like must be there before a value in it can be.
    steps.insert(try IssuedCommand(name: amend, fields: given), at: 0)
    return steps
  }
}
