/// What went wrong in a call to the database.
///
/// It never holds the values of parameters: ``sql`` is the statement's text with `$n`. The server's own
/// words may quote data (``detail`` does for a broken constraint), so ``description`` leaves `detail` out.
package struct PostgresError: Error, Sendable, Equatable {
  /// The class of error that a caller tells apart.
  package var kind: Kind
  /// The server's five-character code; nil where the error was made by the client.
  package var sqlState: String?
  /// What happened, in one line.
  package var message: String
  /// More about it, from the server; may quote values of the row.
  package var detail: String?
  /// What to do about it, from the server.
  package var hint: String?
  /// The constraint that was broken, by name.
  package var constraint: String?
  /// The table concerned, without its schema.
  package var table: String?
  /// The statement's text, without values.
  package var sql: String?
  /// Which statement of a pipeline failed, from 0; nil outside a pipeline.
  package var statementIndex: Int?
  /// Whether the connection can no longer be used.
  package var isConnectionLost = false
  /// Whether the query ended because of an ``Interrupts`` object (Ctrl-C).
  package var isInterrupted = false

  package init(kind: Kind, sqlState: String? = nil, message: String, sql: String? = nil) {
    self.kind = kind
    self.sqlState = sqlState
    self.message = message
    self.sql = sql
  }
}

extension PostgresError: CustomStringConvertible {
  package var description: String {
    var text = message
    if let sqlState { text += " (SQLSTATE \(sqlState))" }
    if let hint { text += "; hint: \(hint)" }
    if let sql { text += "; statement: \(sql)" }
    return text
  }
}
