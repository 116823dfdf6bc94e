import ArgumentParser
import CEMDomain
import CEMStore

/// `cem show`: what a reference names, by the `show` of its noun.
struct ShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show whatever a reference names.",
    discussion: examples(
      "cem show GAP-12", "cem show retail --as-of 2026-06-30", "cem show 42",
      about:
        "A reference (GAP-12), a code or an id (retail, cx-lead), a stream (person/cx-lead, maturity/retail) or the position of an event. It shows the same as the noun's own 'show'. '#42' is the event where a code is 42, too; a shell takes # for a comment unless it is quoted."
    ))

  @Argument(help: "What to show.", completion: Completion.things) var ref: String
  @OptionGroup(title: "When") var read: ReadOptions
  @OptionGroup(title: "Options everywhere") var options: GlobalOptions

  /// The kinds that a word without more may name, and those that one names by its prefix.
  static let kinds = EntityKind.allCases.filter { kind in
    kind.referencePrefix != nil || coded.contains(kind)
  }
  /// The kinds whose things have codes of their own.
  private static let coded: [EntityKind] = [.person, .department, .segment]

  func validate() throws {
    if ref.isEmpty { throw ValidationError("a reference is not empty") }
  }

  func run() async throws {
    let meanings = try await meanings()
    guard meanings.count < 2 else {
      let calls = meanings.map { "cem " + $0.call.joined(separator: " ") }
      throw CommandError(
        "reference.ambiguous",
        "more than one thing is called \(ref): "
          + meanings.map { $0.call[0] == "history" ? "event" : $0.call[0] }.joined(separator: ", "),
        hint: calls.joined(separator: ", or "),
        details: [
          "reference": .string(ref), "commands": .array(calls.map(JSON.string)),
        ], exit: .input)
    }
    try await show(meanings[0])
  }

  /// What a word may name.
  private enum Meaning {
    case thing(StreamID)
    case event(Int64)

    /// The words behind `cem` that show it.
    var call: [String] {
      switch self {
      case .event(let position): ["history", "show", "\(position)"]
      case .thing(.program): ["program", "show"]
      case .thing(.programMaturity): ["maturity", "show", "--program-level"]
      case .thing(let stream): [stream.kind.rawValue, "show", stream.reference]
      }
    }
  }

  /// What the word names, at least one. Codes are looked up among all that there ever were, so that the answer does
  /// not depend on the moment.
  private func meanings() async throws -> [Meaning] {
    if ref.hasPrefix("#"), let position = Int64(ref.dropFirst()) { return [.event(position)] }
    let named = StreamID(ref)
    guard isCode(ref) else {
      if let named { return [.thing(named)] }
      throw try await unknown()
    }
    let position = Int64(ref)
    let session = try await Session.open(options)
    let (codes, numbered, head) = try session.readNow { reading in
      let codes = ShowCommand.coded.map { StreamID($0, code: ref) }
      let found = try reading.reader.records(codes + [named].compactMap(\.self))
      return (
        codes.filter { found[$0] != nil }, named.flatMap { found[$0]?.stream },
        reading.point.position
      )
    }
    var meanings = (codes + [numbered].compactMap(\.self)).map(Meaning.thing)
    if let position, 1 <= position, position <= head { meanings.append(.event(position)) }
    if !meanings.isEmpty { return meanings }
    // The noun itself says that there is no such one.
    if let named { return [.thing(named)] }
    if let position { return [.event(position)] }
    throw try await unknown(session)
  }

  private func show(_ meaning: Meaning) async throws {
    if case .event = meaning {
      guard read.asOf == nil, read.period == nil else {
        throw CommandError.usage("an event is what it was: --as-of and --period mean nothing here")
      }
      var verb = try HistoryCommand.ShowEvent.parse(Array(meaning.call.dropFirst(2)))
      verb.options = try settled()
      return try await verb.run()
    }
    let call = meaning.call
    guard let noun = CommandTree.subcommand(call[0], of: CEM.self),
      let type = CommandTree.subcommand(call[1], of: noun) as? any ShowingVerb.Type
    else {
      throw CommandError(
        "reference.not-shown", "\(ref) has no card of its own",
        hint: "cem history --stream \(call[0])", exit: .notFound)
    }
    var verb = try type.parse(Array(call.dropFirst(2)))
    verb.read = read
    verb.options = try settled()
    try await verb.run()
  }

  /// The options, in force again: a verb that is parsed without them set what they set.
  private func settled() throws -> GlobalOptions {
    try options.validate()
    return options
  }

  /// What is said where a word names nothing, with what it may have been meant for.
  private func unknown(_ open: Session? = nil) async throws -> CommandError {
    var meant: [String] = []
    // `GPA-12`, `gap 12`, `STD-9/2026`.
    if let match = ref.firstMatch(of: /^([A-Za-z]+)[-\/ _]?0*([1-9][0-9]{0,8})\b/),
      let number = Int(match.2)
    {
      let word = String(match.1)
      let prefixes = EntityKind.allCases.compactMap(\.referencePrefix)
      let kinds = EntityKind.allCases.filter { kind in
        kind.referencePrefix.map { prefix in
          kind.rawValue == word.lowercased()
            || word.uppercased().nearest(of: prefixes).contains(prefix)
        } ?? false
      }
      meant = kinds.map { StreamID($0, number: number).reference }
    }
    if meant.isEmpty {
      let session = if let open { open } else { try await Session.open(options) }
      let codes = try session.readNow { reading in
        try ShowCommand.coded.flatMap { try reading.reader.records(of: $0) }.map(\.stream.code)
      }
      meant = ref.lowercased().nearest(of: Array(Set(codes)).sorted())
    }
    return CommandError(
      "reference.not-found", "nothing is called \(ref.shellQuoted)",
      hint: meant.isEmpty
        ? "cem search \(ref.shellQuoted)"
        : "did you mean: " + meant.prefix(3).map { "cem show \($0)" }.joined(separator: ", "),
      details: ["reference": .string(ref)], exit: .notFound)
  }
}
