/// Every command, by name.
package enum Commands {
  /// In the order in which help lists them.
  package static let all: [any Command.Type] =
    [
      FoundProgram.self, ClosePeriod.self, ReopenPeriod.self, AddPerson.self, HandOver.self,
      RegisterDepartment.self,
      RetireDepartment.self, ReinstateDepartment.self, MergeDepartments.self, SplitDepartment.self,
      AddEvidence.self, RenewEvidence.self, RevokeWaiver.self,
      AssessMaturity.self, CompleteAction.self, ReopenAction.self, WaiveAction.self,
      AdvanceMaturity.self, RegressMaturity.self, CorrectMaturity.self,
      StatePlatform.self,
      OpenInitiative.self, AttestInitiative.self, WaivePlatform.self, StartInitiative.self,
      StartPilot.self,
      ConcludePilot.self, CorrectPilot.self, ScaleInitiative.self, CompleteInitiative.self,
      UpdateInitiative.self,
      LinkInitiative.self, HoldInitiative.self, ResumeInitiative.self, CancelInitiative.self,
      ReopenInitiative.self,
      RecordGap.self, DiagnoseGap.self, ReassessGap.self, CloseGap.self, AcceptGap.self,
      ReopenGap.self, RecordBreach.self,
      DefineSegment.self,
      MapTouchpoint.self, PlanTouchpoint.self, UnplanTouchpoint.self, RetireTouchpoint.self,
      ReinstateTouchpoint.self,
      SetStandard.self, ReviseStandard.self, CorrectStandardVersion.self, MeasureStandard.self,
      RetireStandard.self,
      ReinstateStandard.self,
      RecordSurvey.self, DeclareChannel.self, AuditChannel.self, PlanChannel.self,
      RecordInsight.self, AddNote.self,
      MakeRequest.self, ApproveRequest.self, RejectRequest.self,
      RecordRate.self, AdoptCatalog.self,
    ] + corrections(Program.self) + corrections(Person.self) + corrections(Department.self)
    + corrections(Evidence.self) + corrections(Waiver.self) + corrections(Platform.self)
    + corrections(Initiative.self) + corrections(Gap.self) + corrections(Segment.self)
    + corrections(Touchpoint.self) + corrections(Standard.self)
    + corrections(Survey.self) + corrections(Channel.self) + corrections(Insight.self)
    + corrections(Note.self) + corrections(Request.self) + corrections(Rate.self) + [
      Undo.self, EraseData.self, RecoverLog.self, IssueReport.self,
    ]

  /// The same by name, as events and imports give it.
  package static let byName: [String: any Command.Type] = Dictionary(
    uniqueKeysWithValues: all.map { ($0.name, $0) })

  private static func corrections<State: EntityState>(_: State.Type) -> [any Command.Type] {
    [AmendRecord<State>.self, VoidRecord<State>.self, RestoreRecord<State>.self]
  }

  /// Reads a command from its own fields, as a person or a file gives them.
  /// - Throws: `FieldError` that names the field; `Rejection`.
  static func read(_ type: any Command.Type, _ fields: JSONObject) throws -> any Command {
    // A field that is null was not given.
    let given = type.acceptsNull ? fields.members : fields.members.filter { $0.value != .null }
    let decoder = FieldDecoder(
      split: Split(facts: .object(JSONObject(sorted: given))), origin: .given)
    let command: any Command
    do {
      command = try type.init(from: decoder)
    } catch let error as FieldError where Rejection.input(error).isOmission {
      // What is missing may be there under a name that is misspelt.
      let known = Set(type.fieldNames)
      let unknown = given.map(\.key).first { key in
        !known.contains(String(key.prefix { $0 != "." }))
      }
      throw unknown.map { noField($0, of: type) } ?? error
    }
    if let unknown = decoder.firstUnknown() { throw noField(unknown, of: type) }
    return try (command as? any EvidenceCommand)?.withEvidenceAsMeant() ?? command
  }

  private static func noField(_ name: String, of type: any Command.Type) -> FieldError {
    let near = name.nearest(in: type.fieldNames).map { "; did you mean \($0)?" } ?? ""
    return FieldError(path: shown(name), "\(type.name) has no such field\(near)")
  }
}
