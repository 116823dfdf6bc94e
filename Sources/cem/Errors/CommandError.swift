import CEMDomain

/// What the command line itself finds wrong.
struct CommandError: Error, Hashable {
  /// A stable name.
  var code: String
  /// One sentence for a person.
  var message: String
  var cause: String?
  /// A command that helps.
  var hint: String?
  /// What is known of it, for programs.
  var details: JSONObject
  var exit: CommandStatus

  init(
    _ code: String, _ message: String, cause: String? = nil, hint: String? = nil,
    details: JSONObject = JSONObject(), exit: CommandStatus
  ) {
    self.code = code
    self.message = message
    self.cause = cause
    self.hint = hint
    self.details = details
    self.exit = exit
  }

  /// The command line is not one that cem understands.
  static func usage(_ message: String, hint: String? = nil) -> CommandError {
    CommandError("usage", message, hint: hint, exit: .usage)
  }

  /// So many events were recorded, and the output cannot say it.
  /// - Parameter lookUp: The command that says it.
  static func unwritten(
    events: Int, _ error: SystemError, lookUp: String, details: JSONObject
  ) -> CommandError {
    CommandError(
      "output.failed",
      "\(events == 1 ? "1 event is" : "\(events) events are") recorded, and the output cannot be written",
      cause: error.reason,
      hint: "do not repeat it; what it did: cem \(lookUp)", details: details, exit: .inputOutput)
  }

  /// A word that none of a closed list is, with those that were meant, or else the list.
  static func unknown(_ what: String, _ word: String, among words: [String]) -> CommandError {
    let near = word.nearest(of: words)
    return .usage(
      "there is no \(what) \(word)",
      hint: near.isEmpty
        ? "there are: " + words.joined(separator: ", ")
        : "did you mean: " + near.joined(separator: ", "))
  }

  /// The answer to a question is no; what it was has been printed already.
  static func answerIsNo(_ message: String, hint: String? = nil) -> CommandError {
    CommandError("answer.no", message, hint: hint, exit: .no)
  }
}

/// The exit codes, a part of the command line's contract.
enum CommandStatus: Int32, CaseIterable {
  case done = 0
  /// The answer is no: a check found a mismatch.
  case no = 1
  case usage = 64
  /// The input is wrong, or a rule refuses it.
  case input = 65
  case notFound = 66
  /// The database is out of reach.
  case unavailable = 69
  /// A bug.
  case bug = 70
  /// A file or the output cannot be written, or read to its end.
  case inputOutput = 74
  /// Somebody else changed it meanwhile: try again.
  case conflict = 75
  case notAllowed = 77
  case configuration = 78
  case interrupted = 130

  /// All of them, in a sentence.
  static var legend: String {
    let codes = allCases.map { status in "\(status.rawValue) \(status.meaning)" }
    return "Exit codes: \(codes.joined(separator: "; "))."
  }

  /// What it tells a script, in a few words.
  var meaning: String {
    switch self {
    case .done: "done"
    case .no: "the answer is no: a check found something"
    case .usage: "the command line is wrong"
    case .input: "the input is wrong, or a rule refuses it"
    case .notFound: "no such thing"
    case .unavailable: "the database is out of reach"
    case .bug: "a bug"
    case .inputOutput: "a file or the output cannot be written"
    case .conflict: "somebody else changed it meanwhile: try again"
    case .notAllowed: "not allowed"
    case .configuration: "the configuration is wrong"
    case .interrupted: "interrupted"
    }
  }
}
