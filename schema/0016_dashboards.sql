-- The dashboards' schema: views of one grain each, with plain types and a comment on every column. They
-- run with their owner's rights, so that whoever reads them needs no right to anything else; those that
-- leave rows out are barriers, lest a condition of the reader's sees such a row first. What was voided or
-- undone is left out of every fact and every count.
CREATE SCHEMA cem_bi;
ALTER SCHEMA cem_bi OWNER TO cem_owner;

SET LOCAL ROLE cem_owner;

COMMENT ON SCHEMA cem_bi IS 'What dashboards read: views over the projections, with stable columns';
REVOKE ALL ON SCHEMA cem_bi FROM PUBLIC;

-- The Mondays, of which department_daily takes one a week.
CREATE INDEX calendar_monday ON cem.calendar (day) WHERE day = week_on;

-- Dimensions

CREATE VIEW cem_bi.dim_program AS
SELECT p.program_id, p.slug AS program, r.name, p.time_zone, r.currency, r.fiscal_year_start,
  r.catalog_version, r.founded_on, (now() AT TIME ZONE p.time_zone)::date AS today
FROM cem.program p LEFT JOIN cem.program_register r USING (program_id);
COMMENT ON VIEW cem_bi.dim_program IS 'One row a program';
COMMENT ON COLUMN cem_bi.dim_program.name IS 'What it is called; NULL where it was erased';
COMMENT ON COLUMN cem_bi.dim_program.time_zone IS 'The IANA time zone in which its days begin and end';
COMMENT ON COLUMN cem_bi.dim_program.currency IS 'Its currency, an ISO 4217 code';
COMMENT ON COLUMN cem_bi.dim_program.fiscal_year_start IS 'The month in which its fiscal year begins, 1 to 12';
COMMENT ON COLUMN cem_bi.dim_program.catalog_version IS 'The version of the catalog of terms that it adopted';
COMMENT ON COLUMN cem_bi.dim_program.founded_on IS 'When it was founded';
COMMENT ON COLUMN cem_bi.dim_program.today IS 'The date in its time zone now';

CREATE VIEW cem_bi.dim_department AS
SELECT s.program_id, p.slug AS program, s.department, s.name, s.lead, l.name AS lead_name,
  s.registered_on AS valid_from, NULL::date AS valid_to, NULL::text AS successor, s.voided AS is_void
FROM cem.department_status s
JOIN cem.program p USING (program_id)
LEFT JOIN cem.person_register l ON l.program_id = s.program_id AND l.person = s.lead;
COMMENT ON VIEW cem_bi.dim_department IS 'One row a department, a voided one included';
COMMENT ON COLUMN cem_bi.dim_department.department IS 'Its code, which is never used again';
COMMENT ON COLUMN cem_bi.dim_department.name IS 'What it is called; NULL where it was erased';
COMMENT ON COLUMN cem_bi.dim_department.lead IS 'The id of the person who leads it';
COMMENT ON COLUMN cem_bi.dim_department.lead_name IS 'The name of that person';
COMMENT ON COLUMN cem_bi.dim_department.valid_from IS 'The day from which it is there';
COMMENT ON COLUMN cem_bi.dim_department.valid_to IS 'The last day on which it is there; NULL while it is';
COMMENT ON COLUMN cem_bi.dim_department.successor IS 'The code of the department that took its place; NULL where none did';
COMMENT ON COLUMN cem_bi.dim_department.is_void IS 'Whether it should never have been registered';

CREATE VIEW cem_bi.dim_person AS
SELECT r.program_id, p.slug AS program, r.person, r.name, r.added_on, r.external, r.voided AS is_void
FROM cem.person_register r JOIN cem.program p USING (program_id);
COMMENT ON VIEW cem_bi.dim_person IS 'One row a person, a voided one included';
COMMENT ON COLUMN cem_bi.dim_person.person IS 'The id by which facts refer to the person';
COMMENT ON COLUMN cem_bi.dim_person.name IS 'The name; NULL where it was erased';
COMMENT ON COLUMN cem_bi.dim_person.added_on IS 'When the person was registered';
COMMENT ON COLUMN cem_bi.dim_person.external IS 'The id in another system, SOURCE:ID';
COMMENT ON COLUMN cem_bi.dim_person.is_void IS 'Whether the person should never have been registered';

CREATE VIEW cem_bi.dim_date AS
SELECT p.program_id, p.slug AS program, c.day,
  extract(isoyear FROM c.day)::integer AS iso_year, extract(week FROM c.day)::integer AS iso_week,
  extract(isodow FROM c.day)::integer AS iso_weekday, c.week_on,
  to_char(c.day, 'IYYY"-W"IW') AS week, extract(year FROM c.day)::integer AS year,
  extract(month FROM c.day)::integer AS month_of_year, c.month_on, to_char(c.day, 'YYYY-MM') AS month,
  extract(quarter FROM c.day)::integer AS quarter_of_year,
  date_trunc('quarter', c.day::timestamp)::date AS quarter_on, to_char(c.day, 'YYYY"-Q"Q') AS quarter,
  f.fiscal_year, f.fiscal_quarter_of_year,
  'FY' || f.fiscal_year AS fiscal_year_name,
  'FY' || f.fiscal_year || '-Q' || f.fiscal_quarter_of_year AS fiscal_quarter,
  c.day <= (now() AT TIME ZONE p.time_zone)::date AS is_past
FROM cem.program p
JOIN cem.program_register r USING (program_id)
JOIN cem.calendar c ON c.day >= date_trunc('year', r.founded_on::timestamp)::date
  AND c.day < date_trunc('year', (now() AT TIME ZONE p.time_zone) + interval '2 years')::date
-- A fiscal year has the number of the calendar year in which it ends.
CROSS JOIN LATERAL (
  SELECT extract(year FROM c.day)::integer
      + CASE WHEN r.fiscal_year_start > 1 AND extract(month FROM c.day) >= r.fiscal_year_start THEN 1 ELSE 0 END
      AS fiscal_year,
    ((extract(month FROM c.day)::integer - r.fiscal_year_start + 12) % 12) / 3 + 1 AS fiscal_quarter_of_year
) f;
COMMENT ON VIEW cem_bi.dim_date IS 'One row a program and day, from the year in which it was founded to the end of next year';
COMMENT ON COLUMN cem_bi.dim_date.day IS 'The day';
COMMENT ON COLUMN cem_bi.dim_date.iso_year IS 'The year of its ISO week';
COMMENT ON COLUMN cem_bi.dim_date.iso_week IS 'Its ISO week, 1 to 53';
COMMENT ON COLUMN cem_bi.dim_date.iso_weekday IS '1, Monday, to 7, Sunday';
COMMENT ON COLUMN cem_bi.dim_date.week_on IS 'The Monday of its ISO week';
COMMENT ON COLUMN cem_bi.dim_date.week IS 'Its ISO week as 2026-W07';
COMMENT ON COLUMN cem_bi.dim_date.year IS 'The calendar year';
COMMENT ON COLUMN cem_bi.dim_date.month_of_year IS 'The month, 1 to 12';
COMMENT ON COLUMN cem_bi.dim_date.month_on IS 'The first day of the month';
COMMENT ON COLUMN cem_bi.dim_date.month IS 'The month as 2026-02';
COMMENT ON COLUMN cem_bi.dim_date.quarter_of_year IS 'The quarter, 1 to 4';
COMMENT ON COLUMN cem_bi.dim_date.quarter_on IS 'The first day of the quarter';
COMMENT ON COLUMN cem_bi.dim_date.quarter IS 'The quarter as 2026-Q1';
COMMENT ON COLUMN cem_bi.dim_date.fiscal_year IS 'The program''s fiscal year, by the calendar year in which it ends';
COMMENT ON COLUMN cem_bi.dim_date.fiscal_quarter_of_year IS 'The quarter of the fiscal year, 1 to 4';
COMMENT ON COLUMN cem_bi.dim_date.fiscal_year_name IS 'The fiscal year as FY2026';
COMMENT ON COLUMN cem_bi.dim_date.fiscal_quarter IS 'The fiscal quarter as FY2026-Q1, as --period takes it';
COMMENT ON COLUMN cem_bi.dim_date.is_past IS 'Whether it is not after today in the program''s time zone';

