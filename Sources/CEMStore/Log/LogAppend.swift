import CEMDomain
package import FoundationEssentials
package import Postgres
package import TransparencyLog

/// The call of `cem.append` for events after a position that the caller holds locked.
package struct LogAppend {
  let programID: UUID
  let start: Int64
  let recordedAt: Timestamp
  let events: [StoredEvent]
  let frontier: Frontier
  let projections: Projections

  /// - Parameter frontier: the tree's with these events, which the server compares with its own.
  package init(
    programID: UUID, after start: Int64, recordedAt: Timestamp, events: [StoredEvent],
    frontier: Frontier,
    projections: Projections = .current
  ) {
    self.projections = projections
    self.programID = programID
    self.start = start
    self.recordedAt = recordedAt
    self.events = events
    self.frontier = frontier
  }

  /// One array for each column, in binary form.
  package var statement: SQL {
    let count = events.count
    var streams = BinaryArray(of: .text, capacity: count)
    var versions = BinaryArray(of: .integer, capacity: count)
    var types = BinaryArray(of: .text, capacity: count)
    var schemaVersions = BinaryArray(of: .smallint, capacity: count)
    var departments = BinaryArray(of: .text, capacity: count)
    var days = BinaryArray(of: .date, capacity: count)
    var commandIDs = BinaryArray(of: .uuid, capacity: count)
    var commandIndexes = BinaryArray(of: .integer, capacity: count)
    var digests = BinaryArray(of: .bytea, capacity: count)
    var correlationIDs = BinaryArray(of: .uuid, capacity: count)
    var causationIDs = BinaryArray(of: .uuid, capacity: count)
    var facts = BinaryArray(of: .text, capacity: count)
    var privates = BinaryArray(of: .text, capacity: count)
    var salts = BinaryArray(of: .bytea, capacity: count)
    for event in events {
      streams.append(text: event.stream)
      versions.append(integer: Int64(event.version))
      types.append(text: event.type)
      schemaVersions.append(integer: Int64(event.schemaVersion))
      departments.append(text: event.departments)
      days.append(integer: Int64(event.occurredOn.sinceEpoch))
      commandIDs.append(event.commandID)
      commandIndexes.append(integer: Int64(event.commandIndex))
      digests.append(event.commandDigest?.bytes)
      correlationIDs.append(event.correlationID)
      causationIDs.append(event.causationID)
      facts.append(text: event.facts)
      if let personal = event.personal {
        privates.append(text: personal)
      } else {
        privates.appendNull()
      }
      salts.append(event.salt)
    }
    return Self.template.binding { values in
      values.append(programID)
      values.append(start)
      values.append(recordedAt)
      values.append(projections.versions)
      values.append(frontier.encoded)
      for array in [
        streams, versions, types, schemaVersions, departments, days, commandIDs, commandIndexes,
        digests, correlationIDs, causationIDs, facts, privates, salts,
      ] {
        values.append(array)
      }
    }
  }

  private static let template: SQLTemplate = {
    let types = [
      "uuid", "bigint", "timestamptz", "text", "bytea", "text[]", "integer[]", "text[]",
      "smallint[]",
      "text[]", "date[]", "uuid[]", "integer[]", "bytea[]", "uuid[]", "uuid[]", "text[]", "text[]",
      "bytea[]",
    ]
    let arguments = types.map { "\("")::\(unsafeSQL: $0)" as SQL }
    return SQLTemplate("SELECT cem.append(\(SQL.joined(arguments, separator: ", ")))")
  }()
}

extension BinaryArray {
  /// Appends an id to an array of `uuid`.
  fileprivate mutating func append(_ id: UUID?) {
    guard let id else { return appendNull() }
    withUnsafeBytes(of: id.uuid) { append(bytes: $0) }
  }

  /// Appends bytes to an array of `bytea`.
  fileprivate mutating func append(_ bytes: [UInt8]?) {
    if let bytes { append(bytes: bytes) } else { appendNull() }
  }
}
