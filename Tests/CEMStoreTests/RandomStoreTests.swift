import CEMDomain
import CEMStore
import CEMTestSupport
import FoundationEssentials
import RandomPrograms
import Testing
import TransparencyLog

/// Thousands of random commands, valid and invalid alike, through the real database.
///
/// The seed is printed; `CEM_SEED` repeats a run. With `--faults` each run has a seed of its own.
@Suite("Random programs through the database", .database(.migrated))
struct RandomStoreTests {
  private static let seed =
    TestRun.seed ?? (TestRun.isThorough ? .random(in: 0 ... .max) : SeededGenerator.seed)

  @Test(
    "Receipts' roots, positions, versions and projections are those of the log", arguments: 0..<6)
  func invariants(number: UInt64) throws {
    print("random programs through the database: CEM_SEED=\(Self.seed), program \(number)")
    var run = try RandomRun(SeededGenerator(seed: Self.seed, number))
    try run.begin()
    for _ in 0..<500 { try run.step() }
    #expect(run.receipts.count > 80, "CEM_SEED=\(Self.seed)")
    #expect(run.refused > 20)
    #expect(run.repeated > 5)
    try run.check()
  }
}

/// One program, and what its commands gave.
private struct RandomRun {
  let program: TestProgram
  var random: SeededGenerator
  var today = Day("2024-01-05")!
  /// The receipts in the order of the log, with what led to them.
  private(set) var receipts: [(submission: Submission, receipt: Receipt)] = []
  private(set) var refused = 0
  private(set) var repeated = 0

  init(_ random: SeededGenerator) throws {
    let connection = try TestDatabase.current.connect(user: "approver")
    program = TestProgram(founding: connection)
    self.random = random
  }

  mutating func begin() throws {
    for (name, fields) in RandomCommands.beginning(on: Day("2024-01-01")!) {
      try submit([(name, fields)])
    }
  }

  mutating func step() throws {
    if random.chance(40) { today = today.adding(days: 1) }
    if random.chance(10), let earlier = receipts.randomElement(using: &random) {
      return try submitAgain(earlier)
    }
    // Most commands come alone; a batch that has a bad one is refused whole.
    let events = receipts.reduce(0) { $0 + $1.receipt.events.count }
    let count = random.chance(90) ? 1 : Int.random(in: 2...4, using: &random)
    var commands: [(String, JSONObject)] = []
    while commands.count < count {
      let command = RandomCommands.command(with: &random, today: today, events: events)
      // What is done to the log itself is another login's.
      if !command.0.hasPrefix("audit.") { commands.append(command) }
    }
    try submit(commands)
  }

  private mutating func submit(_ commands: [(String, JSONObject)]) throws {
    do {
      let submissions = try commands.map { name, fields in
        var dated = fields
        dated["on"] = fields["on"] ?? .string(today.description)
        return Submission(try IssuedCommand(name: name, fields: dated))
      }
      var options = ProgramStore.Options()
      options.keepsState = random.chance(50)
      let given = try program.store.execute(submissions, options: options)
      for (submission, receipt) in zip(submissions, given) {
        #expect(!receipt.isDuplicate)
        if !receipt.events.isEmpty { receipts.append((submission, receipt)) }
      }
    } catch let rejection as Rejection {
      #expect(rejection.kind == .input, "\(rejection)")
      refused += 1
    } catch StoreError.rejected(let rejection, _) {
      if case .unloaded(let key) = rejection.kind { Issue.record("nobody loaded \(key)") }
      refused += 1
    }
  }

  private mutating func submitAgain(_ earlier: (submission: Submission, receipt: Receipt)) throws {
    let again = try program.store.execute([earlier.submission])[0]
    #expect(again.isDuplicate)
    #expect(again.events == earlier.receipt.events)
    #expect(again.rootHash == earlier.receipt.rootHash)
    #expect(again.treeSize == earlier.receipt.treeSize)
    repeated += 1
  }

