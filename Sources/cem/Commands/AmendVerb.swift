import ArgumentParser
import CEMDomain

/// The options that stand for a thing's recorded fields.
protocol FieldOptions: ParsableArguments {
  /// The fields given, by the names that commands use.
  var values: JSONObject { get }
  /// The options that stand for a part of a field, by the field: `--feel` is a part of `impressions`.
  static var parts: [String: [String]] { get }
}

extension FieldOptions {
  static var parts: [String: [String]] { [:] }

  /// The options that name several things, each given once more.
  static var lists: [String] {
    Mirror(reflecting: Self()).children.compactMap { child in
      guard child.value is Option<[String]>, let label = child.label?.dropFirst() else {
        return nil
      }
      return "--" + label.map { $0.isUppercase ? "-\($0.lowercased())" : "\($0)" }.joined()
    }
  }
}

/// A noun whose things are corrected by the options that recorded them.
protocol AmendableNoun: CorrectableNoun {
  associatedtype Fields: FieldOptions
  /// The help of `amend`.
  static var amendHelp: (abstract: String, discussion: String) { get }
}

/// What `amend` does wherever nothing else is said.
let amendAbstract = "Correct what was recorded wrongly."

/// `cem NOUN amend REF`.
struct AmendVerb<Noun: AmendableNoun>: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "amend", abstract: Noun.amendHelp.abstract,
      discussion: replacing + Noun.amendHelp.discussion)
  }

  /// What whoever names one more thing has to know: it would be the only one.
  private static var replacing: String {
    let lists = Noun.Fields.lists
    guard let last = lists.last else { return "" }
    let all = lists.count == 1 ? last : lists.dropLast().joined(separator: ", ") + " and " + last
    return
      "What \(all) name\(lists.count == 1 ? "s" : "") takes the place of all that was there: to add one, name all, each with an option of its own.\n\n"
  }

  @Argument(help: "Its reference.", completion: Completion.references(Noun.kind))
  var ref: String
  @OptionGroup(title: "New values") var new: Noun.Fields
  @OptionGroup(title: "New values") var cleared: AmendOptions
  @OptionGroup(title: "Recording") var write: WriteOptions
  @OptionGroup(title: "Options everywhere") var options: GlobalOptions

  func run() async throws {
    // A part of a field leaves the other parts as they are.
    var fields = JSONObject()
    for member in new.values.members {
      guard Noun.Fields.parts[member.key] != nil, let parts = member.value.object else {
        fields[member.key] = member.value
        continue
      }
      for part in parts.members { fields["\(member.key).\(part.key)"] = part.value }
    }
    fields = cleared.adding(to: fields, of: Noun.kind, parts: Noun.Fields.parts)
    fields[Noun.kind.rawValue] = .string(ref)
    try await issue("\(Noun.kind.rawValue).amend", fields, write, options)
  }
}

/// What every `amend` has beside its noun's fields.
struct AmendOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Empty a field, named like its option; may be repeated.", valueName: "field")
  )
  var clear: [String] = []

  /// The fields with the cleared ones as null.
  ///
  /// A field is named as its option is, and one that an option fills several times over is called in the
  /// plural: `--clear gap` empties `gaps`.
  func adding(
    to fields: JSONObject, of kind: EntityKind, parts: [String: [String]] = [:]
  ) -> JSONObject {
    let known = Set(Commands.byName["\(kind.rawValue).amend"]?.fieldNames ?? [])
      .subtracting([kind.rawValue])
    var fields = fields
    for name in clear {
      let words = name.split(separator: "-")
      let key = words.dropFirst().reduce(String(words.first ?? "")) {
        $0 + $1.prefix(1).uppercased() + $1.dropFirst()
      }
      let whole = parts.first { $0.value.contains(key) }?.key
      let field = whole.map { "\($0).\(key)" } ?? (known.contains(key) ? key : key + "s")
      fields[known.contains(field) || whole != nil ? field : key] = .null
    }
    return fields
  }
}
