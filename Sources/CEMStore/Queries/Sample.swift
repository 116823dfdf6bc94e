import CEMDomain
package import FoundationEssentials
package import Postgres
package import TransparencyLog

/// A random sample of a log's events that anybody can draw again.
///
/// The method is `cem-sample/1` (LOG-FORMAT.md): each position has a rank, the SHA-256 of the seed and
/// the position; the positions with the lowest ranks are drawn. No two positions share a rank, and no
/// machine has a say.
package struct Sample: Sendable {
  /// What the population is divided by, so that each part has its share.
  package enum Stratum: String, CaseIterable, Sendable {
    case type, department, actor
  }

  /// An event that was drawn.
  package struct Item: Sendable {
    package let event: StoredEvent
    /// The part of the population that it was drawn from; empty for the whole.
    package let stratum: String
    /// How many events that part has.
    package let stratumPopulation: Int
  }

  /// The name of the method.
  package static let method = "cem-sample/1"

  package let seed: String
  /// The number of events: the tree's size.
  package let population: Int64
  /// The tree's root at that size.
  package let root: Hash
  /// In the order of the log.
  package let items: [Item]

  /// Draws a sample of the events up to a point.
  /// - Throws: `StoreError`, `PostgresError`.
  package init(
    _ connection: Connection, programID: UUID, size: Int, seed: String, by stratum: Stratum?,
    point: ReadPoint
  ) throws {
    let log = EventLog(connection, programID: programID)
    let strata = try stratum.map { try log.strata(by: $0, upTo: point.position) }
    var drawn: [(position: Int64, stratum: String, population: Int)] = []
    if let strata {
      let shares = Sample.shares(of: size, strata.mapValues(\.count))
      for (name, positions) in strata {
        let count = shares[name] ?? 0
        drawn += Sample.draw(count, from: positions, seed: seed).map { ($0, name, positions.count) }
      }
    } else if point.position > 0 {
      drawn = Sample.draw(size, from: 1...point.position, seed: seed).map {
        ($0, "", Int(point.position))
      }
    }
    let places = Dictionary(uniqueKeysWithValues: drawn.map { ($0.position, $0) })
    items = try log.events(at: drawn.map(\.position)).map { event in
      let place = places[event.position]
      return Item(
        event: event, stratum: place?.stratum ?? "", stratumPopulation: place?.population ?? 0)
    }
    self.seed = seed
    population = point.position
    root = try TreeReader(connection: connection, programID: programID)
      .root(size: Int(point.position))
  }

  // MARK: The method

  /// The rank of a position: the lowest are drawn.
  package static func rank(of position: Int64, seed: String) -> Hash {
    .sha256(utf8: "\(method)\n\(seed)\n\(position)\n")
  }

  /// The positions with the lowest ranks, in ascending order; all where there are no more.
  package static func draw(
    _ count: Int, from positions: some Sequence<Int64>, seed: String
  ) -> [Int64] {
    guard count > 0 else { return [] }
    var lowest: [(rank: [UInt8], position: Int64)] = []
    for position in positions {
      let rank = rank(of: position, seed: seed).bytes
      if lowest.count == count, let last = lowest.last,
        !rank.lexicographicallyPrecedes(last.rank)
      {
        continue
      }
      var (low, high) = (0, lowest.count)
      while low < high {
        let middle = (low + high) / 2
        if lowest[middle].rank.lexicographicallyPrecedes(rank) {
          low = middle + 1
        } else {
          high = middle
        }
      }
      lowest.insert((rank, position), at: low)
      if lowest.count > count { lowest.removeLast() }
    }
    return lowest.map(\.position).sorted()
  }

  /// How many to draw from each part: in proportion, the largest remainders rounded up; then each part
  /// without any, the largest first, gets one from the part that has most, as long as that has two.
  /// Equals go by name.
  package static func shares(of size: Int, _ counts: [String: Int]) -> [String: Int] {
    let total = counts.values.reduce(0, +)
    let size = min(size, total)
    guard size > 0 else { return [:] }
    func ordered(_ value: (Int) -> Int) -> [String] {
      counts.sorted { a, b in
        let (x, y) = (value(a.value), value(b.value))
        return x != y ? x > y : a.key.precedesByBytes(b.key)
      }.map(\.key)
    }
    var shares = counts.mapValues { size * $0 / total }
    let left = size - shares.values.reduce(0, +)
    for name in ordered({ size * $0 % total }).prefix(left) { shares[name, default: 0] += 1 }
    for name in ordered({ $0 }) where shares[name] == 0 {
      let most = shares.max { a, b in
        a.value != b.value ? a.value < b.value : b.key.precedesByBytes(a.key)
      }
      guard let most, most.value > 1 else { break }
      shares[most.key] = most.value - 1
      shares[name] = 1
    }
    return shares.filter { $0.value > 0 }
  }
}

extension EventLog {
  /// The positions of each part of the log; `-` is the part of events that concern no department.
  fileprivate func strata(
    by stratum: Sample.Stratum, upTo end: Int64
  ) throws -> [String: [Int64]] {
    let column =
      switch stratum {
      case .type: "type"
      case .department: "departments"
      case .actor: "actor"
      }
    var strata: [String: [Int64]] = [:]
    var next: Int64 = 1
    while next <= end {
      let last = min(next + 19_999, end)
      let rows = try connection.query(
        """
        SELECT position, \(identifier: column) FROM cem.event WHERE program_id = \(programID) \
        AND position BETWEEN \(next) AND \(last) ORDER BY position
        """
      ).decode((Int64, String).self)
      for (position, name) in rows {
        strata[name.isEmpty ? "-" : name, default: []].append(position)
      }
      next = last + 1
    }
    return strata
  }

  /// The events at some positions, in the order of the log.
  fileprivate func events(at positions: [Int64]) throws -> [StoredEvent] {
    try read("AND position = ANY (\(positions)::bigint[]) ORDER BY position")
  }
}
