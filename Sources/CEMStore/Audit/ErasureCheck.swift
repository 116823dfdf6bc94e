/// Holds what is gone from a log against the events that say that it was erased.
struct ErasureCheck {
  private var gone: Set<Int64> = []
  private var kept: Set<Int64> = []
  private var named: Set<Int64> = []

  mutating func take(_ entry: LogEntry) {
    switch entry.privateData {
    case .gone: gone.insert(entry.position)
    case .kept: kept.insert(entry.position)
    case nil: break
    }
    named.formUnion(entry.erases)
  }

  /// The problems, given what later erasures name: those that came while the log was read.
  func problems(namedLater: Set<Int64> = []) -> [LogProblem] {
    unnamed.subtracting(namedLater).sorted().map {
      LogProblem(.erasure, .at($0), "its private data is gone, and no erasure names it")
    }
      + kept.intersection(named).sorted().map {
        LogProblem(.erasure, .at($0), "an erasure names it, and its private data is there")
      }
  }

  /// The positions of what is gone and no erasure named so far.
  var unnamed: Set<Int64> { gone.subtracting(named) }
}
