import CEMTestSupport
import Foundation
import Postgres
import Testing

@testable import cem

/// `cem report` by the built program: on record, as a PDF, over time.
@Suite(.database(.migrated)) struct ReportRecordTests {
  private func withProgram(_ body: (CommandProcess) throws -> Void) throws {
    try CommandProcess.with(
      [
        "init --program acme --name Acme", "department register ssc --name SSC",
        "gap record --department ssc --link 1 --title Waiting --severity 4",
      ], body)
  }

  @Test("A device, a pipe and a link stay what they are, and a file keeps who may read it")
  func targets() throws {
    try withProgram { cem throws in
      let folder = cem.home.path()
      let shell = """
        cd '\(folder)'; umask 022
        "$CEM" report --out - | head -c 5; echo " ${PIPESTATUS[0]}"
        "$CEM" report --out /dev/stdout --csv | head -c 2; echo " ${PIPESTATUS[0]}"
        mkfifo pipe; head -c 5 pipe & "$CEM" report --out pipe >/dev/null 2>&1; wait; test -p pipe && echo " pipe"
        "$CEM" report --out /dev/full 2>&1 | head -1; test -c /dev/full && echo device
        touch real.html; chmod 600 real.html; ln -s real.html link.html
        "$CEM" report --out link.html >/dev/null; test -L link.html && stat -c %a real.html
        head -c 5 real.html; echo; "$CEM" report --out x.pdf --xlsx 2>&1 | head -1; ls *.new x.pdf 2>/dev/null
        """
      let lines = try cem.shell(shell).output.split(separator: "\n").map(String.init)
      #expect(
        lines.filter { !$0.hasPrefix("wrote") } == [
          "<!DOC 0", "PK 0", "<!DOC pipe", "error: /dev/full cannot be written", "device", "600",
          "<!DOC",
          "error: --xlsx does not go with a file named x.pdf",
        ])
    }
  }

  @Test("Recording a report keeps its digest, and the same command gives the same report again")
  func recorded() throws {
    try withProgram { cem throws in
      let id = "6f1c1e1c-8d5d-4b53-9d5a-1c1a1b1c1d1e"
      let name = "quarter \u{1b}[31m é \u{202e}.html"
      let file = cem.home.appending(path: name).path(percentEncoded: false)
      let dry = try cem("report", "--out", file, "--record", "--dry-run")
      #expect(dry.output.contains("would record report.issued on log version 1"))
      #expect(!FileManager.default.fileExists(atPath: file))

      let first = try cem("report", "--out", file, "--record", "--command-id", id, "--json")
      #expect(first.status == 0, "\(first.errors)")
      let receipt = try #require(try first.json() as? [String: Any])
      let report = try #require(receipt["report"] as? [String: Any])
      let digest = try cem.shell("cat '\(cem.home.path())'/quarter* | sha256sum").output.prefix(64)
      #expect(report["sha256"] as? String == String(digest))
      #expect(report["position"] as? Int == 3)
      let event = try #require(
        try cem("history", "show", "4", "--json").json() as? [String: Any])
      let data = try #require(event["data"] as? [String: Any])
      #expect(event["type"] as? String == "report.issued")
      #expect(data["sha256"] as? String == String(digest))
      #expect(data["root"] as? String == report["rootHash"] as? String)
      #expect(data["file"] as? String == name)
      let facts = try TestDatabase.current.connect().query(
        "SELECT facts FROM cem.event WHERE position = 4"
      ).one(String.self)
      #expect(!facts.contains("quarter"), "a file's name is private")

      // The log has gone on; the command has not.
      try #require(try cem("department", "register", "it", "--name", "IT").status == 0)
      let again = try cem("report", "--out", file, "--record", "--command-id", id, "--json")
      let second = try #require(try again.json() as? [String: Any])
      #expect(second["duplicate"] as? Bool == true)
      #expect((second["report"] as? [String: Any])?["sha256"] as? String == String(digest))
      #expect(
        try cem("history", "--json", "--type", "report.issued").output
          .components(separatedBy: "report.issued").count == 2)
      let other = try cem("report", "--out", file, "--record", "--command-id", id, "--lang", "uk")
      #expect(other.status == 65, "\(other.errors)")

      let words = try cem("history", "--format", "table", "--lang", "en").output
      #expect(words.contains("report issued as html of position 3"))
      #expect(!HostileText.isRaw(words.utf8))
      // Which department's it is, and that it is the summary, is recorded too.
      let own = ["--department", "ssc", "--summary", "--record"]
      try #require(try cem.run(["report", "--out", file] + own).status == 0)
      let issued = try #require(
        try cem("history", "--department", "ssc", "--type", "report.issued", "--json").json()
          as? [[String: Any]])
      #expect(issued.count == 1)
      let scope = issued.first?["data"] as? [String: Any]
      #expect(scope?["department"] as? String == "ssc" && scope?["summary"] as? Bool == true)
      #expect(try cem("history", "--format", "table").output.contains(", ssc, summary: "))
      let verified = try cem("audit", "verify")
      #expect(verified.status == 0, "\(verified.output) \(verified.errors)")
      #expect(try cem("report", "--out", file, "--reason", "r").status == 64)
    }
  }

  @Test("Only whoever may record may record a report; whoever may read may make one")
  func rights() throws {
    try withProgram { cem throws in
      var auditor = cem
      auditor.environment["CEM_DATABASE_URL"] = TestDatabase.current.conninfo(user: "auditor")
      let file = cem.home.appending(path: "r.html").path()
      let made = try auditor("report", "--out", file)
      #expect(made.status == 0, "\(made.errors)")
      let refused = try auditor("report", "--out", file, "--record")
      #expect(refused.status == 77, "\(refused.errors)")
    }
  }

  @Test(
    "A report whose recording is refused leaves the file that was there, and none where none was")
  func refused() throws {
    try withProgram { cem throws in
      let folder = cem.home.path()
      let refused = try cem.shell(
        """
        cd '\(folder)'; echo old > old.html; chmod 640 old.html; ln -s old.html link.html
        for file in old.html link.html new.html old.xlsx; do
          "$CEM" report --out $file --record --expect program@99 >/dev/null 2>&1; echo $?
        done
        cat old.html; stat -c %a old.html; ls *.new new.html old.xlsx 2>/dev/null
        "$CEM" report --out old.html --record >/dev/null; echo $?; head -c 5 old.html; ls *.new 2>/dev/null
        """)
      #expect(
        refused.output.split(separator: "\n") == [
          "75", "75", "75", "75", "old", "640", "0", "<!DOC",
        ], "\(refused.errors)")
    }
  }

  @Test("A PDF is printed where a program for it is there, else a hint says which")
  func pdf() throws {
    try withProgram { cem throws in
      let file = cem.home.appending(path: "r.pdf").path()
      var bare = cem
      bare.environment["PATH"] = "/nonexistent"
      let none = try bare.run(["report", "--out", file])
      #expect(none.status == 78)
      #expect(none.errors.contains("apt-get install chromium"))
      #expect(!FileManager.default.fileExists(atPath: file))

      // A browser that fails, and one that does what it is asked.
      let folder = cem.home.appending(path: "bin")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      func browser(_ script: String) throws {
        let program = folder.appending(path: "chromium")
        try Data(("#!/bin/bash\n" + script).utf8).write(to: program)
        try FileManager.default.setAttributes(
          [.posixPermissions: 0o755], ofItemAtPath: program.path())
      }
      bare.environment["PATH"] = folder.path() + ":/usr/bin:/bin"
      try browser("echo 'it broke' >&2; exit 3")
      let broken = try bare.run(["report", "--out", file])
      #expect(broken.status == 69)
      #expect(broken.errors.contains("it broke"))
      try browser(
        #"for a; do case $a in --print-to-pdf=*) out=${a#*=};; file://*) in=${a#file://};; esac; done"#
          + "\n" + #"echo "%PDF /CreationDate (D:20200101000000+00'00') $(wc -c <"$in")" >"$out""#)
      let printed = try bare.run(["report", "--out", file, "--json"])
      #expect(printed.status == 0, "\(printed.errors)")
      let text = try String(contentsOfFile: file, encoding: .utf8)
      #expect(text.hasPrefix("%PDF") && !text.contains("D:2020"))
      let view = try #require(try printed.json() as? [String: Any])
      #expect(view["format"] as? String == "pdf")
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: "/tmp")
          .filter { $0.hasPrefix("cem-report-") && $0.hasSuffix(cem.home.lastPathComponent) } == [])
    }
  }

  @Test("Levels over time are those that corrections left, as in status and in the days")
  func correctedLevels() throws {
    let cem = try CommandProcess(database: TestDatabase.current.conninfo())
    defer { cem.remove() }
    func run(_ line: String) throws {
      let arguments = line.split(separator: " ").map(String.init)
      let result = try cem.run(arguments + (line.contains("undo") ? ["--reason", "wrong"] : []))
      try #require(result.status == 0, "\(line) \(result.errors)")
    }
    try run("init --program acme --name Acme --on 2025-01-01")
    for code in ["a", "b", "c"] {
      try run("department register \(code) --name \(code) --on 2025-01-01")
    }
    try run("maturity assess a --level 2 --rationale R --on 2025-07-01")
    try run("maturity assess a --level 2 --rationale R --on 2026-03-01")
    try run("maturity correct a --to 1 --reason R")
    try run("maturity assess b --level 3 --rationale R --on 2025-07-01")
    let history = try cem("history", "--stream", "maturity/b", "--json")
    let events = try #require(try history.json() as? [[String: Any]])
    try run("undo \(try #require(events.last?["position"] as? Int))")
    try run("maturity correct b --to 3 --reason R")
    try run("maturity assess c --level 2 --rationale R --on 2025-02-01")
    try run("maturity assess c --level 1 --rationale R --on 2025-07-01")
    try run("maturity correct c --reason R")

    let file = cem.home.appending(path: "tables.zip").path()
    try #require(try cem("report", "--out", file, "--csv").status == 0)
    let changes = try cem.shell("unzip -p '\(file)' level-changes.csv").output
    let lines = changes.split(whereSeparator: \.isNewline).dropFirst().map {
      let cells = $0.split(separator: ",", omittingEmptySubsequences: false)
      return (cells.prefix(3) + cells.suffix(1)).joined(separator: " ")
    }
    #expect(
      lines == [
        "a 2025-07-01 1 corrected", "b 2025-07-01 3 assessed", "c 2025-02-01 2 assessed",
        "c 2025-07-01  corrected",
      ], "\(changes)")
    #expect(changes.contains(",3,\"Defined, leadership involved\",assessed"), "\(changes)")
    let departments = try cem.shell("unzip -p '\(file)' departments.csv").output
    #expect(departments.contains(",3,defined,\"Defined, leadership involved\","), "\(departments)")
  }

  @Test("What changed says of which day, period or item it is") func labelledChanges() throws {
    let cem = try CommandProcess(database: TestDatabase.current.conninfo())
    defer { cem.remove() }
    try cem.script([
      "init --program acme --name Acme --on 2025-01-01",
      "department register a --name A --on 2025-01-01",
      "touchpoint map --department a --name Desk --on 2025-01-02",
      "standard set TP-1 --metric answered --target 0.7 --from 2025-01-02 --on 2025-01-02",
      "standard measure STD-1 --period 2025-01 --value 0.5 --on 2025-02-01",
      "standard measure STD-1 --period 2025-02 --value 0.6 --on 2025-03-01",
    ])
    let position = try #require(
      (try cem("history", "--json").json() as? [[String: Any]])?.last?["position"] as? Int)
    try cem.script([
      "gap record --from-breach STD-1/2025-01",
      "gap record --from-breach STD-1/2025-02",
      "standard amend STD-1 --target 0.8 --from 2025-05-15",
      "touchpoint plan TP-1 goal --text Answers",
    ])
    let text = try ReportDocument(cem("report", "--out", "-", "--since", "\(position)").output).text
    for part in [
      "2025-01 Gap: GAP-1 · 2025-02 Gap: GAP-2", "Target 2025-01-02: 0.7", "Plan: goal: Answers",
    ] {
      #expect(text.contains(part), "\(part)")
    }
  }

  @Test("Where everything is in the program's currency there is no sum by a rate")
  func ownCurrency() throws {
    let cem = try CommandProcess(database: TestDatabase.current.conninfo())
    defer { cem.remove() }
    for line in [
      "init --program acme --name Acme --currency NOK --on 2025-01-01",
      "department register a --name A --on 2025-01-01",
      "rate record EUR NOK --rate 11.5 --on 2025-01-01",
      "initiative open --department a --title T --step 1 --budget 10 --currency EUR --on 2025-02-01",
      "initiative pilot start INI-1 --on 2025-02-02",
      "initiative pilot conclude INI-1 --cost 100 --benefit 150 --currency NOK --verdict scale --on 2025-03-01",
    ] {
      let result = try cem.run(line.split(separator: " ").map(String.init))
      try #require(result.status == 0, "\(line) \(result.errors)")
    }
    let status = try cem("status", "--format", "table").output
    #expect(status.contains("all in NOK 115") && !status.contains("all in NOK ·"), "\(status)")
    let file = cem.home.appending(path: "tables.zip").path()
    try #require(try cem("report", "--out", file, "--csv").status == 0)
    func rows(_ table: String) throws -> Int {
      try cem.shell("unzip -p '\(file)' \(table).csv").output.split(whereSeparator: \.isNewline)
        .count
    }
    #expect(try rows("pilots") == 2)
    #expect(try rows("budgets") == 3)
  }
}
