-- What gaps went through, in rows of its own: an index of the log that PostgreSQL could not make by itself. The log
-- keeps its own rows wide, its facts in a text; here a department's events of ten years are read from a few thousand
-- pages. cem.append writes it with the log, and nothing else may.
SET LOCAL ROLE cem_owner;

CREATE TABLE cem.gap_event (
  program_id uuid NOT NULL,
  position bigint NOT NULL,
  recorded_at timestamptz NOT NULL,
  gap integer NOT NULL,
  occurred_on date NOT NULL,
  department text COLLATE "C" NOT NULL,
  department_then text COLLATE "C" NOT NULL,
  change text COLLATE "C" NOT NULL,
  link text COLLATE "C",
  perceived numeric,
  perceived_before numeric,
  actor text COLLATE "C" NOT NULL,
  PRIMARY KEY (program_id, position)
);
COMMENT ON TABLE cem.gap_event IS 'One row an event in the life of a gap, but for what was undone or voided; written with the log by cem.append';
COMMENT ON COLUMN cem.gap_event.department IS 'The department that the gap belongs to now: the one column that changes';
COMMENT ON COLUMN cem.gap_event.link IS 'The link that the event names';
CREATE INDEX gap_event_gap ON cem.gap_event (program_id, gap);
CREATE INDEX gap_event_department ON cem.gap_event (program_id, department, occurred_on);
CREATE INDEX gap_event_day ON cem.gap_event (program_id, occurred_on);
GRANT SELECT ON cem.gap_event TO cem_office, cem_auditor;

