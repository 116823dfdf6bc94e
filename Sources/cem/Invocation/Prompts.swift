import ArgumentParser
import CEMDomain
import CEMStore
import Postgres

/// Asks a person at a terminal for what a command lacks, one thing after the other.
///
/// What is missing is not listed anywhere: the command is tried, and whatever the parser or the domain says
/// is missing is asked for. What is refused is asked for again. So it serves every verb.
struct Prompts {
  private let given: [String]
  private let schema: VerbSchema
  private var answers: [Answer] = []

  private struct Answer {
    var argument: VerbSchema.Argument
    var value: String

    /// As the command line takes it. A value that begins with a hyphen is no option.
    var words: [String] {
      argument.option.map { ["\($0)=\(value)"] } ?? plainWords
    }

    /// The same without what only the parser needs. A positional argument may take several words: `retail 2.1`.
    var plainWords: [String] {
      if let option = argument.option { return [option, value] }
      return argument.isRepeating ? value.split(separator: " ").map(String.init) : [value]
    }
  }

  /// - Returns: `nil` where nobody can be asked, or nothing can be missing.
  init?(_ arguments: [String]) {
    guard Prompts.isAllowed(arguments), let schema = VerbSchema(calledBy: arguments),
      // What only looks is quickly typed again.
      schema.arguments.contains(where: { $0.option == "--command-id" })
    else { return nil }
    given = arguments
    self.schema = schema
  }

  /// Whether a person sits at both ends and wants to be asked: never in a pipe, in a job of continuous
  /// integration, or where the result is for a program.
  private static func isAllowed(_ arguments: [String]) -> Bool {
    let console = Console.standard.terminal
    guard console.width != nil, console.errorIsTerminal, System.isTerminal(System.standardInput),
      System.environment("CEM_NO_INPUT") == nil, System.environment("CI") == nil
    else { return false }
    return !arguments.contains { argument in
      ["--no-input", "--help", "-h", "--version"].contains(argument)
        || ["--json", "--format"].contains { argument.hasPrefix($0) }
    }
  }

  private var arguments: [String] {
    // Positional answers belong before options that may swallow them.
    given + answers.filter { $0.argument.option == nil }.flatMap(\.words)
      + answers.filter { $0.argument.option != nil }.flatMap(\.words)
  }

  /// Runs a command until it has all that it needs.
  ///
  /// - Parameter body: runs the arguments; where they lack something it throws and has recorded nothing.
  /// - Throws: what the command throws for other reasons; `CancellationError` where the person leaves.
  mutating func run(
    _ body: ([String]) async throws -> CommandStatus
  ) async throws -> CommandStatus {
    while true {
      do {
        let status = try await body(arguments)
        sayHowToSayIt("next time: %1")
        return status
      } catch {
        guard let argument = questioned(by: error) else {
          sayHowToSayIt("what was asked: %1")
          throw error
        }
        if let place = answers.firstIndex(where: { $0.argument.label == argument.label }) {
          Console.standard.note(ErrorReport(error).message.printable())
          answers.remove(at: place)
        }
        answers.append(Answer(argument: argument, value: try ask(argument)))
      }
    }
  }

  /// The command line that does without questions, so that people learn it.
  private func sayHowToSayIt(_ sentence: String) {
    guard !answers.isEmpty else { return }
    try? Console.standard.flush()
    let words =
      given
      + answers.sorted { $0.argument.option == nil && $1.argument.option != nil }
      .flatMap(\.plainWords)
    let line = (["cem"] + words.map { Arguments.restored($0).shellQuoted })
      .joined(separator: " ")
    Console.standard.note(Words.say(sentence, line).printable())
  }
}

extension Prompts {
  /// What the first alternative is where a verb says that one of several things is needed.
  private static let alternatives = [
    LevelTarget.missing: "<department>", StandardNoun.MeasureVerb.missing: "--value",
    EvidenceNoun.Renew.missing: "--expires", ActionTarget.missing: "<dept> <action>",
    ActionTarget.missingAction: "<dept> <action>",
  ]

