-- The only ways into the log. Each function runs as the owner, so nobody else needs a right on the
-- tables.
SET LOCAL ROLE cem_owner;

-- A program's row, its head, and the slug and time zone that go with its events of this transaction.
CREATE FUNCTION cem.register_program(p_program uuid, p_slug text, p_time_zone text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, cem, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_timezone_names WHERE name = p_time_zone) THEN
    RAISE EXCEPTION USING ERRCODE = 'CEM08', MESSAGE = format('there is no time zone %s', p_time_zone),
      HINT = 'Name one like Europe/Kyiv or America/Toronto.';
  END IF;
  INSERT INTO cem.program (program_id, slug, time_zone) VALUES (p_program, p_slug, p_time_zone)
    ON CONFLICT (program_id) DO UPDATE SET slug = EXCLUDED.slug, time_zone = EXCLUDED.time_zone;
  INSERT INTO cem.head (program_id, position, recorded_at, frontier)
    VALUES (p_program, 0, '-infinity', '') ON CONFLICT (program_id) DO NOTHING;
END
$$;

-- Queues for a program's head, locks it, and says what a decision and its receipt begin from.
CREATE FUNCTION cem.lock_program(
  p_program uuid, OUT "position" bigint, OUT recorded_at text, OUT today date, OUT frontier bytea,
  OUT actor text, OUT projections text
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, cem, pg_temp AS $$
DECLARE
  v_recorded_at timestamptz;
  v_time_zone text;
BEGIN
  -- The advisory lock is a fair queue in front of the row: waiters on a row that changes wake up
  -- together and fight for it. Only the row decides.
  PERFORM pg_advisory_xact_lock(hashtextextended(p_program::text, 0));
  SELECT h.position, h.frontier, greatest(clock_timestamp(), h.recorded_at), p.time_zone
    INTO lock_program.position, lock_program.frontier, v_recorded_at, v_time_zone
    FROM cem.head h JOIN cem.program p USING (program_id)
    WHERE h.program_id = p_program FOR UPDATE OF h;
  recorded_at := to_char(v_recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
  today := (v_recorded_at AT TIME ZONE v_time_zone)::date;
  actor := cem.actor_token();
  SELECT string_agg(p.name || '=' || p.version, ',' ORDER BY p.name) INTO projections FROM cem.projection p;
END
$$;

-- The login as one token: as it stands where it is plain, else its UTF-8 bytes in hexadecimal after '='.
CREATE FUNCTION cem.actor_token() RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN session_user ~ '^[A-Za-z0-9._@-]+$' THEN session_user::text
    ELSE '=' || encode(convert_to(session_user::text, 'UTF8'), 'hex') END
$$;

-- Appends events after a position that the caller holds locked, advances the tree, and refuses the
-- whole where anything does not fit: the order, the clock, the right to a type, the root that the
-- caller computed of its own.
CREATE FUNCTION cem.append(
  p_program uuid, p_position bigint, p_recorded_at timestamptz, p_projections text, p_root bytea,
  p_streams text[], p_versions integer[], p_types text[], p_schema_versions smallint[],
  p_departments text[], p_occurred_on date[], p_command_ids uuid[], p_command_indexes integer[],
  p_digests bytea[], p_correlation_ids uuid[], p_causation_ids uuid[],
  p_facts text[], p_privates text[], p_salts bytea[]
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, cem, pg_temp AS $$
DECLARE
  v_head cem.head;
  v_actor text := cem.actor_token();
  v_time text := to_char(p_recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
  v_required text;
  v_wrong text;
  v_leaves bytea[];
  v_stack bytea[];
  v_top integer;
  v_count bigint;
  v_rest bigint;
  v_level integer;
  v_hash bytea;
BEGIN
  SELECT * INTO v_head FROM cem.head h WHERE h.program_id = p_program FOR UPDATE;
  IF v_head.position IS DISTINCT FROM p_position THEN
    RAISE EXCEPTION USING ERRCODE = 'CEM01',
      MESSAGE = format('the log stands at position %s, not %s', v_head.position, p_position);
  END IF;
  IF p_recorded_at < v_head.recorded_at
    OR (p_recorded_at <> v_head.recorded_at AND p_recorded_at NOT BETWEEN now() AND clock_timestamp()) THEN
    RAISE EXCEPTION USING ERRCODE = 'CEM05', MESSAGE = 'the recorded time is not this transaction''s';
  END IF;
  SELECT string_agg(p.name || '=' || p.version, ',' ORDER BY p.name) INTO v_required FROM cem.projection p;
  IF p_projections IS DISTINCT FROM v_required THEN
    RAISE EXCEPTION USING ERRCODE = 'CEM04',
      MESSAGE = format('this database wants the projections %s, the writer has %s', v_required, p_projections);
  END IF;

  SELECT t INTO v_wrong FROM unnest(p_types) t
    WHERE NOT EXISTS (SELECT FROM cem.event_type e WHERE e.type = t) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'CEM07', MESSAGE = format('unknown event type %s', v_wrong);
  END IF;
  SELECT e.type || ' needs the role ' || e.appended_by INTO v_wrong
    FROM unnest(p_types) t JOIN cem.event_type e ON e.type = t
    WHERE NOT pg_has_role(session_user, e.appended_by, 'MEMBER') LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = v_wrong;
  END IF;

  -- Only tokens may stand in the hashed text's lines, or one line could pretend to be two.
  SELECT format('%s or %s', s, d) INTO v_wrong
    FROM unnest(p_streams, p_departments) AS u (s, d)
    WHERE s !~ '^[a-z]+(/[a-z0-9][a-z0-9-]*)?$' OR d !~ '^([a-z0-9][a-z0-9-]*(,[a-z0-9][a-z0-9-]*)*)?$'
    LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'CEM07', MESSAGE = format('not a stream or a list of departments: %s', v_wrong);
  END IF;

  WITH given AS (
    SELECT *, p_position + ord AS position,
      CASE WHEN private IS NOT NULL THEN sha256(salt || '\x00'::bytea || convert_to(private, 'UTF8')) END AS private_hash
    FROM unnest(p_streams, p_versions, p_types, p_schema_versions, p_departments, p_occurred_on,
        p_command_ids, p_command_indexes, p_digests, p_correlation_ids, p_causation_ids,
        p_facts, p_privates, p_salts) WITH ORDINALITY
      AS u (stream, version, type, schema_version, departments, occurred_on, command_id, command_index,
        digest, correlation_id, causation_id, facts, private, salt, ord)
  ), inserted AS (
    INSERT INTO cem.event (program_id, position, stream, version, type, schema_version, departments,
        actor, recorded_at, occurred_on, command_id, command_index, command_digest, correlation_id,
        causation_id, facts, private, salt, private_hash, leaf_hash)
    SELECT p_program, position, stream, version, type, schema_version, departments, v_actor,
        p_recorded_at, occurred_on, command_id, command_index, digest, correlation_id, causation_id,
        facts, private, salt, private_hash,
        sha256('\x00'::bytea || convert_to(
          E'cem-event/1\n' || p_program || E'\n' || position || E'\n' || stream || E'\n' || version
          || E'\n' || type || E'\n' || schema_version
          || E'\n' || CASE departments WHEN '' THEN '-' ELSE departments END
          || E'\n' || v_actor || E'\n' || v_time || E'\n' || to_char(occurred_on, 'YYYY-MM-DD')
          || E'\n' || command_id || E'\n' || command_index
          || E'\n' || coalesce(encode(digest, 'hex'), '-')
          || E'\n' || coalesce(correlation_id::text, '-') || E'\n' || coalesce(causation_id::text, '-')
          || E'\n' || encode(sha256(convert_to(facts, 'UTF8')), 'hex')
          || E'\n' || coalesce(encode(private_hash, 'hex'), '-') || E'\n', 'UTF8'))
    FROM given ORDER BY position
    RETURNING position, leaf_hash
  )
  SELECT array_agg(leaf_hash ORDER BY position) INTO v_leaves FROM inserted;
  IF v_leaves IS NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'CEM07', MESSAGE = 'no events to append';
  END IF;

  -- The unique constraint keeps versions apart; that each has its predecessor keeps them dense.
  SELECT format('%s version %s', s, v) INTO v_wrong
    FROM unnest(p_streams, p_versions) AS u (s, v)
    WHERE v < 1 OR v > 1 AND NOT EXISTS (
      SELECT FROM cem.event e WHERE e.program_id = p_program AND e.stream = s AND e.version = v - 1)
    LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'CEM02', MESSAGE = format('%s has no predecessor', v_wrong);
  END IF;

  -- RFC 6962: a new leaf merges with every perfect subtree of its own size to its left.
  v_count := p_position;
  v_top := 0;
  v_stack := ARRAY[]::bytea[];
  FOR i IN 0 .. length(v_head.frontier) / 32 - 1 LOOP
    v_stack[i + 1] := substr(v_head.frontier, i * 32 + 1, 32);
    v_top := i + 1;
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
  FOR i IN REVERSE v_top - 1 .. 1 LOOP
    v_hash := sha256('\x01'::bytea || v_stack[i] || v_hash);
  END LOOP;
  IF v_hash IS DISTINCT FROM p_root THEN
    RAISE EXCEPTION USING ERRCODE = 'CEM06',
      MESSAGE = 'the tree''s root is not what the writer computed', DETAIL = format('at size %s', v_count);
  END IF;
  UPDATE cem.head h
    SET position = v_count, recorded_at = p_recorded_at,
        frontier = (SELECT string_agg(part, ''::bytea ORDER BY n)
                    FROM unnest(v_stack[1:v_top]) WITH ORDINALITY AS s (part, n))
    WHERE h.program_id = p_program;
END
$$;

GRANT EXECUTE ON FUNCTION cem.register_program(uuid, text, text), cem.lock_program(uuid), cem.actor_token(),
  cem.append(uuid, bigint, timestamptz, text, bytea, text[], integer[], text[], smallint[], text[], date[],
    uuid[], integer[], bytea[], uuid[], uuid[], text[], text[], bytea[]) TO cem_office;
GRANT SELECT ON cem.program, cem.head, cem.event, cem.tree_node, cem.event_type, cem.projection
  TO cem_office, cem_auditor;