-- What an event's facts say under a name, as a text or a number; NULL where they do not. Facts are canonical JSON, in
-- whose texts no quote stands without a backslash before it, so what is found is a member of that name. Whatever a
-- writer calls facts, an append must not fail for it. Every name says its schema, so that callers take these in as
-- expressions.
CREATE FUNCTION cem.fact(p_facts text, p_name text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
  SELECT nullif(pg_catalog.split_part(pg_catalog.split_part(
    p_facts, '"' OPERATOR(pg_catalog.||) p_name OPERATOR(pg_catalog.||) '":"', 2), '"', 1), '')
$$;
CREATE FUNCTION cem.fact_number(p_facts text, p_name text) RETURNS numeric
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN pg_catalog.split_part(pg_catalog.split_part(
        p_facts, '"' OPERATOR(pg_catalog.||) p_name OPERATOR(pg_catalog.||) '":"', 2), '"', 1)
      OPERATOR(pg_catalog.~) '^-?[0-9]+([.][0-9]+)?$'
    THEN pg_catalog.left(pg_catalog.split_part(pg_catalog.split_part(
        p_facts, '"' OPERATOR(pg_catalog.||) p_name OPERATOR(pg_catalog.||) '":"', 2), '"', 1), 100)::pg_catalog.numeric
  END
$$;
REVOKE EXECUTE ON FUNCTION cem.fact(text, text) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION cem.fact_number(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cem.fact(text, text) TO cem_office, cem_auditor;
GRANT EXECUTE ON FUNCTION cem.fact_number(text, text) TO cem_office, cem_auditor;

-- The few that were undone, for comparing the table with the log.
CREATE INDEX event_gap_reverted ON cem.event (program_id, stream, version) WHERE type = 'gap.reverted';

-- What the log says of a range of positions, each event by itself.
CREATE FUNCTION cem.gap_events_in_log(p_program uuid, p_first bigint, p_last bigint) RETURNS SETOF cem.gap_event
LANGUAGE sql STABLE AS $$
  SELECT e.program_id, e.position, e.recorded_at, substr(e.stream, 5)::integer, e.occurred_on, e.departments,
    e.departments, substr(e.type, 5), cem.fact(e.facts, 'link'), cem.fact_number(e.facts, 'perceived'),
    cem.fact_number(e.facts, 'before'), e.actor
  FROM cem.event e
  WHERE e.program_id = p_program AND e.position BETWEEN p_first AND p_last
    AND e.type IN ('gap.recorded', 'gap.diagnosed', 'gap.reassessed', 'gap.closed', 'gap.accepted', 'gap.reopened')
    AND e.stream ~ '^gap/[0-9]+$' AND length(e.stream) < 14
$$;
REVOKE EXECUTE ON FUNCTION cem.gap_events_in_log(uuid, bigint, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cem.gap_events_in_log(uuid, bigint, bigint) TO cem_office, cem_auditor;

-- Follows an event that changes the rows of its gap. Only the last event of a stream can be undone, so whatever undoes
-- one comes next in its stream; what is voided is in no figure; a move names the department that it leads to
-- last. It costs what the one gap went through. Rows are looked up by keys or in an index's order: plans are
-- made once a session, perhaps while the tables are empty. It runs within cem.append, which has set the search
-- path; to set it again would cost as much as a row.
CREATE FUNCTION cem.follow_gap(
  p_program uuid, p_stream text, p_version integer, p_type text, p_departments text
) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  v_gap integer;
  v_department text;
BEGIN
  IF p_stream !~ '^gap/[0-9]{1,9}$' THEN
    RETURN;
  END IF;
  v_gap := substr(p_stream, 5);
  IF p_type = 'gap.reverted' THEN
    DELETE FROM cem.gap_event g WHERE g.program_id = p_program AND g.position = (
      SELECT e.position FROM cem.event e
      WHERE e.program_id = p_program AND (e.stream, e.version) >= (p_stream, p_version - 1)
      ORDER BY e.stream, e.version LIMIT 1);
  ELSIF p_type = 'gap.voided' THEN
    DELETE FROM cem.gap_event g WHERE g.ctid = ANY (ARRAY(
      SELECT o.ctid FROM cem.gap_event o
      WHERE o.program_id = p_program AND o.gap BETWEEN v_gap AND v_gap ORDER BY o.gap));
  ELSIF p_type = 'gap.restored' THEN
    v_department := substring(p_departments, '[^,]*$');
    INSERT INTO cem.gap_event
      SELECT l.program_id, l.position, l.recorded_at, l.gap, l.occurred_on, v_department, l.department_then, l.change,
        l.link, l.perceived, l.perceived_before, l.actor
      FROM (
        SELECT e.position, lead(e.type) OVER (ORDER BY e.version) AS next FROM cem.event e
        WHERE e.program_id = p_program AND e.stream = p_stream
      ) e
      CROSS JOIN LATERAL (
        SELECT * FROM cem.gap_events_in_log(p_program, e.position, e.position) l ORDER BY l.position
      ) l
      WHERE e.next IS DISTINCT FROM 'gap.reverted'
      ON CONFLICT (program_id, position) DO NOTHING;
  ELSIF strpos(p_departments, ',') > 0 THEN
    v_department := substring(p_departments, '[^,]*$');
    UPDATE cem.gap_event g SET department = v_department
      WHERE g.department <> v_department AND g.ctid = ANY (ARRAY(
        SELECT o.ctid FROM cem.gap_event o
        WHERE o.program_id = p_program AND o.gap BETWEEN v_gap AND v_gap ORDER BY o.gap));
  END IF;
END
$$;
REVOKE EXECUTE ON FUNCTION cem.follow_gap(uuid, text, integer, text, text) FROM PUBLIC;

-- What the table should hold of a range of positions, of the log and the register as they are.
CREATE FUNCTION cem.gap_events_expected(p_program uuid, p_first bigint, p_last bigint) RETURNS SETOF cem.gap_event
LANGUAGE sql STABLE AS $$
  SELECT l.program_id, l.position, l.recorded_at, l.gap, l.occurred_on, coalesce(g.department, l.department),
    l.department_then, l.change, l.link, l.perceived, l.perceived_before, l.actor
  FROM cem.gap_events_in_log(p_program, p_first, p_last) l
  LEFT JOIN cem.gap_register g ON g.program_id = l.program_id AND g.gap = l.gap
  WHERE g.voided IS NOT TRUE AND NOT EXISTS (
    SELECT FROM cem.event u
    JOIN cem.event e ON e.program_id = u.program_id AND e.stream = u.stream AND e.version = u.version - 1
    WHERE u.program_id = p_program AND u.type = 'gap.reverted' AND e.position = l.position)
$$;
REVOKE EXECUTE ON FUNCTION cem.gap_events_expected(uuid, bigint, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cem.gap_events_expected(uuid, bigint, bigint) TO cem_office, cem_auditor;

-- The positions of a range at which the table is not what it should be.
CREATE FUNCTION cem.gap_events_amiss(p_program uuid, p_first bigint, p_last bigint) RETURNS SETOF bigint
LANGUAGE sql STABLE AS $$
  SELECT coalesce(s.position, t.position)
  FROM cem.gap_events_expected(p_program, p_first, p_last) s
  FULL JOIN (
    SELECT * FROM cem.gap_event g WHERE g.program_id = p_program
      AND g.position >= p_first AND g.position <= p_last
  ) t ON s.position = t.position
  WHERE s IS DISTINCT FROM t
$$;
REVOKE EXECUTE ON FUNCTION cem.gap_events_amiss(uuid, bigint, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cem.gap_events_amiss(uuid, bigint, bigint) TO cem_office, cem_auditor;

-- Makes the table what it should be in a range of positions, while nothing is appended. Anybody who records may
-- have it done; it can make nothing wrong. Returns how many rows were not right.
CREATE FUNCTION cem.mend_gap_events(p_program uuid, p_first bigint, p_last bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, cem, pg_temp AS $$
DECLARE
  v_amiss bigint[];
BEGIN
  PERFORM FROM cem.head h WHERE h.program_id = p_program FOR UPDATE;
  v_amiss := ARRAY(SELECT cem.gap_events_amiss(p_program, p_first, p_last));
  IF cardinality(v_amiss) > 0 THEN
    DELETE FROM cem.gap_event g WHERE g.program_id = p_program AND g.position = ANY (v_amiss);
    INSERT INTO cem.gap_event SELECT * FROM cem.gap_events_expected(p_program, p_first, p_last) e
      WHERE e.position = ANY (v_amiss);
  END IF;
  RETURN cardinality(v_amiss);
END
$$;
REVOKE EXECUTE ON FUNCTION cem.mend_gap_events(uuid, bigint, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cem.mend_gap_events(uuid, bigint, bigint) TO cem_office;

-- What was recorded before.
DO $$
BEGIN
  PERFORM cem.mend_gap_events(h.program_id, 1, h.position) FROM cem.head h WHERE h.position > 0;
END
$$;
ANALYZE cem.gap_event;

-- Gaps are counted by department, state and link from one index, without the rows; what was voided is in it, since it
-- is also how all things of a department are found. Another tells the links of a department's gaps.
DROP INDEX cem.gap_register_department;
CREATE INDEX gap_register_department ON cem.gap_register (program_id, department, voided, state, link);
CREATE INDEX gap_register_link ON cem.gap_register (department, program_id, gap) INCLUDE (link);
ALTER TABLE cem.gap_register SET (autovacuum_vacuum_scale_factor = 0.05);

-- Days by which gaps are asked for, the day first: for a writer, whose plans are made while the register is small,
-- no index but the key leads to a gap. None of these days changes when a gap is measured again.
CREATE INDEX gap_register_recorded_on ON cem.gap_register (recorded_on, program_id);
CREATE INDEX gap_register_due_on ON cem.gap_register (due_on, program_id) WHERE due_on IS NOT NULL;
CREATE INDEX gap_register_closed_on
  ON cem.gap_register ((CASE WHEN state = 'closed' THEN state_since END), program_id);

-- What is open, counted along the chain or by department, without the rows. A new measurement touches none of it.
CREATE INDEX gap_register_open ON cem.gap_register (severity DESC NULLS LAST, program_id, department, link)
  WHERE state = 'open' AND NOT voided;

-- The same columns as before, and one more. The register is joined by the department as well, which a gap has in
-- both: so a question about one department reads nobody else's links, and one that asks for no link reads none.
CREATE OR REPLACE VIEW cem_bi.fact_gap_event WITH (security_barrier) AS
SELECT e.program_id, p.slug AS program, e.position, e.gap, e.department, e.change, e.occurred_on, e.recorded_at,
  coalesce(e.link, g.link) AS link, e.perceived, e.perceived_before, e.actor, e.department_then
FROM cem.gap_event e
JOIN cem.program p USING (program_id)
LEFT JOIN cem.gap_register g ON g.program_id = e.program_id AND g.gap = e.gap AND g.department = e.department;
COMMENT ON COLUMN cem_bi.fact_gap_event.department_then IS 'The department that it belonged to when it happened';

-- How many gaps there are, by all that charts count them by. Rows of an index come in the order of groups, as they do not
-- once a program's name is joined to each.
CREATE VIEW cem_bi.gap_current WITH (security_barrier) AS
SELECT p.program_id, p.slug AS program, c.department, c.state, c.link, c.gaps
FROM cem.program p
CROSS JOIN LATERAL (
  SELECT g.department, g.state, g.link, count(*)::integer AS gaps FROM cem.gap_register g
  WHERE g.program_id = p.program_id AND NOT g.voided GROUP BY g.department, g.state, g.link
) c;
COMMENT ON VIEW cem_bi.gap_current IS 'One row a department, state and link with gaps: how many there are';
COMMENT ON COLUMN cem_bi.gap_current.program_id IS 'The program''s id, which never changes';
COMMENT ON COLUMN cem_bi.gap_current.program IS 'The program''s short name';
COMMENT ON COLUMN cem_bi.gap_current.department IS 'The department that they belong to';
COMMENT ON COLUMN cem_bi.gap_current.state IS 'Where they stand (GapLife.Stage)';
COMMENT ON COLUMN cem_bi.gap_current.link IS 'The link of the gap chain (GapLink)';
COMMENT ON COLUMN cem_bi.gap_current.gaps IS 'How many gaps';
GRANT SELECT ON cem_bi.gap_current TO cem_office, cem_auditor, cem_reader;
