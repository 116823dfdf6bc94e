-- An append in fewer steps. Each expression of PL/pgSQL is set up anew in every transaction, which costs more
-- than most of them do; so what one event is checked against, the verdict and its hashes come from one statement.
SET LOCAL ROLE cem_owner;

-- Appends events after a position, advances the tree, and refuses the whole where anything does not fit: the
-- order, the clock, the right to a type, the frontier that the caller computed of its own.
CREATE OR REPLACE FUNCTION cem.append(
  p_program uuid, p_position bigint, p_recorded_at timestamptz, p_projections text, p_frontier bytea,
  p_streams text[], p_versions integer[], p_types text[], p_schema_versions smallint[],
  p_departments text[], p_occurred_on date[], p_command_ids uuid[], p_command_indexes integer[],
  p_digests bytea[], p_correlation_ids uuid[], p_causation_ids uuid[],
  p_facts text[], p_privates text[], p_salts bytea[]
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, cem, pg_temp AS $$
DECLARE
  v_actor text;
  v_time text;
  v_frontier bytea;
  v_wrong text;
  v_private_hash bytea;
  v_hash bytea;
  v_streams text;
  v_departments text;
  v_role text;
  v_leaves bytea[];
  v_position bigint := p_position;
  v_rest bigint;
  v_level integer;
  v_length integer;
BEGIN
  -- The verdict is a state and a message, or nothing. The predecessor is asked for by order: to a plan made
  -- while the table is empty all indexes look alike, and only one of them has the order. Only tokens may stand
  -- in the hashed text's lines, or one line could pretend to be two.
  SELECT w.actor, w.time, h.frontier, w.private_hash,
      CASE WHEN cardinality(p_streams) = 1 THEN
        cem.leaf_hash(p_program, p_position + 1, p_streams[1], p_versions[1], p_types[1],
          p_schema_versions[1], p_departments[1], w.actor, w.time, p_occurred_on[1], p_command_ids[1],
          p_command_indexes[1], p_digests[1], p_correlation_ids[1], p_causation_ids[1], p_facts[1],
          w.private_hash) END,
      CASE
        WHEN h.position <> p_position THEN
          'CEM01 the log stands at position ' || h.position || ', not ' || p_position
        WHEN p_recorded_at < h.recorded_at OR (p_recorded_at <> h.recorded_at
            AND p_recorded_at NOT BETWEEN now() AND clock_timestamp()) THEN
          'CEM05 the recorded time is not this transaction''s'
        WHEN p_projections IS DISTINCT FROM l.versions THEN
          format('CEM04 this database wants the projections %s, the writer has %s', l.versions, p_projections)
        WHEN cardinality(p_streams) = 0 THEN 'CEM07 no events to append'
        WHEN cardinality(p_streams) > 1 THEN ''
        WHEN w.role IS NULL THEN format('CEM07 unknown event type %s', p_types[1])
        WHEN NOT pg_has_role(session_user, w.role, 'MEMBER') THEN
          '42501 ' || p_types[1] || ' needs the role ' || w.role
        WHEN (p_streams[1] ~ '^[a-z]+(/[a-z0-9][a-z0-9-]*)?$'
            AND p_departments[1] ~ '^([a-z0-9][a-z0-9-]*(,[a-z0-9][a-z0-9-]*)*)?$') IS NOT TRUE THEN
          format('CEM07 not a stream or a list of departments: %s or %s', p_streams[1], p_departments[1])
        -- The unique constraint keeps versions apart; that each has its predecessor keeps them dense.
        WHEN p_versions[1] IS DISTINCT FROM 1 AND (
            SELECT (e.stream, e.version) = (p_streams[1], p_versions[1] - 1) FROM cem.event e
              WHERE e.program_id = p_program AND (e.stream, e.version) >= (p_streams[1], p_versions[1] - 1)
              ORDER BY e.stream, e.version LIMIT 1) IS NOT TRUE THEN
          format('CEM02 %s version %s has no predecessor', p_streams[1], p_versions[1])
        ELSE '' END
    INTO v_actor, v_time, v_frontier, v_private_hash, v_hash, v_wrong
    FROM cem.head h, cem.projection_list l, LATERAL (
      SELECT cem.actor_token() AS actor,
        to_char(p_recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS time,
        (SELECT e.appended_by FROM cem.event_type e WHERE e.type = p_types[1]) AS role,
        CASE WHEN p_privates[1] IS NOT NULL THEN
          sha256(p_salts[1] || '\x00'::bytea || convert_to(p_privates[1], 'UTF8')) END AS private_hash
      OFFSET 0) AS w
    WHERE h.program_id = p_program;
  IF v_wrong IS DISTINCT FROM '' THEN
    RAISE EXCEPTION USING ERRCODE = coalesce(left(v_wrong, 5), 'CEM01'),
      MESSAGE = coalesce(substr(v_wrong, 7), 'there is no such program');
  END IF;

  IF v_hash IS NOT NULL THEN
    -- One event, the most frequent append by far, without the machinery for many.
    INSERT INTO cem.event (program_id, position, stream, version, type, schema_version, departments,
        actor, recorded_at, occurred_on, command_id, command_index, command_digest, correlation_id,
        causation_id, facts, private, salt, private_hash, leaf_hash)
      VALUES (p_program, p_position + 1, p_streams[1], p_versions[1], p_types[1], p_schema_versions[1],
        p_departments[1], v_actor, p_recorded_at, p_occurred_on[1], p_command_ids[1], p_command_indexes[1],
        p_digests[1], p_correlation_ids[1], p_causation_ids[1], p_facts[1], p_privates[1], p_salts[1],
        v_private_hash, v_hash);
    v_leaves := ARRAY[v_hash];
  ELSE
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
  -- What was read above is still so where the position is.
  UPDATE cem.head h SET position = v_position, recorded_at = p_recorded_at, frontier = v_frontier
    WHERE h.program_id = p_program AND h.position = p_position;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'CEM01', MESSAGE = format('the log stands no longer at position %s', p_position);
  END IF;
END
$$;
