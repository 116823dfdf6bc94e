/// A pipeline that was sent and whose results are still to be read.
///
/// It comes from ``Connection/start(_:)`` and goes to ``Connection/finish(_:)``.
package final class SentPipeline {
  let texts: [String]
  let isPrepared: [Bool]
  /// Whether the server answers before each message that may be long; else once, after the last.
  let syncsEach: Bool
  /// The names of statements that are prepared on the way, by the index of their use.
  var preparing: [Int: String] = [:]
  /// What came back, once it was read.
  var outcome: Outcome?

  struct Outcome {
    var results: [QueryResult] = []
    /// Of the first statement that failed.
    var failure: PostgresError?
    /// What failed after all statements: the commit of a pipeline without BEGIN, or the connection.
    var failureAtEnd: PostgresError?
  }

  init(_ pipeline: Pipeline) {
    texts = pipeline.entries.map(\.sql.text)
    let syncsEach = pipeline.syncsEach && !pipeline.isEmpty
    isPrepared = pipeline.entries.map { $0.isPrepared || syncsEach }
    self.syncsEach = syncsEach
  }
}
