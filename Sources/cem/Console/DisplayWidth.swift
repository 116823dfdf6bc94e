#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

// POSIX has it, but Glibc's headers show it only to programs that define _XOPEN_SOURCE.
@_silgen_name("wcwidth")
private func wcwidth(_ character: wchar_t) -> CInt

extension Character {
  /// The terminal columns that this takes: 2 for CJK and emoji, 0 for a mark on its own.
  var displayWidth: Int {
    var widest = 0
    for scalar in unicodeScalars {
      // An emoji by its variation selector, a sequence joined by ZWJ, or a flag is one picture.
      if scalar.value == 0xFE0F { return 2 }
      if scalar.properties.isEmojiPresentation { return 2 }
      widest = max(widest, Int(wcwidth(wchar_t(bitPattern: scalar.value))))
    }
    return max(0, widest)
  }
}

extension wchar_t {
  /// Glibc's is signed, Musl's too on some machines and unsigned on others.
  fileprivate init(bitPattern value: UInt32) { self = wchar_t(truncatingIfNeeded: value) }
}

extension String {
  /// The terminal columns that this takes.
  var displayWidth: Int {
    // Plain text is by far the most common, and one column a byte.
    if utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f }) { return utf8.count }
    return reduce(0) { $0 + $1.displayWidth }
  }

  /// The text cut to a number of columns, with `…` where something is missing.
  func fitted(to width: Int) -> String {
    guard displayWidth > width else { return self }
    guard width > 1 else { return width == 1 ? "…" : "" }
    var kept = ""
    var used = 0
    for character in self {
      let next = character.displayWidth
      if used + next > width - 1 { break }
      kept.append(character)
      used += next
    }
    while kept.last == " " { kept.removeLast() }
    return kept + "…"
  }
}
