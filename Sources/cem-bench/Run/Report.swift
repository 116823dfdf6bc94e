import Foundation

/// All that was measured, as a table and as JSON.
struct Report {
  /// About the machine and the run: name and words.
  var facts: [(name: String, value: String)] = []
  var outcomes: [Outcome] = []

  private var byName: [String: Outcome] {
    Dictionary(outcomes.map { ($0.name, $0) }) { first, _ in first }
  }

  var verdicts: [Verdict] {
    let outcomes = byName
    return Target.all.map { Verdict($0, outcomes) }
  }

  // MARK: For people

  /// The table: first what has a target, then everything that was measured.
  var text: String {
    var lines = facts.map { "\($0.name): \($0.value)" }
    lines.append("")
    let header = ["what", "ours", "beside", "theirs", "ratio", "target", ""]
    lines += table([header] + verdicts.map(cells))
    lines.append("")
    let second = ["measured", "median", "lowest", "highest", "p50 ms", "p99 ms", "rounds"]
    lines += table([second] + outcomes.map(cells))
    return lines.joined(separator: "\n")
  }

  /// What has a target, and the facts of the run, as a page shows them.
  var markdown: String {
    let header = ["", "ours", "beside", "theirs", "ratio", "target", ""]
    let rows = [header, header.map { _ in "---" }] + verdicts.map(cells)
    return rows.map { "| \($0.joined(separator: " | ")) |" }.joined(separator: "\n") + "\n\n"
      + facts.map { "- \($0.name): \($0.value)" }.joined(separator: "\n")
  }

  private func cells(_ verdict: Verdict) -> [String] {
    let target = verdict.target
    var ratio = ""
    if target.peer != nil { ratio = verdict.figure.map(format) ?? "–" }
    let end: String
    switch verdict.isMet {
    case true?: end = "met"
    case false?: end = "NOT MET"
    case nil: end = "not measured: \(verdict.unavailable ?? "")"
    }
    return [
      verdict.ours?.title ?? target.ours, figure(verdict.ours),
      verdict.peer?.title ?? target.peer ?? "", figure(verdict.peer), ratio, target.bound.text, end,
    ]
  }

  private func cells(_ outcome: Outcome) -> [String] {
    let trouble = outcome.failure ?? outcome.unavailable
    let percentiles = [outcome.rounds.compactMap(\.p50), outcome.rounds.compactMap(\.p99)]
    return [
      outcome.title, figure(outcome), outcome.lowest.map(format) ?? "",
      outcome.highest.map(format) ?? "", percentiles[0].median.map(format) ?? "",
      percentiles[1].median.map(format) ?? "",
      trouble.map { String($0.prefix(100)) } ?? "\(outcome.rounds.count)",
    ]
  }

  private func figure(_ outcome: Outcome?) -> String {
    guard let outcome else { return "" }
    return outcome.median.map { "\(format($0)) \(outcome.quantity.rawValue)" } ?? "–"
  }

  private func table(_ rows: [[String]]) -> [String] {
    guard let header = rows.first else { return [] }
    let widths = header.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        // Figures are aligned at their ends, words at their beginnings.
        line += (cell.first?.isNumber == true ? padding + cell : cell + padding) + "  "
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  // MARK: For programs

  func json() throws -> String {
    let object: [String: Any] = [
      "facts": Dictionary(facts.map { ($0.name, $0.value) }) { first, _ in first },
      "targets": verdicts.map(Report.object),
      "measured": outcomes.map(Report.object),
    ]
    let data = try JSONSerialization.data(
      withJSONObject: object, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
    return String(decoding: data, as: UTF8.self)
  }

  private static func object(_ verdict: Verdict) -> [String: Any] {
    var object: [String: Any] = ["name": verdict.target.name, "ours": verdict.target.ours]
    object["peer"] = verdict.target.peer
    switch verdict.target.bound {
    case .atLeast(let bound): object["atLeast"] = bound
    case .atMost(let bound): object["atMost"] = bound
    }
    object["figure"] = verdict.figure ?? NSNull()
    object["met"] = verdict.isMet ?? NSNull()
    object["unavailable"] = verdict.unavailable
    object["failure"] = verdict.failure
    return object
  }

  private static func object(_ outcome: Outcome) -> [String: Any] {
    var object: [String: Any] = [
      "name": outcome.name, "title": outcome.title, "unit": outcome.quantity.rawValue,
      "median": outcome.median ?? NSNull(),
      "rounds": outcome.rounds.map { sample in
        var object: [String: Any] = [
          "value": sample.value, "count": sample.count, "seconds": sample.seconds,
        ]
        object["p50"] = sample.p50
        object["p99"] = sample.p99
        return object
      },
    ]
    object["unavailable"] = outcome.unavailable
    object["failure"] = outcome.failure
    return object
  }
}