CREATE VIEW cem_bi.dim_term AS SELECT kind, id, language, label, rank FROM cem.term;
COMMENT ON VIEW cem_bi.dim_term IS 'One row a term of the catalog and language';
COMMENT ON COLUMN cem_bi.dim_term.kind IS 'What it is a term of, such as GapLink; comments on columns name it';
COMMENT ON COLUMN cem_bi.dim_term.id IS 'The id that facts hold';
COMMENT ON COLUMN cem_bi.dim_term.language IS 'en, uk, ru or zh';
COMMENT ON COLUMN cem_bi.dim_term.label IS 'What it is called in that language';
COMMENT ON COLUMN cem_bi.dim_term.rank IS 'Its place in the catalog, by which terms of a kind are sorted';

CREATE VIEW cem_bi.dim_segment WITH (security_barrier) AS
SELECT r.program_id, p.slug AS program, r.segment, r.name, r.description, r.market, r.role, r.purchase,
  r.owner, r.defined_on, r.external
FROM cem.segment_register r JOIN cem.program p USING (program_id) WHERE NOT r.voided;
COMMENT ON VIEW cem_bi.dim_segment IS 'One row a segment of customers';
COMMENT ON COLUMN cem_bi.dim_segment.segment IS 'Its code';
COMMENT ON COLUMN cem_bi.dim_segment.name IS 'What it is called';
COMMENT ON COLUMN cem_bi.dim_segment.description IS 'Who they are';
COMMENT ON COLUMN cem_bi.dim_segment.market IS 'For whom they buy (SegmentMarket)';
COMMENT ON COLUMN cem_bi.dim_segment.role IS 'What they do about a purchase (PurchaseRole)';
COMMENT ON COLUMN cem_bi.dim_segment.purchase IS 'Whether they buy for the first time (PurchaseTurn)';
COMMENT ON COLUMN cem_bi.dim_segment.owner IS 'The person who owns it';
COMMENT ON COLUMN cem_bi.dim_segment.defined_on IS 'When it was defined';
COMMENT ON COLUMN cem_bi.dim_segment.external IS 'The id in another system, SOURCE:ID';

CREATE VIEW cem_bi.dim_platform WITH (security_barrier) AS
SELECT r.program_id, p.slug AS program, r.platform, 'PLT-' || r.platform AS ref, r.title, r.promise, r.theme,
  r.hook, r.department, r.owner, r.analyses, r.insights, r.stated_on, r.external
FROM cem.platform_register r JOIN cem.program p USING (program_id) WHERE NOT r.voided;
COMMENT ON VIEW cem_bi.dim_platform IS 'One row an experiential platform';
COMMENT ON COLUMN cem_bi.dim_platform.platform IS 'Its number';
COMMENT ON COLUMN cem_bi.dim_platform.ref IS 'What people call it, such as PLT-1';
COMMENT ON COLUMN cem_bi.dim_platform.title IS 'Its title';
COMMENT ON COLUMN cem_bi.dim_platform.promise IS 'The promise of value to the customer';
COMMENT ON COLUMN cem_bi.dim_platform.theme IS 'What brings its impressions together';
COMMENT ON COLUMN cem_bi.dim_platform.hook IS 'The one clear idea that people pass on';
COMMENT ON COLUMN cem_bi.dim_platform.department IS 'The department that it is for; NULL for all';
COMMENT ON COLUMN cem_bi.dim_platform.owner IS 'The person who owns it';
COMMENT ON COLUMN cem_bi.dim_platform.analyses IS 'On how many step-1 initiatives it rests';
COMMENT ON COLUMN cem_bi.dim_platform.insights IS 'On how many insights it rests';
COMMENT ON COLUMN cem_bi.dim_platform.stated_on IS 'When it was stated';
COMMENT ON COLUMN cem_bi.dim_platform.external IS 'The id in another system, SOURCE:ID';

-- Facts: maturity, gaps, initiatives

CREATE VIEW cem_bi.fact_initiative WITH (security_barrier) AS
SELECT b.program_id, p.slug AS program, b.initiative, 'INI-' || b.initiative AS ref, b.department, b.title,
  b.step, b.stage, CASE WHEN b.on_hold THEN 'onHold' ELSE b.stage END AS status, b.stage_since,
  b.stage NOT IN ('completed', 'cancelled') AS is_open, b.on_hold, b.colour, b.colour_on,
  b.note AS colour_note, b.owner, b.sponsor, b.budget, b.currency, b.opened_on, b.start_on, b.due_on,
  CASE WHEN b.stage IN ('completed', 'cancelled') THEN b.stage_since END AS ended_on, b.platform,
  coalesce(array_length(string_to_array(b.partners, ','), 1), 0) AS partners,
  coalesce(array_length(string_to_array(b.gaps, ','), 1), 0) AS gaps,
  b.metric, b.metric_unit, b.baseline, b.target, b.measured, b.pilots, b.pilot_verdict, b.pilot_cost,
  b.pilot_benefit, b.pilot_currency, b.pilot_return, b.wom_rule, b.external
FROM cem.initiative_board b JOIN cem.program p USING (program_id) WHERE NOT b.voided;
COMMENT ON VIEW cem_bi.fact_initiative IS 'One row an initiative';
COMMENT ON COLUMN cem_bi.fact_initiative.initiative IS 'Its number';
COMMENT ON COLUMN cem_bi.fact_initiative.ref IS 'What people call it, such as INI-7';
COMMENT ON COLUMN cem_bi.fact_initiative.department IS 'The department that leads it';
COMMENT ON COLUMN cem_bi.fact_initiative.title IS 'Its title';
COMMENT ON COLUMN cem_bi.fact_initiative.step IS 'The step that it belongs to (Step)';
COMMENT ON COLUMN cem_bi.fact_initiative.stage IS 'How far it has come (InitiativeLife.Stage)';
COMMENT ON COLUMN cem_bi.fact_initiative.status IS 'The same, where being on hold hides the stage (InitiativeLife.Status)';
COMMENT ON COLUMN cem_bi.fact_initiative.stage_since IS 'The day of its last change of stage';
COMMENT ON COLUMN cem_bi.fact_initiative.is_open IS 'Whether it is neither completed nor cancelled';
COMMENT ON COLUMN cem_bi.fact_initiative.on_hold IS 'Whether it is on hold';
COMMENT ON COLUMN cem_bi.fact_initiative.colour IS 'The colour of its last status update (StatusColour)';
COMMENT ON COLUMN cem_bi.fact_initiative.colour_on IS 'The day of that update';
COMMENT ON COLUMN cem_bi.fact_initiative.colour_note IS 'What it said';
COMMENT ON COLUMN cem_bi.fact_initiative.owner IS 'The person who owns it';
COMMENT ON COLUMN cem_bi.fact_initiative.sponsor IS 'The person who sponsors it';
COMMENT ON COLUMN cem_bi.fact_initiative.budget IS 'Its budget, in currency';
COMMENT ON COLUMN cem_bi.fact_initiative.currency IS 'The ISO 4217 code of the budget''s currency';
COMMENT ON COLUMN cem_bi.fact_initiative.opened_on IS 'When it was opened';
COMMENT ON COLUMN cem_bi.fact_initiative.start_on IS 'When it is to start';
COMMENT ON COLUMN cem_bi.fact_initiative.due_on IS 'When it is due';
COMMENT ON COLUMN cem_bi.fact_initiative.ended_on IS 'When it was completed or cancelled; NULL while it is open';
COMMENT ON COLUMN cem_bi.fact_initiative.platform IS 'The number of the platform that it builds on';
COMMENT ON COLUMN cem_bi.fact_initiative.partners IS 'How many departments are its partners';
COMMENT ON COLUMN cem_bi.fact_initiative.gaps IS 'How many gaps it addresses; bridge_initiative_gap has them';
COMMENT ON COLUMN cem_bi.fact_initiative.metric IS 'What tells whether it succeeded';
COMMENT ON COLUMN cem_bi.fact_initiative.metric_unit IS 'The metric''s unit';
COMMENT ON COLUMN cem_bi.fact_initiative.baseline IS 'The metric before';
COMMENT ON COLUMN cem_bi.fact_initiative.target IS 'The metric wanted';
COMMENT ON COLUMN cem_bi.fact_initiative.measured IS 'The metric on completion';
COMMENT ON COLUMN cem_bi.fact_initiative.pilots IS 'How many pilots were concluded';
COMMENT ON COLUMN cem_bi.fact_initiative.pilot_verdict IS 'What the last of them says (Verdict)';
COMMENT ON COLUMN cem_bi.fact_initiative.pilot_cost IS 'What the last pilot cost, in pilot_currency';
COMMENT ON COLUMN cem_bi.fact_initiative.pilot_benefit IS 'What it brought, in pilot_currency';
COMMENT ON COLUMN cem_bi.fact_initiative.pilot_currency IS 'Its currency; sums of different ones say nothing';
COMMENT ON COLUMN cem_bi.fact_initiative.pilot_return IS '(benefit − cost) / cost as a ratio; NULL where the cost is zero';
COMMENT ON COLUMN cem_bi.fact_initiative.wom_rule IS 'The rule of word of mouth, where it is such an activity (WordOfMouthRule)';
COMMENT ON COLUMN cem_bi.fact_initiative.external IS 'The id in another system, SOURCE:ID';

