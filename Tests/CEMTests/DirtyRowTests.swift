import CEMTestSupport
import Foundation
import Testing

@testable import cem

/// Rows as spreadsheets and public files have them: what is no figure is reported where it stands, and becomes none.
@Suite(.database(.migrated)) struct DirtyRowTests {
  private func withProgram(_ body: (CommandProcess) throws -> Void) throws {
    try CommandProcess.with(
      [
        "init --program acme --name Acme --on 2024-01-01",
        "department register ssc --name SSC --on 2024-01-01",
        "touchpoint map --department ssc --name Hotline --on 2024-01-01",
        "standard set TP-1 --metric answers --target 0.9 --from 2024-01-01 --on 2024-01-01",
      ], body)
  }

  /// Imports a file, going on after what is refused.
  private func take(
    _ cem: CommandProcess, _ command: String, _ lines: [String]
  ) throws -> (reports: [String], recorded: Int?) {
    let file = cem.home.appending(path: "rows.csv")
    try (lines.joined(separator: "\n") + "\n").write(to: file, atomically: true, encoding: .utf8)
    let result = try cem(
      "import", file.path(), "--command", command, "--keep-going", "--json")
    #expect(result.status == 65)
    let outcome = try result.json() as? [String: Any]
    return (
      result.refusedRows.map { row in
        "line \(row["line"] ?? ""): \(row["message"] ?? "") [\(row["code"] ?? "")]"
      },
      outcome?["recorded"] as? Int
    )
  }

  private func list(_ cem: CommandProcess, _ command: String) throws -> [[String: Any]] {
    try #require(try cem.shell("\"$CEM\" \(command)").json() as? [[String: Any]])
  }

  @Test("§0: a dirty row of gaps is reported by line, column and reason; unknown stays unknown")
  func gaps() throws {
    try withProgram { cem in
      let taken = try take(
        cem, "gap.record",
        [
          "department,title,link,expected,perceived,unit,severity",
          "ssc,Good,4,0.9,0.5,ratio,3", "ssc,NA,4,0.9,NA,ratio,3", "ssc,ND,4,0.9,ND,ratio,3",
          "ssc,Open,4,0.9,,ratio,", "ssc,Comma,4,\"0,9\",0.5,ratio,3",
          "ssc,Percent,4,90%,0.5,ratio,3", "ssc,,4,0.9,0.5,ratio,3",
          "nope,Place,4,0.9,0.5,ratio,3", "ssc,Severity,4,0.9,0.5,ratio,high", "ssc,Short,4",
          "ssc,Long,4,0.9,0.5,ratio,3,9", "ssc,Unit,4,0.9,0.5,,3",
          "ssc,Exponent,4,9e-1,0.5,ratio,3",
        ])
      #expect(
        taken.reports == [
          "line 3: perceived: must be a decimal like 0.85, not NA [input.invalid]",
          "line 4: perceived: must be a decimal like 0.85, not ND [input.invalid]",
          "line 6: expected: must be a decimal like 0.85, not 0,9: write 0.9 [input.invalid]",
          "line 7: expected: must be a decimal like 0.85, not 90%: as a share that is 0.9 [input.invalid]",
          "line 8: title: is missing [input.missing]",
          "line 9: department: there is no department nope [department.not-found]",
          "line 10: severity: must be a whole number, not high [input.invalid]",
          "line 11: the record has 3 fields, the header 7 [import.too-few-fields]",
          "line 12: the record has 8 fields, the header 7 [import.too-many-fields]",
          "line 13: unit: is missing: expected and perceived are values in a unit [input.missing]",
          "line 14: expected: must be a decimal like 0.85, not 9e-1 [input.invalid]",
        ])
      #expect(taken.recorded == 2)
      let gaps = try list(cem, "gap list --sort title --json=title,perceived,size,severity")
      #expect(gaps.map { $0["title"] as? String } == ["Good", "Open"])
      #expect(gaps[1]["perceived"] is NSNull && gaps[1]["size"] is NSNull)
      #expect(gaps[1]["severity"] is NSNull)
    }
  }

  @Test("§5, §6: so are measurements and shares, one above 1 among them") func figures() throws {
    try withProgram { cem in
      let measured = try take(
        cem, "standard.measure",
        [
          "standard,period,value,noData,volume", "STD-1,2024-Q1,0.5,,10", "STD-1,2024-Q2,NA,,10",
          "STD-1,2024-Q2,,,10", "STD-1,2024-Q2,0.5,,ND", "STD-1,2024-Q2,,true,",
          "STD-9,2024-Q2,0.5,,", "STD-1,2024-Q3,0.5,maybe,", "STD-1,2024-Q3,0.5,,-1",
        ])
      #expect(
        measured.reports == [
          "line 3: value: must be a decimal like 0.85, not NA [input.invalid]",
          "line 4: value: is missing: give it, or say noData [input.missing]",
          "line 5: volume: must be a decimal like 0.85, not ND [input.invalid]",
          "line 7: standard: there is no standard STD-9 [standard.not-found]",
          "line 8: noData: must be true or false, not maybe [input.invalid]",
          "line 9: volume: cannot be less than zero: -1 [input.invalid]",
        ])
      let standard = try #require(
        try cem("standard", "show", "STD-1", "--json").json() as? [String: Any])
      let known = try #require(standard["measurements"] as? [[String: Any]])
      #expect(known.map { $0["value"] as? Double } == [0.5, nil])
      #expect(known[1]["volume"] is NSNull)

      let asked = try take(
        cem, "survey.record",
        [
          "department,period,audience,agree,sample", "ssc,2024-Q1,customers,0.4,100",
          "ssc,2024-Q1,customers,1.4,100", "ssc,2024-Q1,customers,,100",
          "ssc,2024-Q1,customers,40%,100", "ssc,2024-Q1,customers,0.4,",
          "ssc,2024-Q1,customers,0.4,0", "ssc,2024-Q1,clients,0.4,100",
        ])
      #expect(
        asked.reports == [
          "line 3: agree: must be a share between 0 and 1, not 1.4 [input.invalid]",
          "line 4: agree: is missing [input.missing]",
          "line 5: agree: must be a decimal like 0.85, not 40%: as a share that is 0.4 [input.invalid]",
          "line 6: sample: is missing [input.missing]",
          "line 7: sample: must be a number of people from 1, not 0 [input.invalid]",
          "line 8: audience: must be one of customers, employees, not clients [input.invalid]",
        ])
      #expect(try list(cem, "survey list --json=agree").count == 1)
    }
  }

  private func write(_ cem: CommandProcess, _ name: String, _ text: String) throws -> String {
    let file = cem.home.appending(path: name)
    try text.write(to: file, atomically: true, encoding: .utf8)
    return file.path()
  }

  @Test("A table without --command and an empty file are told what they are") func wrongFiles()
    throws
  {
    try withProgram { cem in
      let table = try write(cem, "gaps.csv", "title;link\nWaits;4\n")
      let rows = try write(cem, "rows", "title,link\nWaits,4\n")
      for file in [table, rows] {
        let result = try cem("import", file)
        #expect(result.status == 64)
        #expect(result.errors.contains("looks like CSV"), "\(result)")
        #expect(result.errors.contains("--command") && result.errors.contains("--template"))
      }
      for name in ["gaps.xlsx", "gaps.bin"] {
        let file = cem.home.appending(path: name)
        try Data([0x50, 0x4b, 0x03, 0x04, 0xff, 0xfe, 0x0a]).write(to: file)
        for options in [[], ["--command", "gap.record"]] {
          let result = try cem(["import", file.path()] + options)
          #expect(result.status == 65)
          #expect(result.errors.contains("\(name) is a workbook"), "\(result)")
          #expect(result.errors.contains("as CSV") && result.errors.contains("cem sheet in"))
        }
      }
      let empty = try write(cem, "empty", "\n")
      for arguments in [["import", empty], ["import", empty, "--command", "gap.record"]] {
        let result = try cem(arguments)
        #expect(result.status == 65)
        #expect(result.errors.hasPrefix("error: the file is empty\nhint: cem import "), "\(result)")
      }
    }
  }

  @Test("--set gives every row what has no column") func constants() throws {
    try withProgram { cem in
      let file = try write(cem, "gaps.csv", "title\nWaits\nForms\n")
      let command = ["import", file, "--command", "gap.record", "--set", "department=ssc"]
      #expect(try cem(command).status == 65)
      let taken = try cem(command + ["--set", "link=4", "--set", "source=desk, a=b"])
      #expect(taken.status == 0, "\(taken)")
      let gaps = try list(cem, "gap list --json=title,link,source")
      #expect(
        gaps.compactMap { $0["link"] as? String } == ["training-execution", "training-execution"])
      #expect(gaps.compactMap { $0["source"] as? String } == ["desk, a=b", "desk, a=b"])
      for (option, status, message) in [
        ("lnk=4", 65, "gap.record has no field lnk"), ("title=T", 65, "title has a column"),
        ("link", 64, "--set is like link=3, not link"),
      ] as [(String, Int32, String)] {
        let result = try cem(command + ["--set", option])
        #expect(result.status == status && result.errors.contains(message), "\(result)")
      }
      #expect(try cem("import", file, "--set", "link=4").status == 64)
    }
  }

  @Test(
    "With --json refused rows are objects, and a misspelt field is named before what it leaves out")
  func refusedRows() throws {
    try withProgram { cem in
      let file = try write(
        cem, "rows.ndjson",
        """
        {"command":"gap.record","departement":"ssc","link":4,"title":"Waits"}
        {"command":"gap.record","link":4,"title":"Waits"}
        {"command":"gap.record","department":"ssc","link":4,"title":"Waits"}
        """)
      let result = try cem("import", file, "--keep-going", "--json")
      #expect(result.status == 65)
      let rows = result.refusedRows
      #expect(rows.map { $0["line"] as? Int } == [1, 2])
      #expect(rows.map { $0["code"] as? String } == ["input.invalid", "input.missing"])
      #expect(
        rows.map { $0["message"] as? String } == [
          "departement: gap.record has no such field; did you mean department?",
          "department: is missing",
        ])
      let last = try #require(result.errors.split(separator: "\n").last)
      let error = try JSONSerialization.jsonObject(with: Data(last.utf8)) as? [String: Any]
      let details = (error?["error"] as? [String: Any])?["details"] as? [String: Int]
      #expect(details == ["rows": 3, "refused": 2, "recorded": 1])
    }
  }
}
