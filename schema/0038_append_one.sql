-- One event, the most frequent append by far, has a function of its own. Its arguments are plain values, and all that
-- it is held to is asked in one expression: in a transaction each expression of PL/pgSQL is made ready anew, which
-- costs more than what it works out, and an element of an array more than a value.
SET LOCAL ROLE cem_owner;

-- Appends one event after a position that the caller holds locked, as cem.append does several.
CREATE FUNCTION cem.append_one(
  p_program uuid, p_position bigint, p_recorded_at timestamptz, p_projections text, p_frontier bytea,
  p_stream text, p_version integer, p_type text, p_schema_version smallint, p_departments text,
  p_occurred_on date, p_command_id uuid, p_command_index integer, p_digest bytea, p_correlation_id uuid,
  p_causation_id uuid, p_facts text, p_private text, p_salt bytea
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, cem, pg_temp AS $$
DECLARE
  v_position bigint;
  v_last_time timestamptz;
  v_frontier bytea;
  v_required text;
  v_role text;
  v_has_predecessor boolean;
  v_actor text := cem.actor_token();
  v_leaf bytea;
  v_hash bytea;
  v_level integer;
BEGIN
  -- Whatever the event is checked against is read together; each statement has a price of its own. The
  -- predecessor is asked for by order: to a plan made while the table is empty all indexes look alike, and
  -- only one of them has the order.
  SELECT h.position, h.recorded_at, h.frontier, l.versions,
      (SELECT e.appended_by FROM cem.event_type e WHERE e.type = p_type),
      p_version = 1 OR (
        SELECT (e.stream, e.version) = (p_stream, p_version - 1) FROM cem.event e
          WHERE e.program_id = p_program AND (e.stream, e.version) >= (p_stream, p_version - 1)
          ORDER BY e.stream, e.version LIMIT 1)
    INTO v_position, v_last_time, v_frontier, v_required, v_role, v_has_predecessor
    FROM cem.head h, cem.projection_list l WHERE h.program_id = p_program FOR UPDATE OF h;
  -- The last event's time is taken again only where the clock was set back behind it, or by the same transaction.
  -- Only tokens may stand in the hashed text's lines, or one line could pretend to be two. The unique constraint
  -- keeps versions apart; that each has its predecessor keeps them dense.
  IF (v_position = p_position
      AND p_recorded_at BETWEEN greatest(v_last_time, now()) AND greatest(v_last_time, clock_timestamp())
      AND p_projections = v_required
      AND pg_has_role(session_user, v_role, 'MEMBER')
      AND p_stream ~ '^[a-z]+(/[a-z0-9][a-z0-9-]*)?$'
      AND p_departments ~ '^([a-z0-9][a-z0-9-]*(,[a-z0-9][a-z0-9-]*)*)?$'
      AND v_has_predecessor) IS NOT TRUE
  THEN
    IF v_position IS DISTINCT FROM p_position THEN
      RAISE EXCEPTION USING ERRCODE = 'CEM01',
        MESSAGE = format('the log stands at position %s, not %s', v_position, p_position);
    ELSIF (p_recorded_at BETWEEN greatest(v_last_time, now()) AND greatest(v_last_time, clock_timestamp()))
      IS NOT TRUE THEN
      RAISE EXCEPTION USING ERRCODE = 'CEM05', MESSAGE = 'the recorded time is not this transaction''s';
    ELSIF p_projections IS DISTINCT FROM v_required THEN
      RAISE EXCEPTION USING ERRCODE = 'CEM04',
        MESSAGE = format('this database wants the projections %s, the writer has %s', v_required, p_projections);
    ELSIF v_role IS NULL THEN
      RAISE EXCEPTION USING ERRCODE = 'CEM07', MESSAGE = format('unknown event type %s', p_type);
    ELSIF NOT pg_has_role(session_user, v_role, 'MEMBER') THEN
      RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = p_type || ' needs the role ' || v_role;
    ELSIF v_has_predecessor IS NOT TRUE THEN
      RAISE EXCEPTION USING ERRCODE = 'CEM02',
        MESSAGE = format('%s version %s has no predecessor', p_stream, p_version);
    ELSE
      RAISE EXCEPTION USING ERRCODE = 'CEM07',
        MESSAGE = format('not a stream or a list of departments: %s or %s', p_stream, p_departments);
    END IF;
  END IF;

  v_leaf := cem.leaf_hash(p_program, p_position + 1, p_stream, p_version, p_type, p_schema_version, p_departments,
    v_actor, to_char(p_recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), p_occurred_on, p_command_id,
    p_command_index, p_digest, p_correlation_id, p_causation_id, p_facts, cem.private_hash(p_private, p_salt));
  INSERT INTO cem.event (program_id, position, stream, version, type, schema_version, departments, actor,
      recorded_at, occurred_on, command_id, command_index, command_digest, correlation_id, causation_id, facts,
      private, salt, leaf_hash)
    VALUES (p_program, p_position + 1, p_stream, p_version, p_type, p_schema_version, p_departments, v_actor,
      p_recorded_at, p_occurred_on, p_command_id, p_command_index, p_digest, p_correlation_id, p_causation_id, p_facts,
      p_private, p_salt, v_leaf);
  IF p_type IN ('gap.recorded', 'gap.diagnosed', 'gap.reassessed', 'gap.closed', 'gap.accepted', 'gap.reopened') THEN
    INSERT INTO cem.gap_event
      SELECT p_program, p_position + 1, p_recorded_at, substr(p_stream, 5)::integer, p_occurred_on, p_departments,
        p_departments, substr(p_type, 5), cem.fact(p_facts, 'link'), cem.fact_number(p_facts, 'perceived'),
        cem.fact_number(p_facts, 'before'), v_actor
      WHERE p_stream ~ '^gap/[0-9]{1,9}$';
  ELSIF p_stream ^@ 'gap/' THEN
    PERFORM cem.follow_gap(p_program, p_stream, p_version, p_type, p_departments);
  END IF;

  -- RFC 6962: a new leaf merges with every perfect subtree of its own size to its left.
  IF p_position & 1 = 1 THEN
    v_hash := v_leaf;
    v_level := 0;
    WHILE (p_position >> v_level) & 1 = 1 LOOP
      v_hash := sha256('\x01'::bytea || substr(v_frontier, length(v_frontier) - 31) || v_hash);
      v_frontier := substr(v_frontier, 1, length(v_frontier) - 32);
      v_level := v_level + 1;
      IF v_level % 8 = 0 THEN
        INSERT INTO cem.tree_node (program_id, level, index, hash)
          VALUES (p_program, v_level / 8, p_position >> v_level, v_hash);
      END IF;
    END LOOP;
    v_leaf := v_hash;
  END IF;
  IF v_frontier || v_leaf IS DISTINCT FROM p_frontier THEN
    RAISE EXCEPTION USING ERRCODE = 'CEM06',
      MESSAGE = 'the tree is not what the writer computed', DETAIL = format('at size %s', p_position + 1);
  END IF;
  UPDATE cem.head h SET position = p_position + 1, recorded_at = p_recorded_at, frontier = p_frontier
    WHERE h.program_id = p_program;
END
$$;
REVOKE EXECUTE ON FUNCTION cem.append_one(uuid, bigint, timestamptz, text, bytea, text, integer, text, smallint,
  text, date, uuid, integer, bytea, uuid, uuid, text, text, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cem.append_one(uuid, bigint, timestamptz, text, bytea, text, integer, text, smallint,
  text, date, uuid, integer, bytea, uuid, uuid, text, text, bytea) TO cem_office;

-- Appends events after a position that the caller holds locked, advances the tree, and refuses the
-- whole where anything does not fit: the order, the clock, the right to a type, the frontier that the
-- caller computed of its own. Any number of them; of one, append_one does the same at less cost.
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
  v_wrong text;
  v_leaves bytea[];
  v_rest bigint;
  v_level integer;
  v_length integer;
  v_hash bytea;
  v_gap_types CONSTANT text[] := ARRAY['gap.recorded', 'gap.diagnosed', 'gap.reassessed', 'gap.closed', 'gap.accepted',
    'gap.reopened'];
  v_gap_event record;
BEGIN
  SELECT h.position, h.recorded_at, h.frontier, l.versions
    INTO v_position, v_last_time, v_frontier, v_required
    FROM cem.head h, cem.projection_list l WHERE h.program_id = p_program FOR UPDATE OF h;
  IF v_position IS DISTINCT FROM p_position THEN
    RAISE EXCEPTION USING ERRCODE = 'CEM01',
      MESSAGE = format('the log stands at position %s, not %s', v_position, p_position);
  END IF;
  -- The last event's time is taken again only where the clock was set back behind it, or by the same transaction.
  IF p_recorded_at NOT BETWEEN greatest(v_last_time, now()) AND greatest(v_last_time, clock_timestamp()) THEN
    RAISE EXCEPTION USING ERRCODE = 'CEM05', MESSAGE = 'the recorded time is not this transaction''s';
  END IF;
  IF p_projections IS DISTINCT FROM v_required THEN
    RAISE EXCEPTION USING ERRCODE = 'CEM04',
      MESSAGE = format('this database wants the projections %s, the writer has %s', v_required, p_projections);
  END IF;

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
    SELECT p_position + generate_subscripts(p_streams, 1) AS position, unnest(p_streams) AS stream,
      unnest(p_versions) AS version, unnest(p_types) AS type, unnest(p_schema_versions) AS schema_version,
      unnest(p_departments) AS departments, unnest(p_occurred_on) AS occurred_on,
      unnest(p_command_ids) AS command_id, unnest(p_command_indexes) AS command_index,
      unnest(p_digests) AS digest, unnest(p_correlation_ids) AS correlation_id,
      unnest(p_causation_ids) AS causation_id, unnest(p_facts) AS facts, unnest(p_privates) AS private,
      unnest(p_salts) AS salt
  ), inserted AS (
    INSERT INTO cem.event (program_id, position, stream, version, type, schema_version, departments,
        actor, recorded_at, occurred_on, command_id, command_index, command_digest, correlation_id,
        causation_id, facts, private, salt, leaf_hash)
    SELECT p_program, position, stream, version, type, schema_version, departments, v_actor,
        p_recorded_at, occurred_on, command_id, command_index, digest, correlation_id, causation_id,
        facts, private, salt,
        cem.leaf_hash(p_program, position, stream, version, type, schema_version, departments, v_actor,
          v_time, occurred_on, command_id, command_index, digest, correlation_id, causation_id, facts,
          cem.private_hash(private, salt))
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

-- Waits for a program's head and locks it until the transaction ends. What is asked for under the lock is
-- looked up by keys and in the order of keys: plans for that are made once a session, and never for the few
-- rows that a young database has, where reading all of them and sorting looks as cheap.
CREATE OR REPLACE FUNCTION cem.lock_program(
  p_program uuid, OUT "position" bigint, OUT recorded_at text, OUT today date, OUT frontier bytea,
  OUT actor text, OUT projections text
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, cem, pg_temp AS $$
DECLARE
  v_settings text := set_config('plan_cache_mode', 'force_generic_plan', true)
    || set_config('enable_seqscan', 'off', true) || set_config('enable_bitmapscan', 'off', true)
    || set_config('enable_sort', 'off', true) || set_config('jit', 'off', true);
BEGIN
  -- The advisory lock is a fair queue in front of the row: waiters on a row that changes wake up
  -- together and fight for it. Only the row decides.
  IF NOT pg_try_advisory_xact_lock(hashtextextended(p_program::text, 0)) THEN
    PERFORM cem.queue(hashtextextended(p_program::text, 0));
  END IF;
  SELECT locked.position, to_char(locked.now AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
      (locked.now AT TIME ZONE locked.time_zone)::date, locked.frontier, cem.actor_token(), locked.versions
    INTO lock_program.position, lock_program.recorded_at, lock_program.today, lock_program.frontier,
      lock_program.actor, lock_program.projections
    FROM (
      SELECT h.position, h.frontier, greatest(clock_timestamp(), h.recorded_at) AS now, p.time_zone, list.versions
      FROM cem.head h JOIN cem.program p USING (program_id), cem.projection_list list
      WHERE h.program_id = p_program FOR UPDATE OF h
    ) AS locked;
END
$$;
