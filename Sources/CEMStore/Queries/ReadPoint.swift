/// The moment of a read: everything up to a position, and nothing after it.
package struct ReadPoint: Hashable, Sendable {
  /// The last position that counts; 0 before the first event.
  package var position: Int64
  /// The recorded time of that event; `nil` before the first event.
  package var recordedAt: Timestamp?
  /// Whether this is the head, so that the tables themselves answer.
  package var isHead: Bool

  package init(position: Int64, recordedAt: Timestamp?, isHead: Bool) {
    self.position = position
    self.recordedAt = recordedAt
    self.isHead = isHead
  }
}
