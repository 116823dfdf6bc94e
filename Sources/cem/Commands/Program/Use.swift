import ArgumentParser

/// `cem use PROFILE`.
struct UseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "use",
    abstract: "Choose a database by a name of your own, or list those you have.",
    discussion: examples(
      "cem use work --database \"host=db.example.com dbname=cem sslmode=verify-full\" --program acme",
      "cem use work", "cem use",
      about:
        "With --database the profile is saved, then used. Passwords belong in ~/.pgpass. 'private' is cem's own database."
    ))

  @Argument(help: "The profile's name.") var profile: String?
  @Flag(help: "Forget the profile.") var forget = false
  @OptionGroup(title: "Options everywhere") var options: GlobalOptions

  private struct Line {
    var name: String
    var profile: Configuration.Profile
    var isInUse: Bool

    static let fields: [Field<Line>] = [
      Field("name") { .text($0.name) },
      Field("inUse") { .bool($0.isInUse) },
      Field("database") { .text(Secrets.removed(from: $0.profile.database)) },
      Field("program") { Datum($0.profile.program) },
    ]
  }

  func run() async throws {
    var configuration = try Configuration.load()
    if let profile {
      try change(&configuration, profile)
      try configuration.save()
    }
    let lines = configuration.profiles.map { name, profile in
      Line(name: name, profile: profile, isInUse: name == configuration.inUse)
    }
    try options.show(
      Listing(
        lines, Line.fields,
        empty: "no profiles: cem works in its private database"))
  }

  private func change(
    _ configuration: inout Configuration, _ name: String
  ) throws(CommandError) {
    if forget {
      guard configuration[name] != nil else { throw missing(name, configuration) }
      configuration[name] = nil
      if configuration.inUse == name { configuration.inUse = nil }
      return
    }
    if let database = options.database {
      configuration[name] = Configuration.Profile(database: database, program: options.program)
    } else if let program = options.program, var existing = configuration[name] {
      existing.program = program
      configuration[name] = existing
    }
    guard configuration[name] != nil else { throw missing(name, configuration) }
    configuration.inUse = name
  }

  private func missing(_ name: String, _ configuration: Configuration) -> CommandError {
    CommandError(
      "profile.not-found", "there is no profile \(name)",
      cause: configuration.profiles.isEmpty
        ? nil : "there are: " + configuration.profiles.map(\.name).joined(separator: ", "),
      hint: "cem use \(name) --database CONNINFO", exit: .notFound)
  }
}
