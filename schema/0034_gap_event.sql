-- What gaps went through, in rows of its own: an index of the log that PostgreSQL could not make by itself. The log
-- keeps its own rows wide, its facts in a text; here a department's events of ten years are read from a few thousand
-- pages, and the log is rid of the indexes that served them. cem.append writes it with the log, and nothing else may.
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

-- Appends events as before, and what the gaps among them went through: all of a batch in one statement, where a trigger
-- for each row would cost it a third of its time.
CREATE OR REPLACE FUNCTION cem.append(
  p_program uuid, p_position bigint, p_recorded_at timestamptz, p_projections text, p_frontier bytea,
  p_streams text[], p_versions integer[], p_types text[], p_schema_versions smallint[],
  p_departments text[], p_occurred_on date[], p_command_ids uuid[], p_command_indexes integer[],
  p_digests bytea[], p_correlation_ids uuid[], p_causation_ids uuid[],
  p_facts text[], p_privates text[], p_salts bytea[]
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, cem, pg_temp AS $$
DECLARE
  v_position bigint;
  v_last_time timestamptz;
  v_frontier bytea;
  v_required text;
  v_actor text := cem.actor_token();
  v_time text := to_char(p_recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
  v_streams text;
  v_departments text;
  v_role text;
  v_has_predecessor boolean;
  v_wrong text;
  v_leaves bytea[];
  v_rest bigint;
  v_level integer;
  v_length integer;
  v_hash bytea;
  v_private_hash bytea;
  v_gap_types CONSTANT text[] := ARRAY['gap.recorded', 'gap.diagnosed', 'gap.reassessed', 'gap.closed', 'gap.accepted',
    'gap.reopened'];
  v_gap_event record;
BEGIN
  -- Whatever one event is checked against is read together; each statement has a price of its own. The
  -- predecessor is asked for by order: to a plan made while the table is empty all indexes look alike, and
  -- only one of them has the order.
  SELECT h.position, h.recorded_at, h.frontier, l.versions,
      (SELECT e.appended_by FROM cem.event_type e WHERE e.type = p_types[1]),
      (SELECT (e.stream, e.version) = (p_streams[1], p_versions[1] - 1) FROM cem.event e
        WHERE e.program_id = p_program AND (e.stream, e.version) >= (p_streams[1], p_versions[1] - 1)
        ORDER BY e.stream, e.version LIMIT 1)
    INTO v_position, v_last_time, v_frontier, v_required, v_role, v_has_predecessor
    FROM cem.head h, cem.projection_list l WHERE h.program_id = p_program FOR UPDATE OF h;
  IF v_position IS DISTINCT FROM p_position THEN
    RAISE EXCEPTION USING ERRCODE = 'CEM01',
      MESSAGE = format('the log stands at position %s, not %s', v_position, p_position);
  END IF;
  IF p_recorded_at < v_last_time
    OR (p_recorded_at <> v_last_time AND p_recorded_at NOT BETWEEN now() AND clock_timestamp()) THEN
    RAISE EXCEPTION USING ERRCODE = 'CEM05', MESSAGE = 'the recorded time is not this transaction''s';
  END IF;
  IF p_projections IS DISTINCT FROM v_required THEN
    RAISE EXCEPTION USING ERRCODE = 'CEM04',
      MESSAGE = format('this database wants the projections %s, the writer has %s', v_required, p_projections);
  END IF;

  IF cardinality(p_streams) = 1 THEN
    -- One event, the most frequent append by far, without the machinery for many.
    IF v_role IS NULL THEN
      RAISE EXCEPTION USING ERRCODE = 'CEM07', MESSAGE = format('unknown event type %s', p_types[1]);
    ELSIF NOT pg_has_role(session_user, v_role, 'MEMBER') THEN
      RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = p_types[1] || ' needs the role ' || v_role;
    END IF;
    -- Only tokens may stand in the hashed text's lines, or one line could pretend to be two.
    IF (p_streams[1] ~ '^[a-z]+(/[a-z0-9][a-z0-9-]*)?$'
        AND p_departments[1] ~ '^([a-z0-9][a-z0-9-]*(,[a-z0-9][a-z0-9-]*)*)?$') IS NOT TRUE THEN
      RAISE EXCEPTION USING ERRCODE = 'CEM07',
        MESSAGE = format('not a stream or a list of departments: %s or %s', p_streams[1], p_departments[1]);
    END IF;
    -- The unique constraint keeps versions apart; that each has its predecessor keeps them dense.
    IF p_versions[1] IS DISTINCT FROM 1 AND v_has_predecessor IS NOT TRUE THEN
      RAISE EXCEPTION USING ERRCODE = 'CEM02',
        MESSAGE = format('%s version %s has no predecessor', p_streams[1], p_versions[1]);
    END IF;
    IF p_privates[1] IS NOT NULL THEN
      v_private_hash := sha256(p_salts[1] || '\x00'::bytea || convert_to(p_privates[1], 'UTF8'));
    END IF;
    v_hash := cem.leaf_hash(p_program, p_position + 1, p_streams[1], p_versions[1], p_types[1],
      p_schema_versions[1], p_departments[1], v_actor, v_time, p_occurred_on[1], p_command_ids[1],
      p_command_indexes[1], p_digests[1], p_correlation_ids[1], p_causation_ids[1], p_facts[1], v_private_hash);
    INSERT INTO cem.event (program_id, position, stream, version, type, schema_version, departments,
        actor, recorded_at, occurred_on, command_id, command_index, command_digest, correlation_id,
        causation_id, facts, private, salt, private_hash, leaf_hash)
      VALUES (p_program, p_position + 1, p_streams[1], p_versions[1], p_types[1], p_schema_versions[1],
        p_departments[1], v_actor, p_recorded_at, p_occurred_on[1], p_command_ids[1], p_command_indexes[1],
        p_digests[1], p_correlation_ids[1], p_causation_ids[1], p_facts[1], p_privates[1], p_salts[1],
        v_private_hash, v_hash);
    v_leaves := ARRAY[v_hash];
    IF p_streams[1] ^@ 'gap/' THEN
      IF p_types[1] = ANY (v_gap_types) THEN
        INSERT INTO cem.gap_event
          SELECT p_program, p_position + 1, p_recorded_at, substr(p_streams[1], 5)::integer, p_occurred_on[1],
            p_departments[1], p_departments[1], substr(p_types[1], 5), cem.fact(p_facts[1], 'link'),
            cem.fact_number(p_facts[1], 'perceived'), cem.fact_number(p_facts[1], 'before'), v_actor
          WHERE p_streams[1] ~ '^gap/[0-9]{1,9}$';
      ELSE
        PERFORM cem.follow_gap(p_program, p_streams[1], p_versions[1], p_types[1], p_departments[1]);
      END IF;
    END IF;
  ELSE
    IF cardinality(p_streams) = 0 THEN
      RAISE EXCEPTION USING ERRCODE = 'CEM07', MESSAGE = 'no events to append';
    END IF;
    SELECT t.type, t.role INTO v_wrong, v_role
      FROM (SELECT type, (SELECT e.appended_by FROM cem.event_type e WHERE e.type = d.type) AS role
        FROM (SELECT DISTINCT unnest(p_types) AS type) AS d OFFSET 0) AS t
      WHERE t.role IS NULL OR NOT pg_has_role(session_user, t.role, 'MEMBER') LIMIT 1;
    IF FOUND AND v_role IS NULL THEN
      RAISE EXCEPTION USING ERRCODE = 'CEM07', MESSAGE = format('unknown event type %s', v_wrong);
    ELSIF FOUND THEN
      RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = v_wrong || ' needs the role ' || v_role;
    END IF;
    -- All are looked at together; a mark between them that stands within one would make more of them.
    v_streams := array_to_string(p_streams, ' ') || ' ';
    v_departments := array_to_string(p_departments, ';') || ';';
    IF v_streams !~ '^([a-z]+(/[a-z0-9][a-z0-9-]*)? )+$'
      OR v_departments !~ '^(([a-z0-9][a-z0-9-]*(,[a-z0-9][a-z0-9-]*)*)?;)+$'
      OR cardinality(string_to_array(v_streams, ' ')) <> cardinality(p_streams) + 1
      OR cardinality(string_to_array(v_departments, ';')) <> cardinality(p_departments) + 1 THEN
      SELECT format('%s or %s', s, d) INTO v_wrong
        FROM unnest(p_streams, p_departments) AS u (s, d)
        WHERE s !~ '^[a-z]+(/[a-z0-9][a-z0-9-]*)?$' OR d !~ '^([a-z0-9][a-z0-9-]*(,[a-z0-9][a-z0-9-]*)*)?$'
        LIMIT 1;
      RAISE EXCEPTION USING ERRCODE = 'CEM07', MESSAGE = format('not a stream or a list of departments: %s', v_wrong);
    END IF;
    WITH given AS (
      SELECT *, CASE WHEN private IS NOT NULL THEN sha256(salt || '\x00'::bytea || convert_to(private, 'UTF8')) END AS private_hash
      FROM (SELECT p_position + generate_subscripts(p_streams, 1) AS position, unnest(p_streams) AS stream,
          unnest(p_versions) AS version, unnest(p_types) AS type, unnest(p_schema_versions) AS schema_version,
          unnest(p_departments) AS departments, unnest(p_occurred_on) AS occurred_on,
          unnest(p_command_ids) AS command_id, unnest(p_command_indexes) AS command_index,
          unnest(p_digests) AS digest, unnest(p_correlation_ids) AS correlation_id,
          unnest(p_causation_ids) AS causation_id, unnest(p_facts) AS facts, unnest(p_privates) AS private,
          unnest(p_salts) AS salt) AS u
    ), inserted AS (
      INSERT INTO cem.event (program_id, position, stream, version, type, schema_version, departments,
          actor, recorded_at, occurred_on, command_id, command_index, command_digest, correlation_id,
          causation_id, facts, private, salt, private_hash, leaf_hash)
      SELECT p_program, position, stream, version, type, schema_version, departments, v_actor,
          p_recorded_at, occurred_on, command_id, command_index, digest, correlation_id, causation_id,
          facts, private, salt, private_hash,
          cem.leaf_hash(p_program, position, stream, version, type, schema_version, departments, v_actor,
            v_time, occurred_on, command_id, command_index, digest, correlation_id, causation_id, facts,
            private_hash)
      FROM given
      RETURNING position, leaf_hash
    )
    SELECT array_agg(leaf_hash ORDER BY position) INTO v_leaves FROM inserted;
    IF NOT 1 = ALL (p_versions) THEN
      SELECT format('%s version %s', s, v) INTO v_wrong
        FROM (SELECT unnest(p_streams) AS s, unnest(p_versions) AS v) AS u
        WHERE v < 1 OR v > 1 AND (
          SELECT (e.stream, e.version) = (s, v - 1) FROM cem.event e
            WHERE e.program_id = p_program AND (e.stream, e.version) >= (s, v - 1)
            ORDER BY e.stream, e.version LIMIT 1)
          IS NOT TRUE
        LIMIT 1;
      IF FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'CEM02', MESSAGE = format('%s has no predecessor', v_wrong);
      END IF;
    END IF;
    -- All rows first, then what changes rows, in order: it looks at the log, which has all of them.
    INSERT INTO cem.gap_event
      SELECT p_program, position, p_recorded_at, substr(stream, 5)::integer, occurred_on, departments, departments,
        substr(type, 5), cem.fact(facts, 'link'), cem.fact_number(facts, 'perceived'),
        cem.fact_number(facts, 'before'), v_actor
      FROM (SELECT p_position + generate_subscripts(p_streams, 1) AS position, unnest(p_streams) AS stream,
          unnest(p_types) AS type, unnest(p_departments) AS departments, unnest(p_occurred_on) AS occurred_on,
          unnest(p_facts) AS facts) AS u
      WHERE type = ANY (v_gap_types) AND stream ~ '^gap/[0-9]{1,9}$';
    FOR v_gap_event IN
      SELECT stream, version, type, departments
      FROM (SELECT generate_subscripts(p_streams, 1) AS index, unnest(p_streams) AS stream,
          unnest(p_versions) AS version, unnest(p_types) AS type, unnest(p_departments) AS departments) AS u
      WHERE stream ^@ 'gap/' AND (type IN ('gap.reverted', 'gap.voided', 'gap.restored') OR strpos(departments, ',') > 0)
      ORDER BY index
    LOOP
      PERFORM cem.follow_gap(p_program, v_gap_event.stream, v_gap_event.version, v_gap_event.type,
        v_gap_event.departments);
    END LOOP;
  END IF;

  -- RFC 6962: a new leaf merges with every perfect subtree of its own size to its left.
  FOREACH v_hash IN ARRAY v_leaves LOOP
    v_rest := v_position;
    v_level := 0;
    WHILE v_rest & 1 = 1 LOOP
      v_length := length(v_frontier) - 32;
      v_hash := sha256('\x01'::bytea || substr(v_frontier, v_length + 1) || v_hash);
      v_frontier := substr(v_frontier, 1, v_length);
      v_rest := v_rest >> 1;
      v_level := v_level + 1;
      IF v_level % 8 = 0 THEN
        INSERT INTO cem.tree_node (program_id, level, index, hash)
          VALUES (p_program, v_level / 8, v_position >> v_level, v_hash);
      END IF;
    END LOOP;
    v_frontier := v_frontier || v_hash;
    v_position := v_position + 1;
  END LOOP;
  IF v_frontier IS DISTINCT FROM p_frontier THEN
    RAISE EXCEPTION USING ERRCODE = 'CEM06',
      MESSAGE = 'the tree is not what the writer computed', DETAIL = format('at size %s', v_position);
  END IF;
  UPDATE cem.head h SET position = v_position, recorded_at = p_recorded_at, frontier = v_frontier
    WHERE h.program_id = p_program;
END
$$;

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
-- is also how all things of a department are found. Another tells the links of a department's gaps. What is
-- voided is asked for no more.
DROP INDEX cem.gap_register_department;
CREATE INDEX gap_register_department ON cem.gap_register (program_id, department, voided, state, link);
CREATE INDEX gap_register_link ON cem.gap_register (department, program_id, gap) INCLUDE (link);
DROP INDEX cem.gap_register_voided;
ALTER TABLE cem.gap_register SET (autovacuum_vacuum_scale_factor = 0.05);

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

-- The log's own indexes for the view. The one of what was undone stays, for comparing the table with the log.
DROP INDEX cem.event_gap_department;
DROP INDEX cem.event_gap;
DROP INDEX cem.event_gap_moved;
ALTER TABLE cem.event RESET (autovacuum_vacuum_insert_scale_factor);
