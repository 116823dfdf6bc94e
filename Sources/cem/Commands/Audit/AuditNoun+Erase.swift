import ArgumentParser
import CEMDomain
import CEMStore
import FoundationEssentials
import Postgres

extension AuditNoun {
  struct Erase: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "erase", abstract: "Erase what a person wrote or is called, for good.",
      discussion: examples(
        "cem audit erase 42 --reason \"names a customer\" --dry-run",
        "cem audit erase --person ada --reason \"asked by the person\"",
        about:
          "Texts, names and reasons go, with the salt of their hashes; ids, numbers and dates stay. "
          + "The event keeps its place and its hash, so every root, proof and receipt stays valid. "
          + "All events of one command go together, and all that repeat a text. Takes the owner's right."
      ))

    @Argument(help: "The position of the event.") var position: Int64?
    @Option(
      help: ArgumentHelp(
        "All that names a person: the person's own events, those on the person's behalf, and texts that hold the name.",
        valueName: "person"), completion: Completion.people)
    var person: String?
    @Option(
      help: ArgumentHelp(
        "Leave out the event at a position, with those of its command; may be repeated.",
        valueName: "position"))
    var except: [Int64] = []
    @Option(help: ArgumentHelp("Why.", valueName: "text")) var reason: String?
    @Flag(help: "Erase without asking.") var yes = false
    @Flag(help: "List what would be erased, and erase nothing.") var dryRun = false
    @OptionGroup(title: "Options everywhere") var options: GlobalOptions

    func validate() throws {
      guard (position == nil) != (person == nil) else {
        throw ValidationError("name either a position or --person ID")
      }
      guard reason != nil || dryRun else { throw ValidationError("an erasure needs --reason TEXT") }
    }

    func run() async throws {
      let session = try await Session.open(options, purpose: .bulk)
      var plan = try ErasurePlanner.plan(
        target(), session.connection, programID: session.program.id)
      plan.keep(Set(except))
      if dryRun { return try list(plan) }
      try session.requireOwner("erasing")
      guard !plan.items.isEmpty else { return try await nothing(to: plan, session) }
      try announce(plan)
      guard try yes || confirmed(plan) else { return }
      var receipts: [IssuedReceipt] = []
      try await session.asOwner {
        receipts = try await session.record(
          try plan.commands.map { Submission(try issued($0)) },
          checking: {
            try ErasurePlanner.requireWhole(
              plan, session.connection, programID: session.program.id)
          })
        session.vacuumErased()
      }
      for receipt in receipts {
        try options.show(
          receipt,
          sentence: "erased the private data of \(plan.items.count) events: " + receipt.sentence)
      }
    }

    private func target() throws -> ErasurePlan.Target {
      if let position { return .event(position) }
      return .person(try PersonID(given: person ?? "", field: "person"))
    }

    private func issued(_ command: EraseData) throws(Rejection) -> IssuedCommand {
      try IssuedCommand(
        name: EraseData.name,
        fields: given([
          "positions": JSON.array(command.positions.map(JSON.int)),
          "person": command.person?.description, "reason": reason,
        ]))
    }

    private func list(_ plan: ErasurePlan) throws {
      try options.show(
        Listing(
          plan.items,
          options.style.isForPeople ? ErasurePlan.Item.tableFields : ErasurePlan.Item.fields,
          empty: "nothing is left to erase"))
      ErasureLimits.say()
    }

    /// Says what goes, before anybody is asked.
    private func announce(_ plan: ErasurePlan) throws {
      var style = OutputStyle(format: .table)
      style.width = Console.standard.terminal.width
      let table = try Listing(plan.items, ErasurePlan.Item.tableFields).text(style)
      Console.standard.note(
        (yes ? "this is erased for good:\n" : "this would be erased for good:\n") + table)
      ErasureLimits.say()
    }

    private func confirmed(_ plan: ErasurePlan) throws -> Bool {
      let count = plan.items.count
      let answer: Bool?
      do {
        answer = try Console.standard.confirm(
          "Erase the private data of \(count == 1 ? "this event" : "these \(count) events")?")
      } catch {
        Console.standard.note("nothing was erased")
        throw error
      }
      switch answer {
      case true?: return true
      case false?:
        Console.standard.note("nothing was erased")
        return false
      case nil:
        throw CommandError.usage(
          "nobody is at the terminal to confirm it", hint: "add --yes, after a look at --dry-run")
      }
    }

    private func nothing(to plan: ErasurePlan, _ session: Session) async throws {
      // Whoever erased it may have been killed before the space was freed, or kept from it.
      if !plan.erasedBefore.isEmpty { try await session.asOwner { session.vacuumErased() } }
      let receipt = IssuedReceipt(
        receipt: try Receipt.standing(
          session.connection, programID: session.program.id, command: EraseData.name,
          reference: nil), program: session.program.slug, database: session.databaseName)
      let before = plan.erasedBefore.isEmpty ? "" : ": it was erased before"
      try options.show(
        receipt, sentence: "nothing is left to erase" + before)
    }
  }
}

