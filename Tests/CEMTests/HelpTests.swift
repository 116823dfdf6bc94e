import ArgumentParser
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

  @Test("Whoever amends a list is told that it takes the place of all") func replacedLists() throws
  {
    let lists = try ["initiative", "insight", "platform", "touchpoint", "note"].map { name in
      let noun = try #require(CommandTree.subcommand(name, of: CEM.self))
      return try #require(CommandTree.subcommand("amend", of: noun)).configuration.discussion
    }
    for discussion in lists {
      #expect(discussion.contains(" takes the place of all"), "\(discussion)")
    }
    #expect(lists[0].hasPrefix("What --with, --gap and --touchpoint name takes the place of all"))
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
