import ArgumentParser
import CEMDomain

/// The options that every command has.
struct GlobalOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The program. Default: $CEM_PROGRAM, the profile's, or the only one there is.",
      valueName: "slug"), completion: Completion.programs)
  var program: String?

  @Option(
    help: ArgumentHelp(
      "The database: a libpq connection string or URL, or 'private'. Default: $CEM_DATABASE_URL, the profile in use, libpq's PG variables, or a private one of cem's own.",
      valueName: "conninfo"))
  var database: String?

  @Option(help: "How to print the result.")
  var format: OutputFormat?

  @Option(
    help: ArgumentHelp(
      "Print JSON; with --json=FIELD,… only these fields.", valueName: "field,…"))
  var json: JSONFields?

  @Option(
    help: ArgumentHelp(
      "The language of tables and terms: en, uk, ru or zh. Default: $CEM_LANG, else the locale's.",
      valueName: "lang"), completion: .list(Language.allCases.map(\.rawValue)))
  var lang: String?

  @Option(help: "When to use colour; NO_COLOR is honoured.")
  var color: ColorChoice = .auto

  @Option(
    help: ArgumentHelp("The time zone in which times are shown on a terminal.", valueName: "zone"))
  var tz: String?

  @Flag(help: "Never ask for what is missing; $CEM_NO_INPUT does the same.")
  var noInput = false

  func validate() throws {
    if json != nil, let format, format != .json, format != .ndjson {
      throw ValidationError("--json and --format \(format.rawValue) exclude each other")
    }
    if let database, Secrets.contains(in: database) {
      throw ValidationError(
        "a password on the command line can be read by others: put it into ~/.pgpass")
    }
    if let lang {
      guard let language = Language(rawValue: lang) else {
        throw ValidationError("--lang must be en, uk, ru or zh, not \(lang)")
      }
      Words.use(language)
    } else if let name = System.environment("CEM_LANG"), !name.isEmpty,
      Language(locale: name) == nil
    {
      throw ValidationError("CEM_LANG must be en, uk, ru or zh, not \(name)")
    }
    if let tz, !System.useTimeZone(tz) { throw ValidationError("there is no time zone \(tz)") }
    Console.standard.configure(color: color)
  }
}

extension GlobalOptions {
  /// How results are printed.
  var style: OutputStyle {
    let terminal = Console.standard.terminal
    return OutputStyle(
      format: json == nil ? format : format ?? .json, fields: json?.names ?? [],
      width: terminal.width, usesColor: terminal.usesColor)
  }

  /// Prints a list.
  func show<Row>(_ listing: Listing<Row>) throws {
    try Console.standard.write(listing.text(style))
  }

  /// Prints one thing with its fields.
  func show<Row>(_ row: Row, _ fields: [Field<Row>]) throws {
    try Console.standard.write(Listing([row], fields).singleText(style))
  }

  /// Prints one thing that has a sentence of its own for people; the fields are for all else.
  func show<Row>(_ row: Row, _ fields: [Field<Row>], sentence: String) throws {
    if style.saysSentences {
      try Console.standard.write(sentence.printable(keepingLines: true) + "\n")
    } else {
      try show(row, fields)
    }
  }

  /// Prints what was recorded, or would be.
  func show(_ receipt: IssuedReceipt, sentence: String) throws {
    try IssuedReceipt.reporting([receipt]) {
      try show(receipt, IssuedReceipt.fields, sentence: sentence)
    }
  }
}
