import CEMDomain
package import FoundationEssentials
import Postgres
import TransparencyLog

extension UUID {
  /// A UUID that follows from a text: the first 16 bytes of its SHA-256, marked as version 8
  /// (RFC 9562 §5.8).
  package init(derivedFrom text: String) {
    let hash = Hash.sha256(utf8: text)
    func byte(_ index: Int) -> UInt8 { hash[index] }
    self.init(
      uuid: (
        byte(0), byte(1), byte(2), byte(3), byte(4), byte(5), byte(6) & 0x0f | 0x80, byte(7),
        byte(8) & 0x3f | 0x80, byte(9), byte(10), byte(11), byte(12), byte(13), byte(14), byte(15)
      ))
  }

  /// The id of a command's event: it follows from the program, the command and the event's place in it.
  package static func event(program: UUID, command: UUID, index: Int) -> UUID {
    UUID(derivedFrom: "cem-event-id/1\n\(program.text)\n\(command.text)\n\(index)\n")
  }
}

extension UUID: PostgresDecodable, PostgresEncodable {}
extension UUID: PostgresArrayElement {}
extension UUID: PostgresText {
  package init?(postgresText: String) { self.init(uuidString: postgresText) }
  package var postgresText: String { text }
}

extension Day: PostgresDecodable, PostgresEncodable {}
extension Day: PostgresArrayElement {}
extension Day: PostgresText {
  package init?(postgresText: String) { self.init(postgresText) }
  package var postgresText: String { description }
}

extension Exact: PostgresDecodable, PostgresEncodable {}
extension Exact: PostgresArrayElement {}
extension Exact: PostgresText {
  package init?(postgresText: String) { try? self.init(scalar: postgresText) }
  package var postgresText: String { description }
}