CREATE VIEW cem_bi.fact_gap WITH (security_barrier) AS
SELECT g.program_id, p.slug AS program, g.gap, 'GAP-' || g.gap AS ref, g.department, g.link, g.title, g.state,
  g.state_since, g.state = 'open' AS is_open, g.severity, g.expected, g.perceived, g.unit, g.lower_is_better,
  g.size, g.relative_size, g.phase, g.dimension, g.attribute, g.source, g.evidence, g.measured_on,
  g.recorded_on, g.owner, g.due_on, g.review_on, g.approver,
  CASE WHEN g.state = 'closed' THEN g.state_since END AS closed_on, g.resolution, g.unmet_reason,
  g.reassessments, g.reopenings, l.touchpoint, g.external
FROM cem.gap_register g
JOIN cem.program p USING (program_id)
LEFT JOIN cem.touchpoint_link l ON l.program_id = g.program_id AND l.kind = 'gap' AND l.number = g.gap
WHERE NOT g.voided;
COMMENT ON VIEW cem_bi.fact_gap IS 'One row a gap';
COMMENT ON COLUMN cem_bi.fact_gap.gap IS 'Its number';
COMMENT ON COLUMN cem_bi.fact_gap.ref IS 'What people call it, such as GAP-12';
COMMENT ON COLUMN cem_bi.fact_gap.department IS 'The department that it belongs to';
COMMENT ON COLUMN cem_bi.fact_gap.link IS 'The link of the gap chain (GapLink)';
COMMENT ON COLUMN cem_bi.fact_gap.title IS 'Its title';
COMMENT ON COLUMN cem_bi.fact_gap.state IS 'Where it stands (GapLife.Stage)';
COMMENT ON COLUMN cem_bi.fact_gap.state_since IS 'The day of its last change of state';
COMMENT ON COLUMN cem_bi.fact_gap.is_open IS 'Whether it is open';
COMMENT ON COLUMN cem_bi.fact_gap.severity IS '1, slight, to 5, grave';
COMMENT ON COLUMN cem_bi.fact_gap.expected IS 'What customers expect, in unit';
COMMENT ON COLUMN cem_bi.fact_gap.perceived IS 'What they perceive, in unit';
COMMENT ON COLUMN cem_bi.fact_gap.unit IS 'The unit of both';
COMMENT ON COLUMN cem_bi.fact_gap.lower_is_better IS 'Whether a lower value is better';
COMMENT ON COLUMN cem_bi.fact_gap.size IS 'How far it falls short, in unit: positive where it hurts';
COMMENT ON COLUMN cem_bi.fact_gap.relative_size IS 'The size relative to what is expected; NULL where that is zero';
COMMENT ON COLUMN cem_bi.fact_gap.phase IS 'The phase of the experience (Phase)';
COMMENT ON COLUMN cem_bi.fact_gap.dimension IS 'The dimension of the experience (Dimension)';
COMMENT ON COLUMN cem_bi.fact_gap.attribute IS 'The attribute that binds customers (Attribute)';
COMMENT ON COLUMN cem_bi.fact_gap.source IS 'Where it was learnt';
COMMENT ON COLUMN cem_bi.fact_gap.evidence IS 'The number of its evidence';
COMMENT ON COLUMN cem_bi.fact_gap.measured_on IS 'When the perceived value was measured';
COMMENT ON COLUMN cem_bi.fact_gap.recorded_on IS 'The business date on which it was recorded';
COMMENT ON COLUMN cem_bi.fact_gap.owner IS 'The person who owns it';
COMMENT ON COLUMN cem_bi.fact_gap.due_on IS 'When it is to be closed';
COMMENT ON COLUMN cem_bi.fact_gap.review_on IS 'When to look at it again, where it was accepted';
COMMENT ON COLUMN cem_bi.fact_gap.approver IS 'The person who accepted it';
COMMENT ON COLUMN cem_bi.fact_gap.closed_on IS 'When it was closed; NULL where it is not';
COMMENT ON COLUMN cem_bi.fact_gap.resolution IS 'How it was closed';
COMMENT ON COLUMN cem_bi.fact_gap.unmet_reason IS 'Why it was closed although what is expected is not met';
COMMENT ON COLUMN cem_bi.fact_gap.reassessments IS 'How often a new value was recorded';
COMMENT ON COLUMN cem_bi.fact_gap.reopenings IS 'How often it was opened again';
COMMENT ON COLUMN cem_bi.fact_gap.touchpoint IS 'The number of the touchpoint where customers feel it';
COMMENT ON COLUMN cem_bi.fact_gap.external IS 'The id in another system, SOURCE:ID';

CREATE VIEW cem_bi.bridge_initiative_gap WITH (security_barrier) AS
SELECT b.program_id, p.slug AS program, b.initiative, g.gap, b.department,
  b.stage NOT IN ('completed', 'cancelled') AS is_addressing
FROM cem.initiative_board b
JOIN cem.program p USING (program_id)
CROSS JOIN LATERAL string_to_table(b.gaps, ',') AS named (ref)
JOIN cem.gap_register g ON g.program_id = b.program_id AND g.gap = substr(named.ref, 5)::integer AND NOT g.voided
WHERE NOT b.voided;
COMMENT ON VIEW cem_bi.bridge_initiative_gap IS 'One row an initiative and a gap that it names';
COMMENT ON COLUMN cem_bi.bridge_initiative_gap.initiative IS 'The initiative''s number';
COMMENT ON COLUMN cem_bi.bridge_initiative_gap.gap IS 'The gap''s number';
COMMENT ON COLUMN cem_bi.bridge_initiative_gap.department IS 'The department that leads the initiative';
COMMENT ON COLUMN cem_bi.bridge_initiative_gap.is_addressing IS 'Whether the initiative is open, so that the gap is being addressed';

-- Read from the log itself, by the stream of each gap. Only the last event of a stream can be undone, so
-- whatever undoes one comes next in its stream.
CREATE VIEW cem_bi.fact_gap_event WITH (security_barrier) AS
SELECT g.program_id, p.slug AS program, e.position, g.gap, g.department, split_part(e.type, '.', 2) AS change,
  e.occurred_on, e.recorded_at,
  coalesce(e.facts::jsonb ->> 'link', CASE WHEN e.type = 'gap.diagnosed' THEN NULL ELSE g.link END) AS link,
  (e.facts::jsonb ->> 'perceived')::numeric AS perceived,
  (e.facts::jsonb ->> 'before')::numeric AS perceived_before, e.actor
FROM cem.gap_register g
JOIN cem.program p USING (program_id)
JOIN cem.event e ON e.program_id = g.program_id AND e.stream = 'gap/' || g.gap::text
  AND e.type IN ('gap.recorded', 'gap.diagnosed', 'gap.reassessed', 'gap.closed', 'gap.accepted', 'gap.reopened')
WHERE NOT g.voided AND NOT EXISTS (
  SELECT FROM cem.event u WHERE u.program_id = e.program_id AND u.stream = e.stream
    AND u.version = e.version + 1 AND u.type = 'gap.reverted');
