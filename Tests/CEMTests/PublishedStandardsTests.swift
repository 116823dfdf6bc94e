import CEMDomain
import CEMStore
import CEMTestSupport
import Foundation
import Testing

@testable import cem

/// Canada's published service standards: an older issue of the file, then a newer one over it, by the script
/// and the built program. Every figure that is claimed of the exercise is an assertion here.
@Suite(
  "§5: published service standards, two issues of them", .database(.migrated),
  .enabled(
    if: PublishedData.folder != nil,
    "CEM_TEST_DATA names no folder with service-standards-2023-24.csv"))
struct PublishedStandardsTests {
  /// A published row with the line on which it begins.
  private struct Row {
    var line: Int
    var cells: [String: String]

    subscript(column: String) -> String { cells[column] ?? "" }

    /// What `standard list` calls `external`.
    var external: String {
      "gcsi-standard:"
        + ["service_id", "service_standard_id"].map { column in
          self[column].replacingOccurrences(of: " ", with: "_")
        }.joined(separator: "/")
    }
  }

  /// The rows of an issue, read by nothing that the exercise uses but the CSV reader itself.
  private func rows(_ file: String) throws -> [Row] {
    var chunk = Array(try Data(contentsOf: URL(filePath: "\(PublishedData.folder ?? "")/\(file)")))
    var reader = try RecordReader(.csv) {
      defer { chunk = [] }
      return chunk
    }
    let header = try #require(try reader.next()).fields.get()
    var rows: [Row] = []
    while let record = try reader.next() {
      rows.append(
        Row(
          line: record.line,
          cells: Dictionary(uniqueKeysWithValues: zip(header, try record.fields.get()))))
    }
    return rows
  }

  /// Of rows with one id the last, which the file itself means to say.
  private func distinct(_ rows: [Row]) -> [String: Row] {
    Dictionary(rows.map { ($0.external, $0) }, uniquingKeysWith: { $1 })
  }

  /// Turns an issue into commands, imports them, and gives what was reported and what came of it.
  private func take(
    _ cem: CommandProcess, _ script: String, _ options: String
  ) throws -> (reports: [String], outcome: [String: Any]) {
    let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
      .standardized
    let reports = cem.home.appending(path: "reports")
    let result = try cem.shell(
      "cd '\(PublishedData.folder ?? "")' && python3 '\(root.path())scripts/sample/from-service-standards.py'"
        + " --standards \(script) 2>'\(reports.path())'"
        + " | \"$CEM\" import - --source standards --json \(options)")
    try #require(result.status == 0, "\(result.errors)")
    return (
      try String(contentsOf: reports, encoding: .utf8).split(separator: "\n").map(String.init),
      try #require(try result.json() as? [String: Any])
    )
  }

  /// The cells of the rows that count that are no figure: `NA`, `ND`, empty, a share above 1, no number.
  private func unusable(_ rows: [String: Row]) -> Set<String> {
    Set(
      rows.values.flatMap { row in
        ["target", "performance", "total_volume"].filter { column in
          guard let value = Decimal(string: row[column], locale: nil),
            row[column].allSatisfy({ $0.isNumber || $0 == "." || $0 == "-" })
          else { return true }
          return column != "total_volume" && (value < 0 || value > 1)
        }.map { "line \(row.line): \($0)" }
      })
  }

