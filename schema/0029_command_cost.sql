-- A command at less cost: what every command asks for is kept ready.
SET LOCAL ROLE cem_owner;

-- The list of cem.projection as writers state it, in one row: it is read by every command, and changes
-- hardly ever.
CREATE TABLE cem.projection_list (versions text COLLATE "C" NOT NULL);
COMMENT ON TABLE cem.projection_list IS 'The projections that a writer must maintain, in one line: name=version, by name';
GRANT SELECT ON cem.projection_list TO cem_office, cem_auditor;

CREATE FUNCTION cem.list_projections() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE cem.projection_list SET versions = coalesce(
    (SELECT string_agg(p.name || '=' || p.version, ',' ORDER BY p.name) FROM cem.projection p), '');
  RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION cem.list_projections() FROM PUBLIC;

INSERT INTO cem.projection_list (versions)
  SELECT coalesce(string_agg(p.name || '=' || p.version, ',' ORDER BY p.name), '') FROM cem.projection p;
CREATE TRIGGER projection_is_listed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON cem.projection
  FOR EACH STATEMENT EXECUTE FUNCTION cem.list_projections();
ALTER TABLE cem.projection ENABLE ALWAYS TRIGGER projection_is_listed;

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
  v_key bigint := hashtextextended(p_program::text, 0);
  v_recorded_at timestamptz;
  v_time_zone text;
BEGIN
  -- The advisory lock is a fair queue in front of the row: waiters on a row that changes wake up
  -- together and fight for it. Only the row decides.
  IF NOT pg_try_advisory_xact_lock(v_key) THEN
    PERFORM cem.queue(v_key);
  END IF;
  SELECT h.position, h.frontier, greatest(clock_timestamp(), h.recorded_at), p.time_zone, l.versions
    INTO lock_program.position, lock_program.frontier, v_recorded_at, v_time_zone, lock_program.projections
    FROM cem.head h JOIN cem.program p USING (program_id), cem.projection_list l
    WHERE h.program_id = p_program FOR UPDATE OF h;
  recorded_at := to_char(v_recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
  today := (v_recorded_at AT TIME ZONE v_time_zone)::date;
  actor := cem.actor_token();
END
$$;
