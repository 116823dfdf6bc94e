@testable import TransparencyLog

/// A log in memory that keeps what a log stores: leaf hashes and the nodes of 256ᵏ leaves.
struct MemoryLog: NodeSource {
  struct Missing: Error, Equatable { let level: Int, index: Int }

  let leaves: [Hash]
  private(set) var levels: [[Hash]] = []

  init(_ leaves: [Hash]) {
    self.leaves = leaves
    var frontier = Frontier()
    for node in frontier.append(contentsOf: leaves) {
      while levels.count < node.level { levels.append([]) }
      precondition(levels[node.level - 1].count == node.index, "nodes come without gaps")
      levels[node.level - 1].append(node.hash)
    }
  }

  func hashes(in ranges: [NodeRange]) throws -> [Hash] {
    try ranges.flatMap { range in
      let stored = range.level == 0 ? leaves : levels[range.level - 1]
      guard range.indices.upperBound <= stored.count else {
        throw Missing(level: range.level, index: range.indices.upperBound - 1)
      }
      return stored[range.indices]
    }
  }
}

extension ProofPlan {
  var readCount: Int { reads.reduce(0) { $0 + $1.indices.count } }
}
