import CEMDomain
import CEMStore
import FoundationEssentials
import Postgres
import TransparencyLog

/// Appends prepared events, one a transaction: the real path's two round trips, and nothing loaded,
/// decided or projected.
struct AppendClient: Client {
  private let connection: Connection
  private let programs: [UUID]
  private let prepared: [StoredEvent]
  private var random: SeededRandom
  /// The stream that is being written, and its last version.
  private var stream = 0
  private var version = 0
  /// The number of this client's first gap.
  private let first: Int

  /// - Parameters:
  ///   - number: tells this client's streams from all others' of the programs, less than 10,000.
  ///   - prepared: the events of one stream, to be written over and over under new names.
  init(_ connection: Connection, programs: [UUID], prepared: [StoredEvent], number: Int) {
    self.connection = connection
    self.programs = programs
    self.prepared = prepared
    first = number * 100_000
    random = SeededRandom(seed: .random(in: 0 ... .max))
  }

  mutating func once() throws -> Int {
    // A stream lies in one program, so the next one is chosen when a stream begins.
    if version == prepared.count || version == 0 {
      version = 0
      stream += 1
      program = programs[random.below(programs.count)]
    }
    var event = prepared[version]
    version += 1
    event.programID = program
    event.stream = "gap/\(first + stream)"
    event.version = version
    event.commandID = .ordered()
    let connection = connection
    try connection.transaction(opening: {
      $0.query(LockedHead.query(event.programID), prepared: true)
    }) { tx in
      let head = try LockedHead(tx.opened[0])
      let append = try AppendClient.append(&event, to: head)
      var pipeline = Pipeline()
      pipeline.query(append.statement, prepared: true)
      try tx.commit(pipeline, flushing: head.releasesEarly)
    }
    return 1
  }

  private var program = UUID()

  /// Completes an event with what is known under the lock only, and hashes it.
  private static func append(_ event: inout StoredEvent, to head: LockedHead) throws -> LogAppend {
    var frontier = head.frontier
    let start = Int64(frontier.size)
    event.position = start + 1
    event.recordedAt = head.recordedAt
    event.actor = head.actor
    event.leafHash = event.computedLeafHash
    _ = frontier.append(event.leafHash)
    return LogAppend(
      programID: event.programID, after: start, recordedAt: head.recordedAt, events: [event],
      frontier: frontier)
  }
}

extension AppendClient {
  /// The events of a gap's life, taken from a made-up program: one recorded and reassessed.
  static func prepare(from connection: Connection, programID: UUID) throws -> [StoredEvent] {
    let gap = try connection.query(
      """
      SELECT stream FROM cem.event WHERE program_id = \(programID) AND type = 'gap.reassessed' \
      AND version = 2 ORDER BY position LIMIT 1
      """)
    guard let row = gap.first, let stream = StreamID(try row[0, as: String.self]) else {
      throw Unavailable("the made-up program has no gap that was reassessed")
    }
    var filter = EventLog.Filter()
    filter.stream = stream
    return try EventLog(connection, programID: programID).events(filter, limit: 2)
  }
}
