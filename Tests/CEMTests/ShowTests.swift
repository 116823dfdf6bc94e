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
    let cem = try CommandProcess(database: TestDatabase.current.conninfo(user: "approver"))
    defer { cem.remove() }
    for line in [
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
    ] {
      let done = try cem.shell("\"$CEM\" \(line)")
      try #require(done.status == 0, "\(line): \(done.errors)")
    }
    try body(cem)
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
}
