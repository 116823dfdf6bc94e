import Foundation

/// A peer by a command: it saves single events for some time and prints how many it saved a second.
struct Peer: Sendable {
  let name: String
  let command: String

  /// - Parameter text: `NAME=COMMAND`.
  init?(_ text: String) {
    let parts = text.split(separator: "=", maxSplits: 1)
    guard parts.count == 2 else { return nil }
    name = String(parts[0])
    command = String(parts[1])
  }

  /// Runs it once. It finds the database in libpq's variables and the seconds in `CEM_BENCH_SECONDS`.
  func measure(_ tools: Tools, database: String, seconds: Double) throws -> Sample {
    let output = try tools.run(
      "/bin/sh", ["-c", command],
      environment: ["CEM_BENCH_DATABASE": database, "CEM_BENCH_SECONDS": "\(seconds)"]
    ).output
    let last = output.split(separator: "\n").last.map(String.init) ?? ""
    guard let rate = Double(last) else {
      throw Unavailable("\(name) printed no number in its last line: \(last.prefix(100))")
    }
    return Sample(value: rate, count: Int(rate * seconds), seconds: seconds)
  }
}

/// Python's `eventsourcing` on PostgreSQL.
struct EventSourcingPeer {
  let tools: Tools
  let place: Place
  let database: String

  /// Saves events for some time: so many in a transaction, on so many threads.
  func measure(threads: Int, batch: Int, seconds: Double) throws -> Sample {
    guard let python = tools.python, let folder = tools.peers else {
      throw Unavailable("no Python with the package eventsourcing was given")
    }
    let output = try tools.run(
      python,
      [
        "\(folder)/eventsourcing_peer.py", "--threads", "\(threads)", "--batch", "\(batch)",
        "--seconds", "\(seconds)", "--database",
        place.conninfo(database: database, user: Place.writer),
      ]
    ).output
    let numbers = output.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
    guard numbers.count == 2 else {
      throw Unavailable("the script of the peer eventsourcing said: \(output.prefix(200))")
    }
    return Sample(value: numbers[0] / numbers[1], count: Int(numbers[0]), seconds: numbers[1])
  }
}
