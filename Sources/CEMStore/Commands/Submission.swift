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
  /// The command's canonical text, where it is at hand.
  var canonicalText: String?

  package init(
    _ issued: IssuedCommand, commandID: UUID = .ordered(), expected: [StreamID: Int] = [:],
    correlationID: UUID? = nil, causationID: UUID? = nil
  ) {
    self.issued = issued
    self.commandID = commandID
    self.expected = expected
    self.correlationID = correlationID
    self.causationID = causationID
  }

  /// The canonical text: what the command's digest is of.
  func canonical() throws -> String {
    try canonicalText ?? JSON.object(issued.canonical()).canonicalText
  }
}
