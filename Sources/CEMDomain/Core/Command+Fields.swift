extension Command {
  /// The names of the command's own fields, in the order of declaration.
  ///
  /// Found by reading a command whose fields are made up as they are asked for, so that the list can
  /// never differ from what is read.
  package static var fieldNames: [String] {
    if let amend = self as? any AmendNames.Type { return amend.amendNames }
    return names(askedForBy: self)
  }
}

extension String {
  /// The name that is most like this one, which was mistyped; `nil` where none is like it.
  func nearest(in names: [String]) -> String? {
    // A letter changed counts as one removed and one inserted.
    let limit = min(4, count - 1)
    return names.filter { abs($0.count - count) <= limit }
      .map { (name: $0, edits: $0.difference(from: self).count) }
      .filter { $0.edits <= limit }.min { $0.edits < $1.edits }?.name
  }
}

/// A command whose fields are those of another type, beside the thing itself.
private protocol AmendNames { static var amendNames: [String] { get } }

extension AmendRecord: AmendNames {
  fileprivate static var amendNames: [String] {
    (State.kind == .program ? [] : [State.kind.rawValue])
      + names(askedForBy: State.Details.self).filter { !State.Details.settled.contains($0) }
  }
}

/// The keys that a type asks for while it is read, with made-up values for those it needs.
private func names(askedForBy type: any Decodable.Type) -> [String] {
  var object = JSONObject()
  var asked: [String] = []
  // Each round supplies one field more, or another guess for it; no command needs many.
  var guesses: [String: Int] = [:]
  for _ in 0..<100 {
    let decoder = FieldDecoder(split: Split(facts: .object(object)), origin: .given)
    do {
      _ = try type.init(from: decoder)
      return decoder.askedFor ?? []
    } catch let error as FieldError where !error.path.isEmpty {
      asked = decoder.askedFor ?? []
      let name = String(error.path.prefix { $0 != "." })
      let guess = guesses[name, default: 0]
      guesses[name] = guess + 1
      object[name] = madeUp(guess, for: error)
      if object[name] == nil { return asked }
    } catch {
      return asked
    }
  }
  return asked
}

private func madeUp(_ guess: Int, for error: FieldError) -> JSON? {
  if error.message.hasPrefix("must be one of ") {
    let first = error.message.dropFirst("must be one of ".count).prefix { $0 != "," }
    return .string(String(first))
  }
  // A number is also a code, a reference, a text, and a term by its place.
  let values: [JSON] = [
    "1", "2026-01-01", "2026", "CAD", "program", "source:id", [], [:],
    // A digest and a root of the log.
    .string(String(repeating: "0", count: 64)), .string(String(repeating: "0", count: 43) + "="),
  ]
  return guess < values.count ? values[guess] : nil
}
