import CEMDomain

/// Holds what is gone from a log against the events that say that it was erased.
struct ErasureCheck {
  /// The streams of which something was erased.
  private(set) var streams: Set<StreamID> = []
  private var gone: Set<Int64> = []
  private var kept: Set<Int64> = []
  private var named: Set<Int64> = []

  mutating func take(_ item: RuleCheck.Item) {
    guard case .success(let event) = item.recorded else { return }
    if item.isErased {
      gone.insert(event.position)
      streams.insert(event.stream)
    } else if item.hasPrivate {
      kept.insert(event.position)
    }
    if case .log(.dataErased(let erased)) = event.event { named.formUnion(erased.positions) }
  }

  /// The problems, given what later erasures name: those that came while the log was read.
  func problems(namedLater: Set<Int64>) -> [LogProblem] {
    gone.subtracting(named).subtracting(namedLater).sorted().map {
      LogProblem(.erasure, .at($0), "its private data is gone, and no erasure names it")
    }
      + kept.intersection(named).sorted().map {
        LogProblem(.erasure, .at($0), "an erasure names it, and its private data is there")
      }
  }
}