COMMENT ON VIEW cem_bi.fact_gap_event IS 'One row an event in the life of a gap; what was undone is left out';
COMMENT ON COLUMN cem_bi.fact_gap_event.position IS 'Its position in the program''s log';
COMMENT ON COLUMN cem_bi.fact_gap_event.gap IS 'The gap''s number';
COMMENT ON COLUMN cem_bi.fact_gap_event.department IS 'The department that the gap belongs to now';
COMMENT ON COLUMN cem_bi.fact_gap_event.change IS 'recorded, diagnosed, reassessed, closed, accepted or reopened';
COMMENT ON COLUMN cem_bi.fact_gap_event.occurred_on IS 'The business date';
COMMENT ON COLUMN cem_bi.fact_gap_event.recorded_at IS 'When it was recorded, by the server''s clock';
COMMENT ON COLUMN cem_bi.fact_gap_event.link IS 'The link that the event names, else the gap''s present one (GapLink)';
COMMENT ON COLUMN cem_bi.fact_gap_event.perceived IS 'The perceived value that was recorded';
COMMENT ON COLUMN cem_bi.fact_gap_event.perceived_before IS 'The perceived value before, on a reassessment';
COMMENT ON COLUMN cem_bi.fact_gap_event.actor IS 'The database login that recorded it';

CREATE VIEW cem_bi.fact_maturity_change AS
SELECT m.program_id, p.slug AS program, m.position, m.department, m.change, m.from_level, m.to_level,
  m.to_level - m.from_level AS level_change, m.method, m.basis, m.occurred_on,
  m.change <> 'corrected' AND lead(m.change) OVER stream IS DISTINCT FROM 'corrected' AS stands
FROM cem.maturity_timeline m JOIN cem.program p USING (program_id)
WINDOW stream AS (PARTITION BY m.program_id, p.slug, m.department ORDER BY m.position);
COMMENT ON VIEW cem_bi.fact_maturity_change IS 'One row a recorded change, or confirmation, of a level';
COMMENT ON COLUMN cem_bi.fact_maturity_change.position IS 'The position of its event in the program''s log';
COMMENT ON COLUMN cem_bi.fact_maturity_change.department IS 'The department; NULL is the program itself';
COMMENT ON COLUMN cem_bi.fact_maturity_change.change IS 'assessed, advanced, regressed or corrected';
COMMENT ON COLUMN cem_bi.fact_maturity_change.from_level IS 'The level before (Level); NULL where it was not assessed';
COMMENT ON COLUMN cem_bi.fact_maturity_change.to_level IS 'The level after (Level)';
COMMENT ON COLUMN cem_bi.fact_maturity_change.level_change IS 'By how many levels it rose; NULL on a first assessment';
COMMENT ON COLUMN cem_bi.fact_maturity_change.method IS 'How it was assessed (AssessmentMethod)';
COMMENT ON COLUMN cem_bi.fact_maturity_change.basis IS 'What the new level rests on (LevelStanding.Basis)';
COMMENT ON COLUMN cem_bi.fact_maturity_change.occurred_on IS 'The business date';
COMMENT ON COLUMN cem_bi.fact_maturity_change.stands IS 'Whether it is neither a correction nor corrected by the next: what makes a trend';

CREATE VIEW cem_bi.fact_action WITH (security_barrier) AS
SELECT a.program_id, p.slug AS program, nullif(a.department, '') AS department, a.action, a.level,
  e.evidence, w.waiver, a.recorded_on, e.evidence IS NOT NULL AS is_done, w.waiver IS NOT NULL AS is_waived,
  least(a.expires_on, e.expires_on) AS evidence_until,
  least(w.until_on, w.revoked_on - 1) AS waiver_until
FROM cem.maturity_action a
JOIN cem.program p USING (program_id)
LEFT JOIN cem.evidence_register e ON e.program_id = a.program_id AND e.evidence = a.evidence AND NOT e.voided
LEFT JOIN cem.waiver_register w ON w.program_id = a.program_id AND w.waiver = a.waiver AND NOT w.voided
WHERE e.evidence IS NOT NULL OR w.waiver IS NOT NULL;
COMMENT ON VIEW cem_bi.fact_action IS 'One row an action of a maturity level that a department did or was let off';
COMMENT ON COLUMN cem_bi.fact_action.department IS 'The department; NULL where it was done for all of them at once';
COMMENT ON COLUMN cem_bi.fact_action.action IS 'The action''s id, such as 2.1';
COMMENT ON COLUMN cem_bi.fact_action.level IS 'The level that requires it (Level)';
COMMENT ON COLUMN cem_bi.fact_action.evidence IS 'The number of its evidence';
COMMENT ON COLUMN cem_bi.fact_action.waiver IS 'The number of its waiver';
COMMENT ON COLUMN cem_bi.fact_action.recorded_on IS 'The business date on which it was done, or first waived';
COMMENT ON COLUMN cem_bi.fact_action.is_done IS 'Whether there is evidence for it; it counts through evidence_until';
COMMENT ON COLUMN cem_bi.fact_action.is_waived IS 'Whether there is a waiver for it; it counts through waiver_until';
COMMENT ON COLUMN cem_bi.fact_action.evidence_until IS 'The last day on which it counts as done; NULL without end';
COMMENT ON COLUMN cem_bi.fact_action.waiver_until IS 'The last day on which the waiver holds; NULL without end';

CREATE VIEW cem_bi.fact_waiver WITH (security_barrier) AS
SELECT w.program_id, p.slug AS program, w.waiver, w.rule, w.initiative, w.action, w.department, w.reason,
  w.approver, w.granted_on, w.until_on, w.revoked_on, least(w.until_on, w.revoked_on - 1) AS holds_until
FROM cem.waiver_register w JOIN cem.program p USING (program_id) WHERE NOT w.voided;
COMMENT ON VIEW cem_bi.fact_waiver IS 'One row a waiver, a revoked one included';
COMMENT ON COLUMN cem_bi.fact_waiver.waiver IS 'Its number';
COMMENT ON COLUMN cem_bi.fact_waiver.rule IS 'The rule that it sets aside (WaiverDetails.Subject)';
COMMENT ON COLUMN cem_bi.fact_waiver.initiative IS 'The number of the initiative that it excuses';
COMMENT ON COLUMN cem_bi.fact_waiver.action IS 'The maturity action that it excuses';
COMMENT ON COLUMN cem_bi.fact_waiver.department IS 'The department; the leading one of an initiative; NULL for all';
COMMENT ON COLUMN cem_bi.fact_waiver.reason IS 'Why';
COMMENT ON COLUMN cem_bi.fact_waiver.approver IS 'The person who approved it';
COMMENT ON COLUMN cem_bi.fact_waiver.granted_on IS 'When it was granted';
COMMENT ON COLUMN cem_bi.fact_waiver.until_on IS 'The last day for which it was granted; NULL without end';
COMMENT ON COLUMN cem_bi.fact_waiver.revoked_on IS 'When it was revoked';
COMMENT ON COLUMN cem_bi.fact_waiver.holds_until IS 'The last day on which it holds; NULL without end';

CREATE VIEW cem_bi.fact_evidence WITH (security_barrier) AS
SELECT e.program_id, p.slug AS program, e.evidence, 'EV-' || e.evidence AS ref, e.title, e.form, e.url,
  e.file_name, e.file_size, e.file_sha256, e.author, e.dated, e.added_on, e.expires_on, e.retain_until,
  e.external
FROM cem.evidence_register e JOIN cem.program p USING (program_id) WHERE NOT e.voided;
COMMENT ON VIEW cem_bi.fact_evidence IS 'One row a piece of evidence';
COMMENT ON COLUMN cem_bi.fact_evidence.evidence IS 'Its number';
COMMENT ON COLUMN cem_bi.fact_evidence.ref IS 'What people call it, such as EV-4';
COMMENT ON COLUMN cem_bi.fact_evidence.title IS 'Its title';
COMMENT ON COLUMN cem_bi.fact_evidence.form IS 'text, link or file';
COMMENT ON COLUMN cem_bi.fact_evidence.url IS 'Where a link leads';
COMMENT ON COLUMN cem_bi.fact_evidence.file_name IS 'The file''s name';
COMMENT ON COLUMN cem_bi.fact_evidence.file_size IS 'The file''s size in bytes';
COMMENT ON COLUMN cem_bi.fact_evidence.file_sha256 IS 'The SHA-256 of the file, in hex';
COMMENT ON COLUMN cem_bi.fact_evidence.author IS 'Who wrote it';
COMMENT ON COLUMN cem_bi.fact_evidence.dated IS 'Its own date';
COMMENT ON COLUMN cem_bi.fact_evidence.added_on IS 'When it was added';
COMMENT ON COLUMN cem_bi.fact_evidence.expires_on IS 'The last day on which it holds; NULL without end';
COMMENT ON COLUMN cem_bi.fact_evidence.retain_until IS 'Until when it is to be kept';
COMMENT ON COLUMN cem_bi.fact_evidence.external IS 'The id in another system, SOURCE:ID';