  private func checkReports(_ reports: [String], _ rows: [String: Row], twice: Int) throws {
    // Each has its line, its column and the reason.
    for report in reports {
      #expect(
        report.wholeMatch(
          of: /line \d+: (target|performance|total_volume|service_standard_id)[ :].+/) != nil,
        "\(report)")
    }
    let left = reports.filter { $0.contains("left out") }.compactMap { report in
      report.firstMatch(of: /line \d+: \w+/).map { String($0.0) }
    }
    #expect(Set(left) == unusable(rows))
    #expect(left.count == Set(left).count)
    #expect(reports.count { $0.contains("this later row counts") } == twice)
  }

  @Test("A newer issue over an older one: 23 new, 16 gone, 48 changed, 16 of them in a figure")
  func aNewerIssueOverAnOlderOne() throws {
    let cem = try CommandProcess(database: TestDatabase.current.conninfo())
    defer { cem.remove() }
    let founded = try cem(
      "init", "--program", "canada", "--name", "Canada", "--fiscal-year-start", "4", "--on",
      "2022-01-01")
    try #require(founded.status == 0, "\(founded.errors)")
    let (published, now) = (try rows(PublishedData.older), try rows(PublishedData.newer))
    let (before, after) = (distinct(published), distinct(now))
    #expect(published.count == 2_341)
    #expect(before.count == 2_336)
    #expect(now.count == 2_343)
    #expect(after.count == 2_343)

    let first = try take(cem, PublishedData.older, "")
    try checkReports(first.reports, before, twice: 5)
    #expect(first.outcome["refused"] as? Int == 0)
    #expect(try list(cem("standard", "list", "--json=ref")).count == 2_336)
    let position = try #require(first.outcome["treeSize"] as? Int)

    let second = try take(
      cem, "\(PublishedData.newer) --previous \(PublishedData.older)", "--revise")
    try checkReports(second.reports, after, twice: 5)
    #expect(second.outcome["refused"] as? Int == 0)
    try checkDifference(cem, since: position, before, after)
    try checkBreaches(cem, before, after)
    let again = try take(
      cem, "\(PublishedData.newer) --previous \(PublishedData.older)", "--revise")
    #expect(again.outcome["events"] as? Int == 0)
    #expect(try cem("audit", "verify").status == 0)
    #expect(try cem("projection", "verify").status == 0)
  }

  /// `diff` between the two moments names exactly what the two files differ in.
  private func checkDifference(
    _ cem: CommandProcess, since position: Int, _ before: [String: Row], _ after: [String: Row]
  ) throws {
    let diff = try #require(
      try cem("diff", "\(position)", "now", "--json").json() as? [String: Any])
    var things: [String: [String: Any]] = [:]
    for part in diff["departments"] as? [[String: Any]] ?? [] {
      for thing in part["things"] as? [[String: Any]] ?? [] {
        things[try #require(thing["stream"] as? String)] = thing
      }
    }
    func streams(_ noun: String, _ kind: String) -> Set<String> {
      Set(
        things.filter { $0.key.hasPrefix(noun + "/") && $0.value["kind"] as? String == kind }.keys)
    }
    var externals: [String: String] = [:]
    for row in try list(cem("standard", "list", "--json=ref,external")) {
      let number = (row["ref"] as? String)?.dropFirst(4) ?? ""
      externals["standard/\(number)"] = row["external"] as? String
    }
    func named(_ kind: String) -> Set<String> {
      Set(streams("standard", kind).compactMap { externals[$0] })
    }
    #expect(named("new") == Set(after.keys).subtracting(before.keys))
    #expect(named("new").count == 23)
    #expect(named("retired") == Set(before.keys).subtracting(after.keys))
    #expect(named("retired").count == 16)
    let figures = ["target", "performance", "total_volume", "target_met"]
    let common = before.filter { after[$0.key] != nil }
    let inFigures = common.filter { key, row in figures.contains { row[$0] != after[key]?[$0] } }
    #expect(named("changed") == Set(inFigures.keys))
    #expect(named("changed").count == 16)
    for stream in streams("standard", "changed") {
      let fields = (things[stream]?["changes"] as? [[String: Any]] ?? [])
        .compactMap { $0["field"] as? String }
      #expect(
        fields.contains { $0.wholeMatch(of: /measurements\.FY\d+\.(value|volume|verdict)/) != nil },
        "\(stream): \(fields)")
      #expect(!fields.contains { $0.hasPrefix("previous") || $0 == "measurements" }, "\(fields)")
    }
    // What else differs between the files is the name of one department, which stands in each of its rows.
    #expect(streams("department", "changed") == ["department/infc"])
    #expect(streams("department", "new") == ["department/cnsc-ccsn"])
    #expect(streams("touchpoint", "new").count == 23)
    #expect(streams("touchpoint", "retired").count == 16)
    #expect(streams("touchpoint", "changed").count == 1)
    let differing = common.filter { key, row in row.cells != after[key]?.cells }
    #expect(differing.count == 48)
    #expect(
      Set(differing.keys)
        == named("changed").union(common.filter { $0.value["owner_org"] == "infc" }.keys))
    let kinds = Set(things.values.compactMap { $0["kind"] as? String })
    #expect(kinds == ["new", "retired", "changed"])
  }

  /// 470 of the 1,790 standards with both figures are missed; a department's become gaps in one command.
  private func checkBreaches(
    _ cem: CommandProcess, _ before: [String: Row], _ after: [String: Row]
  ) throws {
    let states = try list(cem("standard", "list", "--json=state,external,value"))
    func externals(_ state: String) -> Set<String> {
      Set(
        states.filter { $0["state"] as? String == state }.compactMap { $0["external"] as? String })
    }
    let missed = after.filter { $0.value["target_met"] == "N" }
    #expect(externals("missed") == Set(missed.keys))
    #expect(externals("missed").count == 470)
    // 1,790 have both figures as numbers; where one is no share it was reported, and nothing is judged.
    let numeric = after.values.filter { row in
      ["target", "performance"].allSatisfy { Decimal(string: row[$0]) != nil }
    }
    #expect(numeric.count == 1_790)
    let shares = numeric.filter { row in
      ["target", "performance"].allSatisfy { (0...1).contains(Decimal(string: row[$0]) ?? -1) }
    }
    #expect(externals("missed").count + externals("met").count == shares.count)
    #expect(numeric.count - shares.count == 5)
    #expect(externals("retired").count == 16)
    // Nothing that was unusable is silently zero.
    let zeros = states.filter { ($0["value"] as? NSNumber)?.doubleValue == 0 }
      .compactMap { $0["external"] as? String }
    for external in zeros where externals("retired").contains(external) == false {
      #expect(Decimal(string: after[external]?["performance"] ?? "") == 0, "\(external)")
    }
    let breaches = ["standard", "breaches", "--measured", "FY2024", "--json=breach"]
    // What was missed stays missed where the standard is gone.
    let gone = before.filter { after[$0.key] == nil && $0.value["target_met"] == "N" }
    #expect(gone.count == 1)
    #expect(try list(cem(breaches)).count == 470 + gone.count)
    let transport = missed.filter { $0.value["owner_org"] == "tc" }
    #expect(transport.count == 83)
    let gaps = try list(cem("gap", "record", "--all-breaches", "tc", "--json"))
    #expect(gaps.count == transport.count)
    #expect(try list(cem("gap", "record", "--all-breaches", "tc", "--json")).isEmpty)
    let recorded = try list(cem("gap", "list", "--json=department,link,expected,perceived,unit"))
    #expect(recorded.count == transport.count)
    let figures = recorded.map { "\($0["expected"] ?? "") \($0["perceived"] ?? "")" }.sorted()
    let published = try transport.values.map { row in
      // As exact decimals are written as JSON numbers, and read back.
      let numbers = [row["target"], row["performance"]].map { Decimal(string: $0) ?? -1 }
      let json =
        try JSONSerialization.jsonObject(
          with: Data("[\(numbers[0]),\(numbers[1])]".utf8)) as? [NSNumber]
      return "\(json?[0] ?? -1) \(json?[1] ?? -1)"
    }.sorted()
    #expect(figures == published)
    #expect(
      recorded.allSatisfy {
        $0["link"] as? String == "training-execution" && $0["unit"] as? String == "share"
      })
    #expect(try list(cem(breaches + ["--unrecorded"])).count == 470 + gone.count - 83)
  }
}

/// The two issues of the file, where `CEM_TEST_DATA` names them.
private enum PublishedData {
  static let older = "service-standards-2023-24-snapshot-2025-03-01.csv"
  static let newer = "service-standards-2023-24.csv"
  static let folder = ProcessInfo.processInfo.environment["CEM_TEST_DATA"].flatMap { folder in
    FileManager.default.fileExists(atPath: "\(folder)/\(newer)") ? folder : nil
  }
}
