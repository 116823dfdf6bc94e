import CEMDomain
import Postgres

/// An error as the user gets it: what is wrong, why, what helps, and the exit code.
struct ErrorReport: Hashable {
  var code: String
  var message: String
  var cause: String?
  var hint: String?
  var details = JSONObject()
  var exit: CommandStatus

  init(
    _ code: String, _ message: String, cause: String? = nil, hint: String? = nil,
    details: JSONObject = JSONObject(), exit: CommandStatus
  ) {
    self.code = code
    self.message = message
    self.cause = cause.flatMap { $0.isEmpty ? nil : $0 }
    self.hint = hint.flatMap { $0.isEmpty ? nil : $0 }
    self.details = details
    self.exit = exit
  }

  init(_ error: CommandError) {
    self.init(
      error.code, error.message, cause: error.cause, hint: error.hint, details: error.details,
      exit: error.exit)
  }

  /// The same with the options that were called for the fields that its message names: whoever types knows those.
  /// In `details` a field stays what import calls it.
  func naming(argumentsOf call: [String]) -> ErrorReport {
    // What an import's rows are refused for goes by their fields.
    guard let field = details["field"]?.string, call.first != "import",
      let schema = VerbSchema(calledBy: call)
    else {
      return self
    }
    func name(_ field: Substring) -> String? {
      schema.argument(filling: String(field)).map { $0.option ?? "<\($0.label)>" }
    }
    var report = self
    if message.hasPrefix("\(field): ") {
      let parts = field.split(separator: ".")
      // A part of a field may have an option of its own; an item of a list is one of an option's values.
      guard let option = parts.last.flatMap(name) ?? parts.first.flatMap(name) else { return self }
      report.message = option + message.dropFirst(field.count)
    }
    report.message = report.message.replacing(/\b[a-z]+(?:[A-Z][a-z]+)+\b/) { match in
      name(match.output) ?? String(match.output)
    }
    return report
  }

  /// The lines for a person. A hint that holds what is to be typed stays on one line, whatever the width.
  /// - Parameter width: the columns of the terminal; `nil` where nothing is broken into lines.
  func text(usesColor: Bool, width: Int? = nil) -> String {
    func label(_ name: String, _ color: String) -> String {
      usesColor ? "\u{1b}[\(color)m\(name):\u{1b}[0m" : "\(name):"
    }
    func wrapped(_ text: String, behind label: Int = 7) -> [String] {
      width.map { text.wrapped(to: max(20, $0 - label)) } ?? [text]
    }
    let message = wrapped(Secrets.removed(from: message).printable())
    var lines = ["\(label("error", "31")) \(message.joined(separator: "\n       "))"]
    if let cause {
      // libpq indents what else it has to say by a tab; here every further line is indented.
      let text = Secrets.removed(from: cause).split(separator: "\n").flatMap { line in
        wrapped(String(line.drop { $0 == "\t" || $0 == " " }).printable())
      }
      lines.append("\(label("cause", "2")) \(text.joined(separator: "\n       "))")
    }
    if let hint {
      let isTyped = hint.contains(/\bcem [a-z-]|--?[a-z]{2}|[A-Z]{6}|["'\/]/)
      let text = isTyped ? [hint.printable()] : wrapped(hint.printable(), behind: 6)
      lines.append("\(label("hint", "36")) \(text.joined(separator: "\n      "))")
    }
    return lines.joined(separator: "\n")
  }

  /// The object for programs.
  var json: String {
    Datum([
      "error": Datum([
        "code": .text(code), "message": .text(Secrets.removed(from: message)),
        "cause": Datum(cause.map(Secrets.removed)), "hint": Datum(hint),
        "details": Datum(.object(details)),
      ])
    ]).jsonText
  }
}

/// Keeps passwords out of messages: libpq quotes a connection string that it cannot read.
enum Secrets {
  /// The text with passwords in URLs and `password=` settings replaced.
  static func removed(from text: String) -> String {
    var clean = ""
    var rest = text[...]
    while let found = next(in: rest) {
      clean += rest[..<found.lowerBound] + "…"
      rest = rest[found.upperBound...]
    }
    return clean + rest
  }

  /// What may be wrong with a connection string that a password stands in, said in place of libpq's words, which
  /// quote what it took for a host, a port or a value; `nil` where those give nothing away.
  static func advice(on conninfo: String, for error: PostgresError) -> String? {
    let isUnread = error.kind == .misuse && contains(in: conninfo)
    guard let scheme = conninfo.firstMatch(of: /^postgres(?:ql)?:\/\//) else {
      return isUnread ? "a password with blanks or quotes must be quoted: password='…'" : nil
    }
    return isUnread || isMisread(conninfo[scheme.range.upperBound...])
      ? "a character of its user or password must be percent-encoded, as %40 stands for @" : nil
  }

  /// Whether libpq sees the end of user and password, in what follows a URL's scheme, before the last `@`, or
  /// cannot decode them.
  private static func isMisread(_ rest: Substring) -> Bool {
    guard let end = rest.lastIndex(of: "@") else { return false }
    let user = rest[..<end]
    // An @ among the settings behind the database is none of a user's.
    let isSetting =
      user.wholeMatch(of: /(?:[^@?\/:,]*(?::\d*)?,)*[^@?\/:,]*(?::\d*)?\/[^?]*\?.*/) != nil
    return !isSetting
      && user.wholeMatch(of: /(?:[^@\/%\s]|%(?!00)[0-9A-Fa-f]{2})*/) == nil
  }

  /// Whether a connection string holds a password.
  static func contains(in conninfo: String) -> Bool { next(in: conninfo[...]) != nil }

  private static func next(in text: Substring) -> Range<Substring.Index>? {
    if let match = text.firstMatch(
      of: /(?i)(?:password|passphrase|sslpassword)\s*=\s*('(?:[^'\\]|\\.)*'|[^\s&']+)/)
    {
      return match.1.startIndex..<match.1.endIndex
    }
    if let match = text.firstMatch(of: /postgres(?:ql)?:\/\/[^\s:@\/]*:(.+)@/) {
      return match.1.startIndex..<match.1.endIndex
    }
    // What looks like a URL and is none, its scheme misspelt or left out.
    if let match = text.firstMatch(of: /(?:^|[\s=\/"'])[^\s:@\/="']+:(?!\/)([^\s@?]+)@/) {
      return match.1.startIndex..<match.1.endIndex
    }
    return nil
  }
}
