import CEMDomain
package import FoundationEssentials
package import Postgres
package import TransparencyLog

/// The call of `cem.append` for events after a position that the caller holds locked, or of `cem.append_one`.
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

  /// The statement: by the function for one event, where it is one.
  package var statement: SQL {
    guard let event = events.first, events.count == 1 else { return statementForMany }
    return Self.one.binding { values in
      appendHead(to: &values)
      values.append(event.stream)
      values.append(event.version)
      values.append(event.type)
      values.append(event.schemaVersion)
      values.append(event.departments)
      values.append(event.occurredOn)
      values.append(event.commandID)
      values.append(event.commandIndex)
      values.append(event.commandDigest?.bytes)
      values.append(event.correlationID)
      values.append(event.causationID)
      values.append(event.facts)
      values.append(event.personal)
      values.append(event.salt)
    }
  }

  /// What comes before the events.
  private func appendHead(to values: inout SQLTemplate.Values) {
    values.append(programID)
    values.append(start)
    values.append(recordedAt)
    values.append(projections.versions)
    values.append(frontier.encoded)
  }

  /// The statement for any number of events: one array for each column, in binary form.
  var statementForMany: SQL {
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
    return Self.many.binding { values in
      appendHead(to: &values)
      for array in [
        streams, versions, types, schemaVersions, departments, days, commandIDs, commandIndexes,
        digests, correlationIDs, causationIDs, facts, privates, salts,
      ] {
        values.append(array)
      }
    }
  }

  private static let one = template(of: "append_one", array: "")
  private static let many = template(of: "append", array: "[]")

  private static func template(of function: String, array: String) -> SQLTemplate {
    let head = ["uuid", "bigint", "timestamptz", "text", "bytea"]
    let columns = [
      "text", "integer", "text", "smallint", "text", "date", "uuid", "integer", "bytea", "uuid",
      "uuid", "text", "text", "bytea",
    ]
    let arguments = (head + columns.map { $0 + array }).map { "\("")::\(unsafeSQL: $0)" as SQL }
    return SQLTemplate(
      "SELECT cem.\(unsafeSQL: function)(\(SQL.joined(arguments, separator: ", ")))")
  }
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
