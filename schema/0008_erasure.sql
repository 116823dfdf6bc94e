-- Erasure: an event names the positions whose private data goes, and appending it makes it go. Nothing
-- else ever changes an event.
SET LOCAL ROLE cem_owner;

INSERT INTO cem.event_type (type, appended_by) VALUES
  ('event.data_erased', 'cem_owner'),
  ('log.restored', 'cem_owner');

-- Lets through the one change that there is: private data and salt become NULL at a position that the
-- erasure event under way names. Whoever else says that one is under way only repeats what was done.
CREATE FUNCTION cem.refuse_event_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_erased cem.event;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    v_erased := OLD;
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

DROP TRIGGER event_is_append_only ON cem.event;
CREATE TRIGGER event_is_append_only BEFORE UPDATE OR DELETE ON cem.event
  FOR EACH ROW EXECUTE FUNCTION cem.refuse_event_change();
ALTER TABLE cem.event ENABLE ALWAYS TRIGGER event_is_append_only;

-- Erases what an erasure event names, with the statement that appends it: there is neither an erasure
-- without its event nor an event without its erasure.
CREATE FUNCTION cem.erase_named() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, cem, pg_temp AS $$
DECLARE
  v_positions bigint[];
BEGIN
  SELECT array_agg(p::bigint) INTO v_positions FROM jsonb_array_elements_text(NEW.facts::jsonb -> 'positions') AS t (p);
  IF v_positions IS NULL OR EXISTS (SELECT FROM unnest(v_positions) AS p WHERE p NOT BETWEEN 1 AND NEW.position - 1) THEN
    RAISE EXCEPTION USING ERRCODE = 'CEM10', MESSAGE = 'an erasure names positions before its own';
  END IF;
  PERFORM set_config('cem.erasing', NEW.position::text, true);
  UPDATE cem.event SET private = NULL, salt = NULL
    WHERE program_id = NEW.program_id AND position = ANY (v_positions)
      AND (private IS NOT NULL OR salt IS NOT NULL);
  PERFORM set_config('cem.erasing', '', true);
  RETURN NULL;
END
$$;

CREATE TRIGGER event_erases AFTER INSERT ON cem.event
  FOR EACH ROW WHEN (NEW.type = 'event.data_erased') EXECUTE FUNCTION cem.erase_named();
ALTER TABLE cem.event ENABLE ALWAYS TRIGGER event_erases;
