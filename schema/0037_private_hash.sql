-- The hash of what is private is kept from when that is erased; until then it follows from the text and its salt,
-- and every reader computes it. It would take a seventeenth of what an event takes on disk.
SET LOCAL ROLE cem_owner;

-- The hash of what is private (LOG-FORMAT.md). Every name says its schema, and it is as stable as convert_to, so
-- that callers take it in as an expression.
CREATE FUNCTION cem.private_hash(p_private text, p_salt bytea) RETURNS bytea
LANGUAGE sql STABLE AS $$
  SELECT pg_catalog.sha256(p_salt OPERATOR(pg_catalog.||) '\x00'::pg_catalog.bytea
    OPERATOR(pg_catalog.||) pg_catalog.convert_to(p_private, 'UTF8'))
$$;
REVOKE EXECUTE ON FUNCTION cem.private_hash(text, bytea) FROM PUBLIC;

-- The table is written anew, so that the room is free at once; no row trigger has a say in that.
ALTER TABLE cem.event ALTER COLUMN private_hash TYPE bytea USING CASE WHEN private IS NULL THEN private_hash END;
ALTER TABLE cem.event ADD CONSTRAINT event_private_hash CHECK (private IS NULL OR private_hash IS NULL);
COMMENT ON COLUMN cem.event.private_hash IS 'What the hash of the private text and its salt was when they were erased; NULL else';

-- Lets through the one change that there is: private data and salt become NULL, and the hash is kept that they
-- had, at a position that the erasure event under way names. Whoever else says that one is under way only
-- repeats what was done.
CREATE OR REPLACE FUNCTION cem.refuse_event_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_erased cem.event;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    v_erased := OLD;
    v_erased.private_hash := coalesce(OLD.private_hash, cem.private_hash(OLD.private, OLD.salt));
    v_erased.private := NULL;
    v_erased.salt := NULL;
    IF NEW OPERATOR(pg_catalog.*=) v_erased AND EXISTS (
      SELECT FROM cem.event e
      WHERE e.program_id = OLD.program_id AND e.type = 'event.data_erased'
        AND e.position = nullif(current_setting('cem.erasing', true), '')::bigint
        AND e.facts::jsonb -> 'positions' @> to_jsonb(OLD.position)
    ) THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION USING
    ERRCODE = 'CEM09',
    MESSAGE = format('%s on %s.%s is refused: what was recorded stays', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME),
    HINT = 'Correct it by a new event: cem NOUN amend, void, or cem undo. Private data is erased by: cem audit erase.';
END
$$;

-- Erases what an erasure event names, with the statement that appends it: there is neither an erasure
-- without its event nor an event without its erasure.
CREATE OR REPLACE FUNCTION cem.erase_named() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, cem, pg_temp AS $$
DECLARE
  v_positions bigint[];
BEGIN
  SELECT array_agg(p::bigint) INTO v_positions FROM jsonb_array_elements_text(NEW.facts::jsonb -> 'positions') AS t (p);
  IF v_positions IS NULL OR EXISTS (SELECT FROM unnest(v_positions) AS p WHERE p NOT BETWEEN 1 AND NEW.position - 1) THEN
    RAISE EXCEPTION USING ERRCODE = 'CEM10', MESSAGE = 'an erasure names positions before its own';
  END IF;
  PERFORM set_config('cem.erasing', NEW.position::text, true);
  UPDATE cem.event
    SET private_hash = coalesce(private_hash, cem.private_hash(private, salt)), private = NULL, salt = NULL
    WHERE program_id = NEW.program_id AND position = ANY (v_positions)
      AND (private IS NOT NULL OR salt IS NOT NULL);
  PERFORM set_config('cem.erasing', '', true);
  RETURN NULL;
END
$$;

-- Appends events after a position that the caller holds locked, advances the tree, and refuses the
-- whole where anything does not fit: the order, the clock, the right to a type, the frontier that the
-- caller computed of its own.
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
  -- The last event's time is taken again only where the clock was set back behind it, or by the same transaction.
  IF p_recorded_at NOT BETWEEN greatest(v_last_time, now()) AND greatest(v_last_time, clock_timestamp()) THEN
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
    v_hash := cem.leaf_hash(p_program, p_position + 1, p_streams[1], p_versions[1], p_types[1],
      p_schema_versions[1], p_departments[1], v_actor, v_time, p_occurred_on[1], p_command_ids[1],
      p_command_indexes[1], p_digests[1], p_correlation_ids[1], p_causation_ids[1], p_facts[1],
      cem.private_hash(p_privates[1], p_salts[1]));
    INSERT INTO cem.event (program_id, position, stream, version, type, schema_version, departments,
        actor, recorded_at, occurred_on, command_id, command_index, command_digest, correlation_id,
        causation_id, facts, private, salt, leaf_hash)
      VALUES (p_program, p_position + 1, p_streams[1], p_versions[1], p_types[1], p_schema_versions[1],
        p_departments[1], v_actor, p_recorded_at, p_occurred_on[1], p_command_ids[1], p_command_indexes[1],
        p_digests[1], p_correlation_ids[1], p_causation_ids[1], p_facts[1], p_privates[1], p_salts[1],
        v_hash);
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
