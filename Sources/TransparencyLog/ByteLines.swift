extension ArraySlice<UInt8> {
  /// Takes the bytes up to the next newline off the front, without the newline; `nil` for none.
  mutating func nextLine() -> ArraySlice<UInt8>? {
    guard let end = firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    defer { self = self[(end + 1)...] }
    return self[..<end]
  }

  /// What follows a prefix; `nil` for another beginning.
  func droppingPrefix(_ prefix: String) -> ArraySlice<UInt8>? {
    starts(with: prefix.utf8) ? dropFirst(prefix.utf8.count) : nil
  }
}
