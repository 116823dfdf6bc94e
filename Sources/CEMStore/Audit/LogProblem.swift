package import TransparencyLog

/// Something that is wrong with a log, or with what it is held to.
package struct LogProblem: Hashable, Sendable, Error {
  /// What kind of thing is wrong: a stable name in the output.
  package enum Kind: String, Sendable {
    /// An event's text does not have the hash that is stored with it.
    case leafHash = "leaf-hash"
    /// What is private does not have the hash that the event states.
    case privateHash = "private-hash"
    /// An event is missing, stands twice, or belongs to another program.
    case position
    /// A stream's versions are not 1, 2, 3 …
    case version
    /// The recorded time runs backwards.
    case clock
    /// A command's events do not follow each other.
    case command
    /// A stored node of the tree is not what the leaves make of it.
    case storedNode = "stored-node"
    /// The head is not what the events make of it.
    case head
    /// A receipt that the log does not keep to.
    case receipt
    /// A checkpoint that the log does not keep to, or that is not signed.
    case checkpoint
    /// A proof that does not hold.
    case proof
    /// Events that no command could have led to in the state before them.
    case rule = "rule-violation"
    /// What is private is gone without an erasure, or is there in spite of one.
    case erasure
    /// An event that cannot be read.
    case unreadable
    /// An event whose texts are not the one form of what they say: they may say something else beside it.
    case notCanonical = "not-canonical"
    /// A row of a projection that is not what the log makes of it.
    case projection
    /// A function of the database is not the one that was migrated.
    case definition
    /// What is known of the program beside its log is not what its log says.
    case program
    /// A file of a bundle that is not what it must be.
    case file
  }

  /// Where it is wrong.
  package enum Place: Hashable, Sendable {
    /// At this position.
    case at(Int64)
    /// Somewhere after one position, and not after another.
    case between(after: Int64, upTo: Int64)

    /// The first position at which something may be wrong.
    package var first: Int64 {
      switch self {
      case .at(let position): position
      case .between(let after, _): after + 1
      }
    }
  }

  package var kind: Kind
  /// `nil` where it is of no position.
  package var place: Place?
  package var message: String

  package init(_ kind: Kind, _ place: Place?, _ message: String) {
    self.kind = kind
    self.place = place
    self.message = message
  }
}

/// What a check of a log found out.
package struct LogReport: Sendable {
  /// At most `LogCheck.limit` of them.
  package var problems: [LogProblem] = []
  /// How many more there are.
  package var omitted = 0
  /// The events that were checked.
  package var events: Int64 = 0
  /// The tree that they make.
  package var treeSize: Int64 = 0
  package var rootHash: Hash = MerkleTree.emptyRoot
  /// The events whose rules cannot be judged any more, for the words that decided were erased.
  package var unjudged: Int64 = 0
  /// The events whose words were erased.
  package var erased: Int64 = 0
  /// Where the log says that it was restored from a backup.
  package var restorations: [Int64] = []
  /// The projections that were compared; none where only a log was at hand.
  package var projections: [Projection] = []

  /// How a projection compares with the log.
  package struct Projection: Hashable, Sendable {
    package var name: String
    /// How many rows it should have.
    package var rows: Int
    package var mismatches: Int
  }

  package init() {}

  /// Whether nothing is wrong.
  package var isGood: Bool { problems.isEmpty }

  /// The first position at which something is, or may be, wrong. An interval in which a bad position is
  /// known says no more than that one.
  package var firstBadPosition: Int64? {
    let places = problems.compactMap(\.place)
    let known = places.compactMap { if case .at(let position) = $0 { position } else { nil } }
    return places.filter { place in
      guard case .between(let after, let upTo) = place else { return true }
      return !known.contains { $0 > after && $0 <= upTo }
    }.map(\.first).min()
  }
}
