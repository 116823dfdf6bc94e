-- What a program is called, and in which time zone its days begin, follows from its log: no row of cem.program is
-- made or changed without an event of the program itself, recorded in the same transaction.
SET LOCAL ROLE cem_owner;

-- The event comes after the row, which its head refers to; so it is looked for at the transaction's end.
CREATE FUNCTION cem.require_program_event() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, cem, pg_temp AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM cem.event e
    WHERE e.program_id = NEW.program_id AND e.stream = 'program' AND e.xmin = pg_current_xact_id()::xid
  ) THEN
    RAISE EXCEPTION USING ERRCODE = 'CEM11',
      MESSAGE = format('no event of this transaction founds or changes the program %s', NEW.slug);
  END IF;
  RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION cem.require_program_event() FROM PUBLIC;

CREATE CONSTRAINT TRIGGER program_follows_log AFTER INSERT OR UPDATE ON cem.program
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cem.require_program_event();
ALTER TABLE cem.program ENABLE ALWAYS TRIGGER program_follows_log;