-- Facts: the practice

CREATE VIEW cem_bi.fact_touchpoint WITH (security_barrier) AS
SELECT t.program_id, p.slug AS program, t.touchpoint, 'TP-' || t.touchpoint AS ref, t.department, t.name,
  t.channel, t.segment, t.contact_type, t.stage, t.moment_of_truth, t.phase, t.dimension, t.attribute, t.owner,
  t.plan_items, round(t.plan_items / 12.0, 4) AS plan_share, t.mapped_on, t.retired_on,
  t.retired_on IS NULL AS is_active, t.standards, t.standards_met, t.standards_missed, t.breaches, t.open_gaps,
  t.open_initiatives, t.external
FROM cem.touchpoint_scorecard t JOIN cem.program p USING (program_id) WHERE NOT t.voided;
COMMENT ON VIEW cem_bi.fact_touchpoint IS 'One row a touchpoint, with its scorecard';
COMMENT ON COLUMN cem_bi.fact_touchpoint.touchpoint IS 'Its number';
COMMENT ON COLUMN cem_bi.fact_touchpoint.ref IS 'What people call it, such as TP-3';
COMMENT ON COLUMN cem_bi.fact_touchpoint.department IS 'The department that runs it';
COMMENT ON COLUMN cem_bi.fact_touchpoint.name IS 'What it is called';
COMMENT ON COLUMN cem_bi.fact_touchpoint.channel IS 'The channel by which customers come';
COMMENT ON COLUMN cem_bi.fact_touchpoint.segment IS 'The segment that it is for; NULL for all';
COMMENT ON COLUMN cem_bi.fact_touchpoint.contact_type IS 'How it reaches people (ContactType)';
COMMENT ON COLUMN cem_bi.fact_touchpoint.stage IS 'Where on their journey customers are (JourneyStage)';
COMMENT ON COLUMN cem_bi.fact_touchpoint.moment_of_truth IS 'Whether its outcome can change the attitude to the brand';
COMMENT ON COLUMN cem_bi.fact_touchpoint.phase IS 'The phase of the experience (Phase)';
COMMENT ON COLUMN cem_bi.fact_touchpoint.dimension IS 'The dimension of the experience (Dimension)';
COMMENT ON COLUMN cem_bi.fact_touchpoint.attribute IS 'The attribute that binds customers (Attribute)';
COMMENT ON COLUMN cem_bi.fact_touchpoint.owner IS 'The person who owns it';
COMMENT ON COLUMN cem_bi.fact_touchpoint.plan_items IS 'How many of the twelve items of its contact plan are filled in';
COMMENT ON COLUMN cem_bi.fact_touchpoint.plan_share IS 'The same as a share';
COMMENT ON COLUMN cem_bi.fact_touchpoint.mapped_on IS 'When it was mapped';
COMMENT ON COLUMN cem_bi.fact_touchpoint.retired_on IS 'When it was retired; NULL while it is in use';
COMMENT ON COLUMN cem_bi.fact_touchpoint.is_active IS 'Whether it is in use';
COMMENT ON COLUMN cem_bi.fact_touchpoint.standards IS 'How many service standards it has';
COMMENT ON COLUMN cem_bi.fact_touchpoint.standards_met IS 'How many of them were met when last measured';
COMMENT ON COLUMN cem_bi.fact_touchpoint.standards_missed IS 'How many of them were missed';
COMMENT ON COLUMN cem_bi.fact_touchpoint.breaches IS 'How many measurements of them were misses';
COMMENT ON COLUMN cem_bi.fact_touchpoint.open_gaps IS 'How many open gaps customers feel there';
COMMENT ON COLUMN cem_bi.fact_touchpoint.open_initiatives IS 'How many open initiatives work on it';
COMMENT ON COLUMN cem_bi.fact_touchpoint.external IS 'The id in another system, SOURCE:ID';

CREATE VIEW cem_bi.fact_standard WITH (security_barrier) AS
SELECT s.program_id, p.slug AS program, s.standard, 'STD-' || s.standard AS ref, s.touchpoint, s.department,
  s.metric, s.unit, s.target, s.lower_is_better, s.audience, s.in_force_from, s.versions, s.owner, s.set_on,
  s.retired_on, s.retired_on IS NULL AS is_active, s.measurements, s.breaches, s.latest_period, s.latest_value,
  s.latest_volume, s.latest_verdict, s.external
FROM cem.standard_register s JOIN cem.program p USING (program_id) WHERE NOT s.voided;
COMMENT ON VIEW cem_bi.fact_standard IS 'One row a service standard, in its latest version';
COMMENT ON COLUMN cem_bi.fact_standard.standard IS 'Its number';
COMMENT ON COLUMN cem_bi.fact_standard.ref IS 'What people call it, such as STD-9';
COMMENT ON COLUMN cem_bi.fact_standard.touchpoint IS 'The number of its touchpoint';
COMMENT ON COLUMN cem_bi.fact_standard.department IS 'The department that keeps it';
COMMENT ON COLUMN cem_bi.fact_standard.metric IS 'What is measured';
COMMENT ON COLUMN cem_bi.fact_standard.unit IS 'The metric''s unit';
COMMENT ON COLUMN cem_bi.fact_standard.target IS 'The value wanted';
COMMENT ON COLUMN cem_bi.fact_standard.lower_is_better IS 'Whether a lower value is better';
COMMENT ON COLUMN cem_bi.fact_standard.audience IS 'For whom it is written (StandardAudience)';
COMMENT ON COLUMN cem_bi.fact_standard.in_force_from IS 'The day from which the latest version holds';
COMMENT ON COLUMN cem_bi.fact_standard.versions IS 'How many versions there were';
COMMENT ON COLUMN cem_bi.fact_standard.owner IS 'The person who owns it';
COMMENT ON COLUMN cem_bi.fact_standard.set_on IS 'When it was set';
COMMENT ON COLUMN cem_bi.fact_standard.retired_on IS 'When it was retired; NULL while it holds';
COMMENT ON COLUMN cem_bi.fact_standard.is_active IS 'Whether it holds';
COMMENT ON COLUMN cem_bi.fact_standard.measurements IS 'How many periods were measured';
COMMENT ON COLUMN cem_bi.fact_standard.breaches IS 'How many of them were misses';
COMMENT ON COLUMN cem_bi.fact_standard.latest_period IS 'The last period that was measured';
COMMENT ON COLUMN cem_bi.fact_standard.latest_value IS 'The value of that period; NULL where there is no data';
COMMENT ON COLUMN cem_bi.fact_standard.latest_volume IS 'Of how many cases';
COMMENT ON COLUMN cem_bi.fact_standard.latest_verdict IS 'What that says (StandardVerdict)';
COMMENT ON COLUMN cem_bi.fact_standard.external IS 'The id in another system, SOURCE:ID';

CREATE VIEW cem_bi.fact_measurement AS
SELECT m.program_id, p.slug AS program, m.standard, m.period, m.touchpoint, m.department, m.first_on, m.last_on,
  m.value, m.no_data, m.volume, m.target, m.verdict, m.verdict = 'missed' AS is_breach, m.changed_within, m.gap,
  m.recorded_on