  func check() throws {
    var events: [StoredEvent] = []
    let head = try MomentResolver(program.connection, programID: program.programID).head()
    try EventLog(program.connection, programID: program.programID)
      .forEach(in: 1...head.position) { events.append($0) }
    #expect(events.map(\.position) == Array(1...head.position))
    #expect(events.allSatisfy { $0.leafHash == $0.computedLeafHash })
    #expect(zip(events, events.dropFirst()).allSatisfy { $0.recordedAt <= $1.recordedAt })
    for (stream, own) in Dictionary(grouping: events, by: \.stream) {
      #expect(own.map(\.version) == Array(1...own.count), "\(stream)")
    }
    let entries = receipts.flatMap(\.receipt.events)
    #expect(entries == events.map(Receipt.Entry.init))
    checkRoots(leaves: events.map(\.leafHash))
    try checkFolds(events)
    try program.expectLiveEqualsReplay()
    try checkPeople()
    try checkDepartments()
  }

  /// Compares what is read of one department alone with its part of what is read of all.
  private func checkDepartments() throws {
    let live = try LiveReader(program.connection, programID: program.programID)
    let past = try PastReader(
      program.connection, programID: program.programID, point: live.point)
    let days = [0, 40, 400].map { today.adding(days: $0) }
    let agendas = try days.map { ($0, try past.agenda(on: $0).items) }
    for record in try live.records(of: .department) {
      let department = try DepartmentCode(scalar: record.stream.code)
      for reader in [live, past] as [any ProgramReader] {
        for kind in EntityKind.allCases {
          #expect(
            try reader.records(of: kind, concerning: department)
              == past.records(of: kind).filter {
                $0.entity.state.departments.contains(department)
              }, "\(kind) of \(department)")
        }
        for (day, items) in agendas {
          #expect(
            try reader.agenda(on: day, of: department).items
              == items.filter { $0.record.entity.state.departments.contains(department) },
            "\(department) on \(day)")
        }
      }
    }
  }

  /// Compares what each person has a part in with all that names them, and what waits for them with the program's
  /// agenda.
  private func checkPeople() throws {
    let live = try LiveReader(program.connection, programID: program.programID)
    let past = try PastReader(
      program.connection, programID: program.programID, point: live.point)
    let days = [0, 40, 400].map { today.adding(days: $0) }
    let agendas = try days.map { ($0, try past.agenda(on: $0).items) }
    for record in try live.records(of: .person) {
      let person = try PersonID(scalar: record.stream.code)
      let named = Set(try past.state.naming(person).map(\.stream))
      for reader in [live, past] as [any ProgramReader] {
        let parts = try reader.parts(of: person)
        let all = parts.owned + parts.sponsored + parts.approved
        #expect(Set(all.map(\.stream)) == named, "\(person)")
        #expect(try parts.owned == past.state.owned(by: person))
        for (day, items) in agendas {
          #expect(
            try reader.agenda(on: day, of: parts.owned).items
              == items.filter { $0.record.entity.state.owner == person }, "\(person) on \(day)")
        }
      }
    }
  }

  /// Compares each receipt's root with the tree as RFC 6962 §2.1 defines it.
  private func checkRoots(leaves: [Hash]) {
    var known: [Range<Int>: Hash] = [:]
    func root(_ range: Range<Int>) -> Hash {
      if range.count == 1 { return leaves[range.lowerBound] }
      if let root = known[range] { return root }
      var left = 1
      while left * 2 < range.count { left *= 2 }
      let middle = range.lowerBound + left
      let result = Hash.sha256(
        [1] + root(range.lowerBound..<middle).bytes + root(middle..<range.upperBound).bytes)
      known[range] = result
      return result
    }
    for (submission, receipt) in receipts {
      let size = Int(receipt.treeSize)
      guard size >= 1, size <= leaves.count else {
        Issue.record("a receipt of \(size) leaves, where there are \(leaves.count)")
        continue
      }
      #expect(receipt.rootHash == root(0..<size), "\(submission.commandID) at \(size)")
    }
  }

  /// Compares the facts of all things with what they are when every private value is gone.
  private func checkFolds(_ events: [StoredEvent]) throws {
    var whole = ProgramState.complete
    var bare = ProgramState.complete
    for event in events {
      whole.evolve(with: try event.recorded())
      var erased = event
      erased.personal = nil
      erased.salt = nil
      bare.evolve(with: try erased.recorded())
    }
    #expect(Set(whole.entities.keys) == Set(bare.entities.keys))
    for (stream, record) in whole.entities {
      guard var other = bare.entities[stream] else { continue }
      #expect(
        try Split(record.entity.state).facts == Split(other.entity.state).facts, "\(stream)")
      other.entity = record.entity
      other.external = record.external
      #expect(other == record, "\(stream)")
    }
  }
}
