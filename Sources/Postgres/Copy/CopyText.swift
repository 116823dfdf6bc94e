/// COPY's text format: fields between tabs, rows ended by line feeds, `\N` for NULL, and backslash
/// escapes (PostgreSQL documentation, COPY, "Text Format").
enum CopyText {
  @inline(__always)
  static func isSpecial(_ byte: UInt8) -> Bool {
    byte == 0x5C || (byte < 0x20 && byte >= 0x08 && byte <= 0x0D)
  }

  /// The letter that stands for a special byte after a backslash.
  static func escapeLetter(_ byte: UInt8) -> UInt8 {
    switch byte {
    case 0x08: UInt8(ascii: "b")
    case 0x09: UInt8(ascii: "t")
    case 0x0A: UInt8(ascii: "n")
    case 0x0B: UInt8(ascii: "v")
    case 0x0C: UInt8(ascii: "f")
    case 0x0D: UInt8(ascii: "r")
    default: byte
    }
  }

  /// The byte that a letter after a backslash stands for. COPY TO writes no octal or hex escapes.
  static func unescapeLetter(_ letter: UInt8) -> UInt8 {
    switch letter {
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "t"): 0x09
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "v"): 0x0B
    case UInt8(ascii: "f"): 0x0C
    case UInt8(ascii: "r"): 0x0D
    default: letter
    }
  }
}
