import CEMDomain
import Testing

@Suite("Evidence, waivers, platforms (domain §0, §3)") struct EvidenceTests {
  private let digest = String(repeating: "0f", count: 32)

  @Test("§0: evidence is a text, a link or a file, with what describes it") func forms() {
    Spec.given().when(addEvidence().with("text", "agreed")).then(
      ("evidence.added", ["title": "Minutes", "text": "agreed"]))
    Spec.given().when(addEvidence().with("url", "https://example.org/minutes")).then(
      ("evidence.added", ["url": "https://example.org/minutes"]))
    let file: JSON = ["name": "minutes.pdf", "size": 1200, "sha256": .string(digest)]
    Spec.given().when(
      addEvidence(expires: "2027-01-31").with("file", file).with("date", "2026-06-01")
        .with("author", "Kim").with("retainUntil", "2030-12-31")
    ).then(
      (
        "evidence.added",
        [
          "file": file, "date": "2026-06-01", "author": "Kim", "expires": "2027-01-31",
          "retainUntil": "2030-12-31",
        ]
      ))
    Spec.given().when(addEvidence().with("text", "a").with("url", "b")).rejected("input.invalid")
  }

  @Test("§0: a file needs a name, a size and a SHA-256, and nothing else") func file() {
    func add(_ file: JSON) -> Outcome { Spec.given().when(addEvidence().with("file", file)) }
    add(["size": 1, "sha256": .string(digest)]).rejected("input.missing")
    add(["name": "a", "size": 1, "sha256": "0F"]).rejected("input.invalid")
    let rejection = add(["name": "a", "size": 1, "sha256": .string(digest), "path": "/etc"])
      .rejected("input.invalid")
    #expect(rejection?.details["field"] == "file.path")
    add("minutes.pdf").rejected("input.invalid")
  }

  @Test("§0: evidence is not dated after the command, and does not expire before its date")
  func dates() {
    Spec.given().when(addEvidence().with("date", "2026-07-01")).rejected("evidence.later")
    Spec.given().when(addEvidence(expires: "2026-01-01").with("date", "2026-01-02"))
      .rejected("input.invalid")
    Spec.given(addEvidence()).when(
      Step("evidence.amend", ["evidence": 1, "date": "2026-07-01", "reason": "r"])
    ).rejected("evidence.later")
    // Facts rest on it since it was added, whenever it is corrected.
    let amend = Step("evidence.amend", ["evidence": 1, "date": "2026-02-02", "reason": "r"])
    let spec = Spec.given(addEvidence())
    spec.when(amend).rejected("evidence.later")
    spec.when(amend.with("date", "2026-02-01")).then(("evidence.amended", [:]))
  }

  @Test("§0: evidence is renewed until another day, or for good") func renew() {
    let renew = Step("evidence.renew", ["evidence": "EV-1", "expires": "2026-12-31"])
    let spec = Spec.given(addEvidence(expires: "2026-03-31"))
    spec.when(renew).then(("evidence.renewed", ["before": "2026-03-31", "expires": "2026-12-31"]))
    spec.when(renew.with("expires", nil)).then(("evidence.renewed", ["expires": .null]))
    spec.when(renew.with("expires", "2026-03-31")).thenNothing()
    spec.when(renew.with("expires", "2026-06-29")).rejected("evidence.expired")
    spec.when(renew.with("evidence", "EV-2")).rejected("evidence.not-found")
  }

  @Test("§0: waivers can be revoked, and stay visible") func revoke() throws {
    let revoke = Step("waiver.revoke", ["waiver": "WVR-1", "reason": "staff came"])
    let spec = Spec.given(waive("ssc", "0.2"))
    spec.when(revoke.with("reason", nil)).rejected("reason.missing")
    spec.when(revoke.with("waiver", "WVR-2")).rejected("waiver.not-found")
    let after = spec.when(revoke).then(("waiver.revoked", [:]))
    let waiver = try #require(try after.entity("waiver/1") as? Waiver)
    #expect(waiver.revokedOn == Spec.today)
    #expect(waiver.isValid(on: Day("2026-06-29")!))
    #expect(!waiver.isValid(on: Spec.today))
    after.when(revoke).thenNothing()
  }

  @Test(
    "§0: what a waiver was granted for is settled",
    arguments: ["rule", "of", "action", "departments"])
  func settledWaiver(field: String) {
    Spec.given(waive("ssc", "0.2")).when(
      Step("waiver.amend", ["waiver": 1, "reason": "r"]).with(field, "pilot")
    ).rejected("waiver.settled")
  }

  @Test("§0: a waiver's approver is a registered person, amended or not") func approver() {
    Spec.given(waive("ssc", "0.2")).when(
      Step("waiver.amend", ["waiver": 1, "approver": "max", "reason": "r"])
    ).rejected("person.not-found")
  }

  @Test("§3: a platform states a promise and the impressions wanted") func platform() {
    let state = Step("platform.state", ["title": "Calm", "promise": "We answer."])
    Spec.given().when(state.with("impressions", ["feel": "at ease"])).then(
      ("platform.stated", ["promise": "We answer.", "impressions": ["feel": "at ease"]]))
    Spec.given().when(state.with("promise", nil)).rejected("input.missing")
    Spec.given().when(state.with("impressions", ["smell": "roses"])).rejected("input.invalid")
    Spec.given().when(state.with("restsOn", ["INI-1"])).rejected("initiative.not-found")
  }

  @Test("§0: actions, pilots, outcomes and closings point to evidence, or a text becomes some")
  func pointsToEvidence() throws {
    let close = Step("gap.close", ["gap": 1, "resolution": "done", "unmetReason": "enough"])
    Spec.given(gap(), addEvidence()).when(close.with("evidence", "EV-1")).then(
      ("gap.closed", ["evidence": "EV-1"]))
    Spec.given(gap()).when(close.with("evidence", "asked 40 callers")).then(
      ("gap.closed", ["evidence": "EV-1"]), ("evidence.added", ["title": "asked 40 callers"]))
    Spec.given(gap()).when(close.with("evidence", "EV-9")).rejected("evidence.not-found", .notFound)
    Spec.given(gap(), addEvidence(expires: "2026-03-31")).when(close.with("evidence", "EV-1"))
      .rejected("evidence.expired")
    let open = Step("initiative.open", ["department": "ssc", "title": "Ask", "step": 1])
    let started = Spec.given(open, Step("initiative.start", ["initiative": 1]), addEvidence())
    let outcome = Step("initiative.complete", ["initiative": 1, "evidence": "EV-1"])
    started.when(outcome).then(("initiative.completed", ["evidence": "EV-1"]))
    started.given([outcome]).when(outcome).thenNothing()
    Spec.given(complete("ssc", "1.1", evidence: "trained")).when(
      complete("ssc", "1.1", evidence: "EV-1")
    )
    .thenNothing()
  }

  @Test(
    "§0: what was meant as a reference to evidence, or as a file, becomes none",
    arguments: [
      "EV 2", "EV2", "ev_2", " EV-2 ", "EV-02", "EV#2", "EV – 2", "2", "evidence 2", "GAP-3",
      "EV-0",
      "minutes.pdf",
    ])
  func mistypedReference(given: String) {
    let step = complete("ssc", "1.1", evidence: given)
    Spec.given(addEvidence(), addEvidence()).when(step)
      .rejected(given == "minutes.pdf" ? "evidence.file-name" : "evidence.reference", .input)
  }

  @Test(
    "§0: what only looks like a reference is a text",
    arguments: ["EV", "event 3", "evening", "3.14", "2026-01-07", "EV-2 says so", "level 2", "e2"])
  func textLikeAReference(given: String) {
    Spec.given().when(complete("ssc", "1.1", evidence: given)).then(
      ("maturity.action-completed", ["evidence": "EV-1"]),
      ("evidence.added", ["title": .string(given)]))
  }

  @Test("§0: a link becomes evidence as one, and what is given field by field as that")
  func newEvidence() {
    let link = "https://example.org/minutes"
    func when(_ evidence: JSON) -> Outcome {
      Spec.given().when(complete("ssc", "1.1", evidence: "").with("evidence", evidence))
    }
    when(.string(link)).then(
      ("maturity.action-completed", ["evidence": "EV-1"]),
      ("evidence.added", ["title": .string(link), "url": .string(link)]))
    when(["title": "Minutes", "date": "2026-05-01"]).then(
      ("maturity.action-completed", ["evidence": "EV-1"]),
      ("evidence.added", ["title": "Minutes", "date": "2026-05-01"]))
    // So comes back what was recorded when every text was taken.
    for title in ["EV 2", "minutes.pdf", link] {
      when(["title": .string(title)]).then(
        ("maturity.action-completed", [:]),
        ("evidence.added", ["title": .string(title), "url": .null]))
    }
    when(["title": "Minutes", "date": "2026-07-01"]).rejected("evidence.later")
    when(["text": "Minutes"]).rejected("input.missing")
    when(["title": "Minutes", "colour": "red"]).rejected("input.invalid")
  }
}
