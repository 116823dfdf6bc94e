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
    let (old, new) = (FieldChange.words(old, of: field), FieldChange.words(new, of: field))
    return self.old == nil ? new : "\(old) → \(new)"
  }

  /// The old and the new value of what was corrected, which was there before: `– → lee`, `(erased) → New`.
  /// - Parameter width: of each of them; `nil` leaves them whole.
  func correction(width: Int?) -> String {
    let old = wasErased ? Datum.erased.display : FieldChange.words(old, of: field)
    return [old, FieldChange.words(new, of: field)]
      .map { text in width.map { text.fitted(to: $0) } ?? text }.joined(separator: " → ")
  }

  /// A value for a person; the field says which terms it may hold.
  static func words(_ value: JSON?, of field: String = "") -> String {
    let text = shown(value, of: field).display.printable()
    return text.isEmpty ? "–" : text
  }

  private static func shown(_ value: JSON?, of field: String) -> Datum {
    switch value {
    case .string(let id)?: .text(Words.value(id, of: field))
    case .array(let items)?: .list(items.map { shown($0, of: field) })
    case .object, .bool, .int, .null, nil: datum(value)
    }
  }

  /// The changes line by line, the names in a column of their own.
  /// - Parameter words: how a change is said within a width.
  static func lines(
    _ changes: [FieldChange], width: Int, indent: String = "  ",
    words: (FieldChange, Int) -> String = { change, _ in change.words }
  ) -> [String] {
    let names = changes.map { Words.field($0.field) }
    let nameWidth = min(28, names.map(\.displayWidth).max() ?? 0)
    return zip(names, changes).flatMap { name, change -> [String] in
      let start = indent + name.padded(nameWidth) + "  "
      let room = max(20, width - start.displayWidth)
      let text = words(change, room).wrapped(to: room)
      let rest = String(repeating: " ", count: start.displayWidth)
      return text.enumerated().map { ($0.offset == 0 ? start : rest) + $0.element }
    }
  }
}
