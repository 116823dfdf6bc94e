-- The lock of a program is passed on before the disk is waited for, where others stand in a queue for it.
-- What stands in the queue says so to the client, which commits with synchronous_commit off then and waits
-- for the disk afterwards: a client that knows nothing of it commits as before.
SET LOCAL ROLE cem_owner;

CREATE OR REPLACE FUNCTION cem.queue(p_key bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s' AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(p_key);
  PERFORM set_config('cem.queued', 'on', true);
EXCEPTION WHEN lock_not_available THEN
  NULL;
END
$$;
