package import CEMDomain
package import TransparencyLog

/// What an import did, or would do.
package struct ImportOutcome: Sendable {
  /// The rows that were read.
  package var rows = 0
  /// The rows that led to events.
  package var recorded = 0
  /// Of these, the rows that changed a thing that was there already.
  package var revised = 0
  /// The rows that an earlier run had handled.
  package var handledBefore = 0
  /// The rows that an earlier run had come past before it recorded later rows about the same things.
  package var overtaken = 0
  /// The rows that changed nothing.
  package var unchanged = 0
  /// The rows that were refused.
  package var refused = 0
  /// The events appended.
  package var events = 0
  /// The size of the tree at the end.
  package var treeSize: Int64 = 0
  /// The tree's root at the end; `nil` where nothing was decided.
  package var rootHash: Hash?

  package init() {}
}

/// A row that was refused, by its line.
package struct RefusedRow: Error, Sendable {
  /// From 1.
  package let line: Int
  package let rejection: Rejection
  /// Whether rows before it were recorded all the same: where there are too many for one transaction.
  package var isPartial = false
}
