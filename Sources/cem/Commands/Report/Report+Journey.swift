import CEMDomain
import CEMStore

extension Report {
  /// Whether a journey can be shown: it leads by touchpoints.
  var hasJourney: Bool { journey.contains { $0.touchpoints > 0 } }

  /// The customer's journey, a row a stage.
  var journeyTable: ReportTable {
    ReportTable(
      "journey", Words.say("Customer journey"), hasJourney ? journey : [],
      [
        ReportField("journeyStage") { Datum($0.stage) },
        ReportField("touchpoints", numeric: true) { Datum($0.touchpoints) },
        ReportField("momentsOfTruth", numeric: true) { Datum($0.momentsOfTruth) },
        ReportField("planShare", share: true) { Datum($0.planShare) },
        ReportField("standards", numeric: true) { Datum($0.standards) },
        ReportField("standardsMissed", numeric: true) { Datum($0.standardsMissed) },
        ReportField("openGaps", numeric: true) { Datum($0.openGaps) },
        ReportField("insights", numeric: true) { Datum($0.insights) },
        ReportField("leaves", numeric: true) { Datum($0.leaves) },
        ReportField("leavingShare", share: true) { Datum($0.leavingShare) },
        ReportField("stays", numeric: true) { Datum($0.stays) },
        ReportField("goodPeaks", numeric: true) { Datum($0.goodPeaks) },
        ReportField("badPeaks", numeric: true) { Datum($0.badPeaks) },
      ])
  }
}

extension ReportPage {
  private static let journeyNote =
    "Leaves, stays and peaks count the insights that say so; the share is the largest of customers that one of them says leave."

  /// The customer's journey, where there are touchpoints.
  var journey: Markup {
    get throws {
      guard report.hasJourney else { return .empty }
      return section(
        "journey", say("Customer journey"),
        [
          table(report.journeyTable),
          Markup("p", ["class": "note"], try source("journey", say(Self.journeyNote))),
        ])
    }
  }
}
