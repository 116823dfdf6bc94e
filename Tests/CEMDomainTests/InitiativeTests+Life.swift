import Testing

@testable import CEMDomain

extension InitiativeTests {
  @Suite struct Completing {
    @Test func `§3 a started one may complete without scaling`() throws {
      try InitiativeSpec.given(.open(), .act("start")).when(.act("complete", ["note": "done"]))
        .then(
          .completed(
            InitiativeCompleted(from: .started, to: .completed, note: Text("done"))))
    }

    @Test func `§3 a target asks for what was measured`() throws {
      let spec = try InitiativeSpec.given(
        .open(["metric": "on time", "target": "0.9"]), .act("start"))
      spec.when(.act("complete")).thenRefused("initiative.measured-missing")
      spec.when(.act("complete", ["measured": "0.875"])).then(
        .completed(
          InitiativeCompleted(
            from: .started, to: .completed, measured: try Exact(scalar: "0.875"))))
    }

    @Test func `§3 what was measured belongs to a metric`() throws {
      try InitiativeSpec.given(.open(), .act("start")).when(.act("complete", ["measured": 1]))
        .thenRefused("initiative.metric-missing")
    }

    @Test func `§3 a metric whose name was erased still takes what was measured`() throws {
      var details = InitiativeTests.details
      details.target = try Exact(scalar: "0.9")
      var state = try InitiativeSpec.given(.open(), .act("start")).state
      let record = try #require(try state.record(InitiativeRef(1).stream))
      var initiative = Initiative(details: details)
      initiative.life.stage = .started
      var erased = record
      erased.entity = .initiative(initiative)
      state.load(erased)
      let command = try IssuedCommand(
        name: "initiative.complete", fields: ["initiative": 1, "measured": 1])
      #expect(throws: Never.self) {
        try ProgramDecider.decide(.init(command, today: InitiativeSpec.today), given: state)
      }
    }

    @Test func `§3 not before the start, nor in a pilot, nor after stop`() throws {
      try InitiativeSpec.given(.open()).when(.act("complete"))
        .thenRefused("initiative.not-started")
      try InitiativeSpec.given(.open(), .act("pilot.start")).when(.act("complete"))
        .thenRefused("initiative.piloting")
      try InitiativeSpec.given(.piloted("stop")).when(.act("complete"))
        .thenRefused("initiative.stopped")
    }

