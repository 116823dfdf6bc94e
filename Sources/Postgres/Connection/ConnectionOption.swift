import CLibPQ

/// An option of libpq with its value, as PQconninfo lists them.
struct ConnectionOption {
  var keyword: String
  /// The environment variable that sets it.
  var environmentVariable: String?
  var value: String?

  /// Copies libpq's list, which ends with an entry without keyword.
  static func list(_ options: UnsafePointer<PQconninfoOption>) -> [ConnectionOption] {
    var list: [ConnectionOption] = []
    var entry = unsafe options
    while let keyword = unsafe entry.pointee.keyword {
      unsafe list.append(
        ConnectionOption(
          keyword: String(cString: keyword),
          environmentVariable: entry.pointee.envvar.map { unsafe String(cString: $0) },
          value: entry.pointee.val.map { unsafe String(cString: $0) }))
      unsafe entry += 1
    }
    return list
  }

  /// The options that a connection string or URI gives itself.
  ///
  /// - Throws: ``PostgresError`` where it cannot be read.
  static func given(by conninfo: String) throws(PostgresError) -> [ConnectionOption] {
    // The rule of libpq's recognized_connection_string: other text is a database's name.
    let isURI = conninfo.hasPrefix("postgresql://") || conninfo.hasPrefix("postgres://")
    guard isURI || conninfo.utf8.contains(UInt8(ascii: "=")) else {
      return conninfo.isEmpty ? [] : [ConnectionOption(keyword: "dbname", value: conninfo)]
    }
    var message: UnsafeMutablePointer<CChar>?
    guard let options = unsafe PQconninfoParse(conninfo, &message) else {
      let text = unsafe message.map { unsafe String(cString: $0) } ?? "out of memory"
      unsafe PQfreemem(message)
      throw PostgresError(
        kind: .misuse, message: "The database's address is wrong: \(text.trimmed)")
    }
    defer { unsafe PQconninfoFree(options) }
    return unsafe list(options).filter { $0.value != nil }
  }

  /// All options with the environment's or libpq's own values.
  static func ambient() -> [ConnectionOption] {
    guard let options = unsafe PQconndefaults() else { return [] }
    defer { unsafe PQconninfoFree(options) }
    return unsafe list(options)
  }
}
