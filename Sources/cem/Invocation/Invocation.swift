import ArgumentParser

/// One call of the program, from its arguments to its exit code.
enum Invocation {
  /// Runs the command and prints what went wrong, if anything did.
  ///
  /// - Parameter read: gives the arguments; where it fails, nothing is run.
  static func run(_ read: () throws(CommandError) -> [String]) async -> CommandStatus {
    do {
      return await run(try read())
    } catch {
      return report(ErrorReport(error), asJSON: Arguments.wantJSON(CommandLine.arguments))
    }
  }

  private static func run(_ given: [String]) async -> CommandStatus {
    let arguments = Arguments.normalized(given)
    let wantsJSON = Arguments.wantJSON(given)
    let status: CommandStatus
    do {
      status = try await perform(arguments)
    } catch {
      var problem = ErrorReport(error).naming(argumentsOf: arguments)
      // Where the input is wrong and nothing better is known, the help says what is right.
      if problem.hint == nil, problem.exit == .input || problem.exit == .usage {
        problem.hint = VerbHints.otherNoun(in: given) ?? helpHint(arguments)
      }
      problem.hint = problem.hint.map { HintedCommand.placed($0, as: given) }
      status = report(problem, asJSON: wantsJSON)
    }
    do {
      try Console.standard.flush()
      return status
    } catch {
      return report(ErrorReport(error), asJSON: wantsJSON)
    }
  }

  /// Runs the command; on a terminal it asks for what is missing.
  private static func perform(_ arguments: [String]) async throws -> CommandStatus {
    guard var prompts = Prompts(arguments) else { return try await attempt(arguments) }
    return try await prompts.run { try await attempt($0) }
  }

  private static func attempt(_ arguments: [String]) async throws -> CommandStatus {
    if let wrong = VerbHints.unknownHelp(for: arguments) ?? VerbHints.swallowedVerb(in: arguments) {
      throw wrong
    }
    var command: any ParsableCommand
    do {
      command = try CEM.parseAsRoot(arguments)
    } catch {
      return try finish(parsing: arguments, error)
    }
    do {
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
      return .done
    } catch let error where CEM.exitCode(for: error) == .success {
      // A noun alone prints its help.
      try Console.standard.write(HelpText.ordered(CEM.fullMessage(for: error)) + "\n")
      return .done
    } catch let error as ValidationError {
      throw CommandError.usage(error.message, hint: helpHint(arguments))
    }
  }

  /// Help, the version and completion scripts are errors to the parser, though good ones.
  private static func finish(parsing arguments: [String], _ error: any Error) throws
    -> CommandStatus
  {
    let message = CEM.fullMessage(for: error)
    if CEM.exitCode(for: error) == .success {
      try Console.standard.write(HelpText.ordered(message) + "\n")
      return .done
    }
    if let better = VerbHints.error(for: arguments) ?? VerbHints.unknownNoun(in: arguments) {
      throw better
    }
    let complaint = oneLine(Arguments.unmarked(CEM.message(for: error)))
    throw CommandError.usage(
      misspelling(in: arguments, behind: complaint)
        ?? VerbHints.unknownOption(behind: complaint, in: arguments) ?? complaint,
      hint: example(behind: complaint)
        ?? VerbHints.joinedValue(behind: complaint, in: arguments) ?? helpHint(arguments))
  }

  /// The parser's complaint without the lines into which it puts the values that there are.
  static func oneLine(_ complaint: String) -> String {
    complaint.replacing(#/\n+ *- /#, with: ", ").replacing(":, ", with: ": ")
      .replacing("\n", with: " ")
  }

  /// What may be written where a moment or a period was not understood.
  static func example(behind complaint: String) -> String? {
    guard complaint.contains("is invalid for") else { return nil }
    if complaint.contains("<moment>'") { return "a moment is " + MomentArgument.forms }
    if complaint.contains(/<(?:from|to)>'/) {
      return "a moment is \(MomentArgument.forms); a period is \(PeriodArgument.forms)"
    }
    if complaint.contains("<period>'") { return "a period is " + PeriodArgument.forms }
    return nil
  }

  /// What to say where an option that is missed was given, but misspelt.
  static func misspelling(in arguments: [String], behind complaint: String) -> String? {
    guard
      let match = complaint.firstMatch(of: /Missing expected argument '(--[^ ']+)/),
      let schema = VerbSchema(calledBy: arguments)
    else { return nil }
    let missed = String(match.1)
    let known = Set(schema.arguments.compactMap(\.option))
    let given = arguments.prefix { $0 != "--" }.filter { $0.hasPrefix("--") }
      .map { String($0.prefix { $0 != "=" }) }
    // A letter changed counts as one removed and one inserted.
    let near = given.first { option in
      !known.contains(option) && option.difference(from: missed).count <= 4
    }
    return near.map { "Unknown option '\($0)'. Did you mean '\(missed)'?" }
  }

  private static func helpHint(_ arguments: [String]) -> String {
    "cem " + (CommandTree.path(of: arguments) + ["--help"]).joined(separator: " ")
  }

  private static func report(_ report: ErrorReport, asJSON: Bool) -> CommandStatus {
    // What was found out before the error is a result all the same.
    try? Console.standard.flush()
    let console = Console.standard
    let terminal = console.terminal
    let width =
      terminal.errorIsTerminal ? System.terminalSize(System.standardError)?.columns : nil
    console.note(
      asJSON ? report.json : report.text(usesColor: terminal.errorUsesColor, width: width))
    return report.exit
  }
}

/// The commands by the words that call them.
enum CommandTree {
  /// The words at the beginning of the arguments that name a command.
  static func path(of arguments: [String]) -> [String] {
    var path: [String] = []
    var command: any ParsableCommand.Type = CEM.self
    for argument in arguments where !argument.hasPrefix("-") {
      guard let next = subcommand(argument, of: command) else { break }
      path.append(argument)
      command = next
    }
    return path
  }

  /// The command that words name; `nil` where one of them is none.
  static func command(_ path: [String]) -> (any ParsableCommand.Type)? {
    path.reduce(CEM.self as (any ParsableCommand.Type)?) { command, word in
      command.flatMap { subcommand(word, of: $0) }
    }
  }

  /// The verb of a noun, by name.
  static func subcommand(
    _ name: String, of command: any ParsableCommand.Type
  ) -> (any ParsableCommand.Type)? {
    command.configuration.subcommands.first {
      $0._commandName == name || $0.configuration.aliases.contains(name)
    }
  }
}
