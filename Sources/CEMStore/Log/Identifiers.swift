import CEMDomain
package import FoundationEssentials
import Postgres
import TransparencyLog

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

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

  /// A new id of version 7 (RFC 9562 §5.7): the present millisecond, then 74 random bits. Ids that are made one
  /// after the other lie side by side in an index, where random ones each touch, and split, a page of their own.
  package static func ordered() -> UUID {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return ordered(
      at: UInt64(now.tv_sec) * 1_000 + UInt64(now.tv_nsec) / 1_000_000,
      random: (.random(in: 0 ... .max), .random(in: 0 ... .max)))
  }

  /// - Parameters:
  ///   - milliseconds: since 1970; 48 bits of them count.
  ///   - random: of which 12 and 62 bits are taken.
  package static func ordered(at milliseconds: UInt64, random: (UInt64, UInt64)) -> UUID {
    func byte(_ word: UInt64, _ index: UInt64) -> UInt8 {
      UInt8(truncatingIfNeeded: word >> (56 - 8 * index))
    }
    let time = milliseconds << 16
    return UUID(
      uuid: (
        byte(time, 0), byte(time, 1), byte(time, 2), byte(time, 3), byte(time, 4), byte(time, 5),
        byte(random.0, 0) & 0x0f | 0x70, byte(random.0, 1), byte(random.1, 0) & 0x3f | 0x80,
        byte(random.1, 1), byte(random.1, 2), byte(random.1, 3), byte(random.1, 4),
        byte(random.1, 5), byte(random.1, 6), byte(random.1, 7)
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
  /// Any day that a row can hold, with those that no command names: rows are asked for by what stands in them.
  package var postgresText: String {
    switch sinceEpoch {
    case .max: return "infinity"
    case .min: return "-infinity"
    default:
      guard self < Day.nameable.lowerBound else { return description }
      let (year, month, day) = parts
      return
        "\(String(1 - year).padded(to: 4))-\(String(month).padded(to: 2))-\(String(day).padded(to: 2)) BC"
    }
  }
}

extension String {
  /// The digits with as many zeros before them as make them so long.
  fileprivate func padded(to length: Int) -> String {
    String(repeating: "0", count: max(0, length - utf8.count)) + self
  }
}

extension Exact: PostgresDecodable, PostgresEncodable {}
extension Exact: PostgresArrayElement {}
extension Exact: PostgresText {
  package init?(postgresText: String) { try? self.init(scalar: postgresText) }
  package var postgresText: String { description }
}
