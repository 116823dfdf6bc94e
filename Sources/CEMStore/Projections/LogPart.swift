package import CEMDomain
package import Postgres

/// Which streams a pass over the log folds: all of them, or one of several parts, so that a fold of any
/// log fits into memory. A thing's state follows from its own stream alone.
package struct LogPart: Hashable, Sendable {
  /// From 0.
  package let index: Int
  /// From 1 to 100.
  package let count: Int

  package static let whole = LogPart(index: 0, count: 1)

  /// How many events a part holds at most, about: the states of their things stay below 512 MiB.
  package static let size: Int64 = 1_000_000

  /// The parts in which a log of a length is folded.
  package static func all(ofLength length: Int64, size: Int64 = LogPart.size) -> [LogPart] {
    let count = Int(min(100, max(1, (length + size - 1) / size)))
    return (0..<count).map { LogPart(index: $0, count: count) }
  }

  /// Whether a stream is of this part. Its last two characters decide: most streams end in digits.
  package func contains(_ stream: StreamID) -> Bool {
    guard count > 1 else { return true }
    let end = stream.description.utf8.suffix(2).map(Int.init)
    return (end[1] + 10 * end[0]) % count == index
  }

  /// The same as a condition on events; `nil` where all are wanted.
  package var condition: SQL? {
    guard count > 1 else { return nil }
    return """
      (ascii(right(stream, 1)) + 10 * ascii(left(right(stream, 2), 1))) % \(count)::integer \
      = \(index)::integer
      """
  }
}
