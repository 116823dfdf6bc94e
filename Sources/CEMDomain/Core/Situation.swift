/// All that a decision may look at: the state, the dates, and what came with the command.
package struct Situation: Sendable {
  package let state: ProgramState
  /// The business date of the command.
  package let on: Day
  /// Today in the program's time zone, by the server's clock.
  package let today: Day
  package let context: EventContext
  /// The database login that commands.
  package let actor: String
  /// The versions of the catalog that can be adopted.
  package let releasedCatalogs: [Int]
  /// Whether a decision of the past is taken again, of which words may have been erased since.
  package let forgivesErasure: Bool

  /// The same with what came with another command, and perhaps with its business date.
  func with(_ context: EventContext, on day: Day? = nil) -> Situation {
    Situation(
      state: state, on: day ?? on, today: today, context: context, actor: actor,
      releasedCatalogs: releasedCatalogs, forgivesErasure: forgivesErasure)
  }

  /// The thing with a stream, voided or not; `nil` where there is none.
  package func find(_ stream: StreamID) throws(Rejection) -> EntityRecord? {
    try state.record(stream)
  }

  /// The thing with a stream.
  /// - Parameter retired: whether a department may be one that was retired.
  /// - Throws: `notFound`, `voided`, or `tooEarly` where the command is dated before it existed. A
  ///   person may be referred to before the day of registration, which is no fact to rest on. A department
  ///   that was retired takes no new work (domain §8).
  package func require(
    _ stream: StreamID, retired: Bool = false
  ) throws(Rejection) -> EntityRecord {
    guard let record = try state.record(stream) else { throw .notFound(stream) }
    guard !record.isVoided else { throw .voided(stream) }
    guard on >= record.since || stream.kind == .person else {
      throw .tooEarly(on, after: record.since, of: stream)
    }
    if !retired, stream.kind == .department { try requireActive([DepartmentCode(stream: stream)]) }
    return record
  }

  /// The state of the thing with a stream.
  /// - Parameter state: which kind it has to be of.
  /// - Throws: as `require(_:retired:)`.
  func require<State>(
    _ stream: StreamID, as state: KeyPath<EntityRecord, State?>
  ) throws(Rejection) -> State {
    guard let state = try require(stream)[keyPath: state] else { throw .notFound(stream) }
    return state
  }

  /// Checks that the things referred to exist; `nil` is nothing referred to.
  package func requireAll(_ references: [(any StreamReference)?]) throws(Rejection) {
    for reference in references {
      if let stream = reference?.stream { _ = try require(stream) }
    }
  }

  /// The stream of the next numbered thing, e.g. `gap/12` where the last was 11.
  package func next(_ kind: EntityKind) throws(Rejection) -> StreamID {
    let (number, overflow) = try state.highestNumber(kind).addingReportingOverflow(1)
    guard !overflow, number > 0 else {
      throw Rejection(
        "\(kind.rawValue).numbers", "the count of things of the kind \(kind.rawValue) is damaged",
        hint: "cem projection verify")
    }
    return StreamID(kind, number: number)
  }

  /// The reason given with the command.
  /// - Throws: `reasonMissing`.
  @discardableResult
  package func requireReason(_ action: String) throws(Rejection) -> Text {
    guard let reason = context.reason else { throw .reasonMissing(action) }
    return reason
  }

  /// The program.
  package func program() throws(Rejection) -> Program {
    guard case .program(let program)? = try state.record(.program)?.entity else {
      throw .notFound(.program)
    }
    return program
  }
}
