package import CEMDomain

/// All that names a person in its present state, by the part that they have in it; without what was voided.
package struct PersonParts: Sendable {
  /// What they own or lead, which a handover moves.
  package var owned: [EntityRecord]
  /// The initiatives that they sponsor, which it moves, too.
  package var sponsored: [EntityRecord]
  /// The waivers and the accepted gaps that they approved.
  package var approved: [EntityRecord]
}

extension ProgramReader {
  /// What a person has a part in.
  package func parts(of person: PersonID) throws -> PersonParts {
    func records(
      _ kind: EntityKind, _ projection: any Projection.Type, _ column: String
    ) throws -> [EntityRecord] {
      let streams = try rows(
        of: projection, RowQuery([.counts, .equals(column, .text(person.code))])
      ).map { $0.stream(kind) }
      let found = try self.records(streams)
      return streams.compactMap { found[$0] }
    }
    return PersonParts(
      owned: try self.records(ownedBy: person),
      sponsored: try records(.initiative, InitiativeBoard.self, "sponsor"),
      approved: try records(.waiver, WaiverRegister.self, "approver")
        + records(.gap, GapRegister.self, "approver"))
  }
}
