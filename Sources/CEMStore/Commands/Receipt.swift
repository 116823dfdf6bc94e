package import CEMDomain
package import FoundationEssentials
package import TransparencyLog

/// What a command did: it pins the history up to its last event.
package struct Receipt: Hashable, Sendable {
  /// One of the command's events.
  package struct Entry: Hashable, Sendable {
    package var position: Int64
    package var stream: String
    package var version: Int
    package var type: String
    package var eventID: UUID
    package var leafHash: Hash
  }

  package var command: String
  package var commandID: UUID
  /// What people call the thing that the command was about; `nil` where nothing happened.
  package var reference: String?
  package var programID: UUID
  /// Empty where there was nothing to do.
  package var events: [Entry]
  /// `nil` where there was nothing to do.
  package var recordedAt: Timestamp?
  /// The size of the tree right after the command's last event.
  package var treeSize: Int64
  package var rootHash: Hash
  /// Whether the command had been handled before, and this is its first receipt again.
  package var isDuplicate: Bool
  /// What it corrected, for whoever corrects: no copy is kept, because values can be erased.
  package var changes: [FieldChange] = []
}

extension Receipt.Entry {
  package init(_ event: StoredEvent) {
    self.init(
      position: event.position, stream: event.stream, version: event.version, type: event.type,
      eventID: event.eventID, leafHash: event.leafHash)
  }
}
