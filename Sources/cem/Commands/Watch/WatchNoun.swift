import ArgumentParser
import CEMDomain
import CEMStore

/// `cem watch`: a picture that follows the program.
struct WatchNoun: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch", abstract: "Watch the program as it changes.",
    discussion: examples(
      "cem watch status"),
    subcommands: [StatusVerb.self])

  struct StatusVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "status", abstract: "Show each department's state, again after every change.",
      discussion: examples(
        "cem watch status", "cem watch status retail", "cem watch status --json",
        about:
          "It is drawn again within a second of a change, and goes on until Ctrl-C, also while the database is restarted. With --json each line is the list that 'cem status --json' prints."
      ))

    @Argument(help: "Only this department.", completion: Completion.departments) var department:
      String?
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func run() async throws {
      let session = try await Session.open(options)
      let only = try department.map { try DepartmentCode(scalar: $0) }
      let head = try session.moments.head()
      let follower = Follower(session, after: head.position)
      let screen = Screen()
      defer { screen.close() }
      repeat {
        var rows: [StatusRow] = []
        let isRead = try await follower.read { session in
          rows = try session.readNow { reading in
            try reading.reader.departments(only: only, on: reading.day)
              .map { StatusRow(report: $0, point: reading.point) }
          }
        }
        guard isRead else { return }
        try draw(rows, session, screen)
        // The first look says what the day is; only what changes from there on is drawn.
      } while try await follower.next() != nil
    }

    private func draw(_ rows: [StatusRow], _ session: Session, _ screen: Screen) throws {
      var style = options.style
      guard style.isForPeople, style.fields.isEmpty else {
        let isList = style.format == .json
        if isList { style.width = nil }
        try Console.standard.write(Listing(rows, StatusRow.fields).text(style))
        return try Console.standard.flush()
      }
      var lines = [heading(rows, session)]
      if rows.isEmpty {
        lines.append(Words.nothing("no departments yet", DepartmentNoun.first))
      } else {
        lines +=
          StatusPicture(rows.map(\.report), width: style.width ?? 100, usesColor: style.usesColor)
          .lines
      }
      try screen.draw(lines)
    }

    private func heading(_ rows: [StatusRow], _ session: Session) -> String {
      guard let point = rows.first?.point else { return session.program.slug }
      let time = point.recordedAt.map { Datum.time($0).display } ?? ""
      return Words.say(
        "%1 at position %2, %3", session.program.slug, "\(point.position)", time)
    }
  }
}

/// A picture on a terminal that each drawing replaces; in a pipe the pictures follow each other.
final class Screen {
  private var isOpen = false

  /// Draws over what was there.
  func draw(_ lines: [String]) throws {
    let terminal = Console.standard.terminal
    guard let height = terminal.height else {
      try Console.standard.write((isOpen ? "\n" : "") + lines.joined(separator: "\n") + "\n")
      isOpen = true
      return try Console.standard.flush()
    }
    var text = ""
    // The alternate screen, so that what was there before comes back at the end; no cursor.
    if !isOpen { text += "\u{1b}[?1049h\u{1b}[?25l" }
    isOpen = true
    text += "\u{1b}[H"
    var shown = lines
    if shown.count > height {
      shown =
        Array(lines.prefix(height - 1))
        + ["… " + Words.count(lines.count - height + 1, "line more")]
    }
    text += shown.map { $0 + "\u{1b}[K" }.joined(separator: "\r\n") + "\u{1b}[J"
    try Console.standard.write(text)
    try Console.standard.flush()
  }

  /// Gives the terminal back as it was.
  func close() {
    guard isOpen, Console.standard.terminal.height != nil else { return }
    isOpen = false
    try? Console.standard.write("\u{1b}[?25h\u{1b}[?1049l")
    try? Console.standard.flush()
  }
}
