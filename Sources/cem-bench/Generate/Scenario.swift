import CEMDomain
import CEMStore
import FoundationEssentials

/// A made-up program, told command by command in the proportions of real use: the same for the same
/// seed. It knows as much of what it told as it takes for every command to be accepted.
///
///     var scenario = Scenario(Scenario.Size(events: 10_000, departments: 20), seed: 7, slug: "bench")
///     while let command = scenario.next() { scenario.took(try record(command)) }
struct Scenario {
  struct Size {
    /// How many events there are in the end.
    var events: Int
    var departments: Int
    /// How many of them are status updates of `INI-1`: a stream of that length.
    var streamEvents = 0

    /// What it takes to found the program and register everybody.
    var minimum: Int { 4 * departments + 9 + streamEvents }
  }

  let size: Size
  var random: SeededRandom
  /// The business date, which goes on through the years as events are told.
  private(set) var today: Day
  var units: [Unit] = []
  /// How many there are of each kind; things are numbered in the order in which they are made.
  var counts: [EntityKind: Int] = [:]
  private var events = 0
  private var made: UInt64 = 0
  private var streamEventsLeft: Int
  /// What is told before anything is chosen.
  private var queue: [MadeCommand] = []

  private static let firstDay = Day(year: 2016, month: 1, day: 4)!
  private static let days = 3_280

  init(_ size: Size, seed: UInt64, slug: String) {
    self.size = size
    random = SeededRandom(seed: seed)
    today = Self.firstDay
    streamEventsLeft = size.streamEvents
    found(slug: slug)
  }

  /// The events that are still to come.
  var left: Int { size.events - events }

  /// The next command; `nil` when the program is as large as it should be.
  mutating func next() -> MadeCommand? {
    guard left > 0 else { return nil }
    if !queue.isEmpty { return queue.removeFirst() }
    if streamEventsLeft > 0, random.below(left) < streamEventsLeft {
      streamEventsLeft -= 1
      return update("INI-1")
    }
    // Near the end only what makes a single event, so that the size comes out exactly.
    if left - streamEventsLeft <= 8 { return recordGap(in: unit()) }
    while true {
      let move = Move.all[random.below(Move.all.count)]
      if let command = self.command(move) { return command }
    }
  }

  /// Notes how many events the last command became.
  mutating func took(_ count: Int) {
    events += count
    today = Self.firstDay.adding(days: Self.days * min(events, size.events) / size.events)
  }

  private mutating func found(slug: String) {
    queue = [
      make(
        "program.found",
        ["slug": .string(slug), "name": "Customer experience program", "currency": "EUR"])
    ]
    for number in 0..<2 * size.departments + 4 {
      let role = Words.roles[number % Words.roles.count]
      queue.append(
        make(
          "person.add", ["id": .string(person(number)), "name": .string("\(role) \(number + 1)")]))
      counts[.person, default: 0] += 1
    }
    for number in 0..<size.departments {
      units.append(Unit(number: number))
      let name = "\(Words.units[number % Words.units.count]) \(number + 1)"
      queue.append(
        make(
          "department.register",
          ["code": .string(units[number].code), "name": .string(name), "lead": owner()]))
    }
    queue.append(statePlatform(in: nil))
    for number in 0..<size.departments { queue.append(assess(number)) }
    // INI-1 is left alone but for the updates that make a long stream.
    queue.append(openInitiative(in: 0, step: 1))
    units[0].work.removeAll()
    queue.append(
      make("initiative.start", ["initiative": "INI-1"]))
  }

  // MARK: What all commands share

  mutating func make(_ name: String, _ fields: JSONObject, reason: Bool = false) -> MadeCommand {
    var fields = fields
    fields["on"] = .string(today.description)
    if reason { fields["reason"] = .string(random.pick(Words.reasons)) }
    made += 1
    // As cem makes them: one after the other, by the clock of the day.
    let id = UUID.ordered(
      at: UInt64(today.sinceEpoch) * 86_400_000 + made, random: (random.next(), random.next()))
    return MadeCommand(id: id, name: name, fields: fields)
  }

  /// The number of the next thing of a kind.
  mutating func number(_ kind: EntityKind) -> Int {
    counts[kind, default: 0] += 1
    return counts[kind]!
  }

  /// A department: a few have much to do, most have little.
  mutating func unit() -> Int { random.below(random.below(units.count) + 1) }

  func person(_ number: Int) -> String { "p-\(number + 1)" }

  mutating func owner() -> JSON { .string(person(random.below(counts[.person] ?? 1))) }

  func later(_ days: Int) -> JSON { .string(today.adding(days: days).description) }

  mutating func update(_ reference: String) -> MadeCommand {
    make(
      "initiative.update",
      [
        "initiative": .string(reference), "note": .string(random.pick(Words.notes)),
        "rag": .string(random.pick(["green", "green", "green", "amber", "red"])),
      ])
  }
}
