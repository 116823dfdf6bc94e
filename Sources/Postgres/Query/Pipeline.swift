/// Statements that travel to the server together: one round trip for all.
///
///     var pipeline = Pipeline()
///     pipeline.query("BEGIN")
///     let head = pipeline.query("SELECT position FROM head WHERE program_id = \(id) FOR UPDATE")
///     let results = try connection.run(pipeline)
///     let position = try results[head].one(Int.self)
package struct Pipeline: Sendable {
  /// One of a pipeline's statements: what its result is found by.
  package struct Statement: Hashable, Sendable {
    let index: Int
  }

  struct Entry: Sendable {
    var sql: SQL
    var isPrepared: Bool
    var isBinary: Bool
  }

  private(set) var entries: [Entry] = []

  /// Whether the server is to answer before each message that may be long, in a transaction that is open.
  ///
  /// Its idle timeout runs only while it waits for the first message after an answer. A client that is
  /// suspended with half of a long message sent would hold its locks for ever; so it holds them for the
  /// timeout, wherever it stops. All statements are prepared ones then, since what comes with an unprepared
  /// statement follows its text without an answer.
  package var syncsEach = false

  package init() {}

  /// Whether there are none.
  package var isEmpty: Bool { entries.isEmpty }

  /// Adds a statement.
  ///
  /// - Parameters:
  ///   - prepared: keep it as a prepared statement of the session: pays off where the same text is sent many
  ///     times over one connection.
  ///   - binary: have its rows come in binary format: read them by ``BinaryRow``.
  @discardableResult
  package mutating func query(
    _ sql: SQL, prepared: Bool = false, binary: Bool = false
  ) -> Statement {
    entries.append(Entry(sql: sql, isPrepared: prepared, isBinary: binary))
    return Statement(index: entries.count - 1)
  }

  /// Adds another pipeline's statements.
  package mutating func append(_ other: Pipeline) {
    entries += other.entries
  }
}

/// What the statements of a ``Pipeline`` returned, in their order.
package struct PipelineResults: Sendable {
  /// The results, one for each statement.
  package let all: [QueryResult]

  /// The result of a statement, by what ``Pipeline/query(_:prepared:)`` returned.
  package subscript(_ statement: Pipeline.Statement) -> QueryResult { all[statement.index] }

  /// The result of the statement of that number, from 0.
  package subscript(_ index: Int) -> QueryResult { all[index] }
}
