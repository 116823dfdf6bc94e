import ArgumentParser
import CEMDomain
import CEMStore

extension DepartmentNoun {
  struct Retire: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "retire", abstract: "Note that a department is there no more.",
      discussion: examples(
        "cem department retire ssc --reason \"the office was closed\"",
        "cem department retire ssc --into care --reason \"care took over\"",
        about:
          "Refused while it has work: open or accepted gaps, initiatives under way, touchpoints and service standards in use. With --into these go to another department, with its feedback channels and platforms; what is over stays where it was. Its code is never used again. 'reinstate' brings it back."
      ))

    @Argument(help: "Its code.", completion: Completion.departments) var code: String
    @Option(
      help: ArgumentHelp("The department that takes over its work.", valueName: "dept"),
      completion: Completion.departments)
    var into: String?
    @OptionGroup(title: "Recording") var write: WriteOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      try await issue(
        "department.retire", given(["department": code, "into": into]), write, options)
    }
  }

  struct Reinstate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "reinstate", abstract: "Note that a retired department is there again.",
      discussion: examples(
        "cem department reinstate ssc", "cem department reinstate ssc --with-work",
        about: "One that was merged or split comes back by it too; what became of it stays."))

    @Argument(
      help: "Its code.",
      completion: Completion.references(.department) { $0.department?.retirement != nil }) var code:
      String
    @Flag(
      help:
        "Bring back what went to its successors, as far as it is still there and not over.")
    var withWork = false
    @OptionGroup(title: "Recording") var write: WriteOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      try await issue(
        "department.reinstate", given(["department": code, "withWork": withWork]), write, options)
    }
  }

  struct Merge: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "merge", abstract: "Merge departments into one of them or into a new one.",
      discussion: examples(
        "cem department merge ssc billing --into care --name \"Customer care\" --reason \"one desk for all\"",
        "cem department merge ssc billing --into ssc --reason \"billing was dissolved\"",
        about:
          "Their work goes along as with 'retire --into', up to \(Situation.mostMoves) things at once, and the others are retired. The successor stands on the lowest of their levels until it is assessed. 'reinstate --with-work' takes a department out again."
      ))

    @Argument(
      help: ArgumentHelp("Two or more departments.", valueName: "code"),
      completion: Completion.departments)
    var departments: [String]
    @Option(
      help: ArgumentHelp("One of them, or a code that was never used.", valueName: "code"),
      completion: Completion.departments)
    var into: String
    @Option(help: "The name of a new department, which needs one.") var name: String?
    @Option(help: "The id of the person who leads a new one.", completion: Completion.people)
    var lead: String?
    @OptionGroup(title: "Recording") var write: WriteOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      let issued = try write.command(
        "department.merge",
        given(["departments": departments, "into": into, "name": name, "lead": lead]))
      let session = try await Session.open(options)
      if name == nil, !departments.contains(into) { try session.refuseUnknown(into) }
      let receipt = try await session.issue(issued, write)
      try options.show(receipt, sentence: receipt.sentence)
    }
  }

  struct Split: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "split", abstract: "Divide a department into new ones.",
      discussion: examples(
        "cem department split ssc --into desk --into field --name \"desk=Service desk\" --move TP-3=field --reason \"two sites\"",
        "cem department split ssc --into ssc --into field --move INI-7=field --reason \"a unit of its own\"",
        about:
          "What --move does not name goes to the first. A service standard goes with its touchpoint, and what is over stays where it was. Each part stands on the level of the whole until it is assessed. The department is retired, unless it is one of the parts."
      ))

    @Argument(help: "Its code.", completion: Completion.departments) var code: String
    @Option(
      help: ArgumentHelp(
        "A part: a code that was never used, or the department's own; twice or more.",
        valueName: "code"))
    var into: [String] = []
    @Option(
      help: ArgumentHelp(
        "What goes to another part than the first; may be repeated.", valueName: "ref=code"))
    var move: [String] = []
    @Option(
      help: ArgumentHelp(
        "The name of a new part; its code without it; may be repeated.", valueName: "code=text"))
    var name: [String] = []
    @OptionGroup(title: "Recording") var write: WriteOptions
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      try await issue(
        "department.split",
        given(["department": code, "into": into, "move": move, "names": name]), write, options)
    }
  }
}

extension Session {
  /// Refuses the code of a department that is not there yet and was given no name: it may be misspelt, and no code is
  /// used twice.
  fileprivate func refuseUnknown(_ code: String) throws {
    let stream = try DepartmentCode(scalar: code).stream
    guard try readNow({ try $0.reader.records([stream])[stream] }) == nil else { return }
    throw Rejection(
      .input, "input.missing", "name: is missing: there is no department \(code) yet",
      hint: "name one that is there with --into, or a new one with --name TEXT",
      details: ["field": "name"])
  }
}

extension Session {
  /// Says which departments stay on the level that they inherited, where one of which they have it is there again.
  func noteInheritedLevels(after issued: IssuedReceipt) throws {
    guard !issued.isDryRun, let entry = issued.receipt.events.first,
      entry.type == "department.reinstated",
      let event = try EventLog(connection, programID: program.id).event(at: entry.position),
      case .department(.reinstated(let reinstated)) = try event.readable().event
    else { return }
    let heirs = (reinstated.successors ?? []).map { StreamID.maturity($0) }
    let records = try readNow { try $0.reader.records(heirs) }
    for heir in heirs {
      guard case .maturity(let maturity)? = records[heir]?.entity,
        let standing = maturity.standing, standing.isDue
      else { continue }
      Console.standard.note(
        Words.say(
          "%1 still stands on level %2, which it inherited; if it had another: cem maturity correct %1 --to N --reason TEXT",
          heir.code, "\(standing.level)"
        ).printable())
    }
  }
}
