import CEMTestSupport
import Foundation
import Testing

/// Tables as spreadsheets keep them, and as `cem` wrote them for one, read back.
@Suite(.database(.migrated)) struct SpreadsheetImportTests {
  private func withProgram(_ body: (CommandProcess) throws -> Void) throws {
    try CommandProcess.with(
      [
        "init --program acme --name A --on 2024-01-01",
        "department register ssc --name SSC --on 2024-01-01",
      ], body)
  }

  private func write(_ cem: CommandProcess, _ name: String, _ text: String) throws -> String {
    let file = cem.home.appending(path: name)
    try text.write(to: file, atomically: true, encoding: .utf8)
    return file.path()
  }

  private func list(_ cem: CommandProcess, _ command: String) throws -> [[String: Any]] {
    try #require(try cem.shell("\"$CEM\" \(command)").json() as? [[String: Any]])
  }

  private func record(_ cem: CommandProcess, _ title: String) throws {
    let result = try cem("gap", "record", "--department", "ssc", "--link", "4", "--title=\(title)")
    try #require(result.status == 0, "\(result)")
  }

  @Test("A file with nothing but its header says where the log ends") func noRows() throws {
    try withProgram { cem in
      let file = try write(cem, "gaps.csv", "department,title,link\n")
      let said = try cem("import", file, "--command", "gap.record", "--format", "table")
      #expect(said.status == 0 && said.output.contains("the log ends at 2 "), "\(said)")
      let outcome = try cem("import", file, "--command", "gap.record", "--json").json()
      #expect((outcome as? [String: Any])?["treeSize"] as? Int == 2)
    }
  }

  @Test("A text that is guarded from spreadsheets in CSV comes back as it was") func guards() throws
  {
    try withProgram { cem in
      let titles = ["-5 % calls answered", "'-5", "''=1+1", "'quoted'", "@home", "plain"]
      for title in titles { try record(cem, title) }
      let text = try cem("export", "--what", "gaps", "--format", "csv").output
      #expect(text.contains("'-5 % calls answered") && text.contains("'''=1+1"), "\(text)")
      let file = try write(cem, "gaps.csv", text)
      let taken = try cem(
        "import", file, "--command", "gap.record", "--map", "title=title", "--map", "link=link")
      #expect(taken.status == 0, "\(taken)")
      let gaps = try list(cem, "gap list --json=title").compactMap { $0["title"] as? String }
      #expect(gaps.sorted() == (titles + titles).sorted())
    }
  }

  @Test("Excel's separator line, rows without values and blanks around codes are understood")
  func habits() throws {
    try withProgram { cem in
      let lines = [
        "sep=;", "department;title;link;expected;perceived;unit;severity;measuredOn",
        "ssc ; Long wait ;\u{a0}4; 0.9;0.5 ;ratio; 3 ;2024-02-01 ", ";;;;;;;", "\"\";;",
      ]
      let file = try write(cem, "gaps.csv", lines.joined(separator: "\r\n") + "\r\n")
      let taken = try cem("import", file, "--command", "gap.record", "--json")
      #expect(taken.status == 0, "\(taken)")
      #expect((try taken.json() as? [String: Any])?["rows"] as? Int == 1)
      let gap = try #require(
        try list(cem, "gap list --json=department,title,link,expected,severity").first)
      #expect(gap["title"] as? String == " Long wait ")
      #expect(gap["department"] as? String == "ssc")
      #expect(gap["expected"] as? Double == 0.9 && gap["severity"] as? Int == 3)
      try #require(try cem("evidence", "add", "Two clerks", "--title", "T").status == 0)
      let closing = try write(
        cem, "closed.csv", "gap,resolution,unmetReason,evidence\n GAP-1, Done ,Late, EV-1 \n")
      let closed = try cem("import", closing, "--command", "gap.close")
      #expect(closed.status == 0, "\(closed)")
      #expect(try list(cem, "evidence list --json=ref").count == 1)
    }
  }

  @Test("A known thing with other fields is named by its id alone, with the same hint everywhere")
  func knownOtherwise() throws {
    try withProgram { cem in
      for number in 1...3 { try record(cem, "T\(number)") }
      // The fourth gap and the fourth link have the same number.
      func file(_ title: String) throws -> String {
        try write(cem, "one.csv", "department,link,title,external\nssc,4,\(title),src:1\n")
      }
      try #require(try cem("import", file("Waits"), "--command", "gap.record").status == 0)
      for options in [[], ["--keep-going"], ["--dry-run"]] {
        let result = try cem(["import", try file("Others"), "--command", "gap.record"] + options)
        #expect(result.status == 65)
        #expect(
          result.errors.contains("line 2: src:1 is known as GAP-4 with another title"), "\(result)")
        #expect(
          result.errors.contains("hint: add --revise to bring GAP-4 to what the file says"),
          "\(result)")
      }
      // A number still names the thing where the field is one for it.
      let wrong = try write(
        cem, "two.csv", "department,link,title,touchpoint\nssc,4,Waits,4\n")
      let result = try cem("import", wrong, "--command", "gap.record")
      #expect(
        result.errors.contains("line 2: touchpoint: there is no touchpoint TP-4"), "\(result)")
    }
  }
}
