-- A new version of a projection is a table of its own, which is filled beside the one in use; the switch
-- changes cem.projection, the views and the table in one transaction.
SET LOCAL ROLE cem_owner;

CREATE TABLE cem.projection_build (
  name text COLLATE "C" PRIMARY KEY,
  version integer NOT NULL,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE cem.projection_build IS 'The new versions of projections that are being filled beside those in use';

CREATE TABLE cem.projection_build_position (
  program_id uuid NOT NULL,
  name text COLLATE "C" NOT NULL REFERENCES cem.projection_build ON DELETE CASCADE,
  position bigint NOT NULL,
  PRIMARY KEY (program_id, name)
);
COMMENT ON TABLE cem.projection_build_position IS 'Up to which position a new version holds the log of each program';

GRANT SELECT ON cem.projection_build, cem.projection_build_position TO cem_office, cem_auditor;
