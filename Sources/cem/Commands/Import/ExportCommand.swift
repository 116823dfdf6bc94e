import ArgumentParser
import CEMDomain
import CEMStore

/// `cem export`: a program's data for other programs, or for another `cem`.
struct ExportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write out the program's data.",
    discussion: examples(
      "cem export > program.ndjson", "cem export --what gaps --format csv > gaps.csv",
      "cem export --what events --as-of 2025-12-31",
      about:
        "Commands are one JSON object a line; imported into an empty program, they lead to the same state, where that program was founded on the same day: cem init --on DATE. What one login asked for and another approved takes two logins again: the one that asked imports the file with --keep-going, then the one that approved, in turn until nothing is refused."
    ))

  /// What there is to export.
  enum What: String, ExpressibleByArgument, CaseIterable {
    case commands, events, departments, gaps, initiatives, evidence, actions, levels
  }

  @Option(help: "commands, events, departments, gaps, initiatives, evidence, actions or levels.")
  var what = What.commands
  @OptionGroup(title: "When") var read: ReadOptions
  @OptionGroup(title: "Options everywhere") var options: GlobalOptions

  func run() async throws {
    let session = try await Session.open(options, purpose: .bulk)
    let (connection, program) = (session.connection, session.program.id)
    switch what {
    case .commands:
      guard read.period == nil else {
        throw CommandError.usage("--period means nothing for commands", hint: "use --as-of")
      }
      if options.format.map({ $0 != .ndjson }) ?? (options.json != nil) {
        throw CommandError.usage(
          "commands are exported whole, as ndjson only", hint: "cem export --what commands")
      }
      let point = try session.moment(read).point
      let erased = try CommandExport(connection, programID: program)
        .forEach(upTo: point.position) { row in
          try Console.standard.write(JSON.object(row).canonicalText + "\n")
        }
      if erased > 0 {
        Console.standard.note(
          "words of \(erased) command\(erased == 1 ? " was" : "s were") erased: \"(erased at POSITION)\" stands for those that a command needs"
        )
      }
    case .events:
      let moment = try session.moment(read)
      var filter = EventLog.Filter()
      filter.upTo = moment.point.position
      filter.occurredOn = moment.period
      var printer = ListPrinter(fileStyle, EventView.allFields)
      try EventLog(connection, programID: program).forEach(filter) { events in
        try printer.write(events.map { EventView($0) })
      }
      try printer.finish(empty: "no events: nothing matches, or nothing was recorded")
    case .departments: try show(DepartmentStatus.self, session)
    case .gaps: try show(GapRegister.self, session)
    case .initiatives: try show(InitiativeBoard.self, session)
    case .evidence: try show(EvidenceRegister.self, session)
    case .actions: try show(MaturityActions.self, session)
    case .levels: try show(MaturityTimeline.self, session)
    }
  }

  private func show(_ projection: any Projection.Type, _ session: Session) throws {
    let rows = try session.read(read) { try $0.reader.rows(of: projection, RowQuery()) }
    let fields = projection.table.allColumns.map { column in
      let name = column.name
      return Field<TableRow>(ExportCommand.key(name)) { Datum($0[name]) }
    }
    try Console.standard.write(Listing(rows, fields).text(fileStyle))
  }

  /// A file gets a line of JSON for each row where nothing else is asked for.
  private var fileStyle: OutputStyle {
    var style = options.style
    if style.format == nil, style.width == nil { style.format = .ndjson }
    return style
  }

  /// `due_on` becomes `dueOn`.
  private static func key(_ column: String) -> String {
    let parts = column.split(separator: "_")
    return parts.dropFirst().reduce(String(parts.first ?? "")) {
      $0 + $1.prefix(1).uppercased() + $1.dropFirst()
    }
  }
}
