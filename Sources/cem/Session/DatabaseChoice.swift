import CEMStore
import FoundationEssentials
import Postgres

/// Which database a command works on, and what named it.
struct DatabaseChoice {
  enum Place {
    /// A libpq connection string or URL; an empty one leaves all to libpq's environment.
    case named(String)
    /// cem's own.
    case own(LocalServer)
  }

  var place: Place
  /// What named it, for `doctor` and `whoami`.
  var source: String
  /// The program that comes with it.
  var program: String?

  /// The word that stands for cem's own database.
  static let own = "private"

  /// Follows `--database`, `CEM_DATABASE_URL`, the profile in use, libpq's variables; else the private one.
  /// - Throws: `CommandError` where profiles exist and none is in use; `LocalServerError`.
  init(_ option: String?) throws {
    if let option {
      self = try DatabaseChoice(option, source: "--database")
    } else if let url = System.environment("CEM_DATABASE_URL") {
      self = try DatabaseChoice(url, source: "CEM_DATABASE_URL")
    } else {
      let configuration = try Configuration.load()
      if let name = configuration.inUse, let profile = configuration[name] {
        self = try DatabaseChoice(
          profile.database, source: "profile \(name)", program: profile.program)
      } else if let variable = ["PGHOST", "PGSERVICE", "PGDATABASE"]
        .first(where: { System.environment($0) != nil })
      {
        self.init(place: .named(""), source: variable)
      } else if !configuration.profiles.isEmpty {
        // A silent fallback could write into a database that nobody looks at.
        throw CommandError(
          "profile.none", "no profile is in use",
          cause: "there are: " + configuration.profiles.map(\.name).joined(separator: ", "),
          hint: "cem use NAME, or --database private", exit: .configuration)
      } else {
        self = try DatabaseChoice(DatabaseChoice.own, source: "default")
      }
    }
  }

  private init(_ text: String, source: String, program: String? = nil) throws {
    // libpq would take it for the name of a database, and send and log all of it.
    guard text.contains("=") || text.contains(/^postgres(ql)?:\/\//) || !text.contains(/[:@\/]/)
    else {
      throw CommandError(
        "database.unread", "\(source) is neither a connection string nor a database's name",
        hint: "like postgresql://USER@HOST/DATABASE, or \"host=HOST dbname=DATABASE user=USER\"",
        exit: .configuration)
    }
    let place: Place =
      text == DatabaseChoice.own
      ? .own(try LocalServer(environment: ProcessInfo.processInfo.environment)) : .named(text)
    self.init(place: place, source: source, program: program)
  }

  private init(place: Place, source: String, program: String? = nil) {
    self.place = place
    self.source = source
    self.program = program
  }

  /// What receipts call the database, in whatever language they are read: `Words.database` says it to people.
  func name(_ connection: Connection) -> String {
    switch place {
    case .own(let server):
      return "private database in \(Directories.abbreviated(server.folder))"
    case .named:
      let place =
        connection.isSocket ? "this machine (\(connection.host))" : connection.host
      return "\(connection.database) on \(place)"
    }
  }
}
