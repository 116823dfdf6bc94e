import CEMDomain
import FoundationEssentials
import Postgres

extension ProgramStore {
  /// Decides a command and takes its events; where they erase, the things concerned are folded anew.
  /// - Returns: the places of the events in the batch.
  /// - Throws: `Rejection`; then the batch is as before.
  func take(_ submission: Submission, in batch: Batch, _ tx: Transaction) throws -> Range<Int> {
    let drafts = try drafts(for: submission, batch, tx)
    let places = try batch.apply(submission, drafts: drafts)
    for case .log(.dataErased(let erased)) in drafts.map(\.event) {
      try refold(erased.positions, in: batch, tx)
    }
    return places
  }

  /// Folds the things whose events lose their private data from the log, without what is erased.
  private func refold(_ positions: [Int64], in batch: Batch, _ tx: Transaction) throws {
    let positions = Set(positions)
    // What commands before it in the batch erase still stands in the log.
    let erased = batch.recorded.reduce(into: positions) { erased, event in
      if case .log(.dataErased(let data)) = event.event { erased.formUnion(data.positions) }
    }
    let pending = batch.events
    let named = try tx.query(
      """
      SELECT DISTINCT stream FROM cem.event WHERE program_id = \(programID) \
      AND position = ANY (\(positions.sorted())::bigint[])
      """
    ).decode(String.self)
    let streams = Set(
      named + pending.filter { positions.contains($0.position) }.map(\.stream)
    ).compactMap { StreamID($0) }.sorted()
    let stored = try EventLog(tx.connection, programID: programID)
      .events(of: streams, upTo: .max)
    let wanted = Set(streams.map(\.description))
    var state = ProgramState.partial
    for event in stored + pending where wanted.contains(event.stream) {
      var bare = event
      if erased.contains(event.position) { bare.personal = nil }
      do {
        let after = try bare.recorded()
        state.evolve(with: after)
        if positions.contains(event.position), event.personal != bare.personal {
          batch.replaceEntries(of: try event.recorded(), by: after)
        }
      } catch {
        throw StoreError.unreadable(position: event.position, "\(error)")
      }
    }
    for stream in streams {
      if !batch.state.isLoaded(.entity(stream)) {
        try StateLoader(programID: programID)
          .load(.entity(stream), tx, pending: batch, into: &batch.state)
      }
      if let record = state.entities[stream] { batch.replace(record) }
    }
  }
}
