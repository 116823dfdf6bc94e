-- One event, the most frequent append by far, is written without the machinery for many. The hashed text
-- stands in one place for both.
SET LOCAL ROLE cem_owner;

-- The hash of an event's leaf text (LOG-FORMAT.md). Every name says its schema, so that callers take it in
-- as an expression.
CREATE FUNCTION cem.leaf_hash(
  p_program uuid, p_position bigint, p_stream text, p_version integer, p_type text,
  p_schema_version smallint, p_departments text, p_actor text, p_time text, p_occurred_on date,
  p_command_id uuid, p_command_index integer, p_digest bytea, p_correlation_id uuid,
  p_causation_id uuid, p_facts text, p_private_hash bytea
) RETURNS bytea
LANGUAGE sql STABLE AS $$
  SELECT pg_catalog.sha256('\x00'::pg_catalog.bytea OPERATOR(pg_catalog.||) pg_catalog.convert_to(
    pg_catalog.concat_ws(E'\n', 'cem-event/1', p_program, p_position, p_stream, p_version, p_type,
      p_schema_version,
      CASE WHEN p_departments OPERATOR(pg_catalog.=) '' THEN '-' ELSE p_departments END,
      p_actor, p_time, pg_catalog.to_char(p_occurred_on, 'YYYY-MM-DD'), p_command_id, p_command_index,
      coalesce(pg_catalog.encode(p_digest, 'hex'), '-'),
      coalesce(p_correlation_id::pg_catalog.text, '-'), coalesce(p_causation_id::pg_catalog.text, '-'),
      pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(p_facts, 'UTF8')), 'hex'),
      coalesce(pg_catalog.encode(p_private_hash, 'hex'), '-'), ''), 'UTF8'))
$$;

-- Appends events after a position that the caller holds locked, advances the tree, and refuses the
-- whole where anything does not fit: the order, the clock, the right to a type, the root that the
-- caller computed of its own.
CREATE OR REPLACE FUNCTION cem.append(
  p_program uuid, p_position bigint, p_recorded_at timestamptz, p_projections text, p_root bytea,
  p_streams text[], p_versions integer[], p_types text[], p_schema_versions smallint[],
  p_departments text[], p_occurred_on date[], p_command_ids uuid[], p_command_indexes integer[],
  p_digests bytea[], p_correlation_ids uuid[], p_causation_ids uuid[],
  p_facts text[], p_privates text[], p_salts bytea[]
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, cem, pg_temp
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
DECLARE
  v_position bigint;
  v_last_time timestamptz;
  v_frontier bytea;
  v_required text;
  v_actor text := cem.actor_token();
  v_time text := to_char(p_recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
  v_streams text := array_to_string(p_streams, ' ') || ' ';
  v_departments text := array_to_string(p_departments, ';') || ';';
  v_wrong text;
  v_role text;
  v_leaves bytea[];
  v_stack bytea[];
  v_top integer;
  v_count bigint;
  v_rest bigint;
  v_level integer;
  v_hash bytea;
  v_private_hash bytea;
BEGIN
  SELECT h.position, h.recorded_at, h.frontier,
      (SELECT string_agg(p.name || '=' || p.version, ',' ORDER BY p.name) FROM cem.projection p)
    INTO v_position, v_last_time, v_frontier, v_required
    FROM cem.head h WHERE h.program_id = p_program FOR UPDATE;
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

  SELECT t.type, t.role INTO v_wrong, v_role
    FROM (SELECT type, (SELECT e.appended_by FROM cem.event_type e WHERE e.type = d.type) AS role
      FROM (SELECT DISTINCT unnest(p_types) AS type) AS d OFFSET 0) AS t
    WHERE t.role IS NULL OR NOT pg_has_role(session_user, t.role, 'MEMBER') LIMIT 1;
  IF FOUND AND v_role IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'CEM07', MESSAGE = format('unknown event type %s', v_wrong);
  ELSIF FOUND THEN
    RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = v_wrong || ' needs the role ' || v_role;
  END IF;

  IF cardinality(p_streams) = 0 THEN
    RAISE EXCEPTION USING ERRCODE = 'CEM07', MESSAGE = 'no events to append';
  END IF;
  -- Only tokens may stand in the hashed text's lines, or one line could pretend to be two. All are
  -- looked at together; a mark between them that stands within one would make more of them.
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

  IF cardinality(p_streams) = 1 THEN
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
  ELSE
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
  END IF;

  -- The unique constraint keeps versions apart; that each has its predecessor keeps them dense. (Asked for
  -- as a value: NOT EXISTS may be planned as a table of all events there are.)
  IF NOT 1 = ALL (p_versions) THEN
    SELECT format('%s version %s', s, v) INTO v_wrong
      FROM (SELECT unnest(p_streams) AS s, unnest(p_versions) AS v) AS u
      WHERE v < 1 OR v > 1 AND (
        SELECT e.version FROM cem.event e WHERE e.program_id = p_program AND e.stream = s AND e.version = v - 1)
        IS NULL
      LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION USING ERRCODE = 'CEM02', MESSAGE = format('%s has no predecessor', v_wrong);
    END IF;
  END IF;

  -- RFC 6962: a new leaf merges with every perfect subtree of its own size to its left.
  v_count := p_position;
  v_top := length(v_frontier) / 32;
  FOR i IN 1 .. v_top LOOP
    v_stack[i] := substr(v_frontier, i * 32 - 31, 32);
  END LOOP;
  FOREACH v_hash IN ARRAY v_leaves LOOP
    v_rest := v_count;
    v_level := 0;
    WHILE v_rest & 1 = 1 LOOP
      v_hash := sha256('\x01'::bytea || v_stack[v_top] || v_hash);
      v_top := v_top - 1;
      v_rest := v_rest >> 1;
      v_level := v_level + 1;
      IF v_level % 8 = 0 THEN
        INSERT INTO cem.tree_node (program_id, level, index, hash)
          VALUES (p_program, v_level / 8, v_count >> v_level, v_hash);
      END IF;
    END LOOP;
    v_top := v_top + 1;
    v_stack[v_top] := v_hash;
    v_count := v_count + 1;
  END LOOP;

  v_hash := v_stack[v_top];
  v_frontier := v_hash;
  FOR i IN REVERSE v_top - 1 .. 1 LOOP
    v_hash := sha256('\x01'::bytea || v_stack[i] || v_hash);
    v_frontier := v_stack[i] || v_frontier;
  END LOOP;
  IF v_hash IS DISTINCT FROM p_root THEN
    RAISE EXCEPTION USING ERRCODE = 'CEM06',
      MESSAGE = 'the tree''s root is not what the writer computed', DETAIL = format('at size %s', v_count);
  END IF;
  UPDATE cem.head h SET position = v_count, recorded_at = p_recorded_at, frontier = v_frontier
    WHERE h.program_id = p_program;
END
$$;
