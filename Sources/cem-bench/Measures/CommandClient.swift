import CEMDomain
import CEMStore
import FoundationEssentials
import Postgres

/// Issues commands as `cem` does, one a transaction: read, lock, load, decide, append, project, commit.
/// It records a gap, reassesses it, and goes on to the next.
struct CommandClient: Client {
  private let connection: Connection
  private let programs: [UUID]
  private let departments: Int
  private var random: SeededRandom
  private var program = UUID()
  /// The gap that is to be reassessed next.
  private var gap: String?

  init(_ connection: Connection, programs: [UUID], departments: Int) {
    self.connection = connection
    self.programs = programs
    self.departments = departments
    random = SeededRandom(seed: .random(in: 0 ... .max))
  }

  mutating func once() throws -> Int {
    let fields: JSONObject
    let name: String
    if let gap {
      name = "gap.reassess"
      fields = ["gap": .string(gap), "perceived": hundredths(random.number(40...90))]
    } else {
      name = "gap.record"
      program = programs[random.below(programs.count)]
      fields = [
        "department": .string("d-\(random.number(1...departments))"), "link": "training-execution",
        "title": "Callers wait longer than we promise in the renewal season",
        "expected": "0.9", "perceived": "0.55", "unit": "share of contacts", "severity": 3,
        "source": "Calls listened to", "owner": "p-1",
      ]
    }
    let command = try IssuedCommand(name: name, fields: fields)
    // A process of its own keeps nothing from one command to the next.
    let store = ProgramStore(connection, programID: program)
    let receipts = try store.execute([Submission(command)])
    gap = gap == nil ? receipts[0].reference : nil
    return receipts[0].events.count
  }
}
