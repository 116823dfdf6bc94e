import ArgumentParser
import Foundation

@testable import cem

/// Every verb with its options, as the parser itself describes them: so none can be forgotten.
enum VerbTree {
  /// What can be given to a verb.
  struct Argument: Decodable {
    struct Name: Decodable {
      var kind: String
      var name: String
    }

    enum Kind: String, Decodable { case positional, option, flag }

    var kind: Kind
    var preferredName: Name?
    var valueName: String?
    var sectionTitle: String?
    var isOptional: Bool
    /// Whether the shell offers words for it.
    var isCompleted: Bool

    /// `--title`, or the value's name of a positional one.
    var name: String { preferredName.map { "--" + $0.name } ?? valueName ?? "" }

    private enum Key: String, CodingKey {
      case kind, preferredName, valueName, sectionTitle, isOptional, completionKind
    }

    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: Key.self)
      kind = try values.decode(Kind.self, forKey: .kind)
      preferredName = try values.decodeIfPresent(Name.self, forKey: .preferredName)
      valueName = try values.decodeIfPresent(String.self, forKey: .valueName)
      sectionTitle = try values.decodeIfPresent(String.self, forKey: .sectionTitle)
      isOptional = try values.decode(Bool.self, forKey: .isOptional)
      isCompleted = values.contains(.completionKind)
    }
  }

  /// A verb with the words that call it.
  struct Verb: CustomStringConvertible {
    var path: [String]
    var arguments: [Argument]

    var description: String { path.joined(separator: " ") }
    var options: [Argument] { arguments.filter { $0.kind == .option } }
    /// Whether it sends a command to a program.
    var records: Bool { arguments.contains { $0.name == "--command-id" } }
  }

  private struct Tool: Decodable { var command: Command }
  private struct Command: Decodable {
    var commandName: String
    var subcommands: [Command]?
    var arguments: [Argument]?
  }

  /// All verbs, and nouns without verbs.
  static let all: [Verb] = {
    let data = Data(CEM._dumpHelp().utf8)
    guard let tool = try? JSONDecoder().decode(Tool.self, from: data) else { return [] }
    var verbs: [Verb] = []
    func visit(_ command: Command, _ path: [String]) {
      let subcommands = (command.subcommands ?? []).filter { $0.commandName != "help" }
      for subcommand in subcommands { visit(subcommand, path + [subcommand.commandName]) }
      if subcommands.isEmpty { verbs.append(Verb(path: path, arguments: command.arguments ?? [])) }
    }
    visit(tool.command, [])
    return verbs
  }()

  /// The verb that words call.
  static func verb(of words: [String]) -> Verb? {
    all.filter { words.starts(with: $0.path) }.max { $0.path.count < $1.path.count }
  }
}
