import CEMDomain

/// The user's configuration: named databases, and which one is in use.
struct Configuration {
  /// A database with a name of the user's, and perhaps a program in it.
  struct Profile: Hashable {
    var database: String
    var program: String?
  }

  /// The profile in use.
  var inUse: String?
  var profiles: [(name: String, profile: Profile)] = []

  /// The file that it is kept in; `nil` where there is no place for it.
  static var path: String? { Directories.configuration.map { $0 + "/config.json" } }

  /// Reads the configuration; an empty one where there is no file.
  /// - Throws: `CommandError` where the file cannot be understood.
  static func load() throws(CommandError) -> Configuration {
    var configuration = Configuration()
    guard let path, let text = Files.read(path) else { return configuration }
    guard let object = (try? JSON(parsing: text))?.object else {
      throw CommandError(
        "configuration.unreadable", "\(path) is not a JSON object",
        hint: "correct it, or remove it and use: cem use NAME --database CONNINFO",
        exit: .configuration)
    }
    configuration.inUse = object["profile"]?.string
    for member in object["profiles"]?.object?.members ?? [] {
      guard let database = member.value.object?["database"]?.string else { continue }
      configuration.profiles.append(
        (member.key, Profile(database: database, program: member.value.object?["program"]?.string)))
    }
    return configuration
  }

  /// Writes the configuration.
  /// - Throws: `CommandError`.
  func save() throws(CommandError) {
    guard let path = Configuration.path else {
      throw CommandError(
        "configuration.no-place", "there is no place for the configuration",
        cause: "neither XDG_CONFIG_HOME nor HOME is an absolute path", exit: .configuration)
    }
    let profiles = profiles.map { name, profile in
      Datum.Member(
        key: name,
        value: Datum(["database": .text(profile.database), "program": Datum(profile.program)]))
    }
    let object = Datum(["profile": Datum(inUse), "profiles": .object(profiles)])
    do {
      try Files.replace(path, with: object.prettyJSONText + "\n")
    } catch {
      throw CommandError(
        "configuration.unwritable", "\(path) cannot be written", cause: error.reason,
        exit: .configuration)
    }
  }

  /// A profile by name.
  subscript(name: String) -> Profile? {
    get { profiles.first { $0.name == name }?.profile }
    set {
      profiles.removeAll { $0.name == name }
      if let newValue { profiles.append((name, newValue)) }
    }
  }
}
