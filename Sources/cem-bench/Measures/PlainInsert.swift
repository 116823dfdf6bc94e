import Foundation
import Postgres

/// The peer that does least: a row by INSERT in a transaction of its own, by pgbench.
struct PlainInsert {
  let place: Place
  let database: String
  let tools: Tools
  /// One event's data as JSON.
  let data: String

  /// A table of events as plain as they come.
  static let table = """
    CREATE TABLE bare_event (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      stream text NOT NULL,
      version integer NOT NULL,
      type text NOT NULL,
      data jsonb NOT NULL,
      UNIQUE (stream, version)
    )
    """

  func prepare() throws {
    let connection = try place.connect(database: database)
    try connection.execute(script: PlainInsert.table)
    try connection.execute("GRANT INSERT ON bare_event TO \(identifier: Place.writer)")
  }

  /// Inserts for some time.
  func measure(clients: Int, seconds: Double, run: Int) throws -> Sample {
    let script = FileManager.default.temporaryDirectory
      .appending(path: "cem-bench-\(UUID().uuidString).sql")
    defer { try? FileManager.default.removeItem(at: script) }
    // Streams of four versions, as gaps have about that many events.
    let text = """
      \\set n :n + 1
      \\set stream :n / 4
      \\set version :n % 4 + 1
      INSERT INTO bare_event (stream, version, type, data)
      VALUES ('gap/' || :run || '-' || :client_id || '-' || :stream, :version, 'gap.recorded', \
      '\(data.replacing("'", with: "''"))');

      """
    try Data(text.utf8).write(to: script)
    let output = try tools.run(
      tools.pgbench(),
      [
        "-n", "-M", "prepared", "-c", "\(clients)", "-j", "\(min(clients, 2))", "-T",
        "\(max(1, Int(seconds.rounded())))", "-D", "n=3", "-D", "run=\(run)", "-f", script.path(),
        place.conninfo(database: database, user: Place.writer),
      ]
    ).output
    guard let rate = output.firstMatch(of: /tps = ([0-9.]+)/).flatMap({ Double($0.1) }),
      let count = output.firstMatch(of: /actually processed: ([0-9]+)/).flatMap({ Int($0.1) })
    else { throw Unavailable("pgbench said: \(output.suffix(300))") }
    var sample = Sample(value: rate, count: count, seconds: Double(count) / rate)
    sample.p50 = output.firstMatch(of: /latency average = ([0-9.]+) ms/).flatMap { Double($0.1) }
    return sample
  }
}
