import CLibPQ

extension Connection {
  /// Connects.
  ///
  /// All of libpq's ways to name a database hold: `key=value` pairs, URIs, several hosts,
  /// `target_session_attrs`, service files, `PG…` environment variables and `.pgpass`.
  ///
  /// - Parameters:
  ///   - conninfo: a connection string, a URI, a database's name, or nothing.
  ///   - defaults: connection options for what neither `conninfo` nor the environment sets. Where a
  ///     service is named they are not used, since the service file may set them.
  ///   - settings: run-time settings of the session, such as `search_path` or `lock_timeout`, sent along
  ///     with the start of the session. `TimeZone` is UTC, dates are ISO, where not given here.
  ///   - interrupts: what ends waiting early, such as ``Interrupts/process``.
  /// - Throws: ``PostgresError``, such as of kind `invalidPassword` or `connectionFailure`.
  package static func open(
    _ conninfo: String, defaults: [(String, String)] = [], settings: [(String, String)] = [],
    interrupts: Interrupts? = nil
  ) throws(PostgresError) -> Connection {
    let seen = interrupts?.count ?? 0
    let plan = try ConnectionPlan(conninfo: conninfo, defaults: defaults, settings: settings)
    let notices = NoticeSink()
    let handle = unsafe try Connecting.start(
      plan, notices: notices, interrupts: interrupts, interruptsSeen: seen)
    let connection = unsafe Connection(
      handle: handle, notices: notices, interrupts: interrupts, interruptsSeen: seen)
    _ = unsafe PQsetnonblocking(handle, 1)
    // The environment (PGTZ, PGDATESTYLE) wins over startup options.
    let missing = plan.settings.filter { name, value in
      !plan.settingsAreSent || connection.parameterStatus(name).map { $0 != value } ?? false
    }
    if !missing.isEmpty {
      let calls = missing.map { name, value -> SQL in "set_config(\(name), \(value), false)" }
      _ = try connection.query("SELECT \(SQL.joined(calls, separator: ", "))")
    }
    return connection
  }
}

/// What is handed to libpq to connect.
struct ConnectionPlan {
  private(set) var options: [(String, String)]
  let settings: [(String, String)]
  /// Whether the settings travel with the start of the session.
  let settingsAreSent: Bool

  init(
    conninfo: String, defaults: [(String, String)], settings: [(String, String)]
  ) throws(PostgresError) {
    guard !conninfo.utf8.contains(0) else { throw .nulByte(parameter: nil, sql: nil) }
    let given = try ConnectionOption.given(by: conninfo)
    let ambient = ConnectionOption.ambient()
    func isSet(_ keyword: String) -> Bool {
      if given.contains(where: { $0.keyword == keyword }) { return true }
      let variable = ambient.first { $0.keyword == keyword }?.environmentVariable
      return variable.flatMap { Posix.environment($0) } != nil
    }
    var merged: [(String, String)] = [
      ("TimeZone", "UTC"), ("DateStyle", "ISO, MDY"), ("bytea_output", "hex"),
    ]
    for (name, value) in settings {
      merged.removeAll { $0.0.lowercased() == name.lowercased() }
      merged.append((name, value))
    }
    self.settings = merged

    let hasService = isSet("service")
    options = [("fallback_application_name", "cem")]
    if !hasService { options += defaults.filter { !isSet($0.0) } }
    // libpq expands the connection string where `dbname` stands; what follows overrides it.
    if !conninfo.isEmpty { options.append(("dbname", conninfo)) }
    options.append(("client_encoding", "UTF8"))
    // A service file may hold `options`, which ours would replace; the settings are sent later then.
    settingsAreSent = !hasService
    if settingsAreSent {
      let own = merged.map { "-c " + ConnectionPlan.escape("\($0.0)=\($0.1)") }
      let existing =
        given.first { $0.keyword == "options" }?.value
        ?? ambient.first {
          $0.keyword == "options"
        }?.value
      let parts = (existing.map { [$0] } ?? []) + own
      options.append(("options", parts.joined(separator: " ")))
    }
  }

  /// Blanks and backslashes as the server's splitting of `options` wants them.
  private static func escape(_ text: String) -> String {
    var escaped = ""
    for character in text.unicodeScalars {
      if character == " " || character == "\\" { escaped += "\\" }
      escaped.unicodeScalars.append(character)
    }
    return escaped
  }

  /// Lends keywords and values as libpq's two arrays of C strings.
  func withPointers<R>(
    _ body: (UnsafePointer<UnsafePointer<CChar>?>, UnsafePointer<UnsafePointer<CChar>?>) -> R
  ) -> R {
    let keywords = options.map { Array($0.0.utf8CString) }
    let values = options.map { Array($0.1.utf8CString) }
    return unsafe CStrings.withPointers(keywords) { keywords in
      unsafe CStrings.withPointers(values) { unsafe body(keywords, $0) }
    }
  }
}

enum CStrings {
  /// Lends strings as an array of pointers that ends with nil.
  static func withPointers<R>(
    _ strings: [[CChar]], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> R
  ) -> R {
    let joined = Array(strings.joined())
    return unsafe joined.withUnsafeBufferPointer { buffer in
      var pointers: [UnsafePointer<CChar>?] = unsafe []
      var offset = 0
      for string in strings {
        unsafe pointers.append(buffer.baseAddress.map { unsafe $0 + offset })
        offset += string.count
      }
      unsafe pointers.append(nil)
      return unsafe pointers.withUnsafeBufferPointer { unsafe body($0.baseAddress!) }
    }
  }
}
