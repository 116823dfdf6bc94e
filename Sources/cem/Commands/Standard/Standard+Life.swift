import ArgumentParser
import CEMDomain
import CEMStore

extension StandardNoun {
  struct SetVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "set", abstract: "Set a service standard at a touchpoint.",
      discussion: examples(
        "cem standard set TP-3 --metric \"calls answered within 60 s\" --target 0.90 --unit ratio --for external --from 2026-04-01",
        about: "It is in force from the day given, or from the day on which it is set."))

    @Argument(
      help: "The touchpoint.",
      completion: Completion.references(.touchpoint) { $0.entity.state.isOpen })
    var touchpoint: String
    @Option(help: ArgumentHelp("What is promised, in the unit.", valueName: "n"))
    var target: String?
    @Option(help: ArgumentHelp("The first day on which it is in force.", valueName: "date"))
    var from: String?
    @OptionGroup(title: "The standard") var standard: StandardFields
    @OptionGroup(title: "Recording") var write: WriteOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      var fields = standard.values
      fields["touchpoint"] = .string(touchpoint)
      fields["target"] = target?.fieldJSON
      fields["from"] = from.map(JSON.string)
      try await issue("standard.set", fields, write, options)
    }
  }

  struct AmendVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "amend",
      abstract: "Put a new version in force, or correct what was recorded wrongly.",
      discussion: examples(
        "cem standard amend STD-9 --target 0.95 --from 2026-10-01",
        "cem standard amend STD-9 --target 0.90 --reason \"typing error\"",
        "cem standard amend STD-9 --version-from 2026-10-01 --from 2026-11-01 --reason \"moved\"",
        "cem standard amend STD-9 --clear owner --reason \"nobody owns it\"",
        about:
          "With --from, a new target is a version of its own: periods that ended before that day are judged by the earlier one. Without it, the latest version was recorded wrongly and is corrected, for a reason. --version-from names another version to correct by its first day: its target, its day with --from, or with --drop that it ever was one. What was measured is judged anew by the versions that stand."
      ))

    @Argument(help: "The standard.", completion: Completion.references(.standard))
    var standard: String
    @Option(help: ArgumentHelp("What is promised, in the unit.", valueName: "n"))
    var target: String?
    @Option(help: ArgumentHelp("The first day of a new version.", valueName: "date"))
    var from: String?
    @Option(
      help: ArgumentHelp("The version to correct, by its first day.", valueName: "date"))
    var versionFrom: String?
    @Flag(help: "There never was that version.") var drop = false
    @OptionGroup(title: "New values") var new: StandardFields
    @OptionGroup(title: "New values") var cleared: AmendOptions
    @OptionGroup(title: "Recording") var write: WriteOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func validate() throws {
      if drop, versionFrom == nil {
        throw ValidationError("--drop needs --version-from with the version to drop")
      }
      if versionFrom != nil {
        if !new.values.isEmpty || !cleared.clear.isEmpty {
          throw ValidationError("a version has a target and a day: correct the rest separately")
        }
        return
      }
      guard from != nil else { return }
      if target == nil { throw ValidationError("a new version with --from needs its --target") }
      if !new.values.isEmpty || !cleared.clear.isEmpty {
        throw ValidationError("a new version changes the target alone: correct the rest separately")
      }
    }

    func run() async throws {
      if versionFrom != nil {
        let fields = given([
          "standard": standard, "version": versionFrom, "target": target, "from": from,
          "drop": drop,
        ])
        return try await issue("standard.correct-version", fields, write, options)
      }
      if from != nil {
        let fields = given(["standard": standard, "target": target, "from": from])
        return try await issue("standard.revise", fields, write, options)
      }
      var fields = cleared.adding(to: new.values, of: .standard)
      fields["standard"] = .string(standard)
      if let target { fields["target"] = target.fieldJSON }
      try await issue("standard.amend", fields, write, options)
    }
  }

  struct MeasureVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "measure", abstract: "Record what was measured in a period.",
      discussion: examples(
        "cem standard measure STD-9 --period 2026-Q1 --value 0.93 --volume 31689",
        "cem standard measure STD-9 --period FY2026 --no-data --note \"the counter was broken\"",
        about:
          "The version in force on the period's last day judges it. A period that was measured before is corrected, for a reason. Periods: 2026, 2026-Q1, 2026-01, and FY2026 or FY2026-Q1 for the fiscal year that ends in 2026."
      ))

    @Argument(
      help: "The standard.", completion: Completion.references(.standard) { $0.entity.state.isOpen }
    )
    var standard: String
    @Option(help: ArgumentHelp("The period.", valueName: "period")) var period: String
    @Option(help: ArgumentHelp("What was measured, in the unit.", valueName: "n"))
    var value: String?
    @Flag(help: "There is nothing to go by, which is not zero.") var noData = false
    @Option(help: ArgumentHelp("How many cases it rests on.", valueName: "n")) var volume: String?
    @Option(help: ArgumentHelp("What there is to say about it.", valueName: "text"))
    var note: String?
    @OptionGroup(title: "Recording") var write: WriteOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    static let missing = "give either --value N or --no-data"

    func validate() throws {
      if (value == nil) != noData { throw ValidationError(Self.missing) }
    }

    func run() async throws {
      try await issue(
        "standard.measure",
        given([
          "standard": standard, "period": period, "value": value, "noData": noData,
          "volume": volume, "note": note,
        ]), write, options)
    }
  }

  enum Retire: PlainStep {
    typealias Noun = StandardNoun
    static let verb = "retire"
    static let abstract = "Note that a standard is promised no more."
    static let discussion = examples("cem standard retire STD-9 --reason \"the service ended\"")
  }

  enum Reinstate: PlainStep {
    typealias Noun = StandardNoun
    static func fits(_ record: EntityRecord) -> Bool { !record.entity.state.isOpen }
    static let verb = "reinstate"
    static let abstract = "Note that a standard is promised again."
    static let discussion = examples("cem standard reinstate STD-9")
  }
}

extension Session {
  /// Says which gaps were recorded from a breach that is none any more, where a standard or its figures were corrected.
  func noteUnfoundedGaps(after issued: IssuedReceipt) throws {
    guard !issued.isDryRun,
      let stream = issued.receipt.events.first.flatMap({ StreamID($0.stream) }),
      stream.kind == .standard
    else { return }
    for item in try readNow({ try $0.reader.unfoundedGaps(of: [StandardRef(stream.number)]) }) {
      Console.standard.note(
        Words.say(
          "%1 was recorded from %2, which is no breach any more: cem gap reassess %1 --perceived N, or cem gap void %1 --reason TEXT",
          item.gap.description, item.breach.description
        ).printable())
    }
  }
}
