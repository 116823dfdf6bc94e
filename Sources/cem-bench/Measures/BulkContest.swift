import Foundation
import Postgres

/// Many events at once: an import from a file, and the peers.
func bulk(of bench: Bench) -> Contest {
  let field = BulkField(bench)
  return Contest(
    name: "many events", rounds: bench.scale.longRounds, prepare: field.prepare,
    entrants: [
      Entrant(
        name: "import", title: "cem import, \(format(Double(bench.scale.commands))) commands",
        measure: field.importCommands),
      Entrant(
        name: "copy", title: "COPY into a table with the same unique indexes",
        measure: field.copy),
      Entrant(
        name: "eventsourcing-batch", title: "Python eventsourcing, batches of 1,000",
        measure: {
          try EventSourcingPeer(tools: bench.tools, place: bench.place, database: field.database)
            .measure(
              threads: 1, batch: min(1_000, bench.scale.commands), seconds: bench.scale.seconds)
        }),
    ], finish: field.finish)
}

/// A database for many events at once, and the file of commands.
final class BulkField {
  private let bench: Bench
  let database = "cem_bench_bulk"
  private let folder = FileManager.default.temporaryDirectory
    .appending(path: "cem-bench-\(UUID().uuidString)")
  private var commands: URL { folder.appending(path: "commands.ndjson") }
  /// The events that the commands become, as COPY has them.
  private var rows: [UInt8] = []

  init(_ bench: Bench) { self.bench = bench }

  func prepare() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try bench.place.makeDatabase(database)
    // More events than commands, since some commands become several.
    let size = Scenario.Size(
      events: bench.scale.commands * 3 / 2, departments: bench.scale.departments)
    var scenario = Scenario(size, seed: 2, slug: "imported")
    var rehearsal = Rehearsal()
    var lines = ""
    for _ in 0..<bench.scale.commands {
      guard let command = scenario.next() else { break }
      scenario.took(try rehearsal.take(command))
      lines += command.line + "\n"
    }
    try Data(lines.utf8).write(to: commands)
    let connection = try bench.place.connect(database: database)
    let copied = Scenario.Size(events: bench.scale.commands, departments: bench.scale.departments)
    let program = try bench.place.makeProgram("copied", in: database, copied, seed: 2)
    try connection.execute(script: "CREATE TABLE copied_event (LIKE cem.event INCLUDING ALL)")
    let source: SQL =
      "COPY (SELECT * FROM cem.event WHERE program_id = '\(unsafeSQL: program.uuidString)' ORDER BY position) TO STDOUT"
    try connection.copyOut(source) { row in
      for index in row.indices { rows.append(row[index]) }
    }
  }

  func finish() throws {
    guard !rows.isEmpty else { return }
    try? FileManager.default.removeItem(at: folder)
    try bench.place.dropDatabase(database)
  }

  /// Imports the file as a whole process does, into a new program.
  func importCommands() throws -> Sample {
    let slug = "import-\(bench.nextRun())"
    let login = bench.place.conninfo(database: database, user: Place.writer)
    let options = ["--program", slug, "--database", login]
    let day = "2016-01-04"
    try bench.tools.runCEM(["init", "--name", "Import", "--on", day] + options)
    let (output, end) = try bench.tools.runCEM(
      ["import", commands.path(), "--json"] + options)
    let object = try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any]
    guard let events = object?["events"] as? Int else {
      throw ToolFailed(description: "cem import said: \(output.prefix(300))")
    }
    return .rate(events, in: end.time)
  }

  func copy() throws -> Sample {
    let connection = try bench.place.connect(database: database)
    try connection.execute("TRUNCATE copied_event")
    let rows = rows
    let start = ContinuousClock.now
    let count = try connection.copyIn("COPY copied_event FROM STDIN") { writer in
      let bytes = rows.span
      var next = 0
      while next < bytes.count {
        let end = min(next + 1 << 16, bytes.count)
        try writer.write(bytes.extracting(next..<end))
        next = end
      }
    }
    return .rate(count, in: ContinuousClock.now - start)
  }
}
