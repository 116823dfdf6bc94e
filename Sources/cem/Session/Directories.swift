#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Where a user's files of cem lie (XDG base directory specification).
enum Directories {
  /// `$XDG_CONFIG_HOME/cem`.
  static var configuration: String? { base("XDG_CONFIG_HOME", under: ".config") }
  /// `$XDG_STATE_HOME/cem`: the journal and the receipts.
  static var state: String? { base("XDG_STATE_HOME", under: ".local/state") }

  private static func base(_ variable: String, under folder: String) -> String? {
    if let value = System.environment(variable), value.hasPrefix("/") { return value + "/cem" }
    return home.map { "\($0)/\(folder)/cem" }
  }

  /// The user's home.
  static var home: String? {
    if let home = System.environment("HOME"), home.hasPrefix("/") { return home }
    guard let entry = getpwuid(geteuid()), let home = entry.pointee.pw_dir else { return nil }
    return String(cString: home)
  }

  /// A path as people write it, with `~` for the home.
  static func abbreviated(_ path: String) -> String {
    guard let home, home != "/", path.hasPrefix(home + "/") else { return path }
    return "~" + path.dropFirst(home.utf8.count)
  }
}
