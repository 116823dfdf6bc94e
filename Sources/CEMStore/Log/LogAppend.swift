package import FoundationEssentials
package import Postgres
package import TransparencyLog

/// The call of `cem.append` for events after a position that the caller holds locked.
package struct LogAppend {
  let programID: UUID
  let start: Int64
  let recordedAt: Timestamp
  let events: [StoredEvent]
  let root: Hash

  /// - Parameter root: the root of the tree with these events, which the server compares with its own.
  package init(
    programID: UUID, after start: Int64, recordedAt: Timestamp, events: [StoredEvent], root: Hash
  ) {
    self.programID = programID
    self.start = start
    self.recordedAt = recordedAt
    self.events = events
    self.root = root
  }

  package var statement: SQL {
    var arguments: [SQL] = [
      "\(programID)", "\(start)", "\(recordedAt)", "\(Projections.required)",
      "\(root.bytes)",
    ]
    arguments.append("\(events.map(\.stream))::text[]")
    arguments.append("\(events.map(\.version))::integer[]")
    arguments.append("\(events.map(\.type))::text[]")
    arguments.append("\(events.map(\.schemaVersion))::smallint[]")
    arguments.append("\(events.map(\.departments))::text[]")
    arguments.append("\(events.map(\.occurredOn))::date[]")
    arguments.append("\(events.map(\.commandID))::uuid[]")
    arguments.append("\(events.map(\.commandIndex))::integer[]")
    let digests: [[UInt8]?] = events.map { $0.commandDigest?.bytes }
    arguments.append("\(digests)::bytea[]")
    arguments.append("\(events.map(\.correlationID))::uuid[]")
    arguments.append("\(events.map(\.causationID))::uuid[]")
    arguments.append("\(events.map(\.facts))::text[]")
    arguments.append("\(events.map(\.personal))::text[]")
    arguments.append("\(events.map(\.salt))::bytea[]")
    return "SELECT cem.append(\(SQL.joined(arguments, separator: ", ")))"
  }
}
