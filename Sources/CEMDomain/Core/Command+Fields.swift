extension Command {
  /// The names of the command's own fields, in the order of declaration.
  ///
  /// Found by reading a command whose fields are made up as they are asked for, so that the list can
  /// never differ from what is read.
  package static var fieldNames: [String] {
    if let type = self as? any OwnNames.Type { return type.ownNames }
    return madeUp(self).asked
  }
}

extension String {
  /// The name that is most like this one, which was mistyped; `nil` where none is like it.
  package func nearest(in names: [String]) -> String? {
    // A letter changed counts as one removed and one inserted.
    let limit = min(4, count - 1)
    return names.filter { abs($0.count - count) <= limit }
      .map { (name: $0, edits: $0.difference(from: self).count) }
      .filter { $0.edits <= limit }.min { $0.edits < $1.edits }?.name
  }
}

/// A command whose fields are those of a thing's details, without the ones that it leaves alone.
private protocol OwnNames { static var ownNames: [String] { get } }

extension AmendRecord: OwnNames {
  fileprivate static var ownNames: [String] {
    (State.kind == .program ? [] : [State.kind.rawValue])
      + madeUp(State.Details.self).asked.filter { !State.Details.settled.contains($0) }
  }
}

extension OpenInitiative: OwnNames {
  fileprivate static var ownNames: [String] {
    madeUp(self).asked.filter { !InitiativeDetails.settled.contains($0) }
  }
}

/// Reads a type with made-up values for what it needs.
/// - Returns: what was read, and the keys that it asked for meanwhile: all of them where it could be read.
func madeUp<Made: Decodable>(_ type: Made.Type) -> (made: Made?, asked: [String]) {
  var object = JSONObject()
  var asked: [String] = []
  // Each round supplies one field more, or another guess for it; no command needs many.
  var guesses: [String: Int] = [:]
  for _ in 0..<100 {
    let decoder = FieldDecoder(split: Split(facts: .object(object)), origin: .given)
    do {
      let made = try type.init(from: decoder)
      return (made, decoder.askedFor ?? [])
    } catch let error as FieldError where !error.path.isEmpty {
      asked = decoder.askedFor ?? []
      let name = String(error.path.prefix { $0 != "." })
      let guess = guesses[name, default: 0]
      guesses[name] = guess + 1
      object[name] = madeUp(guess, for: error)
      if object[name] == nil { break }
    } catch {
      break
    }
  }
  return (nil, asked)
}

private func madeUp(_ guess: Int, for error: FieldError) -> JSON? {
  if error.message.hasPrefix("must be one of ") {
    let first = error.message.dropFirst("must be one of ".count).prefix { $0 != "," }
    return .string(String(first))
  }
  // A number is also a code, a reference, a text, and a term by its place.
  let values: [JSON] = [
    "1", "2026-01-01", "2026", "CAD", "program", "source:id", [], [:],
    // A breach, and a command that can be asked for without saying more.
    "STD-1/2026", "program.restore",
    // A digest and a root of the log.
    .string(String(repeating: "0", count: 64)), .string(String(repeating: "0", count: 43) + "="),
  ]
  return guess < values.count ? values[guess] : nil
}
