import CEMDomain
import CEMStore
import FoundationEssentials
import Postgres

/// Records a made-up program in a database, through the store's own decisions and appends.
struct ProgramMaker {
  let store: ProgramStore
  /// Called with the number of events so far.
  var onProgress: (Int) -> Void = { _ in }

  /// How many events travel to the server at a time, and how many are committed together.
  private static let pieceSize = 1_000
  private static let transactionSize = 20_000

  init(_ connection: Connection) {
    store = ProgramStore(connection, programID: UUID())
  }

  /// Tells a scenario to its end.
  ///
  /// - Throws: what the store throws. A command that is refused is a mistake of the scenario.
  func make(_ scenario: inout Scenario) throws {
    guard let founding = scenario.next() else { return }
    let receipts = try store.execute([submission(of: founding)])
    scenario.took(receipts[0].events.count)
    while scenario.left > 0 {
      scenario = try store.transact { open in try fill(open, from: scenario) }
      onProgress(scenario.size.events - scenario.left)
    }
  }

  /// Takes one transaction's worth of commands, and gives the scenario as it stands after them.
  private func fill(_ open: OpenBatch, from scenario: Scenario) throws -> Scenario {
    var scenario = scenario
    let end = scenario.left - Self.transactionSize
    var piece = 0
    while scenario.left > end, let command = scenario.next() {
      let count: Int
      do {
        count = try open.append(submission(of: command)).events
      } catch let rejection as Rejection {
        throw ScenarioError(command: command, rejection: rejection)
      }
      scenario.took(count)
      piece += count
      if piece >= Self.pieceSize {
        try open.write()
        piece = 0
      }
    }
    return scenario
  }

  private func submission(of command: MadeCommand) throws -> Submission {
    Submission(try command.issued(), commandID: command.id)
  }
}

/// A made-up command that was refused.
struct ScenarioError: Error, CustomStringConvertible {
  let command: MadeCommand
  let rejection: Rejection

  var description: String {
    "the made-up command \(command.line) was refused: \(rejection.message) [\(rejection.code)]"
  }
}

/// A program in memory, which decides and folds made-up commands and stores nothing.
struct Rehearsal {
  private var state = ProgramState.complete
  private var position: Int64 = 0

  init() {}

  /// Decides a command.
  /// - Returns: how many events it became.
  mutating func take(_ command: MadeCommand) throws -> Int {
    let drafts: [RecordedEvent]
    do {
      // Made-up days lie in the past, whatever today is.
      drafts = try ProgramDecider.decide(
        ProgramDecider.Command(command.issued(), today: Day(year: 9999, month: 1, day: 1)!),
        given: state)
    } catch let rejection as Rejection {
      throw ScenarioError(command: command, rejection: rejection)
    }
    for var draft in drafts {
      position += 1
      draft.position = position
      state.evolve(with: draft)
    }
    return drafts.count
  }
}
