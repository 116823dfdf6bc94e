import CLibPQ

extension Connection {
  /// Runs one statement and returns its rows.
  ///
  /// - Throws: ``PostgresError``. Inside a transaction the server then refuses all but ROLLBACK.
  package func query(_ sql: SQL) throws(PostgresError) -> QueryResult {
    let text = sql.text
    return try run(sql: text) { () throws(PostgresError) in try send(sql, text: text) }
  }

  /// Runs one statement and returns its rows in binary format: read them by ``BinaryRow``.
  ///
  /// - Throws: ``PostgresError``.
  package func queryBinary(_ sql: SQL) throws(PostgresError) -> QueryResult {
    let text = sql.text
    return try run(sql: text) { () throws(PostgresError) in
      try send(sql, text: text, isBinary: true)
    }
  }

  /// Runs one statement for its effect.
  ///
  /// - Returns: how many rows it touched.
  /// - Throws: ``PostgresError``.
  @discardableResult
  package func execute(_ sql: SQL) throws(PostgresError) -> Int {
    try query(sql).affectedRows
  }

  /// Runs statements separated by semicolons, without parameters, as a migration file has them. Without
  /// a transaction of their own they are all or nothing.
  ///
  /// - Returns: the last statement's result.
  /// - Throws: ``PostgresError`` of the first that failed; `sql` is left out, as a script may be long.
  @discardableResult
  package func execute(script: String) throws(PostgresError) -> QueryResult {
    guard !script.utf8.contains(0) else { throw .nulByte(parameter: nil, sql: nil) }
    return try run(sql: nil) { () throws(PostgresError) in
      let handle = unsafe try requireHandle()
      guard unsafe PQsendQuery(handle, script) == 1 else { throw lastError(sql: nil) }
    }
  }

  /// Sends, waits and reads to the end of the results.
  func run(
    sql: String?, send: () throws(PostgresError) -> Void
  ) throws(PostgresError) -> QueryResult {
    guard activity != .copy else {
      throw PostgresError(kind: .misuse, message: "A COPY is going on.", sql: sql)
    }
    var wait = try beginWait()
    readPending(&wait)
    try send()
    flush(&wait)
    var last: QueryResult?
    var failure: PostgresError?
    while let result = nextResult(&wait) {
      if failure == nil { failure = result.error(sql: sql) }
      if let direction = result.copyDirection {
        failure = PostgresError(
          kind: .misuse, message: "COPY from or to the client is not a query.", sql: sql)
        abandonCopy(direction, &wait)
      }
      last = result
    }
    if let failure { throw completed(failure, wait) }
    guard let last else { throw completed(lastError(sql: sql), wait) }
    return last
  }

  /// Hands one statement to libpq, which sends as much as the socket takes.
  func send(_ sql: SQL, text: String, isBinary: Bool = false) throws(PostgresError) {
    let handle = unsafe try requireHandle()
    try sql.checkSendable(text: text)
    let sent = unsafe sql.binds.withPointers { values, lengths, forms in
      unsafe PQsendQueryParams(
        handle, text, Int32(sql.parameterCount), nil, values, lengths, forms, isBinary ? 1 : 0)
    }
    guard sent == 1 else { throw lastError(sql: text) }
  }
}

extension SQL {
  /// Refuses what libpq would cut off or the protocol cannot say.
  func checkSendable(text: String) throws(PostgresError) {
    if let parameter = binds.parameterWithNUL {
      throw .nulByte(parameter: parameter, sql: text)
    }
    guard parameterCount <= 65_535 else {
      throw PostgresError(
        kind: .tooManyParameters,
        message: "A statement has at most 65,535 parameters, not \(parameterCount).")
    }
    guard knownText != nil || !text.utf8.contains(0) else {
      throw .nulByte(parameter: nil, sql: nil)
    }
  }
}

extension PostgresError {
  static func nulByte(parameter: Int?, sql: String?) -> PostgresError {
    let place = parameter.map { "Parameter $\($0)" } ?? "The statement"
    return PostgresError(
      kind: .nulByte, message: "\(place) holds a NUL byte, which PostgreSQL's text cannot.",
      sql: sql)
  }
}
