package import FoundationEssentials
package import TransparencyLog

/// What a log is held to: the root that its tree had at a size, and perhaps some of its leaves.
///
/// Receipts and checkpoints become pins.
package struct LogPin: Hashable, Sendable {
  /// A leaf that must be the one at its position.
  package struct Leaf: Hashable, Sendable {
    package var position: Int64
    package var stream: String
    package var version: Int
    package var type: String
    package var hash: Hash
    package var commandID: UUID
    package var commandIndex: Int
    package var recordedAt: Timestamp

    /// The place of an event in its log, which has to be the same.
    package init(_ entry: LogEntry) {
      position = entry.position
      stream = entry.stream
      version = entry.version
      type = entry.type
      hash = entry.leaf
      commandID = entry.commandID
      commandIndex = entry.commandIndex
      recordedAt = entry.recordedAt
    }

    /// What a receipt says of its event at an index.
    fileprivate init(_ receipt: KeptReceipt, _ index: Int, recordedAt: Timestamp) {
      let event = receipt.events[index]
      position = event.position
      stream = event.stream
      version = event.version
      type = event.type
      hash = event.leafHash
      commandID = receipt.commandID
      commandIndex = index
      self.recordedAt = recordedAt
    }
  }

  /// What it came from, and what a mismatch counts as.
  package var kind: LogProblem.Kind
  /// What people call it, like "receipt 3f2c… (line 7)".
  package var name: String
  package var size: Int64
  package var root: Hash
  package var leaves: [Leaf]
  /// What the command of the leaves was about; `nil` where that is not compared.
  package var reference: String?

  package init(
    _ kind: LogProblem.Kind, name: String, size: Int64, root: Hash, leaves: [Leaf] = []
  ) {
    self.kind = kind
    self.name = name
    self.size = size
    self.root = root
    self.leaves = leaves
  }

  /// A checkpoint's pin.
  package init(_ checkpoint: Checkpoint) {
    self.init(
      .checkpoint, name: "the checkpoint of size \(checkpoint.size)", size: Int64(checkpoint.size),
      root: checkpoint.root)
  }

  /// A receipt's pin.
  package init(_ receipt: KeptReceipt) {
    self.init(
      .receipt, name: receipt.name, size: receipt.treeSize, root: receipt.rootHash,
      leaves: receipt.recordedAt.map { time in
        receipt.events.indices.map { Leaf(receipt, $0, recordedAt: time) }
      } ?? [])
  }
}
