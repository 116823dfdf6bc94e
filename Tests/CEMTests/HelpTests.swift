import ArgumentParser
import Foundation
import Testing

@testable import cem

@Suite struct HelpTests {
  @Test func overview() throws {
    try Golden.expect(CEM.helpMessage(columns: 100), equals: "help")
  }

  /// One file a noun, with the help of all its verbs.
  @Test(arguments: CEM.configuration.subcommands.map { $0._commandName })
  func noun(_ name: String) throws {
    let noun = try #require(CommandTree.subcommand(name, of: CEM.self))
    var text = HelpText.ordered(CEM.helpMessage(for: noun, columns: 100))
    for verb in noun.configuration.subcommands {
      text += "\n\n" + String(repeating: "-", count: 72) + "\n\n"
      text += HelpText.ordered(CEM.helpMessage(for: verb, columns: 100))
    }
    try Golden.expect(text + "\n", equals: "help-" + name)
  }

  /// The examples of a command's help, each as whoever copies it gets it.
  private func examples(of command: any ParsableCommand.Type, columns: Int) -> [String] {
    let help = CEM.helpMessage(for: command, columns: columns)
    var examples: [String] = []
    var continues = false
    for line in help.components(separatedBy: "Examples:\n").dropFirst().joined().split(
      separator: "\n", omittingEmptySubsequences: false)
    {
      guard line.hasPrefix("  ") else { break }
      let text = String(line.drop { $0 == " " })
      if continues, !examples.isEmpty {
        examples[examples.count - 1] = examples[examples.count - 1].dropLast() + text
      } else {
        examples.append(text)
      }
      continues = text.hasSuffix("\\")
    }
    return examples
  }

  private static var all: [(path: String, command: any ParsableCommand.Type)] {
    func commands(
      _ path: String, _ command: any ParsableCommand.Type
    ) -> [(String, any ParsableCommand.Type)] {
      [(path, command)]
        + command.configuration.subcommands.flatMap { commands("\(path) \($0._commandName)", $0) }
    }
    return CEM.configuration.subcommands.flatMap { commands("cem \($0._commandName)", $0) }
  }

  @Test("An example that is copied at 80 columns is the whole command") func copiedExamples() {
    for (path, command) in Self.all {
      for example in examples(of: command, columns: 80) {
        #expect(example.hasPrefix("cem "), "\(path): \(example)")
        #expect(example.count { $0 == "\"" } % 2 == 0, "\(path): \(example)")
      }
      #expect(
        examples(of: command, columns: 80) == examples(of: command, columns: 200), "\(path)")
    }
  }

  @Test("Every noun shows an example of its own") func nounsHaveExamples() {
    for noun in CEM.configuration.subcommands {
      #expect(!examples(of: noun, columns: 80).isEmpty, "\(noun._commandName)")
    }
  }

  @Test("Every example is a command that there is") func examplesParse() {
    for (path, command) in Self.all {
      for example in examples(of: command, columns: 80)
      // Words of the shell, and what is set for the whole process.
      where !example.contains(where: { "|<>$".contains($0) }) && !example.contains("--lang") {
        let parts = example.split(separator: "\"", omittingEmptySubsequences: false)
        let words = parts.enumerated().flatMap { index, part in
          index % 2 == 1 ? [String(part)] : part.split(separator: " ").map(String.init)
        }
        #expect(throws: Never.self, "\(path): \(example)") {
          _ = try CEM.parseAsRoot(Arguments.normalized(Array(words.dropFirst())))
        }
      }
    }
  }

  @Test(
    "A line is broken between words, never within quotes",
    arguments: [
      ("cem gap list", "  cem gap list"),
      ("cem gap record --title \"a b c d\"", "  cem gap record \\\n    --title \"a b c d\""),
      ("cem initiative --flag --owner ada x", "  cem initiative --flag \\\n    --owner ada x"),
      ("cem x 'aaaaa bbbbb ccccc ddddd eeeee'", "  cem x \\\n    'aaaaa bbbbb ccccc ddddd eeeee'"),
    ])
  func breaking(example: String, lines: String) {
    #expect(example.brokenForShell(in: 30) == lines)
  }

  @Test("Whoever amends a list is told that it takes the place of all") func replacedLists() throws
  {
    let lists = try ["initiative", "insight", "platform", "touchpoint", "note"].map { name in
      let noun = try #require(CommandTree.subcommand(name, of: CEM.self))
      return try #require(CommandTree.subcommand("amend", of: noun)).configuration.discussion
    }
    for discussion in lists {
      #expect(discussion.contains(" takes the place of all"), "\(discussion)")
    }
    #expect(lists[0].hasPrefix("What --with, --brand-element, --gap and --touchpoint name takes"))
    #expect(!AmendVerb<GapNoun>.configuration.discussion.contains("takes the place"))
  }

  @Test(arguments: CEM.configuration.subcommands.map { $0._commandName })
  func everyVerbHasExamples(_ name: String) throws {
    let noun = try #require(CommandTree.subcommand(name, of: CEM.self))
    let verbs = noun.configuration.subcommands
    for verb in verbs.isEmpty ? [noun] : verbs where verb.configuration.subcommands.isEmpty {
      #expect(!verb.configuration.abstract.isEmpty, "\(verb)")
      #expect(verb.configuration.discussion.contains("  cem \(name)"), "\(verb)")
    }
  }
}
