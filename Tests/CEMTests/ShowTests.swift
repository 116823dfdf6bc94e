import ArgumentParser
import CEMDomain
import CEMStore
import CEMTestSupport
import Foundation
import Postgres
import Testing

@testable import cem

/// `cem show`, by the built program.
@Suite("Whatever a reference names is shown", .database(.migrated)) struct ShowTests {
  private func withProgram(_ body: (CommandProcess) throws -> Void) throws {
    try CommandProcess.with(
      user: "approver",
      [
        "init --program acme --name Acme", "person add cx-lead --name 'Head of CX'",
        "department register retail --name Retail --lead cx-lead",
        "department register ops --name Operations", "person add ops --name 'Head of operations'",
        "department register 7 --name 'Cost centre 7'", "department register gap-1 --name Gap",
        "maturity assess retail --level 0 --rationale none",
        "maturity action waive retail 0.1 --reason later --approver cx-lead",
        "evidence add 'Minutes of the board' --title Minutes",
        "gap record --department retail --link 1 --title Waits --expected 0.9 --perceived 0.5 --unit ratio --owner cx-lead",
        "initiative open --department retail --title 'Call back' --step 1",
        "platform state --title Calm --promise 'We answer'",
        "segment define families --name Families",
        "touchpoint map --department retail --name Hotline",
        "standard set TP-1 --metric calls --target 0.9 --unit ratio",
        "survey record --department retail --period 2024 --audience customers --agree 0.3 --sample 10",
        "channel declare --department retail --name Letters",
        "insight record --question reactions --finding 'People give up' --segment families --plane usage",
        "note GAP-1 --text 'Caller waits'", "rate record USD EUR --rate 0.9",
        "gap accept GAP-1 --reason later --until 2999-12-31 --approver cx-lead --request",
        "gap amend GAP-1 --title Queues --reason better",
      ], body)
  }

  @Test("Every noun with a card is shown, by the noun's own verb and in every way that it can be")
  func everyKind() throws {
    let nouns = CEM.configuration.subcommands.compactMap { noun in
      EntityKind(rawValue: noun._commandName).map { (kind: $0, noun: noun) }
    }
    let shown = nouns.filter { CommandTree.subcommand("show", of: $0.noun) != nil }
    for (kind, noun) in shown {
      #expect(CommandTree.subcommand("show", of: noun) is any ShowingVerb.Type, "\(kind)")
    }
    #expect(Set(ShowCommand.kinds + [.program, .maturity]) == Set(shown.map(\.kind)))
    try withProgram { cem in
      let connection = try TestDatabase.current.connect()
      var things = ["program": "program show", "maturity/retail": "maturity show retail"]
      things["maturity"] = "maturity show --program-level"
      for kind in ShowCommand.kinds {
        let (number, code) = try connection.query(
          """
          SELECT number, code FROM \(EntityTable.table.relation) WHERE kind = \(kind.rawValue) \
          ORDER BY code LIMIT 1
          """
        ).one((Int, String).self)
        let ref = number > 0 ? StreamID(kind, number: number).reference : code
        things[kind == .department ? "department/\(ref)" : ref] = "\(kind.rawValue) show \(ref)"
      }
      things["GAP-1"] = "gap show GAP-1"
      things["12"] = "history show 12"
      things["'#7'"] = "history show 7"
      for (ref, call) in things.sorted(by: { $0.key < $1.key }) {
        for options in ["--json", "--format table --lang uk --color always", "--as-of 22"]
        where !(call.hasPrefix("history") && options.hasPrefix("--as-of")) {
          let own = try cem.shell("\"$CEM\" \(call) \(options)")
          let any = try cem.shell("\"$CEM\" show \(ref) \(options)")
          #expect(any.output == own.output && any.status == own.status, "\(ref) \(options): \(any)")
          if own.status == 0 { #expect(any.errors == own.errors) }
        }
      }
      // A moment counts: the title was corrected by the last event.
      let then = try cem("show", "GAP-1", "--as-of", "22", "--json=title").output
      #expect(then == "{\"title\":\"Waits\"}\n")
      let event = try cem("show", "12", "--as-of", "3")
      #expect(event.status == 64 && event.errors.contains("--as-of"), "\(event)")
      #expect(try cem("show", "").status == 64)
      let log = try cem("show", "log")
      #expect(log.status == 66 && log.errors.contains("cem history --stream log"), "\(log)")
    }
  }

  @Test("A word that names two things is refused with the commands for both") func ambiguous()
    throws
  {
    try withProgram { cem in
      for (ref, calls) in [
        "ops": ["cem person show ops", "cem department show ops"],
        "7": ["cem department show 7", "cem history show 7"],
        "gap-1": ["cem department show gap-1", "cem gap show GAP-1"],
      ] {
        let refused = try cem("show", ref, "--json")
        #expect(refused.status == 65 && refused.output.isEmpty, "\(refused)")
        let error = try refused.error()
        #expect(error["code"] as? String == "reference.ambiguous")
        #expect(error["hint"] as? String == calls.joined(separator: ", or "))
        #expect((error["details"] as? [String: Any])?["commands"] as? [String] == calls)
        for call in calls { #expect(try cem.shell("\"$CEM\"" + call.dropFirst(3)).status == 0) }
      }
      #expect(try cem("show", "GAP-1").status == 0)
      #expect(try cem("show", "department/ops", "--json=name").output.contains("Operations"))
    }
  }

  @Test("A word that names nothing is answered with what may be meant") func unknown() throws {
    try withProgram { cem in
      for (ref, hint) in [
        ("GPA-12", "did you mean: cem show GAP-12"),
        ("'gap 12'", "did you mean: cem show GAP-12"),
        ("initiative-1", "did you mean: cem show INI-1"),
        ("STD-1/2026", "did you mean: cem show STD-1"),
        ("retial", "did you mean: cem show retail"), ("Retail", "did you mean: cem show retail"),
        ("cx", "did you mean: cem show cx-lead"), ("'long waits'", "cem search 'long waits'"),
        ("GAP-99", "cem gap list"), ("99", "cem history"), ("person/nobody", "cem person list"),
      ] {
        let refused = try cem.shell("\"$CEM\" show \(ref) --json")
        #expect(refused.status == 66 && refused.output.isEmpty, "\(refused)")
        #expect(try refused.error()["hint"] as? String == hint)
      }
    }
  }

  @Test("The shell offers the references of all kinds") func completion() throws {
    try withProgram { cem in
      let offered = try cem("---completion", "show", "--", "positional@0", "0", "0", "cem", "show")
        .output.split(separator: "\n").map(String.init)
      for word in ["GAP-1", "INI-1", "STD-1", "REQ-1", "RATE-1", "retail", "cx-lead", "families"] {
        #expect(offered.contains(word), "\(offered)")
      }
      #expect(!offered.contains("program"))
    }
  }

  @Test("A person is shown with what is on their desk, and what a handover moves") func desk()
    throws
  {
    try withProgram { cem in
      let rows = (1...25).map { number in
        #"{"command":"gap.record","key":"\#(number)","department":"retail","link":"undiagnosed","title":"Gap \#(number)","owner":"cx-lead","due":"2024-01-\#(number + 9 > 31 ? 31 : number + 9)"}"#
      }
      let file = cem.home.appending(path: "gaps.ndjson")
      try rows.joined(separator: "\n").write(to: file, atomically: true, encoding: .utf8)
      try cem.script([
        "import \(file.path())",
        "gap accept GAP-2 --reason later --until 2999-12-31 --approver ops",
        "initiative amend INI-1 --sponsor cx-lead --reason forgot",
        "gap close GAP-3 --resolution done --unmet-reason none",
        "gap void GAP-4 --reason twice",
      ])
      func list(_ call: String) throws -> [[String: Any]] {
        try #require(try cem.shell("\"$CEM\" \(call) --json").json() as? [[String: Any]])
      }
      let shown = try cem("person", "show", "cx-lead", "--json")
      let desk = try #require(try shown.json() as? [String: Any], "\(shown)")
      func refs(_ key: String) -> [String] {
        (desk[key] as? [[String: Any]] ?? []).compactMap { $0["ref"] as? String }
      }
      #expect(
        desk["agenda"] as? NSArray == (try list("agenda --owner cx-lead")) as NSArray)
      #expect(refs("agenda").count == 22 && refs("agenda").first == "GAP-5")
      #expect(refs("leads") == ["retail"] && refs("sponsors") == ["INI-1"])
      #expect(refs("approved") == ["WVR-1"])
      // Open first, by the day that they are due; what ended last; what was voided nowhere.
      let owned = Set(try list("gap list --owner cx-lead").compactMap { $0["ref"] as? String })
      #expect(Set(refs("owns")) == owned && owned.count == 25 && !owned.contains("GAP-4"))
      #expect(refs("owns").first == "GAP-5" && Set(refs("owns").suffix(2)) == ["GAP-2", "GAP-3"])
      let handover = try #require(desk["handover"] as? [String: Any])
      let moved = try #require(
        try cem("person", "handover", "cx-lead", "--to", "ops", "--dry-run", "--json").json()
          as? [String: Any])
      #expect(handover["things"] as? Int == (moved["events"] as? [Any])?.count)
      #expect(handover["command"] as? String == "cem person handover cx-lead --to PERSON")

      // A terminal shows the first of them, within its width, and says where the others are.
      let text = String(
        decoding: try cem.terminal(
          "stty cols 80; \"$CEM\" person show cx-lead --color never"), as: UTF8.self)
      for line in [
        "on the agenda: 22", "… and 12 more:", "  cem agenda --owner cx-lead", "leads: 1",
        "owns: 25, 23 of them open", "… and 15 more:", "  cem gap list --owner cx-lead",
        "sponsors: 1", "approved: 1", "  cem person handover cx-lead --to PERSON",
      ] { #expect(text.contains("\n\(line)\r\n"), "\(line): \(text)") }
      #expect(text.split(separator: "\r\n").allSatisfy { $0.count <= 80 }, "\(text)")

      // At another moment what was known then, and nothing to hand over.
      let past = try #require(
        try cem("person", "show", "cx-lead", "--as-of", "13", "--json").json() as? [String: Any])
      #expect((past["owns"] as? [Any])?.count == 1 && (past["leads"] as? [Any])?.count == 1)
      #expect((past["handover"] as? [String: Any])?["command"] is NSNull)
      // Somebody who has nothing is answered, too; somebody who is not there is not.
      _ = try cem("person", "add", "idle", "--name", "Idle")
      let idle = try cem("person", "show", "idle", "--format", "table", "--lang", "uk").output
      #expect(idle.contains("нічого не чекає") && !idle.contains("handover"))
      #expect(try cem("person", "show", "nobody").status == 66)
      #expect(try cem("person", "show", "No body").status == 65)
    }
  }
}
