/// Why a command was refused. The static factories beside each aggregate are the rules.
package struct Rejection: Error, Hashable, Sendable {
  /// What a caller can do about it.
  package enum Kind: Hashable, Sendable {
    /// A rule refuses it.
    case rule
    /// The input is wrong.
    case input
    /// No such thing.
    case notFound
    /// Somebody else changed it meanwhile.
    case conflict
    /// The login may not do it.
    case notAllowed
    /// The decision needs more of the state than was loaded. Never reaches a person.
    case unloaded(StateKey)
  }

  package let kind: Kind
  /// A stable name, `noun.what`, e.g. `maturity.actions-missing`.
  package let code: String
  /// One sentence for a person.
  package let message: String
  /// A command that helps, or what to do; empty where nothing does.
  package let hint: String
  /// What is missing or in the way, for programs.
  package let details: JSONObject

  /// A rule that refuses.
  package init(
    _ code: String, _ message: String, hint: String = "", details: JSONObject = JSONObject()
  ) {
    self.init(.rule, code, message, hint: hint, details: details)
  }

  package init(
    _ kind: Kind, _ code: String, _ message: String, hint: String = "",
    details: JSONObject = JSONObject()
  ) {
    self.kind = kind
    self.code = code
    self.message = message
    self.hint = hint
    self.details = details
  }
}

extension Rejection {
  /// Whether something that the command needs was not given.
  package var isOmission: Bool { code == "input.missing" || code == "reason.missing" }

  /// The state at a key was not loaded; whoever holds the log loads it and decides again.
  static func unloaded(_ key: StateKey) -> Rejection {
    Rejection(.unloaded(key), "state.unloaded", "\(key) was not loaded")
  }

  /// There is no such thing, or it was voided.
  package static func notFound(_ stream: StreamID) -> Rejection {
    let noun = stream.kind == .maturity ? "department" : stream.kind.rawValue
    return Rejection(
      .notFound, "\(noun).not-found", "there is no \(noun) \(stream.reference)",
      hint: "cem \(noun) list", details: ["reference": .string(stream.reference)])
  }

  /// The thing was voided: it counts nowhere and takes no further commands.
  package static func voided(_ stream: StreamID) -> Rejection {
    Rejection(
      "\(stream.kind.rawValue).voided", "\(stream.reference) was voided",
      hint: "cem history --stream \(stream)", details: ["reference": .string(stream.reference)])
  }

  /// A code or an external id is taken.
  package static func exists(_ stream: StreamID, as name: String) -> Rejection {
    let other = name == stream.reference ? "" : " as \(stream.reference)"
    return Rejection(
      "\(stream.kind.rawValue).exists", "\(name) already exists\(other)",
      hint: "cem \(stream.kind.rawValue) show \(stream.reference)",
      details: ["reference": .string(stream.reference)])
  }

  /// A required reason was not given.
  package static func reasonMissing(_ action: String) -> Rejection {
    Rejection(.input, "reason.missing", "\(action) needs a reason", hint: "add --reason TEXT")
  }

  /// The business date lies in the future.
  package static func inTheFuture(_ day: Day, today: Day) -> Rejection {
    Rejection(
      "date.future", "\(day) lies in the future (today is \(today) in the program's time zone)",
      hint: "use --on with a date up to \(today)")
  }

  /// The business date is before something that it rests on.
  package static func tooEarly(_ day: Day, after other: Day, of stream: StreamID) -> Rejection {
    Rejection(
      "date.too-early", "\(day) is before \(other), the last date of \(stream.reference)",
      hint: "use --on \(other) or later"
        + (stream == .program
          ? "; a program that takes in an older one is founded on that one's day: cem init --on DATE"
          : ""),
      details: ["reference": .string(stream.reference), "notBefore": .string(other.description)])
  }

  /// A field cannot have the value given.
  package static func input(_ error: FieldError) -> Rejection {
    Rejection(
      .input, error.message.hasPrefix("is missing") ? "input.missing" : "input.invalid",
      error.description, details: ["field": .string(error.path)])
  }
}
