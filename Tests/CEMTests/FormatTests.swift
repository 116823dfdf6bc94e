import CEMTestSupport
import Foundation
import Testing

@testable import cem

/// Every verb that reads, in every format: the same rows each time, or a refusal that says what to do.
@Suite("Formats of what is read", .database(.migrated)) struct FormatTests {
  /// What a verb needs to show something.
  private static let words: [String: String] = [
    "diff": "1 now", "show": "GAP-1", "history show": "3", "explain": "",
    "explain figure": "openGaps",
    "person show": "lead", "department show": "retail", "maturity show": "retail",
    "evidence show": "EV-1", "initiative show": "INI-1", "gap show": "GAP-1",
    "platform show": "PLT-1", "segment show": "families", "touchpoint show": "TP-1",
    "standard show": "STD-1", "survey show": "SRV-1", "channel show": "CH-1",
    "insight show": "INS-1", "rate show": "RATE-1", "request show": "REQ-1", "note show": "NOTE-1",
    "waiver show": "WVR-1",
    "search": "waits", "audit sample": "--seed 1 --size 3", "audit verify": "",
    "audit replay": "--stream GAP-1", "export": "--what gaps", "agenda": "",
    "audit checkpoint verify": "checkpoint.txt --vkey VKEY", "audit erase": "3 --dry-run",
  ]

  /// What neither reads a program nor prints it: other servers, files, endless pictures.
  private static let others: Set<String> = [
    "watch status", "use", "import", "init", "db start", "db stop", "db status", "db migrate",
    "db uninstall-local", "db roles add", "db roles revoke", "db roles disable", "db roles repair",
    "db roles", "db roles show", "audit checkpoint keygen", "audit checkpoint sign",
    "audit checkpoint cosign", "audit recover", "audit prove", "audit export", "projection rebuild",
    "doctor", "completion", "report", "sheet out", "sheet in",
  ]

  private static var readVerbs: [VerbTree.Verb] {
    VerbTree.all.filter { !$0.records && !others.contains($0.description) }
  }

  private func withProgram(_ body: (CommandProcess) throws -> Void) throws {
    let cem = try CommandProcess(database: TestDatabase.current.conninfo(user: "approver"))
    defer { cem.remove() }
    try cem.script([
      "init --program acme --name Acme", "person add lead --name 'CX lead'",
      "department register retail --name Retail --lead lead",
      "maturity assess retail --level 0 --rationale none",
      "maturity action waive retail 0.1 --reason later --approver lead",
      "evidence add 'Minutes of the board' --title Minutes",
      "gap record --department retail --link 1 --title 'Caller waits' --expected 0.9 --perceived 0.5 --unit ratio --owner lead --due 2024-01-01",
      "gap reassess GAP-1 --perceived 0.6",
      "initiative open --department retail --title 'Call back' --step 1",
      "platform state --title Calm --promise 'We answer'",
      "segment define families --name Families",
      "touchpoint map --department retail --name Hotline",
      "standard set TP-1 --metric 'calls' --target 0.9 --unit ratio",
      "survey record --department retail --period 2024 --audience customers --agree 0.3 --sample 10",
      "channel declare --department retail --name Letters",
      "insight record --question reactions --finding 'People give up' --segment families --plane usage",
      "note GAP-1 --text 'Caller waits'", "rate record USD EUR --rate 0.9",
      "gap accept GAP-1 --reason later --until 2999-12-31 --approver lead --request",
    ])
    let key = cem.home.appending(path: "key").path()
    let vkey = try cem("audit", "checkpoint", "keygen", "--out", key).output
    try #require(
      try cem(
        "audit", "checkpoint", "sign", "--key", key, "--out",
        cem.home.appending(path: "checkpoint.txt").path()
      ).status == 0)
    try vkey.write(to: cem.home.appending(path: "vkey"), atomically: true, encoding: .utf8)
    try body(cem)
  }

  private func rows(_ output: String) throws -> Int {
    let value = try JSONSerialization.jsonObject(with: Data(output.utf8))
    return (value as? [Any])?.count ?? 1
  }

  /// The records of a CSV file, quoted line ends within them.
  private func records(_ text: String) -> [[String]] {
    var (records, record, cell, isQuoted) = ([[String]](), [String](), "", false)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": isQuoted.toggle()
      case "," where !isQuoted:
        record.append(cell)
        cell = ""
      case "\n" where !isQuoted:
        records.append(record + [cell])
        (record, cell) = ([], "")
      case "\r" where !isQuoted: break
      default: cell.unicodeScalars.append(scalar)
      }
    }
    return records
  }

  @Test func everyReadVerbInEveryFormat() throws {
    try withProgram { cem in
      func run(_ verb: String, _ options: String) throws -> CommandProcess.Result {
        var words = Self.words[verb] ?? ""
        words = words.replacingOccurrences(of: "VKEY", with: "\"$(cat vkey)\"")
        return try cem.shell("cd \"$HOME\" && \"$CEM\" \(verb) \(words) \(options)")
      }
      #expect(Self.readVerbs.count > 40)
      for verb in Self.readVerbs.map(\.description) {
        let json = try run(verb, "--format json")
        let about = "cem \(verb) \(Self.words[verb] ?? "(add what it needs to FormatTests.words)")"
        #expect(json.status == 0, "\(about): \(json.errors)")
        guard json.status == 0 else { continue }
        let count = try #require(try? rows(json.output), "\(about): \(json.output.prefix(200))")
        #expect(try run(verb, "--json").output == json.output || verb == "doctor", "\(about)")

        let lines = try run(verb, "--format ndjson")
        #expect(lines.status == 0, "\(about): \(lines.errors)")
        let objects = lines.output.split(separator: "\n")
        for line in objects { #expect((try? rows(String(line))) != nil, "\(about): \(line)") }
        // What is one object as JSON may be rows as lines, and never the other way.
        #expect(objects.count == count || count == 1, "\(about): \(objects.count), not \(count)")

        let csv = try run(verb, "--format csv")
        #expect(csv.status == 0, "\(about): \(csv.errors)")
        let table = records(csv.output)
        #expect(Set(table.map(\.count)).count == 1, "\(about): \(csv.output)")
        #expect(table.count == count + 1 || count == 1, "\(about): \(csv.output)")

        let people = try run(verb, "--format table")
        #expect(people.status == 0 && !people.output.isEmpty || count == 0, "\(about)")
        #expect((try? rows(people.output)) == nil || count == 0, "\(about): \(people.output)")

        let unknown = try run(verb, "--json=nosuchfield")
        #expect(unknown.status == 64, "\(about): \(unknown.output)\(unknown.errors)")
        #expect(unknown.errors.contains(#""hint":"fields: "#), "\(about): \(unknown.errors)")

        let both = try run(verb, "--json --format csv")
        #expect(both.status == 64 && both.output.isEmpty, "\(about)")
      }
    }
  }

  @Test func aReplayAsATable() throws {
    try withProgram { cem in
      let fields = try cem("audit", "replay", "--json=changes", "--stream", "GAP-1")
      #expect(fields.output.hasPrefix(#"[{"changes":["#), "\(fields.output)")
      let csv = try cem("audit", "replay", "--stream", "GAP-1", "--format", "csv")
      let table = records(csv.output)
      #expect(
        table.first == [
          "position", "recordedAt", "occurredOn", "actor", "ref", "type", "event", "changes",
          "state",
        ])
      #expect(table.count == 3)
      #expect(table.last?[7].contains("perceived: 0.5 → 0.6") == true, "\(csv.output)")
      // On a terminal a long one goes through the pager.
      var pager = cem
      pager.environment["CEM_PAGER"] = "sed 's/^/paged: /'"
      pager.environment["LINE"] = "stty rows 5 cols 80; \"$CEM\" audit replay"
      let shown = try pager.shell(#"script -qec "$LINE" /dev/null </dev/null"#)
      #expect(shown.output.contains("paged: "), "\(shown.output)")
      #expect(!(try cem("audit", "replay").output.contains("paged")))
    }
  }

  @Test func whatIsExported() throws {
    try withProgram { cem in
      let events = try cem("export", "--what", "events", "--format", "csv")
      #expect(records(events.output).first?.first == "position")
      #expect(try rows(try cem("export", "--what", "events", "--json=position").output) > 10)
      for options in [["--format", "csv"], ["--json=command"], ["--format", "table"]] {
        let refused = try cem.run(["export"] + options)
        #expect(refused.status == 64 && refused.errors.contains("hint"), "\(refused.errors)")
        #expect(refused.output.isEmpty)
      }
    }
  }
}
