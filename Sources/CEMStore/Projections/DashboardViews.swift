import Postgres

/// Dashboards' views that came with a version of a projection, after the migrations' own.
enum DashboardViews {
  /// The insights, with what customers do and feel.
  static let insights: [SQL] =
    [
      """
      CREATE OR REPLACE VIEW cem_bi.fact_insight WITH (security_barrier) AS \
      SELECT i.program_id, p.slug AS program, i.insight, 'INS-' || i.insight AS ref, i.question, i.finding, \
      i.segment, i.plane, i.department, i.touchpoint, i.stage, i.module, i.evidence, i.source, i.owner, \
      i.recorded_on, i.external, i.outcome, i.share, i.peak \
      FROM \(InsightRegister.table.relation) i JOIN cem.program p USING (program_id) WHERE NOT i.voided
      """
    ]
    + comments(
      "fact_insight",
      [
        "outcome": "What customers do there (JourneyOutcome); NULL where it does not say",
        "share": "The share of customers who do; NULL where it is not known",
        "peak": "The peak feeling that it tells of (PeakFeeling); NULL where it tells of none",
      ])

  private static func comments(_ view: String, _ columns: KeyValuePairs<String, String>) -> [SQL] {
    columns.map { column, text in
      "COMMENT ON COLUMN cem_bi.\(identifier: view).\(identifier: column) IS '\(unsafeSQL: text)'"
    }
  }
}
