import CEMStore
import Foundation
import Postgres
import Synchronization

/// Writers in a large program, alone and while others read the whole of it.
func busy(of bench: Bench, _ history: History) -> Contest {
  let field = BusyField(bench: bench, history: history)
  return Contest(
    name: "while others read", rounds: bench.scale.longRounds,
    entrants: [
      Entrant(
        name: "append-idle", title: "full command, 8 writers, large program", measure: field.write),
      Entrant(
        name: "append-busy",
        title: "full command, 8 writers, while verify, rebuild and a follower run",
        measure: field.writeWhileOthersRead),
    ], finish: history.drop)
}

struct BusyField {
  let bench: Bench
  let history: History

  func write() throws -> Sample {
    let program = try history.program(.large)
    let (place, database) = (bench.place, history.database(.large))
    let departments = bench.scale.departments
    return try run(clients: 8, seconds: bench.scale.seconds) { _ in
      CommandClient(
        try place.connect(database: database, user: Place.writer), programs: [program],
        departments: departments)
    }
  }

  func writeWhileOthersRead() throws -> Sample {
    guard let cem = bench.tools.cem else { throw Unavailable("no cem was given") }
    let options = try history.options(.large)
    let commands = [["audit", "verify"], ["projection", "rebuild"], ["history", "--follow"]]
    let others = commands.map { Repeated(cem, $0 + options) }
    defer { for other in others { other.end() } }
    return try write()
  }
}

/// A program that is run over and over, until it is ended.
final class Repeated: Sendable {
  private struct State {
    var child: Child?
    var isEnding = false
  }

  private let state = Mutex(State())
  private let ended = DispatchSemaphore(value: 0)

  init(_ program: String, _ arguments: [String]) {
    Thread.detachNewThread {
      while let child = self.next(program, arguments) { _ = child.wait() }
      self.ended.signal()
    }
  }

  private func next(_ program: String, _ arguments: [String]) -> Child? {
    state.withLock { state in
      guard !state.isEnding else { return nil }
      state.child = try? Child(program, arguments, environment: Tools.home)
      return state.child
    }
  }

  func end() {
    state.withLock { state in
      state.isEnding = true
      state.child?.stop()
    }
    ended.wait()
  }
}
