import CEMDomain
import CEMStore

extension Report {
  /// The service standards in use that were measured, what hurts first: missed by most, then became worse.
  func standards() throws -> [StandardResult] {
    try reader.standardResults(of: scope.department).sorted { $0.hurtsMore(than: $1) }
  }

  func standardTable(_ results: [StandardResult]) -> ReportTable {
    ReportTable(
      "standards", Words.say("Service standards"), results,
      [
        ReportField("ref") { .text($0.record.stream.reference) },
        ReportField("department", link: { place(of: $0.standard.details.department) }) {
          Datum($0.standard.details.department)
        },
        ReportField("touchpoint") { Datum($0.standard.details.touchpoint) },
        ReportField("metric") { Datum($0.standard.details.metric) },
        ReportField("unit") { Datum($0.standard.details.unit) },
        ReportField("period") { Datum($0.standing.measurement.period) },
        ReportField("target", numeric: true) { Datum($0.standing.version?.target) },
        ReportField("value", numeric: true) { Datum($0.standing.measurement.value) },
        ReportField("volume", numeric: true) { Datum($0.standing.measurement.volume) },
        ReportField("verdict") { Datum($0.standing.verdict) },
        ReportField("shortfall", title: "Shortfall", share: true) { result in
          result.standing.isBreach ? Datum(result.standard.shortfall) : .null
        },
        ReportField("before", title: "Before", numeric: true) {
          Datum($0.standard.standingBefore?.measurement.value)
        },
        ReportField("trend", title: "Trend") { result in
          result.standard.trend.map { .text(Words.say($0.phrase)) } ?? .null
        },
      ])
  }

  /// The insights that were recorded meanwhile and count, the latest first.
  var insightTable: ReportTable {
    get throws {
      let own = try scope.department.map { Set(try reader.insights(of: $0).map(\.stream)) }
      let new = changes.diff.things.filter {
        $0.stream.kind == .insight && $0.kind == .new && !$0.record.isVoided
          && (own?.contains($0.stream) ?? true)
      }
      let rows = new.reversed().compactMap { thing -> (record: EntityRecord, insight: Insight)? in
        guard let insight = thing.record.insight else { return nil }
        return (thing.record, insight)
      }
      return ReportTable(
        "insights", Words.say("Insights recorded"), rows,
        [
          ReportField("ref") { .text($0.record.stream.reference) },
          ReportField("on") { .day($0.record.since) },
          ReportField("question") { Datum($0.insight.details.question) },
          ReportField("finding") { Datum($0.insight.details.finding) },
          ReportField("segment") { Datum($0.insight.details.segment) },
          ReportField("touchpoint") { Datum($0.insight.details.touchpoint) },
          ReportField("journeyStage") { Datum($0.insight.details.stage) },
          ReportField("outcome") { Datum($0.insight.details.outcome) },
          ReportField("share", share: true) { Datum($0.insight.details.share) },
          ReportField("peak") { Datum($0.insight.details.peak) },
          ReportField(
            "department", link: { $0.insight.details.department.flatMap { place(of: $0) } }
          ) { Datum($0.insight.details.department) },
          ReportField("source") { Datum($0.insight.details.source) },
        ])
    }
  }
}

extension StandardTrend {
  /// What a report calls it.
  fileprivate var phrase: String {
    switch self {
    case .better: "became better"
    case .worse: "became worse"
    case .same: "stayed the same"
    }
  }
}

extension ReportPage {
  /// How service standards are kept.
  var standards: Markup {
    get throws {
      let results = try report.standards()
      guard !results.isEmpty else { return .empty }
      let department = report.scope.department.map { " --department \($0)" } ?? ""
      return try heading("standardResults", "Service standards") + standardCounts
        + table(
          report.standardTable(results), without: hiddenOfStandards, most: 15,
          all: "cem standard list" + department)
    }
  }

  /// How many there are of each kind, in a sentence.
  var standardCounts: Markup {
    get throws {
      let explanation = try figures.show("standardResults", of: report.scope.department)
      func count(_ member: String) -> String {
        explanation.value.object?[member].map { Datum($0).reading } ?? ""
      }
      let judged = say(
        "Kept: {met}, missed: {missed}, not judged: {unknown}.",
        ["met": count("met"), "missed": count("missed"), "unknown": count("unknown")])
      let compared = say(
        "Against the period before: better {better}, worse {worse}, the same {same}.",
        ["better": count("better"), "worse": count("worse"), "same": count("same")])
      return Markup("p", [:], judged, " ", compared)
    }
  }

  /// The columns that stand in files alone.
  var hiddenOfStandards: Set<String> {
    report.scope.department == nil
      ? ["touchpoint", "unit", "volume"] : ["department", "unit"]
  }
}
