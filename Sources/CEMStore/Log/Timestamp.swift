package import CEMDomain
import Postgres

/// A moment in UTC, to the microsecond, as PostgreSQL keeps it.
package struct Timestamp: Hashable, Comparable, Sendable {
  /// Microseconds since 1970-01-01T00:00:00Z.
  package let microseconds: Int64

  package init(microseconds: Int64) { self.microseconds = microseconds }

  package static func < (a: Timestamp, b: Timestamp) -> Bool { a.microseconds < b.microseconds }

  /// The UTC day.
  package var day: Day { Day(sinceEpoch: Int32(floorDivision(microseconds, 86_400_000_000))) }

  /// Parses `2026-11-22T05:06:11.123456Z` or PostgreSQL's `2026-11-22 05:06:11.1234+00`: a UTC time
  /// with up to six decimals.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count >= 19, let day = Day(String(decoding: bytes[..<10], as: UTF8.self)),
      bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: " "),
      bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":")
    else { return nil }
    func two(_ index: Int) -> Int64? {
      guard let a = digit(bytes[index]), let b = digit(bytes[index + 1]) else { return nil }
      return a * 10 + b
    }
    guard let hour = two(11), let minute = two(14), let second = two(17), hour < 24, minute < 60,
      second < 60
    else { return nil }
    var index = 19
    var fraction: Int64 = 0
    if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
      index += 1
      var places = 0
      while index < bytes.count, let value = digit(bytes[index]) {
        guard places < 6 else { return nil }
        fraction = fraction * 10 + value
        places += 1
        index += 1
      }
      guard places > 0 else { return nil }
      for _ in places..<6 { fraction *= 10 }
    }
    let zone = String(decoding: bytes[index...], as: UTF8.self)
    guard zone == "Z" || zone == "+00" || zone == "+00:00" else { return nil }
    microseconds =
      ((Int64(day.sinceEpoch) * 24 + hour) * 60 + minute) * 60_000_000 + second * 1_000_000
      + fraction
  }
}

private func digit(_ byte: UInt8) -> Int64? {
  byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") ? Int64(byte - UInt8(ascii: "0")) : nil
}

private func floorDivision(_ a: Int64, _ b: Int64) -> Int64 {
  a >= 0 ? a / b : -((-a + b - 1) / b)
}

extension Timestamp: CustomStringConvertible {
  /// RFC 3339 in UTC, always with six decimals: the form that is hashed.
  package var description: String {
    let dayLength: Int64 = 86_400_000_000
    let inDay = microseconds - floorDivision(microseconds, dayLength) * dayLength
    let seconds = inDay / 1_000_000
    var bytes = Array(day.description.utf8)
    bytes.reserveCapacity(27)
    func append(_ mark: Unicode.Scalar, _ value: Int64, width: Int) {
      bytes.append(UInt8(ascii: mark))
      var unit: Int64 = width == 2 ? 10 : 100_000
      while unit > 0 {
        bytes.append(UInt8(ascii: "0") + UInt8(value / unit % 10))
        unit /= 10
      }
    }
    append("T", seconds / 3600, width: 2)
    append(":", seconds / 60 % 60, width: 2)
    append(":", seconds % 60, width: 2)
    append(".", inDay % 1_000_000, width: 6)
    bytes.append(UInt8(ascii: "Z"))
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension Timestamp: PostgresText {
  package init?(postgresText: String) { self.init(postgresText) }
  package var postgresText: String { description }
}
