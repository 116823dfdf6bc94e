-- The log: programs, their heads, events, and the stored nodes of the Merkle tree.
SET LOCAL ROLE cem_owner;

CREATE TABLE cem.program (
  program_id uuid PRIMARY KEY,
  slug text COLLATE "C" NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9][a-z0-9-]{0,31}$'),
  time_zone text NOT NULL
);
COMMENT ON TABLE cem.program IS 'Which program a slug names, and in which time zone its days begin';

-- The first lock of every writing transaction. A low fill factor and no index on what changes let
-- every update stay on its page.
CREATE TABLE cem.head (
  program_id uuid PRIMARY KEY REFERENCES cem.program,
  position bigint NOT NULL,
  recorded_at timestamptz NOT NULL,
  frontier bytea NOT NULL
) WITH (fillfactor = 10);
COMMENT ON TABLE cem.head IS 'The last position of each program, its time, and the frontier of its Merkle tree';
COMMENT ON COLUMN cem.head.frontier IS 'Roots of the perfect subtrees, largest first, 32 bytes each';

CREATE TABLE cem.event (
  program_id uuid NOT NULL,
  position bigint NOT NULL,
  recorded_at timestamptz NOT NULL,
  command_id uuid NOT NULL,
  correlation_id uuid,
  causation_id uuid,
  version integer NOT NULL,
  occurred_on date NOT NULL,
  command_index integer NOT NULL,
  schema_version smallint NOT NULL,
  stream text COLLATE "C" NOT NULL,
  type text COLLATE "C" NOT NULL,
  departments text COLLATE "C" NOT NULL,
  actor text COLLATE "C" NOT NULL,
  facts text COLLATE "C" NOT NULL,
  private text COLLATE "C",
  salt bytea,
  private_hash bytea,
  command_digest bytea,
  leaf_hash bytea NOT NULL,
  CONSTRAINT event_position PRIMARY KEY (program_id, position),
  CONSTRAINT event_stream_version UNIQUE (program_id, stream, version)
);
CREATE UNIQUE INDEX event_command ON cem.event (program_id, command_id) WHERE command_index = 0;
COMMENT ON TABLE cem.event IS 'What happened, in order, never changed (LOG-FORMAT.md says what is hashed)';
COMMENT ON COLUMN cem.event.position IS 'Place in the program''s log: 1, 2, 3 … in commit order';
COMMENT ON COLUMN cem.event.version IS 'Place in the stream: 1, 2, 3 …';
COMMENT ON COLUMN cem.event.departments IS 'All departments concerned, joined by commas';
COMMENT ON COLUMN cem.event.actor IS 'The database login, taken by the server';
COMMENT ON COLUMN cem.event.occurred_on IS 'The business date';
COMMENT ON COLUMN cem.event.facts IS 'Canonical JSON of ids, terms, numbers and dates; never erased';
COMMENT ON COLUMN cem.event.private IS 'Canonical JSON of what a person wrote; NULL where there is none or it was erased';
COMMENT ON COLUMN cem.event.command_digest IS 'On a command''s first event: salted SHA-256 of the command as given';

CREATE TABLE cem.tree_node (
  program_id uuid NOT NULL,
  level smallint NOT NULL,
  index bigint NOT NULL,
  hash bytea NOT NULL,
  PRIMARY KEY (program_id, level, index)
);
COMMENT ON TABLE cem.tree_node IS 'Roots of completed subtrees of 256^level leaves, so that proofs need few reads';

CREATE TABLE cem.event_type (
  type text COLLATE "C" PRIMARY KEY,
  appended_by text COLLATE "C" NOT NULL CHECK (appended_by IN ('cem_office', 'cem_approver', 'cem_owner'))
);
COMMENT ON TABLE cem.event_type IS 'Every event type, and the role that may append it';

CREATE TABLE cem.projection (
  name text COLLATE "C" PRIMARY KEY,
  version integer NOT NULL
);
COMMENT ON TABLE cem.projection IS 'The version of each projection that a writer must maintain';

CREATE FUNCTION cem.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION USING
    ERRCODE = 'CEM09',
    MESSAGE = format('%s on %s.%s is refused: what was recorded stays', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME),
    HINT = 'Correct it by a new event: cem NOUN amend, void, or cem undo.';
END
$$;

-- ALWAYS, so that session_replication_role does not switch them off.
CREATE TRIGGER event_is_append_only BEFORE UPDATE OR DELETE ON cem.event
  FOR EACH ROW EXECUTE FUNCTION cem.refuse_change();
CREATE TRIGGER event_is_never_truncated BEFORE TRUNCATE ON cem.event
  FOR EACH STATEMENT EXECUTE FUNCTION cem.refuse_change();
CREATE TRIGGER tree_node_is_append_only BEFORE UPDATE OR DELETE ON cem.tree_node
  FOR EACH ROW EXECUTE FUNCTION cem.refuse_change();
CREATE TRIGGER tree_node_is_never_truncated BEFORE TRUNCATE ON cem.tree_node
  FOR EACH STATEMENT EXECUTE FUNCTION cem.refuse_change();
ALTER TABLE cem.event ENABLE ALWAYS TRIGGER event_is_append_only;
ALTER TABLE cem.event ENABLE ALWAYS TRIGGER event_is_never_truncated;
ALTER TABLE cem.tree_node ENABLE ALWAYS TRIGGER tree_node_is_append_only;
ALTER TABLE cem.tree_node ENABLE ALWAYS TRIGGER tree_node_is_never_truncated;
