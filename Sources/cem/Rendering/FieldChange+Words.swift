import CEMDomain

extension FieldChange {
  /// The change for programs.
  var datum: Datum {
    Datum([
      "field": .text(field), "old": FieldChange.datum(old), "new": FieldChange.datum(new),
    ])
  }

  static func datum(_ value: JSON?) -> Datum { value.map { Datum($0) } ?? .null }

  /// The old and the new value for a person: `0.58 → 0.93`.
  var words: String {
    let (old, new) = (FieldChange.words(old), FieldChange.words(new))
    return self.old == nil ? new : "\(old) → \(new)"
  }

  static func words(_ value: JSON?) -> String {
    let text = datum(value).display.printable()
    return text.isEmpty ? "–" : text
  }

  /// The changes line by line, the names in a column of their own.
  static func lines(_ changes: [FieldChange], width: Int, indent: String = "  ") -> [String] {
    let nameWidth = min(28, changes.map(\.field.displayWidth).max() ?? 0)
    return changes.flatMap { change -> [String] in
      let start = indent + change.field.padded(nameWidth) + "  "
      let room = max(20, width - start.displayWidth)
      let text = change.words.wrapped(to: room)
      let rest = String(repeating: " ", count: start.displayWidth)
      return text.enumerated().map { ($0.offset == 0 ? start : rest) + $0.element }
    }
  }
}
