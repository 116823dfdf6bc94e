import CEMDomain
import CEMStore
import CEMTestSupport
import Foundation
import Testing

@testable import cem

/// `cem report` of one department, and the page or two that a board reads: the same parts as the whole.
@Suite(.database(.migrated)) struct ReportScopeTests {
  private func page(_ cem: CommandProcess, _ arguments: [String]) throws -> String {
    let result = try cem.run(["report", "--out", "-"] + arguments)
    try #require(result.status == 0, "\(arguments) \(result.errors)")
    return result.output
  }

  private func objects(_ cem: CommandProcess, _ line: String) throws -> [[String: Any]] {
    let result = try cem.run(line.split(separator: " ").map(String.init) + ["--json"])
    return try #require(try result.json() as? [[String: Any]], "\(line) \(result.errors)")
  }

  /// The lines of a table of a report as CSV, without its head.
  private func lines(
    _ cem: CommandProcess, _ table: String, _ arguments: String...
  ) throws -> [String] {
    let file = cem.home.appending(path: "t.zip").path()
    let written = try cem.run(["report", "--csv", "--out", file] + arguments)
    try #require(written.status == 0, "\(written.errors)")
    let text = try cem.shell("unzip -p '\(file)' \(table).csv").output
    return text.split(whereSeparator: \.isNewline).dropFirst().map(String.init)
  }

  /// Whatever holds of every such page: its links lead somewhere, and its figures are those of `explain`.
  @discardableResult
  private func check(
    _ html: String, _ cem: CommandProcess, _ moment: [String] = []
  ) throws -> ReportDocument {
    let document = try ReportDocument(html)
    #expect(Set(document.ids).count == document.ids.count, "an id twice")
    for link in document.links {
      #expect(document.ids.contains(String(link.dropFirst())), "\(link) leads nowhere")
    }
    #expect(document.described == document.pictures)
    #expect(!document.text.contains("{"), "a value was not put in its place")
    for (shown, values) in document.figures {
      let words = ["explain", shown.figure] + (shown.department.map { [$0] } ?? []) + ["--json"]
      let result = try cem.run(words + moment)
      // A retired department has no state that explain would show.
      guard result.status == 0 else { continue }
      let value = (try result.json() as? [String: Any])?["value"]
      #expect(values == [value.map { $0 is NSNull ? "" : "\($0)" } ?? "?"], "\(shown)")
    }
    return document
  }

  @Test("A department's report has what concerns it, with the program's levels beside it")
  func ofDepartment() throws {
    try CommandProcess.withSample { cem throws in
      let gaps = try objects(cem, "gap list --state open --limit 1000")
      let titles = Dictionary(grouping: gaps) { $0["department"] as? String ?? "" }
        .mapValues { Set($0.compactMap { $0["title"] as? String }) }
      for moment in [[], ["--period", "2025"], ["--as-of", "300"]] {
        let html = try page(cem, ["--department", "cra-arc"] + moment)
        let document = try check(html, cem, moment)
        #expect(html.contains("<h1>Canada Revenue Agency</h1>"))
        #expect(html.contains("<title>Canada Revenue Agency – Sample – "))
        #expect(document.figures.keys.contains(.init(figure: "medianLevel", department: nil)))
        let departments = Set(document.figures.keys.compactMap(\.department))
        #expect(departments == ["cra-arc"])
      }
      let text = try ReportDocument(page(cem, ["--department", "cra-arc"])).text
      let own = try #require(titles["cra-arc"])
      for title in own { #expect(text.contains(title)) }
      for (code, others) in titles where code != "cra-arc" {
        for title in others.subtracting(own) { #expect(!text.contains(title), "\(code) \(title)") }
      }
      for table in ["departments", "gaps", "approvals", "standards", "level-changes", "changes"] {
        let rows = try lines(cem, table, "--department", "cra-arc", "--since", "200")
        #expect(!rows.isEmpty && rows.allSatisfy { $0.contains("cra-arc") }, "\(table) \(rows)")
      }
      let whole = try lines(cem, "gaps").filter { $0.contains(",cra-arc,") }
      #expect(try lines(cem, "gaps", "--department", "cra-arc") == whole)
    }
  }

  @Test("A retired department has its report, an unknown one a near name, a voided one none")
  func whichDepartment() throws {
    try CommandProcess.withSample { cem throws in
      let document = try check(page(cem, ["--department", "lab-east"]), cem)
      #expect(document.text.contains("retired on 2026-06-03"))
      #expect(document.figures.keys.contains(.init(figure: "level", department: "lab-east")))
      for (typed, hint) in [
        ("cra", "did you mean cra-arc?"), ("cra-acr", "did you mean cra-arc?"),
        ("nothing-like-it", "cem department list"),
      ] {
        let result = try cem("report", "--department", typed, "--out", "-")
        #expect(result.status == 66 && result.output.isEmpty)
        #expect(result.errors.contains("there is no department \(typed)"))
        #expect(result.errors.contains(hint), "\(result.errors)")
      }
      #expect(try cem("report", "--department", "A B", "--out", "-").status == 65)
      try #require(try cem("department", "register", "wrong", "--name", "W").status == 0)
      try #require(try cem("department", "void", "wrong", "--reason", "typed").status == 0)
      #expect(try cem("report", "--department", "wrong", "--out", "-").status == 66)
      // What was not registered yet was not there.
      let early = try cem("report", "--department", "lab", "--out", "-", "--as-of", "100")
      #expect(early.status == 66)
    }
  }

  @Test("They are made again by what they say of themselves", arguments: Language.allCases)
  func again(language: Language) throws {
    try CommandProcess.withSample { cem throws in
      var elsewhere = cem
      elsewhere.environment["TZ"] = "Asia/Tokyo"
      for scope in [
        ["--department", "cic"], ["--summary"], ["--summary", "--department", "cic"],
      ] {
        let first = try page(cem, scope + ["--since", "300", "--lang", language.rawValue])
        let text = try check(first, cem).text
        let start = try #require(text.range(of: "cem report --program"))
        let command = text[start.lowerBound...].prefix { $0 != "\n" }
          .split(separator: " ").dropFirst(2).map(String.init).prefix { $0 != "FILE" }
        try #require(try cem("note", "INI-1", "--text", "later").status == 0)
        #expect(try elsewhere.run(["report"] + command + ["-"]).output == first, "\(command)")
        let file = cem.home.appending(path: "r.xlsx").path()
        let books = try (0..<2).map { _ in
          let written = try elsewhere.run(["report"] + command.dropLast() + ["--out", file])
          #expect(written.status == 0, "\(written.errors)")
          return try Data(contentsOf: URL(filePath: file))
        }
        #expect(books[0] == books[1])
      }
    }
  }

  @Test("A board's page has the parts of the whole: what moved, decisions, risks, money, standards")
  func summary() throws {
    try CommandProcess.withSample { cem throws in
      let document = try check(page(cem, ["--summary"]), cem)
      #expect(document.figures.count > 8)
      let agenda = try objects(cem, "agenda --limit 1000")
      let decisions = agenda.filter { item in
        let (kind, ref) = (item["kind"] as? String ?? "", item["ref"] as? String ?? "")
        return ["unsupported", "to-assess", "to-approve"].contains(kind)
          || kind == "to-review" && ref.hasPrefix("GAP-")
      }
      #expect(try lines(cem, "agenda", "--summary").count == decisions.count)
      #expect(decisions.count == 5)
      let initiatives = try objects(cem, "initiative list --limit 1000").filter { row in
        !["completed", "cancelled"].contains(row["state"] as? String ?? "")
          && (["red", "amber"].contains(row["rag"] as? String ?? "")
            || row["due"] as? String ?? "9" < Date.now.formatted(.iso8601.year().month().day()))
      }
      let atRisk = try lines(cem, "initiatives", "--summary")
      #expect(atRisk.count == initiatives.count && atRisk.count > 8)
      #expect(document.text.contains("8 of \(atRisk.count) are shown"))
      for table in ["budgets", "pilots"] {
        #expect(try lines(cem, table, "--summary") == lines(cem, table))
      }
      let missed = try lines(cem, "standards").filter { $0.contains(",missed,") }
      #expect(try lines(cem, "standards", "--summary") == missed && missed.count > 1)
      // What moved in a period is what its two ends differ by.
      let moved = try lines(cem, "moved", "--summary", "--period", "2025")
      let levels = moved.filter { $0.hasPrefix("Level,") }.map {
        $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      }
      let ends = try ["2024", "2025"].map { year in
        try objects(cem, "status --period \(year)").reduce(into: [String: String]()) {
          levels, row in
          levels[row["department"] as? String ?? ""] = row["level"].map { "\($0)" }
        }
      }
      let differ = ends[1].filter { code, level in
        level != (ends[0][code] ?? "<null>") && ends[0][code] != nil
      }
      #expect(levels.count >= differ.count && differ.count > 3)
      for level in levels where differ[level[1]] != nil {
        #expect(level[4] == differ[level[1]], "\(level)")
      }
      let closed = try objects(cem, "gap list --state closed --period 2025 --limit 1000")
        .filter { ($0["stateSince"] as? String ?? "") > "2024-12-31" }
      #expect(moved.contains { $0.hasPrefix("Gaps closed,,\(closed.count),") }, "\(moved)")
      #expect(try !lines(cem, "figures", "--summary").isEmpty)
    }
  }

  @Test("The parts that may be long are cut, and say how many more there are and what lists them")
  func bounded() throws {
    let cem = try CommandProcess(database: TestDatabase.current.conninfo())
    defer { cem.remove() }
    var rows = [
      #"{"command":"department.register","code":"ssc","name":"SSC"}"#,
      #"{"command":"segment.define","code":"all","name":"All"}"#,
      #"{"command":"touchpoint.map","department":"ssc","name":"Desk","ref":"@t"}"#,
    ]
    for number in 1...40 {
      rows += [
        #"{"command":"standard.set","touchpoint":"@t","metric":"M\#(number)","target":"100","from":"2024-01-01","ref":"@s\#(number)"}"#,
        #"{"command":"standard.measure","standard":"@s\#(number)","period":"2024-Q1","value":"50"}"#,
        #"{"command":"standard.measure","standard":"@s\#(number)","period":"2024-04","value":"\#(number * 3)"}"#,
        #"{"command":"insight.record","question":"emotions","finding":"F\#(number).","segment":"all","plane":"usage"}"#,
        #"{"command":"initiative.open","department":"ssc","title":"I\#(number)","step":"1","due":"2024-06-01"}"#,
      ]
    }
    let file = cem.home.appending(path: "rows.ndjson")
    try rows.enumerated().map { index, row in
      row.dropLast() + #","key":"\#(index)","on":"2024-05-01"}"#
    }.joined(separator: "\n").write(to: file, atomically: true, encoding: .utf8)
    try #require(
      try cem("init", "--program", "acme", "--name", "Acme", "--on", "2024-01-01").status == 0)
    let imported = try cem("import", file.path())
    try #require(imported.status == 0, "\(imported.errors)")
    let whole = try check(page(cem, []), cem).text
    #expect(whole.contains("15 of 40 are shown; all of them: cem standard list"))
    #expect(whole.contains("10 of 40 are shown; all of them: cem insight list"))
    #expect(whole.contains("Kept: 7, missed: 33, not judged: 0."))
    #expect(whole.contains("better 24, worse 16, the same 0"))
    let summary = try check(page(cem, ["--summary"]), cem).text
    #expect(summary.contains("5 of 33 are shown; all of them: cem standard list --state missed"))
    #expect(summary.contains("8 of 40 are shown"))
    // The worst first, and each of the commands named is one.
    let first = try #require(whole.range(of: "M1 "))
    #expect(whole.range(of: "M2 ").map { first.lowerBound < $0.lowerBound } ?? false)
    #expect(!whole.contains("M40 "))
    for command in [
      "standard list --state missed --department ssc", "insight list --department ssc",
    ] {
      #expect(try cem.run(command.split(separator: " ").map(String.init)).status == 0)
    }
    let own = try check(page(cem, ["--department", "ssc", "--summary"]), cem).text
    #expect(own.contains("all of them: cem standard list --state missed --department ssc"))
  }
}
