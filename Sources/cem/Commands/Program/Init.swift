import ArgumentParser
import CEMDomain
import CEMStore
import FoundationEssentials
import Postgres

/// `cem init`.
struct InitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Set up the database where it is not, and found a program.",
    discussion: examples(
      "cem init --program acme --name \"Acme CEM\"",
      "cem init --program acme --name \"Acme CEM\" --timezone America/Toronto --currency CAD --fiscal-year-start 04",
      about: "Run again, it changes nothing. Without --database, cem runs a private PostgreSQL."))

  @Option(help: "The program's name.") var name: String?
  @Option(
    help: ArgumentHelp(
      "The time zone in which its days begin and end. Default: UTC.", valueName: "zone"))
  var timezone: String?
  @Option(help: ArgumentHelp("Its currency. Default: EUR.", valueName: "code"))
  var currency: String?
  @Option(
    help: ArgumentHelp(
      "The month in which its fiscal year begins. Default: January.", valueName: "MM"))
  var fiscalYearStart: Int?
  @Flag(
    help: "Have what takes an approver asked for, and approved by another login (cem approve).")
  var fourEyes = false
  @Option(help: ArgumentHelp("When it was founded; default today.", valueName: "date"))
  var on: String?
  @OptionGroup(title: "Options everywhere") var options: GlobalOptions

  func run() async throws {
    let choice = try DatabaseChoice(options.database)
    guard let slug = options.slug(choice) else {
      throw CommandError.usage(
        "which program?", hint: "cem init --program SLUG --name TEXT")
    }
    let command = try name.map { try founding(slug, name: $0) }
    let connection = try await DatabaseSetup(choice).run()
    if let existing = try find(slug, connection) {
      try show(try existing.standing(connection, choice), isNew: false)
      return try noteDifferences(from: existing, connection)
    }
    guard let command else {
      throw CommandError.usage(
        "there is no program \(slug) yet, and a new one needs a name",
        hint: "cem init --program \(slug) --name TEXT")
    }
    let session = Session(
      choice: choice, connection: connection,
      program: SessionProgram(id: UUID(), slug: slug, timeZone: timezone ?? "UTC"),
      purpose: .command)
    do {
      try show(try await session.record(Submission(command)), isNew: true)
    } catch {
      // Somebody else founded it at the same moment.
      guard let existing = try find(slug, connection) else { throw error }
      try show(try existing.standing(connection, choice), isNew: false)
    }
  }

  private func founding(_ slug: String, name: String) throws(Rejection) -> IssuedCommand {
    try IssuedCommand(
      name: "program.found",
      fields: given([
        "slug": slug, "name": name, "timeZone": timezone, "currency": currency,
        "fiscalYearStart": fiscalYearStart, "fourEyes": fourEyes, "on": on,
      ]))
  }

  /// Says which of the settings given here the program does not have: init changes nothing.
  private func noteDifferences(
    from existing: ProgramDirectory.Entry, _ connection: Connection
  ) throws {
    guard
      let program = try LiveReader(connection, programID: existing.id).record(.program).program
    else { return }
    let details = program.details
    var settings: [(option: String, given: String?, kept: String)] = [
      ("--name", name, details.name.value ?? ""),
      ("--timezone", timezone, details.timeZone.description),
      ("--currency", currency, details.currency.description),
      ("--fiscal-year-start", fiscalYearStart.map { "\($0)" }, "\(details.fiscalYearStart)"),
    ]
    if fourEyes, details.fourEyes != true { settings.append(("--four-eyes", "yes", "no")) }
    let others = settings.filter { $0.given != nil && $0.given != $0.kept }
    guard !others.isEmpty else { return }
    let options = others.map(\.option).joined(separator: ", ")
    Console.standard.note(
      "it stays as it is, without what \(options) would change; next: cem program amend --help")
  }

  private func find(_ slug: String, _ connection: Connection) throws -> ProgramDirectory.Entry? {
    try ProgramDirectory(connection).list().first { $0.slug == slug }
  }

  private func show(_ receipt: IssuedReceipt, isNew: Bool) throws {
    let sentence =
      isNew
      ? Words.say(
        "program %1 founded (position %2, %3)", receipt.program, "\(receipt.receipt.treeSize)",
        Words.database(receipt.database))
      : Words.say(
        "program %1 is there already, at position %2 (%3)", receipt.program,
        "\(receipt.receipt.treeSize)", Words.database(receipt.database))
    try options.show(receipt, sentence: sentence)
  }
}

extension ProgramDirectory.Entry {
  /// A receipt of nothing done, with where the program's log stands.
  fileprivate func standing(
    _ connection: Connection, _ choice: DatabaseChoice
  ) throws -> IssuedReceipt {
    IssuedReceipt(
      receipt: try Receipt.standing(
        connection, programID: id, command: "program.found",
        reference: StreamID.program.reference),
      program: slug, database: choice.name(connection))
  }
}