/// What an erasure cannot reach.
private enum ErasureLimits {
  static func say() {
    Console.standard.note(
      """
      Out of reach: backups and replicas that are behind, the write-ahead log until it is recycled,
      free space in the tables' files until it is written over, bundles, exports, reports and prints
      that were made before, and ids, dates and logins, which are facts. Receipts and checkpoints
      hold no private text. `schema/README.md` says more.
      """)
  }
}

extension ErasurePlan.Item {
  /// What programs get of a plan.
  static let fields: [Field<ErasurePlan.Item>] = [
    Field("position", numeric: true) { .integer($0.event.position) },
    Field("stream") { .text($0.event.stream) },
    Field("type") { .text($0.event.type) },
    Field("occurredOn") { .day($0.event.occurredOn) },
    Field("actor") { .text($0.event.actor) },
    Field("cause") { .text($0.cause.rawValue) },
  ]

  /// What a person reads before it is gone.
  static let tableFields: [Field<ErasurePlan.Item>] = [
    Field("position", title: "POS", numeric: true) { .integer($0.event.position) },
    Field("on") { .day($0.event.occurredOn) },
    Field("cause") { .text($0.cause.rawValue) },
    Field("thing") { .text(StreamID($0.event.stream)?.reference ?? $0.event.stream) },
    Field("what") { .text(EventView($0.event).words) },
  ]
}

extension Session {
  /// Frees the space in which the erased text stood, and makes the planner's samples anew, which may
  /// hold it. What it cannot do now, the server's own vacuum does later.
  fileprivate func vacuumErased() {
    Console.standard.progress("clearing the freed space …")
    let tables = ["event", "rebuild_progress"] + Projections.all.map { $0.table.physicalName }
    for table in tables {
      do {
        try vacuum(table)
      } catch {
        Console.standard.warn("cem.\(table) was not vacuumed: \(ErrorReport(error).message)")
      }
    }
  }

  private func vacuum(_ table: String) throws {
    // What this session has yet to report of its own erasure would be counted as left behind.
    try connection.execute("SELECT pg_stat_force_next_flush()")
    try connection.execute("VACUUM cem.\(identifier: table)")
    if table == "event" { try warnOfRemains() }
    try connection.execute("ANALYZE cem.\(identifier: table)")
  }

  /// Says where the vacuum had to leave erased rows, because somebody may still look at them: in `cem.event`
  /// nothing but an erasure leaves any, and in the other tables it is the same transaction that did.
  private func warnOfRemains() throws {
    let remain = try connection.query("SELECT pg_stat_get_dead_tuples('cem.event'::regclass) > 0")
      .one(Bool.self)
    guard remain else { return }
    let holders = try SnapshotHolders(connection).sinceErasure(of: program.id)
    let who = holders.isEmpty ? "somebody who has gone" : holders.joined(separator: ", ")
    Console.standard.warn(
      """
      the erased text is still on the disk: \(who) could still look at it when the space was to be freed; \
      run it again when that has ended
      """)
  }
}
