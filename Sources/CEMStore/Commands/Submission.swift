package import CEMDomain
package import FoundationEssentials

/// A command that is sent to a program, with what the sender wants to hold.
package struct Submission: Sendable {
  package var issued: IssuedCommand
  package var commandID: UUID
  /// Stream versions that must still stand.
  package var expected: [StreamID: Int]
  package var correlationID: UUID?
  package var causationID: UUID?

  package init(
    _ issued: IssuedCommand, commandID: UUID = UUID(), expected: [StreamID: Int] = [:],
    correlationID: UUID? = nil, causationID: UUID? = nil
  ) {
    self.issued = issued
    self.commandID = commandID
    self.expected = expected
    self.correlationID = correlationID
    self.causationID = causationID
  }
}
