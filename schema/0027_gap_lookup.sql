-- Dashboards find gaps by their days, and events in the life of gaps by department, by day and by gap, without
-- reading the log or the register whole.
SET LOCAL ROLE cem_owner;

-- An event's header names the departments concerned, so what a department's gaps went through is one range of an
-- index; the columns that charts count by are in it. Both indexes have what the view's condition names, for
-- otherwise they would not serve it.
CREATE INDEX event_gap_department ON cem.event (program_id, departments, occurred_on)
  INCLUDE (position, stream, version, type)
  WHERE type IN ('gap.recorded', 'gap.diagnosed', 'gap.reassessed', 'gap.closed', 'gap.accepted', 'gap.reopened');
-- Whatever a writer calls a stream, an index must not refuse it.
CREATE INDEX event_gap ON cem.event (program_id, (
  CASE WHEN substr(stream, 5) ~ '^[0-9]{1,9}$' THEN substr(stream, 5)::integer END
))
  WHERE type IN ('gap.recorded', 'gap.diagnosed', 'gap.reassessed', 'gap.closed', 'gap.accepted', 'gap.reopened');

-- The few that the view leaves out, or takes apart. An equality is what the planner takes for rare.
CREATE INDEX event_gap_reverted ON cem.event (program_id, stream, version) WHERE type = 'gap.reverted';
CREATE INDEX event_gap_moved ON cem.event (program_id, stream)
  WHERE stream ^@ 'gap/' AND least(strpos(departments, ','), 1) = 1;
CREATE INDEX gap_register_voided ON cem.gap_register (program_id, (('gap/' || gap::text) COLLATE "C"))
  INCLUDE (gap) WHERE voided;

-- Days by which gaps are asked for, the day first: for a writer, whose plans are made while the register is small,
-- no index but the key leads to a gap. None of these days changes when a gap is measured again.
CREATE INDEX gap_register_recorded_on ON cem.gap_register (recorded_on, program_id);
CREATE INDEX gap_register_due_on ON cem.gap_register (due_on, program_id) WHERE due_on IS NOT NULL;
CREATE INDEX gap_register_closed_on
  ON cem.gap_register ((CASE WHEN state = 'closed' THEN state_since END), program_id);

-- What is open, counted along the chain or by department, without the rows. A new measurement touches none of it.
CREATE INDEX gap_register_open ON cem.gap_register (severity DESC NULLS LAST, program_id, department, link)
  WHERE state = 'open' AND NOT voided;

-- An index answers alone where the table's pages are known to hold nothing but what everybody sees; of a table
-- that only grows that is noted by vacuum, which looks at new pages alone.
ALTER TABLE cem.event SET (autovacuum_vacuum_insert_scale_factor = 0.02);

-- The same columns as before, without the register: the second part has the gaps that were moved, whose earlier
-- events name another department than the present one.
CREATE OR REPLACE VIEW cem_bi.fact_gap_event WITH (security_barrier) AS
SELECT e.program_id, p.slug AS program, e.position,
  CASE WHEN substr(e.stream, 5) ~ '^[0-9]{1,9}$' THEN substr(e.stream, 5)::integer END AS gap,
  e.departments AS department, split_part(e.type, '.', 2) AS change, e.occurred_on, e.recorded_at,
  CASE WHEN e.type IN ('gap.recorded', 'gap.diagnosed') THEN e.facts::json ->> 'link' ELSE (
    SELECT g.link FROM cem.gap_register g
    WHERE g.program_id = e.program_id
      AND g.gap = CASE WHEN substr(e.stream, 5) ~ '^[0-9]{1,9}$' THEN substr(e.stream, 5)::integer END
  ) END AS link,
  CASE WHEN e.type IN ('gap.recorded', 'gap.reassessed')
    THEN (e.facts::json ->> 'perceived')::numeric END AS perceived,
  CASE WHEN e.type = 'gap.reassessed' THEN (e.facts::json ->> 'before')::numeric END AS perceived_before,
  e.actor
FROM cem.event e
JOIN cem.program p USING (program_id)
WHERE e.type IN ('gap.recorded', 'gap.diagnosed', 'gap.reassessed', 'gap.closed', 'gap.accepted', 'gap.reopened')
  AND NOT EXISTS (
    SELECT FROM cem.gap_register g
    WHERE g.program_id = e.program_id AND ('gap/' || g.gap::text) COLLATE "C" = e.stream AND g.voided)
  AND NOT EXISTS (
    SELECT FROM cem.event m WHERE m.program_id = e.program_id AND m.stream = e.stream
      AND m.stream ^@ 'gap/' AND least(strpos(m.departments, ','), 1) = 1)
  AND NOT EXISTS (
    SELECT FROM cem.event u WHERE u.program_id = e.program_id AND u.stream = e.stream
      AND u.version = e.version + 1 AND u.type = 'gap.reverted')
UNION ALL
SELECT e.program_id, p.slug, e.position, g.gap, g.department, split_part(e.type, '.', 2), e.occurred_on,
  e.recorded_at,
  CASE WHEN e.type IN ('gap.recorded', 'gap.diagnosed') THEN e.facts::json ->> 'link' ELSE g.link END,
  CASE WHEN e.type IN ('gap.recorded', 'gap.reassessed') THEN (e.facts::json ->> 'perceived')::numeric END,
  CASE WHEN e.type = 'gap.reassessed' THEN (e.facts::json ->> 'before')::numeric END,
  e.actor
FROM (
  SELECT DISTINCT program_id, stream FROM cem.event WHERE stream ^@ 'gap/' AND least(strpos(departments, ','), 1) = 1
) m
JOIN cem.gap_register g ON g.program_id = m.program_id AND NOT g.voided
  AND g.gap = CASE WHEN substr(m.stream, 5) ~ '^[0-9]{1,9}$' THEN substr(m.stream, 5)::integer END
JOIN cem.program p ON p.program_id = g.program_id
JOIN cem.event e ON e.program_id = g.program_id AND e.stream = m.stream
WHERE e.type IN ('gap.recorded', 'gap.diagnosed', 'gap.reassessed', 'gap.closed', 'gap.accepted', 'gap.reopened')
  AND NOT EXISTS (
    SELECT FROM cem.event u WHERE u.program_id = e.program_id AND u.stream = e.stream
      AND u.version = e.version + 1 AND u.type = 'gap.reverted');
