import ArgumentParser
import FoundationEssentials

/// What a verb can be given, as the parser itself describes it.
struct VerbSchema {
  /// An option, a flag or a positional argument.
  struct Argument: Decodable {
    struct Name: Decodable {
      var name: String
    }

    enum Kind: String, Decodable { case positional, option, flag }

    private struct List: Decodable { var values: [String] }
    private struct Completion: Decodable {
      var list: List?
      var isCustom = false

      private enum Key: String, CodingKey { case list, custom }

      init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        list = try values.decodeIfPresent(List.self, forKey: .list)
        isCustom = values.contains(.custom)
      }
    }

    var kind: Kind
    private var preferredName: Name?
    private var valueName: String?
    /// Whether it takes several words.
    private(set) var isRepeating: Bool
    private var abstract: String?
    private var completionKind: Completion?

    /// `--title`; `nil` where it has no name.
    var option: String? { preferredName.map { "--" + $0.name } }
    /// What people call it: `title`, `department`.
    var label: String { preferredName?.name ?? valueName ?? "" }
    var help: String { abstract ?? "" }
    /// The help without the words that it lists: what stands before a colon, or nothing where it is but a list.
    var heading: String {
      if let end = help.firstIndex(of: ":") { return String(help[..<end]) }
      return words.allSatisfy { help.contains($0) } ? "" : help
    }
    /// The words of a closed list; empty where anything goes.
    var words: [String] { completionKind?.list?.values ?? [] }
    /// Whether the program's things are offered.
    var namesThings: Bool { completionKind?.isCustom ?? false }

    /// Whether its value is called one of these.
    func names(_ values: Set<String>) -> Bool { values.contains(valueName ?? "") }

    /// Whether it fills a field of a command: `measuredOn` is `--measured-on`, and `gaps` is `--gap`, which
    /// may be repeated.
    func fills(_ field: String) -> Bool {
      let words = label.split(separator: "-")
      let key = words.dropFirst().reduce(String(words.first ?? "")) {
        $0 + $1.prefix(1).uppercased() + $1.dropFirst()
      }
      return key == field || (isRepeating && key + "s" == field)
    }
  }

  /// The words that call the verb.
  let path: [String]
  let arguments: [Argument]

  private struct Tool: Decodable { var command: Command }
  private struct Command: Decodable {
    var commandName: String
    var subcommands: [Command]?
    var arguments: [Argument]?
  }

  /// The verb that arguments call.
  init?(calledBy arguments: [String]) {
    guard let tool = try? JSONDecoder().decode(Tool.self, from: Data(CEM._dumpHelp().utf8)) else {
      return nil
    }
    var path = CommandTree.path(of: arguments)
    var command = tool.command
    for word in path {
      guard let next = command.subcommands?.first(where: { $0.commandName == word }) else {
        return nil
      }
      command = next
    }
    // A noun whose verb may be left out.
    if let noun = path.last, path.count == 1,
      let verb = CommandTree.subcommand(noun, of: CEM.self)?.configuration.defaultSubcommand,
      let next = command.subcommands?.first(where: { $0.commandName == verb._commandName })
    {
      path.append(next.commandName)
      command = next
    }
    guard let own = command.arguments,
      (command.subcommands ?? []).allSatisfy({ $0.commandName == "help" })
    else { return nil }
    self.path = path
    self.arguments = own
  }

  /// The argument that the parser calls so: `--title <text>` or `<dept>`.
  func argument(named synopsis: String) -> Argument? {
    guard synopsis.hasPrefix("--") else {
      return arguments.first { $0.kind == .positional && synopsis.hasPrefix("<\($0.label)>") }
    }
    let option = String(synopsis.prefix { $0 != " " })
    return arguments.first { $0.option == option }
  }

  /// The argument that fills a field of a command.
  func argument(filling field: String) -> Argument? { arguments.first { $0.fills(field) } }

  /// Whether nothing else than the things that are offered can be meant: codes of departments and of people, of which
  /// none were left out.
  func isComplete(_ things: [String], for argument: Argument) -> Bool {
    !things.isEmpty && things.count < Completion.most && !argument.isRepeating
      && argument.names(["dept", "department", "person", "lead", "approver"])
  }

  /// The program's things that the shell would offer for an argument.
  func things(for argument: Argument, given arguments: [String]) -> [String] {
    guard argument.namesThings else { return [] }
    let positionals = self.arguments.filter { $0.kind == .positional }
    let place = positionals.firstIndex { $0.label == argument.label } ?? 0
    let call =
      ["---completion"] + path + ["--", argument.option ?? "positional@\(place)", "0", "0"]
      + ["cem"] + arguments
    do {
      _ = try CEM.parseAsRoot(call)
      return []
    } catch {
      return CEM.message(for: error).split(separator: "\n").map(String.init)
    }
  }
}
