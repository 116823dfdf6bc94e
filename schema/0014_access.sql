-- What every login may do in a database by itself, and readers have no use for: temporary tables,
-- schemas, large objects, advisory locks. It is taken from PUBLIC where the database is cem's alone and
-- whoever migrates may take it; `cem doctor` reports what is left.
DO $$
DECLARE
  v_function regprocedure;
BEGIN
  IF EXISTS (SELECT FROM pg_catalog.pg_namespace
      WHERE nspname !~ '^(pg_|cem)' AND nspname NOT IN ('information_schema', 'public'))
    OR EXISTS (SELECT FROM pg_catalog.pg_class WHERE relnamespace = to_regnamespace('public')) THEN
    RETURN;
  END IF;
  IF EXISTS (SELECT FROM pg_catalog.pg_database
      WHERE datname = current_database() AND pg_has_role(current_user, datdba, 'USAGE')) THEN
    EXECUTE format('REVOKE CREATE, TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
  END IF;
  IF (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user) THEN
    FOR v_function IN
      SELECT oid::regprocedure FROM pg_catalog.pg_proc
      WHERE pronamespace = 'pg_catalog'::regnamespace
        AND (proname ~ '^pg_(try_)?advisory_.*lock' OR proname IN ('lo_creat', 'lo_create', 'lo_from_bytea',
          'lo_put', 'lo_truncate', 'lo_truncate64', 'lo_unlink', 'lowrite'))
    LOOP
      EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', v_function);
    END LOOP;
    -- The queue for a program's head, and the one of those who migrate.
    GRANT EXECUTE ON FUNCTION pg_catalog.pg_advisory_xact_lock(bigint),
      pg_catalog.pg_try_advisory_xact_lock(bigint), pg_catalog.pg_advisory_lock(bigint),
      pg_catalog.pg_advisory_unlock(bigint) TO cem_owner;
  END IF;
END
$$;

SET LOCAL ROLE cem_owner;

-- Waits in the queue for a program's head, though not for ever: whoever takes the queue's lock without
-- the head's delays writers and cannot keep them out, for only the row decides.
CREATE FUNCTION cem.queue(p_key bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s' AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(p_key);
EXCEPTION WHEN lock_not_available THEN
  NULL;
END
$$;

-- As before, but for the wait.
CREATE OR REPLACE FUNCTION cem.lock_program(
  p_program uuid, OUT "position" bigint, OUT recorded_at text, OUT today date, OUT frontier bytea,
  OUT actor text, OUT projections text
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, cem, pg_temp AS $$
DECLARE
  v_key bigint := hashtextextended(p_program::text, 0);
  v_recorded_at timestamptz;
  v_time_zone text;
BEGIN
  -- The advisory lock is a fair queue in front of the row: waiters on a row that changes wake up
  -- together and fight for it. Only the row decides.
  IF NOT pg_try_advisory_xact_lock(v_key) THEN
    PERFORM cem.queue(v_key);
  END IF;
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
