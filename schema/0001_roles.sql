-- Roles and the schema. Roles belong to the whole server, so they are made only where they are missing.
DO $$
DECLARE
  role_name text;
BEGIN
  FOREACH role_name IN ARRAY ARRAY['cem_owner', 'cem_office', 'cem_approver', 'cem_auditor', 'cem_reader']
  LOOP
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = role_name) THEN
      EXECUTE format('CREATE ROLE %I NOLOGIN', role_name);
    END IF;
  END LOOP;
  -- Whoever migrates without being a superuser acts as the owner below.
  IF NOT pg_catalog.pg_has_role(current_user, 'cem_owner', 'MEMBER') THEN
    EXECUTE format('GRANT cem_owner TO %I', current_user);
  END IF;
END
$$;

COMMENT ON ROLE cem_owner IS 'Owns the schema; nobody logs in as it';
COMMENT ON ROLE cem_office IS 'Records what happens';
COMMENT ON ROLE cem_approver IS 'Records, and alone may advance, waive, accept and conclude pilots';
COMMENT ON ROLE cem_auditor IS 'Reads everything, writes nothing';
COMMENT ON ROLE cem_reader IS 'Reads the projections, for dashboards';

-- An approver can do all that the office can.
GRANT cem_office TO cem_approver;

CREATE SCHEMA IF NOT EXISTS cem;
ALTER SCHEMA cem OWNER TO cem_owner;
COMMENT ON SCHEMA cem IS 'The event log of CEM programs and the projections made from it';
REVOKE ALL ON SCHEMA cem FROM PUBLIC;
GRANT USAGE ON SCHEMA cem TO cem_office, cem_approver, cem_auditor, cem_reader;

-- Takes EXECUTE from PUBLIC before a function exists, so that there is no moment in which it has it.
ALTER DEFAULT PRIVILEGES FOR ROLE cem_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
