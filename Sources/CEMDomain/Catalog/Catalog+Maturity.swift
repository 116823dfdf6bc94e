/// An adoption level, 0 to 5 (domain §1).
package struct Level: Hashable, Sendable {
  /// 0 to 5.
  package let number: Int
  /// The stable id that events may name.
  package let id: String
  package let name: String
  /// The name in the source's language.
  package let original: String
  /// What takes a department from this level to the next; under the last, what sustains it.
  package let actions: [Action]

  /// A required action of a level.
  package struct Action: Hashable, Sendable {
    package let id: ActionID
    package let text: String
  }
}

/// The id of a required action: its level and its place there, e.g. `2.1`.
package struct ActionID: ScalarCodable, Comparable {
  /// The level under which it stands, 0 to 5.
  package let level: Int
  /// Its place there, from 1.
  package let place: Int

  /// An action of the catalog.
  package init(scalar text: String) throws(FieldError) {
    let parts = text.split(separator: ".").compactMap { Int($0) }
    guard parts.count == 2, Catalog.levels.indices.contains(parts[0]), parts[1] >= 1,
      parts[1] <= Catalog.actionCounts[parts[0]], "\(parts[0]).\(parts[1])" == text
    else {
      let known = Catalog.actionCounts.enumerated()
        .flatMap { level, count in (1...count).map { "\(level).\($0)" } }
      throw FieldError("must be one of \(known.joined(separator: ", ")), not \(shown(text))")
    }
    self.init(level: parts[0], place: parts[1])
  }

  fileprivate init(level: Int, place: Int) {
    self.level = level
    self.place = place
  }

  package var description: String { "\(level).\(place)" }

  package static func < (a: Self, b: Self) -> Bool { (a.level, a.place) < (b.level, b.place) }
}

extension Catalog {
  /// How many actions each level requires.
  static let actionCounts = [2, 3, 3, 2, 3, 3]

  /// The highest level.
  package static let highestLevel = 5

  /// The adoption levels, from 0 (Gartner's adoption model, domain §1).
  package static let levels: [Level] = [
    level(
      0, "nonexistent", "Non-existent", "Несуществующая система CEM",
      ["the need for change is written down", "staff are told what CEM is"]),
    level(
      1, "initial", "Initial, fragmented focus", "начальный, с фрагментированным фокусом",
      [
        "go on training staff on the strategy and what the company can gain",
        "tie CEM to existing business goals", "state it as a tangible goal",
      ]),
    level(
      2, "voice-heard", "The customer's opinion is heard and valued",
      "мнение клиента слышат и ценят",
      [
        "work out a single view", "pick one business case and hone CEM on it",
        "encourage colleagues to exchange experience",
      ]),
    level(
      3, "defined", "Defined, leadership involved", "определенность, вовлечение руководства",
      [
        "leadership assesses the strategy as concrete advantages for the company",
        "units study, each from its side, how to develop CEM",
      ]),
    level(
      4, "managed", "Managed", "управляемый",
      [
        "spread what worked in single units to the rest", "deepen the one corporate concept",
        "fund the roll-out company-wide",
      ]),
    level(
      5, "optimizing", "Optimizing, the culture changes",
      "оптимизация, изменение организационной культуры",
      [
        "keep maturity high",
        "keep looking for improvements in other industries and regions",
        "keep measuring how far business goals are met",
      ]),
  ]

  /// The level with a number; `nil` where there is none, as a damaged row may say.
  package static func level(_ number: Int) -> Level? {
    levels.indices.contains(number) ? levels[number] : nil
  }

  private static func level(
    _ number: Int, _ id: String, _ name: String, _ original: String, _ texts: [String]
  ) -> Level {
    Level(
      number: number, id: id, name: name, original: original,
      actions: texts.enumerated().map { place, text in
        Level.Action(id: ActionID(level: number, place: place + 1), text: text)
      })
  }
}