    @Test func `§3 completing again says nothing new, unless with another outcome`() throws {
      let spec = try InitiativeSpec.given(
        .open(["metric": "on time"]), .act("start"), .act("complete", ["measured": 5]))
      spec.when(.act("complete")).then([Event]())
      spec.when(.act("complete", ["measured": 5])).then([Event]())
      spec.when(.act("complete", ["measured": 6])).thenRefused("initiative.completed")
    }
  }

  @Suite struct Pausing {
    @Test func `§3 holding needs a reason`() throws {
      let spec = try InitiativeSpec.given(.open())
      spec.when(.act("hold")).thenRefused("reason.missing")
      spec.when(.act("hold", ["reason": "wait"])).then(.held(InitiativePaused(stage: .opened)))
    }

    @Test func `§3 on hold it can only be resumed, cancelled or corrected, and told about`() throws
    {
      let spec = try InitiativeSpec.given(.piloted("scale") + [.act("hold", ["reason": "wait"])])
      for row: InitiativeRow in [
        .act("start"), .act("pilot.start"), .conclude("scale"), .act("scale"), .act("complete"),
        .act("attest"),
      ] {
        spec.when(row).thenRefused("initiative.on-hold")
      }
      for row: InitiativeRow in [
        .act("resume"), .act("cancel", ["reason": "so"]), .act("update", ["rag": "red"]),
        .act("link", ["url": "https://example.org"]),
        .act("amend", ["title": "T", "reason": "so"]),
        .act("void", ["reason": "so"]),
      ] {
        #expect(try spec.when(row).result.get().count == 1)
      }
    }

    @Test func `§3 holding what is on hold and resuming what is not says nothing new`() throws {
      let held = try InitiativeSpec.given(.open(), .act("hold", ["reason": "wait"]))
      held.when(.act("hold")).then([Event]())
      held.when(.act("resume")).then(.resumed(InitiativePaused(stage: .opened)))
      try InitiativeSpec.given(.open()).when(.act("resume")).then([Event]())
    }

    @Test func `§3 what is on hold is resumed, not reopened`() throws {
      try InitiativeSpec.given(.open(), .act("hold", ["reason": "wait"]))
        .when(.act("reopen", ["reason": "funded"])).thenRefused("initiative.on-hold")
      try InitiativeSpec.given(.open()).when(.act("reopen", ["reason": "funded"])).then([Event]())
    }

    @Test func `§3 what has ended is neither held nor resumed nor updated`() throws {
      let spec = try InitiativeSpec.given(.open(), .act("cancel", ["reason": "so"]))
      for row: InitiativeRow in [
        .act("hold", ["reason": "so"]), .act("resume"), .act("start"), .act("scale"),
        .act("complete"), .act("update", ["rag": "green"]),
      ] {
        spec.when(row).thenRefused("initiative.cancelled")
      }
    }
  }

  @Suite struct Ending {
    @Test func `§3 cancelling needs a reason`() throws {
      try InitiativeSpec.given(.open()).when(.act("cancel")).thenRefused("reason.missing")
    }

    @Test func `§3 after stop it can be cancelled`() throws {
      try InitiativeSpec.given(.piloted("stop")).when(.act("cancel", ["reason": "no gain"]))
        .then(.cancelled(InitiativeMoved(from: .concluded, to: .cancelled)))
    }

    @Test func `§3 cancelled twice is nothing new, completed is not cancelled`() throws {
      try InitiativeSpec.given(.open(), .act("cancel", ["reason": "so"])).when(.act("cancel"))
        .then([Event]())
      try InitiativeSpec.given(.open(), .act("start"), .act("complete"))
        .when(.act("cancel", ["reason": "so"])).thenRefused("initiative.completed")
    }

    @Test func `§3 reopening needs a reason and leads back to the stage before`() throws {
      let spec = try InitiativeSpec.given(.piloted("repeat") + [.act("cancel", ["reason": "so"])])
      spec.when(.act("reopen")).thenRefused("reason.missing")
      spec.when(.act("reopen", ["reason": "funded"]))
        .then(.reopened(InitiativeMoved(from: .cancelled, to: .concluded)))
      try InitiativeSpec.given(.open(), .act("start"), .act("complete"))
        .when(.act("reopen", ["reason": "too early"]))
        .then(.reopened(InitiativeMoved(from: .completed, to: .started)))
    }

    @Test func `§3 reopened, the verdict still holds and the outcome is gone`() throws {
      let spec = try InitiativeSpec.given(
        .piloted("stop") + [.act("cancel", ["reason": "so"]), .act("reopen", ["reason": "so"])])
      spec.when(.act("complete")).thenRefused("initiative.stopped")
      let other = try InitiativeSpec.given(
        .open(["metric": "calls"]), .act("start"), .act("complete", ["measured": 5]),
        .act("reopen", ["reason": "so"]))
      #expect(try other.initiative.life.measured == nil)
      #expect(try other.initiative.isOpen)
    }

    @Test func `§3 an open one has nothing to reopen`() throws {
      try InitiativeSpec.given(.open()).when(.act("reopen")).then([Event]())
    }
  }

  @Suite struct Telling {
    @Test func `§3 an update carries the colour before`() throws {
      try InitiativeSpec.given(.open(), .act("update", ["rag": "green"]))
        .when(.act("update", ["rag": "amber", "note": "late"]))
        .then(
          .updated(InitiativeUpdated(from: .green, rag: .amber, note: Text("late"))))
    }

    @Test func `§3 the same update on the same day says nothing new`() throws {
      let spec = try InitiativeSpec.given(.open(), .act("update", ["rag": "green"]))
      spec.when(.act("update", ["rag": "green"])).then([Event]())
      spec.when(.act("update", ["rag": "green", "on": "2026-03-02"]))
        .then(.updated(InitiativeUpdated(from: .green, rag: .green)))
    }

    @Test func `§3 the state does not grow with the updates`() throws {
      var spec = try InitiativeSpec.given(.open())
      var sizes: Set<Int> = []
      for number in 10..<60 {
        try spec.run(.act("update", ["rag": "green", "note": .string("week \(number)")]))
        if number >= 20 {
          sizes.insert(try Split(try spec.initiative).merged.canonicalText.utf8.count)
        }
      }
      #expect(try spec.initiative.life.updates == 50)
      #expect(sizes.count == 1)
    }

    @Test(arguments: ["", "example.org", "ftp://example.org", "https://", "https://a b"])
    func `§3 a link is one`(text: String) throws {
      try InitiativeSpec.given(.open()).when(.act("link", ["url": .string(text)]))
        .thenRefused("input.invalid", field: "url")
    }

    @Test func `§3 links are kept, each once`() throws {
      let link = InitiativeRow.act("link", ["url": "https://example.org/a"])
      let spec = try InitiativeSpec.given(
        .open(), link, .act("link", ["url": "HTTP://example.org/b"]))
      #expect(
        try spec.initiative.details.links?.map(\.description)
          == ["https://example.org/a", "HTTP://example.org/b"])
      spec.when(link).then([Event]())
    }

    @Test func `§3 there are not more links than every command can carry`() throws {
      let link = { (number: Int) in
        InitiativeRow.act("link", ["url": .string("https://example.org/\(number)")])
      }
      let spec = try InitiativeSpec.given([.open()] + (1...100).map(link))
      spec.when(link(101)).thenRefused("initiative.links-full")
      spec.when(link(100)).then([Event]())
      let many = (1...101).map { JSON.string("https://example.org/\($0)") }
      spec.when(.act("amend", ["links": .array(many), "reason": "so"]))
        .thenRefused("input.invalid", field: "links")
    }

    @Test(
      arguments: [
        ([.open()], .open), ([.open(), .act("start")], .started),
        ([.open(), .act("pilot.start")], .piloting), ([InitiativeRow].piloted("stop"), .concluded),
        ([InitiativeRow].piloted("scale") + [.act("scale")], .scaling),
        ([.open(), .act("start"), .act("complete")], .completed),
        ([.open(), .act("hold", ["reason": "so"])], .onHold),
        ([.open(), .act("hold", ["reason": "so"]), .act("resume")], .open),
        ([.open(), .act("hold", ["reason": "so"]), .act("cancel", ["reason": "so"])], .cancelled),
      ] as [([InitiativeRow], InitiativeLife.Status)])
    func `§3 counts tell the stages apart, and on hold`(
      rows: [InitiativeRow], status: InitiativeLife.Status
    ) throws {
      #expect(try InitiativeSpec.given(rows).initiative.life.status == status)
    }
  }
}
