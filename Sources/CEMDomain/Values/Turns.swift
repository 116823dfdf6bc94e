/// The business dates on which a thing ceased to be open and was opened again, in turns: it is open up to
/// the first, not from there to the second, and so on.
///
/// Two turns of one day leave no trace, so there are at most as many as days.
package struct Turns: Codable, Hashable, Sendable {
  /// Ascending; the first is when it ceased to be open.
  package private(set) var days: [Day] = []

  package init() {}

  package init(from decoder: any Decoder) throws { days = try [Day](from: decoder) }
  package func encode(to encoder: any Encoder) throws { try days.encode(to: encoder) }

  /// With one turn more, on a day that is not before the last.
  fileprivate func adding(_ day: Day) -> Turns {
    var turns = self
    if turns.days.last == day { turns.days.removeLast() } else { turns.days.append(day) }
    return turns
  }

  /// The days on which a thing that was recorded on `since` became open, and those on which it ceased to
  /// be: it was open from one of the first to the next of the second.
  package static func spans(since: Day, _ turns: Turns?) -> (opened: [Day], ended: [Day]) {
    var opened = [since]
    var ended: [Day] = []
    for (index, day) in (turns?.days ?? []).enumerated() {
      if index.isMultiple(of: 2) { ended.append(day) } else { opened.append(day) }
    }
    return (opened, ended)
  }
}

extension Turns? {
  /// With one turn more; `nil` where none is left.
  func turned(on day: Day) -> Turns? {
    let turns = (self ?? Turns()).adding(day)
    return turns.days.isEmpty ? nil : turns
  }
}