  /// The argument that an error speaks of, where it is missing or was answered wrongly; `nil` for anything
  /// else.
  private func questioned(by error: any Error) -> VerbSchema.Argument? {
    if let error = error as? CommandError, error.exit == .usage {
      if let synopsis = Prompts.alternatives[error.message] {
        return schema.argument(named: synopsis)
      }
      if let match = error.message.firstMatch(of: /Missing expected argument '([^']+)'/) {
        return schema.argument(named: String(match.1))
      }
      if let match = error.message.firstMatch(of: /is invalid for '([^']+)'/) {
        return answered(schema.argument(named: String(match.1)))
      }
      return nil
    }
    guard let rejection = Prompts.rejection(error) else { return nil }
    let field = rejection.details["field"]?.string.map { String($0.prefix { $0 != "." }) }
    switch (rejection.code, field) {
    case ("reason.missing", _): return schema.argument(named: "--reason")
    case ("input.missing", let field?): return schema.argument(filling: field)
    case (_, let field?): return answered(schema.argument(filling: field))
    default:
      // A thing that is not there was named by one of the answers.
      guard let reference = rejection.details["reference"]?.string else { return nil }
      return answers.first {
        $0.value == reference || StreamID($0.value)?.reference == reference
      }?.argument
    }
  }

  /// The argument, where the person was asked for it: what was typed in the call is the person's to correct.
  private func answered(_ argument: VerbSchema.Argument?) -> VerbSchema.Argument? {
    guard let argument, answers.contains(where: { $0.argument.label == argument.label }) else {
      return nil
    }
    return argument
  }

  private static func rejection(_ error: any Error) -> Rejection? {
    switch error {
    case let rejection as Rejection: rejection
    case let error as FieldError: Rejection.input(error)
    case StoreError.rejected(let rejection, _): rejection
    case let error as TransactionError<any Error>: Prompts.rejection(error.underlying)
    default: nil
    }
  }

  /// Asks until there is an answer.
  /// - Throws: `CancellationError` on Ctrl-C and at the end of the input.
  private func ask(_ argument: VerbSchema.Argument) throws -> String {
    // What a successor is called is new more often than not.
    let things =
      argument.option == "--into" ? [] : schema.things(for: argument, given: arguments)
    let width = Console.standard.terminal.width ?? 80
    Console.standard.note("")
    // Numbers are typed as they are.
    let isChoice = argument.words.contains { Int($0) == nil }
    // The words follow in a list of their own.
    let help = isChoice ? argument.heading : argument.help
    if !help.isEmpty { Console.standard.note(help.wrapped(to: width).joined(separator: "\n")) }
    if isChoice {
      for (index, word) in argument.words.enumerated() {
        let label = Words.language == .english ? "" : "  " + Words.value(word, of: argument.label)
        Console.standard.note("  \(index + 1)  \(word)\(label)")
      }
    } else if !things.isEmpty {
      let text = things.prefix(60).joined(separator: "  ") + (things.count > 60 ? "  …" : "")
      Console.standard.note(text.wrapped(to: width - 2).map { "  " + $0 }.joined(separator: "\n"))
    }
    while true {
      guard let line = try Console.standard.ask("\(argument.label): ") else {
        throw CancellationError()
      }
      let answer = line.trimmed
      guard isChoice else {
        if answer.isEmpty { continue }
        if schema.isComplete(things, for: argument), !things.contains(answer) {
          Console.standard.note(Words.say("none of these: %1", answer).printable())
          continue
        }
        return answer
      }
      if argument.words.contains(answer) { return answer }
      if let number = Int(answer), argument.words.indices.contains(number - 1) {
        return argument.words[number - 1]
      }
      // The beginning of a word will do where it is the beginning of one alone.
      let begun = argument.words.filter { $0.hasPrefix(answer.lowercased()) }
      if begun.count == 1 { return begun[0] }
      if !answer.isEmpty {
        Console.standard.note(
          Words.say("a number from 1 to %1, or a word", "\(argument.words.count)"))
      }
    }
  }
}
