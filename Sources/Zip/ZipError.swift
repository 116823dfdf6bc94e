/// Why bytes are not a ZIP archive that can be read.
package struct ZipError: Error, Hashable, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}

/// The numbers of the format (PKWARE's APPNOTE, 4.3).
enum ZipFormat {
  static let localHeader: UInt32 = 0x0403_4b50
  static let centralHeader: UInt32 = 0x0201_4b50
  static let end: UInt32 = 0x0605_4b50
  static let localHeaderSize = 30
  static let centralHeaderSize = 46
  static let endSize = 22
  static let stored: UInt16 = 0
  static let deflated: UInt16 = 8
}
