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

    package init(position: Int64, stream: String, version: Int, type: String, hash: Hash) {
      self.position = position
      self.stream = stream
      self.version = version
      self.type = type
      self.hash = hash
    }
  }

  /// What it came from, and what a mismatch counts as.
  package var kind: LogProblem.Kind
  /// What people call it, like "receipt 3f2c… (line 7)".
  package var name: String
  package var size: Int64
  package var root: Hash
  package var leaves: [Leaf]

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
      leaves: receipt.events.map {
        Leaf(
          position: $0.position, stream: $0.stream, version: $0.version, type: $0.type,
          hash: $0.leafHash)
      })
  }
}
