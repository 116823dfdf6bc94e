@testable import TransparencyLog

/// A log in memory that keeps what a log stores: leaf hashes and the nodes of 256ᵏ leaves.
struct MemoryLog: NodeSource {
  struct Missing: Error, Equatable { let level: Int, index: Int }

  let leaves: [Hash]
  private var levels: [Int: [Int: Hash]] = [:]

  init(_ leaves: [Hash]) {
    self.leaves = leaves
    var frontier = Frontier()
    for node in frontier.append(contentsOf: leaves) {
      levels[node.level, default: [:]][node.index] = node.hash
    }
  }

  func hashes(in ranges: [NodeRange]) throws -> [Hash] {
    try ranges.flatMap { range in
      try range.indices.map { index in
        let stored =
          range.level == 0
          ? (leaves.indices.contains(index) ? leaves[index] : nil) : levels[range.level]?[index]
        guard let stored else { throw Missing(level: range.level, index: index) }
        return stored
      }
    }
  }
}

extension ProofPlan {
  var readCount: Int { reads.reduce(0) { $0 + $1.indices.count } }
}
