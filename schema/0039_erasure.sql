-- What a rebuild of a long log keeps on its way, and what an upgrade has filled of new tables, holds words that an
-- erasure takes from the log. They go along with it. Whoever is still at it begins anew: it meets the erasure before
-- it ends, and keeps nothing that it folded before (Refold.swift).
SET LOCAL ROLE cem_owner;

CREATE OR REPLACE FUNCTION cem.erase_named() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, cem, pg_temp AS $$
DECLARE
  v_positions bigint[];
  v_table text;
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
  -- What is being kept or filled just now is waited for, and what comes after it sees this event.
  LOCK TABLE cem.rebuild_progress, cem.projection_build_position IN SHARE ROW EXCLUSIVE MODE;
  DELETE FROM cem.rebuild_progress WHERE program_id = NEW.program_id;
  FOR v_table IN
    SELECT CASE WHEN version = 1 THEN name ELSE name || '_v' || version END FROM cem.projection_build ORDER BY name
  LOOP
    EXECUTE format('DELETE FROM cem.%I WHERE program_id = $1', v_table) USING NEW.program_id;
  END LOOP;
  RETURN NULL;
END
$$;
