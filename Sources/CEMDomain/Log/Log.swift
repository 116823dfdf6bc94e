/// The log itself as a thing: what was done to it, rather than what it records.
package struct Log: EntityState {
  package static let kind = EntityKind.log

  /// How often it was restored from a backup. Each time begins a new origin: what was signed before
  /// and what is signed after are about two logs, which agree up to a position.
  package var restorations = 0
  /// The last position that the latest restore brought back.
  package var restoredTo: Int64?
  /// The position of the event that says so.
  package var restoredAt: Int64?

  package var details: LogDetails {
    get { LogDetails() }
    set {}
  }
}

/// Of the log itself nothing can be amended.
package struct LogDetails: EntityDetails {}

/// What can be done to the log. Nothing of it takes an event away or changes what is hashed.
package enum LogEvent: StoredEvents {
  case dataErased(DataErased)
  case restored(LogRestored)
  case reportIssued(ReportIssued)

  package static let forms: [StoredForm<LogEvent>] = [
    StoredForm("event.data_erased", 1, command: "audit.erase") { .dataErased($0) },
    StoredForm("log.restored", 1, command: "audit.recover") { .restored($0) },
    StoredForm("report.issued", 1, command: "report.issue") { .reportIssued($0) },
  ]

  package var stored: (type: String, schemaVersion: Int, payload: any Encodable & Sendable) {
    switch self {
    case .dataErased(let payload): ("event.data_erased", 1, payload)
    case .restored(let payload): ("log.restored", 1, payload)
    case .reportIssued(let payload): ("report.issued", 1, payload)
    }
  }
}

/// The private data of events was erased; the reason is the command's.
///
/// The database erases exactly what this names, with the same statement that appends it.
package struct DataErased: Codable, Hashable, Sendable {
  /// From 1, ascending.
  package var positions: [Int64]
  /// Whom it was done for, where it was done for a person.
  package var person: PersonID?
}

/// The log was restored from a backup; the reason is the command's.
package struct LogRestored: Codable, Hashable, Sendable {
  /// The last position that the backup had: what was recorded after it before the restore is lost.
  package var from: Int64
  /// The number of restores up to here, which is part of the new origin.
  package var restoration: Int
}

extension Log {
  mutating func evolve(with event: LogEvent, at position: Int64) {
    switch event {
    case .dataErased, .reportIssued: break
    case .restored(let event):
      restorations = event.restoration
      restoredTo = event.from
      restoredAt = position
    }
  }
}