FROM cem.standard_measurement m JOIN cem.program p USING (program_id);
COMMENT ON VIEW cem_bi.fact_measurement IS 'One row a service standard and period that was measured';
COMMENT ON COLUMN cem_bi.fact_measurement.standard IS 'The standard''s number';
COMMENT ON COLUMN cem_bi.fact_measurement.period IS 'The period, such as 2026-Q1 or FY2026';
COMMENT ON COLUMN cem_bi.fact_measurement.touchpoint IS 'The number of its touchpoint';
COMMENT ON COLUMN cem_bi.fact_measurement.department IS 'The department that keeps it';
COMMENT ON COLUMN cem_bi.fact_measurement.first_on IS 'The first day of the period';
COMMENT ON COLUMN cem_bi.fact_measurement.last_on IS 'The last day of the period';
COMMENT ON COLUMN cem_bi.fact_measurement.value IS 'The value; NULL where there is no data';
COMMENT ON COLUMN cem_bi.fact_measurement.no_data IS 'Whether it was recorded that there is no data';
COMMENT ON COLUMN cem_bi.fact_measurement.volume IS 'Of how many cases';
COMMENT ON COLUMN cem_bi.fact_measurement.target IS 'The target of the version in force on the last day';
COMMENT ON COLUMN cem_bi.fact_measurement.verdict IS 'What it says about the standard (StandardVerdict)';
COMMENT ON COLUMN cem_bi.fact_measurement.is_breach IS 'Whether it missed the target';
COMMENT ON COLUMN cem_bi.fact_measurement.changed_within IS 'Whether the standard changed within the period';
COMMENT ON COLUMN cem_bi.fact_measurement.gap IS 'The number of the gap that the breach became';
COMMENT ON COLUMN cem_bi.fact_measurement.recorded_on IS 'When it was recorded';

CREATE VIEW cem_bi.fact_survey WITH (security_barrier) AS
SELECT s.program_id, p.slug AS program, s.survey, 'SRV-' || s.survey AS ref, s.department, s.touchpoint,
  s.period, s.first_on, s.last_on, s.audience, s.segment, s.agree, s.sample, s.question, s.evidence,
  s.recorded_on, s.external
FROM cem.survey_register s JOIN cem.program p USING (program_id) WHERE NOT s.voided;
COMMENT ON VIEW cem_bi.fact_survey IS 'One row a perception survey';
COMMENT ON COLUMN cem_bi.fact_survey.survey IS 'Its number';
COMMENT ON COLUMN cem_bi.fact_survey.ref IS 'What people call it, such as SRV-2';
COMMENT ON COLUMN cem_bi.fact_survey.department IS 'The department that it is about';
COMMENT ON COLUMN cem_bi.fact_survey.touchpoint IS 'The number of the touchpoint; NULL for all';
COMMENT ON COLUMN cem_bi.fact_survey.period IS 'The period that it is about';
COMMENT ON COLUMN cem_bi.fact_survey.first_on IS 'The first day of the period';
COMMENT ON COLUMN cem_bi.fact_survey.last_on IS 'The last day of the period';
COMMENT ON COLUMN cem_bi.fact_survey.audience IS 'Who answered (SurveyAudience)';
COMMENT ON COLUMN cem_bi.fact_survey.segment IS 'The segment; NULL for all';
COMMENT ON COLUMN cem_bi.fact_survey.agree IS 'The share who agree that a superior experience is delivered';
COMMENT ON COLUMN cem_bi.fact_survey.sample IS 'How many answered';
COMMENT ON COLUMN cem_bi.fact_survey.question IS 'What was asked';
COMMENT ON COLUMN cem_bi.fact_survey.evidence IS 'The number of its evidence';
COMMENT ON COLUMN cem_bi.fact_survey.recorded_on IS 'When it was recorded';
COMMENT ON COLUMN cem_bi.fact_survey.external IS 'The id in another system, SOURCE:ID';

CREATE VIEW cem_bi.fact_delivery_gap AS
SELECT d.program_id, p.slug AS program, d.department, nullif(d.touchpoint, 0) AS touchpoint,
  nullif(d.segment, '') AS segment, d.period, d.last_on, d.employees_surveys, d.employees_sample,
  d.employees_share, d.customers_surveys, d.customers_sample, d.customers_share, d.gap
FROM cem.delivery_gap d JOIN cem.program p USING (program_id)
WHERE d.employees_surveys + d.customers_surveys > 0;
COMMENT ON VIEW cem_bi.fact_delivery_gap IS 'One row a department, touchpoint, segment and period that was surveyed';
COMMENT ON COLUMN cem_bi.fact_delivery_gap.department IS 'The department';
COMMENT ON COLUMN cem_bi.fact_delivery_gap.touchpoint IS 'The number of the touchpoint; NULL for all';
COMMENT ON COLUMN cem_bi.fact_delivery_gap.segment IS 'The segment; NULL for all';
COMMENT ON COLUMN cem_bi.fact_delivery_gap.period IS 'The period';
COMMENT ON COLUMN cem_bi.fact_delivery_gap.last_on IS 'The last day of the period';
COMMENT ON COLUMN cem_bi.fact_delivery_gap.employees_surveys IS 'How many surveys of our own people there were';
COMMENT ON COLUMN cem_bi.fact_delivery_gap.employees_sample IS 'How many of our own people answered';
COMMENT ON COLUMN cem_bi.fact_delivery_gap.employees_share IS 'The share of them who believe that we deliver; NULL where none was asked';
COMMENT ON COLUMN cem_bi.fact_delivery_gap.customers_surveys IS 'How many surveys of customers there were';
COMMENT ON COLUMN cem_bi.fact_delivery_gap.customers_sample IS 'How many customers answered';
COMMENT ON COLUMN cem_bi.fact_delivery_gap.customers_share IS 'The share of them who agree; NULL where none was asked';
COMMENT ON COLUMN cem_bi.fact_delivery_gap.gap IS 'The first share less the second; NULL where one side was not asked';

CREATE VIEW cem_bi.fact_channel WITH (security_barrier) AS
SELECT c.program_id, p.slug AS program, c.channel, 'CH-' || c.channel AS ref, c.department, c.name, c.form,
  c.owner, CASE WHEN c.audits = 0 THEN 'unaudited' WHEN c.has_plan THEN 'planned' ELSE 'audited' END AS state,
  c.declared_on, c.audits, c.audited_on, c.findings, c.evidence, c.has_plan, c.plan, c.external
FROM cem.channel_register c JOIN cem.program p USING (program_id) WHERE NOT c.voided;
COMMENT ON VIEW cem_bi.fact_channel IS 'One row a feedback channel';
COMMENT ON COLUMN cem_bi.fact_channel.channel IS 'Its number';
COMMENT ON COLUMN cem_bi.fact_channel.ref IS 'What people call it, such as CH-1';
COMMENT ON COLUMN cem_bi.fact_channel.department IS 'The department that has it';
COMMENT ON COLUMN cem_bi.fact_channel.name IS 'What it is called';
COMMENT ON COLUMN cem_bi.fact_channel.form IS 'What sort of channel it is';
COMMENT ON COLUMN cem_bi.fact_channel.owner IS 'The person who owns it';
COMMENT ON COLUMN cem_bi.fact_channel.state IS 'Whether it was audited, and a plan followed (Channel.State)';
COMMENT ON COLUMN cem_bi.fact_channel.declared_on IS 'When it was declared';
COMMENT ON COLUMN cem_bi.fact_channel.audits IS 'How often it was audited';
COMMENT ON COLUMN cem_bi.fact_channel.audited_on IS 'When it was last audited';
COMMENT ON COLUMN cem_bi.fact_channel.findings IS 'What the last audit found';
COMMENT ON COLUMN cem_bi.fact_channel.evidence IS 'The number of that audit''s evidence';
COMMENT ON COLUMN cem_bi.fact_channel.has_plan IS 'Whether a plan followed';
COMMENT ON COLUMN cem_bi.fact_channel.plan IS 'The plan that followed';
COMMENT ON COLUMN cem_bi.fact_channel.external IS 'The id in another system, SOURCE:ID';

CREATE VIEW cem_bi.fact_insight WITH (security_barrier) AS
SELECT i.program_id, p.slug AS program, i.insight, 'INS-' || i.insight AS ref, i.question, i.finding, i.segment,
  i.plane, i.department, i.touchpoint, i.stage, i.module, i.evidence, i.source, i.owner, i.recorded_on,
  i.external
