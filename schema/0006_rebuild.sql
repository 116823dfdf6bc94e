-- What rebuilding needs: how far a long rebuild has come, and when each projection was last made again.
SET LOCAL ROLE cem_owner;

CREATE TABLE cem.projection_rebuild (
  program_id uuid NOT NULL,
  name text COLLATE "C" NOT NULL,
  version integer NOT NULL,
  position bigint NOT NULL,
  rebuilt_at timestamptz NOT NULL,
  row_count bigint NOT NULL,
  corrected bigint NOT NULL,
  PRIMARY KEY (program_id, name)
);
COMMENT ON TABLE cem.projection_rebuild IS 'When each projection was last made again from the log, and how many rows differed';

CREATE TABLE cem.rebuild_progress (
  program_id uuid PRIMARY KEY,
  parts integer NOT NULL,
  finished integer NOT NULL,
  projections text COLLATE "C" NOT NULL,
  position bigint NOT NULL,
  contents text COLLATE "C" NOT NULL
);
COMMENT ON TABLE cem.rebuild_progress IS 'How far a long rebuild has come, so that one that was killed goes on';

GRANT SELECT, INSERT, UPDATE, DELETE ON cem.projection_rebuild, cem.rebuild_progress TO cem_office;
GRANT SELECT ON cem.projection_rebuild, cem.rebuild_progress TO cem_auditor;
