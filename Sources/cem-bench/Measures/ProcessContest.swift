import FoundationEssentials

/// Whole processes, from their start to their end.
func processes(of bench: Bench, _ history: History) -> Contest {
  func entrant(
    _ name: String, _ title: String, _ program: @escaping () throws -> String,
    _ arguments: @escaping () throws -> [String]
  ) -> Entrant {
    Entrant(
      name: name, title: title, quantity: .latency,
      prepare: {
        _ = try history.program(.small)
        try bench.tools.run(program(), arguments(), environment: Tools.home)
      },
      measure: {
        let (program, arguments) = (try program(), try arguments())
        return .latency(
          try timed(calls: bench.scale.processes) {
            let end = try Child(program, arguments, environment: Tools.home).wait()
            guard end.status == 0 else {
              throw ToolFailed(description: "\(program) ended with \(end.status)")
            }
          })
      })
  }
  func cem() throws -> String {
    guard let cem = bench.tools.cem else { throw Unavailable("no cem was given") }
    return cem
  }
  let database = bench.place.conninfo(database: history.database(.small), user: "cem_bench")
  return Contest(
    name: "processes", rounds: bench.scale.rounds,
    entrants: [
      // As a person types it; on Debian that is a script which looks for the program.
      entrant("psql-select", "psql -Xc 'select 1'", { "/usr/bin/env" }) {
        ["psql", "-Xc", "select 1", database]
      },
      entrant("psql-itself", "the program behind it", bench.tools.psql) {
        ["-Xc", "select 1", database]
      },
      entrant("cem-gap-record", "cem gap record", cem) {
        ["gap", "record", "--department", "d-1", "--link", "4", "--title", "Callers wait"]
          + (try history.options(.small))
      },
      entrant("cem-status", "cem status DEPT", cem) {
        ["status", "d-1"] + (try history.options(.small))
      },
    ])
}