FROM cem.insight_register i JOIN cem.program p USING (program_id) WHERE NOT i.voided;
COMMENT ON VIEW cem_bi.fact_insight IS 'One row an insight';
COMMENT ON COLUMN cem_bi.fact_insight.insight IS 'Its number';
COMMENT ON COLUMN cem_bi.fact_insight.ref IS 'What people call it, such as INS-2';
COMMENT ON COLUMN cem_bi.fact_insight.question IS 'The diagnostic question (DiagnosticQuestion)';
COMMENT ON COLUMN cem_bi.fact_insight.finding IS 'The answer';
COMMENT ON COLUMN cem_bi.fact_insight.segment IS 'The segment that it is about';
COMMENT ON COLUMN cem_bi.fact_insight.plane IS 'The plane that it is about (ExperientialPlane)';
COMMENT ON COLUMN cem_bi.fact_insight.department IS 'The department; NULL for all';
COMMENT ON COLUMN cem_bi.fact_insight.touchpoint IS 'The number of the touchpoint; NULL for all';
COMMENT ON COLUMN cem_bi.fact_insight.stage IS 'Where on their journey customers are (JourneyStage)';
COMMENT ON COLUMN cem_bi.fact_insight.module IS 'The experience module (ExperienceModule)';
COMMENT ON COLUMN cem_bi.fact_insight.evidence IS 'The number of its evidence';
COMMENT ON COLUMN cem_bi.fact_insight.source IS 'Where it was learnt';
COMMENT ON COLUMN cem_bi.fact_insight.owner IS 'The person who owns it';
COMMENT ON COLUMN cem_bi.fact_insight.recorded_on IS 'When it was recorded';
COMMENT ON COLUMN cem_bi.fact_insight.external IS 'The id in another system, SOURCE:ID';

-- Where things stand, and stood

CREATE VIEW cem_bi.department_current WITH (security_barrier) AS
SELECT s.program_id, p.slug AS program, s.department, s.name, s.lead, s.level, s.level_basis, s.level_since,
  s.open_gaps, s.accepted_gaps, s.closed_gaps, s.gaps_promise_expectation, s.gaps_expectation_standard,
  s.gaps_standard_training, s.gaps_training_execution, s.gaps_execution_reward, s.gaps_undiagnosed,
  s.initiatives_open, s.initiatives_started, s.initiatives_piloting, s.initiatives_concluded,
  s.initiatives_scaling, s.initiatives_on_hold, s.initiatives_completed, s.initiatives_cancelled,
  s.initiatives_open + s.initiatives_started + s.initiatives_piloting + s.initiatives_concluded
    + s.initiatives_scaling + s.initiatives_on_hold AS open_initiatives,
  s.changed_at_position
FROM cem.department_status s JOIN cem.program p USING (program_id) WHERE NOT s.voided;
COMMENT ON VIEW cem_bi.department_current IS 'One row a department: where it stands';
COMMENT ON COLUMN cem_bi.department_current.department IS 'Its code';
COMMENT ON COLUMN cem_bi.department_current.name IS 'What it is called';
COMMENT ON COLUMN cem_bi.department_current.lead IS 'The person who leads it';
COMMENT ON COLUMN cem_bi.department_current.level IS 'Its level of maturity, 0 to 5 (Level); NULL where it was not assessed';
COMMENT ON COLUMN cem_bi.department_current.level_basis IS 'How the level was reached (LevelStanding.Basis)';
COMMENT ON COLUMN cem_bi.department_current.level_since IS 'The day from which it stands on it';
COMMENT ON COLUMN cem_bi.department_current.open_gaps IS 'How many of its gaps are open';
COMMENT ON COLUMN cem_bi.department_current.accepted_gaps IS 'How many of its gaps are accepted';
COMMENT ON COLUMN cem_bi.department_current.closed_gaps IS 'How many of its gaps are closed';
COMMENT ON COLUMN cem_bi.department_current.gaps_promise_expectation IS 'How many of the open ones are between promise and expectation';
COMMENT ON COLUMN cem_bi.department_current.gaps_expectation_standard IS 'How many of the open ones are between expectation and standard';
COMMENT ON COLUMN cem_bi.department_current.gaps_standard_training IS 'How many of the open ones are between standard and training';
COMMENT ON COLUMN cem_bi.department_current.gaps_training_execution IS 'How many of the open ones are between training and execution';
COMMENT ON COLUMN cem_bi.department_current.gaps_execution_reward IS 'How many of the open ones are between execution and reward';
COMMENT ON COLUMN cem_bi.department_current.gaps_undiagnosed IS 'How many of the open ones have no known cause';
COMMENT ON COLUMN cem_bi.department_current.initiatives_open IS 'How many of its initiatives were opened and not started';
COMMENT ON COLUMN cem_bi.department_current.initiatives_started IS 'How many of its initiatives are started';
COMMENT ON COLUMN cem_bi.department_current.initiatives_piloting IS 'How many of its initiatives are in a pilot';
COMMENT ON COLUMN cem_bi.department_current.initiatives_concluded IS 'How many of its initiatives have concluded a pilot';
COMMENT ON COLUMN cem_bi.department_current.initiatives_scaling IS 'How many of its initiatives are rolled out';
COMMENT ON COLUMN cem_bi.department_current.initiatives_on_hold IS 'How many of its initiatives are on hold';
COMMENT ON COLUMN cem_bi.department_current.initiatives_completed IS 'How many of its initiatives are completed';
COMMENT ON COLUMN cem_bi.department_current.initiatives_cancelled IS 'How many of its initiatives are cancelled';
COMMENT ON COLUMN cem_bi.department_current.open_initiatives IS 'How many of its initiatives are neither completed nor cancelled';
COMMENT ON COLUMN cem_bi.department_current.changed_at_position IS 'The position of the last event that concerned it';

CREATE VIEW cem_bi.department_flow WITH (security_barrier) AS
SELECT c.program_id, p.slug AS program, c.department, c.first_on AS day, c.gaps_opened, c.gaps_ended,
  c.initiatives_opened, c.initiatives_ended, CASE WHEN c.assessed = 0 THEN c.level_rise ELSE 0 END AS level_rise,
  c.assessed
FROM cem.department_change c
JOIN cem.program p USING (program_id)
JOIN cem.department_status s ON s.program_id = c.program_id AND s.department = c.department AND NOT s.voided
WHERE c.grain = 'day';
COMMENT ON VIEW cem_bi.department_flow IS 'One row a department and day on which something changed there';
COMMENT ON COLUMN cem_bi.department_flow.department IS 'The department';
COMMENT ON COLUMN cem_bi.department_flow.day IS 'The business date';
COMMENT ON COLUMN cem_bi.department_flow.gaps_opened IS 'How many gaps were recorded or opened again';
COMMENT ON COLUMN cem_bi.department_flow.gaps_ended IS 'How many gaps were closed or accepted';
COMMENT ON COLUMN cem_bi.department_flow.initiatives_opened IS 'How many initiatives were opened, or opened again';
COMMENT ON COLUMN cem_bi.department_flow.initiatives_ended IS 'How many initiatives were completed or cancelled';
COMMENT ON COLUMN cem_bi.department_flow.level_rise IS 'By how many levels it rose, less than zero where it fell';
COMMENT ON COLUMN cem_bi.department_flow.assessed IS '1 where it was assessed for the first time, else 0';

-- What stood at a day's end is what stood before its week, from the sums of all weeks before, and what
-- changed in the week up to the day. A condition on the day reaches the calendar, one on the department
-- all parts; those on the program come first, for the rest depends on it.
CREATE VIEW cem_bi.department_daily AS
SELECT p.program_id, p.slug AS program, d.department, c.day,
  CASE WHEN b.assessed + d.assessed > 0 THEN (b.level + d.level)::integer END AS level,
  (b.gaps + d.gaps)::integer AS open_gaps, (b.initiatives + d.initiatives)::integer AS open_initiatives
