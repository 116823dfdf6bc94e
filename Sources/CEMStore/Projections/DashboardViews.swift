import CEMDomain
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

  /// The customer's journey, as `cem touchpoint journey` counts it.
  static let journey: [SQL] =
    [
      """
      CREATE OR REPLACE VIEW cem_bi.journey WITH (security_barrier) AS \
      SELECT p.program_id, p.slug AS program, j.department, j.segment, j.stage, \
      coalesce(array_position(ARRAY[\(unsafeSQL: stages)], j.stage), \(unsafeSQL: last)) AS rank, \
      count(j.plan_items)::integer AS touchpoints, \
      count(*) FILTER (WHERE j.moment_of_truth)::integer AS moments_of_truth, \
      coalesce(sum(j.plan_items), 0)::integer AS plan_items, \
      round(sum(j.plan_items)::numeric / nullif(12 * count(j.plan_items), 0), 2) AS plan_share, \
      coalesce(sum(j.standards), 0)::integer AS standards, \
      coalesce(sum(j.standards_missed), 0)::integer AS standards_missed, \
      coalesce(sum(j.open_gaps), 0)::integer AS open_gaps, count(j.insight)::integer AS insights, \
      count(*) FILTER (WHERE j.outcome = 'leaves')::integer AS leaves, \
      max(j.share) FILTER (WHERE j.outcome = 'leaves') AS leaving_share, \
      count(*) FILTER (WHERE j.outcome = 'stays')::integer AS stays, \
      count(*) FILTER (WHERE j.peak = 'good')::integer AS good_peaks, \
      count(*) FILTER (WHERE j.peak = 'bad')::integer AS bad_peaks \
      FROM (\
      SELECT t.program_id, t.department, t.segment, t.stage, t.plan_items, t.moment_of_truth, t.standards, \
      t.standards_missed, t.open_gaps, NULL::integer AS insight, NULL::text AS outcome, \
      NULL::numeric(18, 6) AS share, NULL::text AS peak \
      FROM \(TouchpointScorecard.table.relation) t WHERE NOT t.voided AND t.retired_on IS NULL \
      UNION ALL \
      SELECT i.program_id, coalesce(i.department, t.department), i.segment, coalesce(i.stage, t.stage), \
      NULL AS plan_items, NULL AS moment_of_truth, NULL AS standards, NULL AS standards_missed, \
      NULL AS open_gaps, i.insight, i.outcome, i.share, i.peak \
      FROM \(InsightRegister.table.relation) i LEFT JOIN \(TouchpointScorecard.table.relation) t \
      ON t.program_id = i.program_id AND t.touchpoint = i.touchpoint AND NOT t.voided \
      WHERE NOT i.voided\
      ) AS j JOIN cem.program p USING (program_id) \
      GROUP BY p.program_id, p.slug, j.department, j.segment, j.stage
      """,
      "COMMENT ON VIEW cem_bi.journey IS 'One row a department, segment and stage of the journey with touchpoints in use or insights'",
      "GRANT SELECT ON cem_bi.journey TO cem_office, cem_auditor, cem_reader",
    ]
    + comments(
      "journey",
      [
        "program_id": "The program''s id, which never changes",
        "program": "The program''s short name",
        "department":
          "The department of the touchpoints; of insights the one that they name, else that of their touchpoint; NULL for all",
        "segment": "The segment; NULL for all",
        "stage":
          "Where on their journey customers are (JourneyStage), of an insight without a stage that of its touchpoint; NULL where nobody said",
        "rank": "Its place on the journey from 1, of what has no stage the last",
        "touchpoints": "How many touchpoints are in use",
        "moments_of_truth": "How many of them are moments of truth",
        "plan_items":
          "How many of the twelve items of each contact plan are filled in, all together",
        "plan_share": "The same as a share, to two digits; NULL without touchpoints",
        "standards": "How many service standards they have, without those that were retired",
        "standards_missed": "How many of these were missed when last measured",
        "open_gaps": "How many open gaps name one of them",
        "insights": "How many insights are about it",
        "leaves": "How many of these say that customers leave",
        "leaving_share":
          "The largest share of customers that one of these says leave; NULL where none says",
        "stays": "How many insights say that customers stay",
        "good_peaks": "How many insights tell of a good peak feeling",
        "bad_peaks": "How many insights tell of a bad one",
      ])

  private static let stages = JourneyStage.allCases.map { "'\($0.rawValue)'" }
    .joined(separator: ", ")
  private static let last = String(JourneyStage.allCases.count + 1)

  private static func comments(_ view: String, _ columns: KeyValuePairs<String, String>) -> [SQL] {
    columns.map { column, text in
      "COMMENT ON COLUMN cem_bi.\(identifier: view).\(identifier: column) IS '\(unsafeSQL: text)'"
    }
  }
}
