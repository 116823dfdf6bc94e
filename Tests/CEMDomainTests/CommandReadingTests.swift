import RandomPrograms
import Testing

@testable import CEMDomain

@Suite("Commands as import rows and the command line give them") struct CommandReadingTests {
  private let row: JSONObject = [
    "department": "ssc", "link": "training-execution", "title": "Slow", "unit": "ratio",
    "expected": "0.9",
  ]

  private func read(_ name: String, _ fields: JSONObject) -> Result<IssuedCommand, Rejection> {
    Result { () throws(Rejection) in try IssuedCommand(name: name, fields: fields) }
  }

  private func refusal(
    _ name: String = "gap.record", _ fields: JSONObject
  ) -> Rejection? {
    if case .failure(let rejection) = read(name, fields) { rejection } else { nil }
  }

  private func canonical(_ name: String, _ fields: JSONObject) throws -> String {
    JSON.object(try read(name, fields).get().canonical()).canonicalText
  }

  private func with(_ field: String, _ value: JSON?) -> JSONObject {
    var fields = row
    fields[field] = value
    return fields
  }

  @Test("An unknown command is named with one that is like it") func unknownCommand() {
    let rejection = refusal("gap.reopn", [:])
    #expect(rejection?.code == "command.unknown")
    #expect(rejection?.hint.contains("gap.") == true)
    #expect(refusal("", [:])?.code == "command.unknown")
    for (mistyped, meant) in [
      ("gap.recrd", "gap.record"), ("gaps.record", "gap.record"),
      ("initiative.pilot.concluded", "initiative.pilot.conclude"), ("gap.RECORD", nil),
      ("x", nil), (String(repeating: "gap.record", count: 6_000), nil),
    ] {
      #expect(
        refusal(mistyped, [:])?.hint == meant.map { "did you mean \($0)?" } ?? "cem help",
        "\(mistyped)")
    }
  }

  @Test(
    "What is wrong with a field is said with its name",
    arguments: [
      ("colour", "red", "input.invalid", "colour"), ("title", nil, "input.missing", "title"),
      ("title", .null, "input.missing", "title"), ("title", .bool(true), "input.invalid", "title"),
      ("title", ["a"], "input.invalid", "title"), ("severity", "many", "input.invalid", "severity"),
      ("severity", "3.0", "input.invalid", "severity"),
      ("lowerIsBetter", "yes", "input.invalid", "lowerIsBetter"),
      ("expected", "many", "input.invalid", "expected"),
      ("expected", "1e3", "input.invalid", "expected"), ("owner", "Kim", "input.invalid", "owner"),
      ("due", "soon", "input.invalid", "due"), ("on", "yesterday", "input.invalid", "on"),
      ("on", 5, "input.invalid", "on"), ("reason", "", "input.invalid", "reason"),
      ("external", "7", "input.invalid", "external"),
      ("evidence", "GAP-1", "input.invalid", "evidence"),
      ("evidence", -1, "input.invalid", "evidence"), ("link", 7, "input.invalid", "link"),
      ("link", 0, "input.invalid", "link"),
      ("department", ["a": "b"], "input.invalid", "department"),
      ("Title", "x", "input.invalid", "Title"),
    ] as [(String, JSON?, String, String)])
  func wrong(field: String, value: JSON?, code: String, named: String) {
    let rejection = refusal("gap.record", with(field, value))
    #expect(rejection?.code == code, "\(rejection?.message ?? "accepted")")
    #expect(rejection?.kind == .input)
    #expect(rejection?.details["field"] == .string(named))
  }

  @Test("A field that is null was not given") func null() throws {
    #expect(try canonical("gap.record", with("severity", .null)) == canonical("gap.record", row))
    #expect(try canonical("gap.record", with("on", .null)) == canonical("gap.record", row))
  }

  @Test("In an amendment, a null field is to be cleared") func nullInAmendment() throws {
    let fields: JSONObject = ["gap": "GAP-1", "severity": .null]
    #expect(try canonical("gap.amend", fields).contains(#""severity":null"#))
  }

  @Test(
    "One command has one canonical form, however it was given",
    arguments: [
      ("link", 4, "training-execution"), ("link", "4", "training-execution"),
      ("expected", "0.90", "0.9"), ("severity", "3", 3), ("lowerIsBetter", "true", .bool(true)),
      ("evidence", 3, "EV-3"), ("evidence", "ev-3", "EV-3"), ("evidence", "evidence/3", "EV-3"),
      ("perceived", 1, "1.000"), ("perceived", "-0", "0"),
    ] as [(String, JSON, JSON)])
  func oneForm(field: String, given: JSON, same: JSON) throws {
    #expect(
      try canonical("gap.record", with(field, given)) == canonical("gap.record", with(field, same)))
  }

  @Test(
    "Commands on things have one canonical form, by number or by reference",
    arguments: ["gap.void", "gap.restore", "gap.reopen"])
  func oneSubject(command: String) throws {
    let forms = try ([12, "12", "GAP-12", "gap-12", "gap/12"] as [JSON]).map {
      try canonical(command, ["gap": $0])
    }
    #expect(Set(forms).count == 1)
    #expect(try canonical(command, ["gap": 13]) != forms[0])
  }

  @Test("The order of fields is irrelevant, each difference is not") func order() throws {
    let json = #"{"unit":"ratio","title":"Slow","expected":0.9,"link":4,"department":"ssc"}"#
    let fields = try #require(try JSON(parsing: json).object)
    #expect(try canonical("gap.record", fields) == canonical("gap.record", row))
    #expect(try canonical("gap.record", with("on", "2026-01-01")) != canonical("gap.record", row))
    #expect(try canonical("gap.record", with("reason", "r")) != canonical("gap.record", row))
    #expect(
      try !canonical("gap.record", with("title", "Caf\u{e9}"))
        .hasSameBytes(as: canonical("gap.record", with("title", "Cafe\u{301}"))))
  }

  @Test("The canonical form is read again as the same command", arguments: 0..<200)
  func canonicalIsReadable(round: UInt64) throws {
    var random = SeededGenerator(round)
    var fields = row
    fields["title"] = .string("t" + random.text())
    fields["source"] = .string("s" + random.text())
    if random.chance(50) { fields["reason"] = .string("r" + random.text()) }
    var canonical = try read("gap.record", fields).get().canonical()
    canonical["command"] = nil
    #expect(try self.canonical("gap.record", canonical) == self.canonical("gap.record", fields))
  }

  @Test(
    "Hostile texts are stored as given",
    arguments: [
      "\u{202e}gnp.exe", "\u{1b}]0;owned\u{7}", "'; DROP TABLE events; --", "=cmd|' /C calc'!A0",
      "👩‍👩‍👧‍👦", "a\r\nb", "\u{feff}x", "\\u0000", "${HOME}", "\u{7f}",
    ])
  func hostile(text: String) throws {
    let command = try read("gap.record", with("title", .string(text))).get().command
    let title = try #require(command as? RecordGap).details.title.value
    #expect(title?.hasSameBytes(as: text) == true)
  }

  @Test(
    "Texts have limits in bytes, and no NUL",
    arguments: [
      ("title", 500), ("source", 64 * 1024), ("reason", 64 * 1024),
    ])
  func limits(field: String, limit: Int) {
    func text(_ count: Int) -> JSON { .string(String(repeating: "x", count: count)) }
    #expect(refusal("gap.record", with(field, text(limit))) == nil)
    #expect(refusal("gap.record", with(field, text(limit + 1)))?.code == "input.invalid")
    #expect(refusal("gap.record", with(field, text(1 << 20)))?.code == "input.invalid")
    #expect(refusal("gap.record", with(field, "a\0b"))?.code == "input.invalid")
    #expect(refusal("gap.record", with(field, " \n\u{3000}"))?.code == "input.invalid")
  }

  @Test(
    "What a decision reads first is known from the command alone",
    arguments: [
      ("gap.amend", ["gap": 7, "severity": 1], "gap/7", nil),
      ("gap.void", ["gap": 7], "gap/7", nil), ("gap.restore", ["gap": 7], "gap/7", nil),
      ("initiative.scale", ["initiative": 7], "initiative/7", nil),
      ("initiative.scale", ["initiative": 7, "waivePilot": "so"], "initiative/7", .waiver),
      (
        "initiative.open", ["department": "ssc", "title": "T", "step": 1], "department/ssc",
        .initiative
      ),
      (
        "maturity.action.complete", ["department": "ssc", "action": "0.1", "evidence": "EV-3"],
        "evidence/3", nil
      ),
      (
        "maturity.action.complete", ["department": "ssc", "action": "0.1", "evidence": "minutes"],
        "maturity/ssc", .evidence
      ),
      ("gap.record", ["department": "ssc", "link": 1, "title": "T"], "department/ssc", .gap),
    ] as [(String, JSONObject, String, EntityKind?)])
  func references(name: String, fields: JSONObject, stream: String, creates: EntityKind?) throws {
    let issued = try read(name, fields).get()
    #expect(issued.references.map(\.description).contains(stream))
    #expect(issued.command.creates == creates)
  }

  @Test(
    "A refusal of a pilot's horizon or of a link repeats as little",
    arguments: [
      ("initiative.pilot.conclude", "horizon"), ("initiative.open", "links"),
    ])
  func shortInitiativeRefusals(command: String, field: String) throws {
    let text = "\u{1b}[31m" + String(repeating: "x", count: 60_000)
    let fields: JSONObject = [
      "initiative": 1, "cost": 1, "benefit": 1, "verdict": "stop", "department": "ssc",
      "title": "T", "step": 1,
    ]
    let known =
      command == "initiative.open"
      ? ["department", "title", "step"] : ["initiative", "cost", "benefit", "verdict"]
    let step = known.reduce(into: Step(command)) { $0.fields[$1] = fields[$1] }
      .with(field, .string(text))
    let rejection = try #require(Spec.given().when(step).rejected("input.invalid", .input))
    #expect(rejection.details["field"] == .string(field))
    #expect(rejection.message.utf8.count < 500)
    #expect(!rejection.message.unicodeScalars.contains("\u{1b}"))
  }

  @Test(
    "A refusal never repeats more than a little of what was given, nor its control characters",
    arguments: ["expected", "owner", "due", "link", "evidence", "external"])
  func shortRefusals(field: String) throws {
    let text = "\u{1b}[31m" + String(repeating: "x", count: 1 << 20)
    let rejection = try #require(refusal("gap.record", with(field, .string(text))))
    #expect(rejection.message.utf8.count < 500)
    #expect(!rejection.message.unicodeScalars.contains("\u{1b}"))
  }

  @Test("The names of a command's fields are known to the last one")
  func fieldNames() {
    #expect(Commands.byName["standard.measure"]?.fieldNames.last == "note")
    func isKnown<Known: Command>(_ type: Known.Type) -> Bool { madeUp(type).made != nil }
    for type in Commands.all where !(type is any AmendCommand.Type) {
      let known = isKnown(type)
      #expect(known, "what \(type.name) needs cannot be made up: \(type.fieldNames)")
    }
    #expect(Commands.byName["gap.record-breach"]?.fieldNames.last == "due")
    // A template offers nothing that is refused when it is filled in.
    let opening = Commands.byName["initiative.open"]?.fieldNames ?? []
    #expect(opening.contains("platform") && opening.contains("links"))
    #expect(InitiativeDetails.settled.isDisjoint(with: opening))
  }
}