FROM cem.program p
JOIN cem.calendar c ON c.day <= (now() AT TIME ZONE p.time_zone)::date
CROSS JOIN LATERAL (
  SELECT s.department, coalesce(sum(x.assessed), 0) AS assessed, coalesce(sum(x.level_rise), 0) AS level,
    coalesce(sum(x.gaps_opened - x.gaps_ended), 0) AS gaps,
    coalesce(sum(x.initiatives_opened - x.initiatives_ended), 0) AS initiatives
  FROM cem.department_status s
  LEFT JOIN cem.department_change x ON x.program_id = s.program_id AND x.department = s.department
    AND x.grain = 'day' AND x.first_on >= c.week_on AND x.first_on <= c.day
  WHERE s.program_id = p.program_id AND s.registered_on <= c.day AND NOT s.voided
  GROUP BY s.department
) d
CROSS JOIN LATERAL (
  SELECT s.department, m.day AS week_on, coalesce(sum(x.assessed) OVER before, 0) AS assessed,
    coalesce(sum(x.level_rise) OVER before, 0) AS level,
    coalesce(sum(x.gaps_opened - x.gaps_ended) OVER before, 0) AS gaps,
    coalesce(sum(x.initiatives_opened - x.initiatives_ended) OVER before, 0) AS initiatives
  FROM cem.department_status s
  JOIN cem.calendar m ON m.day = m.week_on AND m.day > s.registered_on - 7
    AND m.day <= (now() AT TIME ZONE p.time_zone)::date
  LEFT JOIN cem.department_change x ON x.program_id = s.program_id AND x.department = s.department
    AND x.grain = 'week' AND x.first_on = m.day
  WHERE s.program_id = p.program_id AND NOT s.voided
  WINDOW before AS (PARTITION BY s.department ORDER BY m.day ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
) b
WHERE b.department = d.department AND b.week_on = c.week_on;
COMMENT ON VIEW cem_bi.department_daily IS 'One row a department and day, from its registration to today: where it stood at the day''s end, by what is known now';
COMMENT ON COLUMN cem_bi.department_daily.department IS 'The department';
COMMENT ON COLUMN cem_bi.department_daily.day IS 'The day, by the program''s time zone';
COMMENT ON COLUMN cem_bi.department_daily.level IS 'Its level of maturity, 0 to 5 (Level); NULL where it was not assessed';
COMMENT ON COLUMN cem_bi.department_daily.open_gaps IS 'How many of its gaps were open';
COMMENT ON COLUMN cem_bi.department_daily.open_initiatives IS 'How many of its initiatives were neither completed nor cancelled';

CREATE VIEW cem_bi.program_current AS
SELECT p.program_id, p.slug AS program, r.name, m.to_level AS level, d.departments, d.assessed,
  d.departments - d.assessed AS not_assessed, d.lowest_level, d.median_level, d.highest_level, d.level_0,
  d.level_1, d.level_2, d.level_3, d.level_4, d.level_5, d.open_gaps, d.accepted_gaps, d.closed_gaps,
  d.open_initiatives, d.completed_initiatives, d.cancelled_initiatives
FROM cem.program p
LEFT JOIN cem.program_register r USING (program_id)
LEFT JOIN LATERAL (
  SELECT t.to_level FROM cem.maturity_timeline t WHERE t.program_id = p.program_id AND t.department IS NULL
  ORDER BY t.position DESC LIMIT 1
) m ON true
CROSS JOIN LATERAL (
  SELECT count(*)::integer AS departments, count(s.level)::integer AS assessed,
    min(s.level) AS lowest_level, percentile_disc(0.5) WITHIN GROUP (ORDER BY s.level) AS median_level,
    max(s.level) AS highest_level,
    count(*) FILTER (WHERE s.level = 0)::integer AS level_0,
    count(*) FILTER (WHERE s.level = 1)::integer AS level_1,
    count(*) FILTER (WHERE s.level = 2)::integer AS level_2,
    count(*) FILTER (WHERE s.level = 3)::integer AS level_3,
    count(*) FILTER (WHERE s.level = 4)::integer AS level_4,
    count(*) FILTER (WHERE s.level = 5)::integer AS level_5,
    coalesce(sum(s.open_gaps), 0)::integer AS open_gaps,
    coalesce(sum(s.accepted_gaps), 0)::integer AS accepted_gaps,
    coalesce(sum(s.closed_gaps), 0)::integer AS closed_gaps,
    coalesce(sum(s.initiatives_open + s.initiatives_started + s.initiatives_piloting + s.initiatives_concluded
      + s.initiatives_scaling + s.initiatives_on_hold), 0)::integer AS open_initiatives,
    coalesce(sum(s.initiatives_completed), 0)::integer AS completed_initiatives,
    coalesce(sum(s.initiatives_cancelled), 0)::integer AS cancelled_initiatives
  FROM cem.department_status s WHERE s.program_id = p.program_id AND NOT s.voided
) d;
COMMENT ON VIEW cem_bi.program_current IS 'One row a program: where it stands';
COMMENT ON COLUMN cem_bi.program_current.name IS 'What it is called';
COMMENT ON COLUMN cem_bi.program_current.level IS 'The level of the program itself (Level); NULL where it was not assessed';
COMMENT ON COLUMN cem_bi.program_current.departments IS 'How many departments it has';
COMMENT ON COLUMN cem_bi.program_current.assessed IS 'How many of them were assessed';
COMMENT ON COLUMN cem_bi.program_current.not_assessed IS 'How many of them were not';
COMMENT ON COLUMN cem_bi.program_current.lowest_level IS 'The lowest level of a department (Level)';
COMMENT ON COLUMN cem_bi.program_current.median_level IS 'The median of the levels: the lower one of two (Level)';
COMMENT ON COLUMN cem_bi.program_current.highest_level IS 'The highest level of a department (Level)';
COMMENT ON COLUMN cem_bi.program_current.level_0 IS 'How many departments are on level 0';
COMMENT ON COLUMN cem_bi.program_current.level_1 IS 'How many departments are on level 1';
COMMENT ON COLUMN cem_bi.program_current.level_2 IS 'How many departments are on level 2';
COMMENT ON COLUMN cem_bi.program_current.level_3 IS 'How many departments are on level 3';
COMMENT ON COLUMN cem_bi.program_current.level_4 IS 'How many departments are on level 4';
COMMENT ON COLUMN cem_bi.program_current.level_5 IS 'How many departments are on level 5';
COMMENT ON COLUMN cem_bi.program_current.open_gaps IS 'How many gaps are open';
COMMENT ON COLUMN cem_bi.program_current.accepted_gaps IS 'How many gaps are accepted';
COMMENT ON COLUMN cem_bi.program_current.closed_gaps IS 'How many gaps are closed';
COMMENT ON COLUMN cem_bi.program_current.open_initiatives IS 'How many initiatives are neither completed nor cancelled';
COMMENT ON COLUMN cem_bi.program_current.completed_initiatives IS 'How many initiatives are completed';
COMMENT ON COLUMN cem_bi.program_current.cancelled_initiatives IS 'How many initiatives are cancelled';

-- The root of the tree is folded from the frontier as RFC 6962 has it: from the smallest subtree leftwards.
CREATE VIEW cem_bi.freshness AS
SELECT h.program_id, p.slug AS program, h.position,
  CASE WHEN isfinite(h.recorded_at) THEN h.recorded_at END AS recorded_at, h.position AS tree_size,
  encode(f.root, 'base64') AS root
FROM cem.head h
JOIN cem.program p USING (program_id)
CROSS JOIN LATERAL (
  WITH RECURSIVE fold (place, root) AS (
    SELECT length(h.frontier) / 32,
      CASE WHEN length(h.frontier) = 0 THEN sha256('') ELSE substr(h.frontier, length(h.frontier) - 31, 32) END
    UNION ALL
    SELECT place - 1, sha256('\x01'::bytea || substr(h.frontier, place * 32 - 63, 32) || root)
    FROM fold WHERE place > 1
  )
  SELECT root FROM fold ORDER BY place LIMIT 1
) f;
COMMENT ON VIEW cem_bi.freshness IS 'One row a program: what all views show of it at this moment';
COMMENT ON COLUMN cem_bi.freshness.position IS 'The position of the last event';
COMMENT ON COLUMN cem_bi.freshness.recorded_at IS 'When it was recorded, by the server''s clock';
COMMENT ON COLUMN cem_bi.freshness.tree_size IS 'How many events the tree holds';
COMMENT ON COLUMN cem_bi.freshness.root IS 'The root of the tree in base64, as receipts and checkpoints have it';

DO $$
DECLARE
  v_column record;
BEGIN
  FOR v_column IN
    SELECT c.relname, a.attname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'cem_bi'::regnamespace AND a.attname IN ('program_id', 'program')
  LOOP
    EXECUTE format('COMMENT ON COLUMN cem_bi.%I.%I IS %L', v_column.relname, v_column.attname,
      CASE v_column.attname WHEN 'program_id' THEN 'The program''s id, which never changes'
        ELSE 'The program''s short name' END);
  END LOOP;
END
$$;

GRANT USAGE ON SCHEMA cem_bi TO cem_office, cem_approver, cem_auditor, cem_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA cem_bi TO cem_office, cem_auditor, cem_reader;

-- Dashboards read the views and nothing else.
REVOKE ALL ON ALL TABLES IN SCHEMA cem FROM cem_reader;
REVOKE ALL ON SCHEMA cem FROM cem_reader;
