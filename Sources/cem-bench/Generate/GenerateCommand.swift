import ArgumentParser
import CEMDomain
import CEMStore
import Foundation
import Postgres

/// `cem-bench generate`: a large program from a seed.
struct GenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate", abstract: "Make a large program, the same for the same seed.",
    discussion: """
      Every event is decided by the rules that hold for real ones, and dated over nine years.

        cem-bench generate --events 1000000 --departments 200 --database dbname=cem
        cem-bench generate --events 101000 --stream-events 100000 --database dbname=cem
        cem-bench generate --events 100000 --ndjson > commands.ndjson
      """)

  @Option(help: "How many events the program has in the end.") var events = 100_000
  @Option(help: "How many departments it has.") var departments = 200
  @Option(help: "The seed.") var seed: UInt64 = 1
  @Option(
    help: ArgumentHelp(
      "How many of the events are updates of INI-1: a stream of that length.", valueName: "n"))
  var streamEvents = 0
  @Option(help: "The program's short name, which nothing may have yet.") var program = "bench"
  @Option(
    help: ArgumentHelp("The database, which is migrated where need be.", valueName: "conninfo"))
  var database: String?
  @Flag(help: "Print the commands as lines for cem import, and touch no database.")
  var ndjson = false

  private var size: Scenario.Size {
    Scenario.Size(events: events, departments: departments, streamEvents: streamEvents)
  }

  func validate() throws {
    guard departments > 0, streamEvents >= 0 else {
      throw ValidationError("there is at least one department, and no less than no event")
    }
    guard events >= size.minimum else {
      throw ValidationError("this takes at least \(size.minimum) events")
    }
    guard ndjson != (database != nil) else {
      throw ValidationError("give --database CONNINFO or --ndjson, one of the two")
    }
  }

  func run() throws {
    var scenario = Scenario(size, seed: seed, slug: program)
    if ndjson { return try print(&scenario) }
    let connection = try Connection.open(database ?? "")
    try Migrator(connection).migrate()
    let start = ContinuousClock.now
    var maker = ProgramMaker(connection)
    maker.onProgress = { count in
      let rate = Int(Double(count) / (ContinuousClock.now - start).seconds)
      note("\(count) events, \(rate)/s")
    }
    try maker.make(&scenario)
    note(
      "made the program \(program) (\(maker.store.programID.text)) in \((ContinuousClock.now - start).seconds) s"
    )
  }

  private func print(_ scenario: inout Scenario) throws {
    var rehearsal = Rehearsal()
    var lines = ""
    while let command = scenario.next() {
      scenario.took(try rehearsal.take(command))
      lines += command.line + "\n"
      if lines.utf8.count > 1 << 20 {
        FileHandle.standardOutput.write(Data(lines.utf8))
        lines = ""
      }
    }
    FileHandle.standardOutput.write(Data(lines.utf8))
  }
}
