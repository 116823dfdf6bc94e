import CEMDomain
import CEMTestSupport
import Foundation
import Postgres
import Testing

@testable import CEMStore

/// The ready dashboards of `scripts/dashboards`: every statement in them is run over the sample program by
/// a login that reads dashboards and does nothing else.
@Suite("Ready dashboards", .database(.migrated)) struct DashboardQueryTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../scripts/dashboards").standardized

  /// The sample program, to a login of dashboards.
  private func sample() throws -> Connection {
    let program = try TestProgram(slug: "sample", on: "2023-04-01", fiscalYearStart: 4)
    let file = Self.folder.appending(path: "../sample/program.ndjson").standardized
    let bytes = Array(try Data(contentsOf: file))
    var reader = try RowReader(.ndjson, read: chunks(bytes, of: 65_536))
    let outcome = try Importer(program.store, source: "program.ndjson", options: .init())
      .run(&reader)
    #expect(outcome.recorded > 300)
    return try TestDatabase.current.connect(user: "reader")
  }

  private func files(_ path: String, _ ending: String) throws -> [(name: String, text: String)] {
    let folder = Self.folder.appending(path: path)
    return try FileManager.default.contentsOfDirectory(atPath: folder.path())
      .filter { $0.hasSuffix(ending) }.sorted()
      .map { ($0, try String(contentsOf: folder.appending(path: $0), encoding: .utf8)) }
  }

  // MARK: Grafana

  /// A statement with Grafana's macros and the dashboard's variables in it as Grafana expands them.
  private func expanded(_ statement: String, departments: [String], language: String) -> String {
    var text = statement.replacing(/\$__timeFilter\(([^)]+)\)/) { match in
      "\(match.1) BETWEEN '2024-01-01T00:00:00Z' AND '2026-11-01T00:00:00Z'"
    }
    for (variable, values) in [
      ("program", ["sample"]), ("department", departments), ("language", [language]),
    ] {
      let list = values.map { "'\($0)'" }.joined(separator: ",")
      text = text.replacingOccurrences(of: "${\(variable):sqlstring}", with: list)
    }
    return text
  }

  @Test("Every panel and variable of the Grafana dashboard has rows", arguments: ["en", "zh"])
  func grafana(language: String) throws {
    let reader = try sample()
    let (_, text) = try #require(try files("grafana/dashboards", ".json").first)
    let dashboard = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let departments = try reader.query("SELECT department FROM cem_bi.dim_department")
      .decode(String.self)
    let templating = try #require(dashboard["templating"] as? [String: Any])
    var statements: [(String, String)] = []
    for variable in templating["list"] as? [[String: Any]] ?? []
    where variable["type"] as? String == "query" {
      statements.append((variable["name"] as? String ?? "", variable["query"] as? String ?? ""))
    }
    #expect(statements.count == 2)
    for panel in dashboard["panels"] as? [[String: Any]] ?? [] {
      for target in panel["targets"] as? [[String: Any]] ?? [] {
        statements.append((panel["title"] as? String ?? "", target["rawSql"] as? String ?? ""))
      }
    }
    #expect(statements.count > 12)
    for (title, statement) in statements {
      let sql = expanded(statement, departments: departments, language: language)
      #expect(!sql.contains("$"), "\(title) has a macro that is not known here")
      let rows = try reader.query(SQL(unsafe: sql))
      #expect(rows.count > 0, "\(title)")
      // A chosen department alone must do as well.
      let one = expanded(statement, departments: ["cra-arc"], language: language)
      _ = try reader.query(SQL(unsafe: one))
    }
  }

  // MARK: Superset

  /// The value of a key in a file of the bundle, whose YAML is of one simple form.
  private func values(_ key: String, in text: String) -> [String] {
    text.split(separator: "\n").compactMap { line in
      let trimmed = line.drop { $0 == " " || $0 == "-" }
      guard trimmed.hasPrefix("\(key): ") else { return nil }
      let value = trimmed.dropFirst(key.count + 2)
      return value.hasPrefix("'")
        ? String(value.dropFirst().dropLast()).replacing("''", with: "'") : String(value)
    }
  }

  /// The text of a block that begins with `sql: |`.
  private func statement(in text: String) -> String {
    var lines: [Substring] = []
    var isInside = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if isInside, !line.hasPrefix("  ") { break }
      if isInside { lines.append(line.dropFirst(2)) }
      if line == "sql: |" { isInside = true }
    }
    return lines.joined(separator: "\n")
  }

  @Test("Every dataset of the Superset bundle has rows, and the columns and figures that it names")
  func superset() throws {
    let reader = try sample()
    let datasets = try files("superset/datasets/cem", ".yaml")
    #expect(datasets.count > 7)
    for (name, text) in datasets {
      let sql = statement(in: text)
      #expect(sql.hasPrefix("SELECT"), "\(name)")
      let columns = values("column_name", in: text)
      let expressions = values("expression", in: text).filter { $0 != "null" }
      #expect(!columns.isEmpty && !expressions.isEmpty, "\(name)")
      for language in ["en", "uk", "ru", "zh"] {
        let dataset = sql.replacing("language = 'en'", with: "language = '\(language)'")
        let list = columns.map { "t.\"\($0)\"" }.joined(separator: ", ")
        let rows = try reader.query(SQL(unsafe: "SELECT \(list) FROM (\(dataset)) t"))
        #expect(rows.count > 0, "\(name)")
      }
      for expression in expressions {
        let figure = try reader.query(SQL(unsafe: "SELECT (\(expression))::text FROM (\(sql)) t"))
          .one(String?.self)
        #expect(figure != nil, "\(name): \(expression)")
      }
    }
  }

  @Test("Every chart of the bundle is on its dashboard, and of a dataset of the bundle")
  func bundle() throws {
    let datasets = try files("superset/datasets/cem", ".yaml").flatMap {
      values("uuid", in: $0.text)
    }
    let charts = try files("superset/charts", ".yaml")
    let dashboard = try #require(try files("superset/dashboards", ".yaml").first).text
    #expect(charts.count > 10)
    for (name, text) in charts {
      let uuid = try #require(values("uuid", in: text).first)
      #expect(dashboard.contains(uuid), "\(name)")
      let dataset = try #require(values("dataset_uuid", in: text).first)
      #expect(datasets.contains(dataset), "\(name)")
    }
  }

  @Test("No secret and no raw id stands in the dashboards") func clean() throws {
    var texts = try files("grafana/dashboards", ".json") + files("superset/charts", ".yaml")
    texts += try files("superset/databases", ".yaml") + files("superset/datasets/cem", ".yaml")
    texts += try files("grafana/provisioning/datasources", ".yaml")
    for (name, text) in texts {
      for value in values("password", in: text) { #expect(value.hasPrefix("$"), "\(name)") }
      #expect(text.firstMatch(of: /:\/\/[^\/\s]*:[^\/\s]*@/) == nil, "\(name)")
    }
    // Columns that hold ids of terms are shown by their names, from dim_term.
    let ids: Set = [
      "link", "state", "stage", "step", "status", "colour", "verdict", "pilot_verdict", "audience",
      "contact_type", "question", "plane", "market", "basis", "method", "department",
    ]
    for (name, text) in try files("superset/datasets/cem", ".yaml") {
      #expect(ids.isDisjoint(with: values("column_name", in: text)), "\(name)")
    }
  }
}
