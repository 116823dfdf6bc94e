-- The projections: the state of each thing, and the tables that dashboards read. Writers maintain
-- them in the transaction that appends; whatever they hold can be made again from the log.
SET LOCAL ROLE cem_owner;

CREATE TABLE cem.entity (
  program_id uuid NOT NULL,
  kind text COLLATE "C" NOT NULL,
  number integer NOT NULL,
  code text COLLATE "C" NOT NULL,
  version integer NOT NULL,
  changed_at_position bigint NOT NULL,
  since date NOT NULL,
  occurred_on date NOT NULL,
  voided boolean NOT NULL,
  external text COLLATE "C",
  duplicate_of text COLLATE "C",
  owner text COLLATE "C",
  departments text COLLATE "C" NOT NULL,
  state text COLLATE "C" NOT NULL,
  PRIMARY KEY (program_id, kind, number, code)
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX entity_external ON cem.entity (program_id, external) WHERE external IS NOT NULL;
CREATE INDEX entity_owner ON cem.entity (program_id, owner) WHERE owner IS NOT NULL;
COMMENT ON TABLE cem.entity IS 'The state of each thing, from which commands are decided';

CREATE TABLE cem.department_status (
  program_id uuid NOT NULL,
  department text COLLATE "C" NOT NULL,
  name text COLLATE "C",
  lead text COLLATE "C",
  registered_on date,
  voided boolean NOT NULL DEFAULT false,
  level integer,
  level_id text COLLATE "C",
  level_basis text COLLATE "C",
  level_since date,
  open_gaps integer NOT NULL DEFAULT 0,
  accepted_gaps integer NOT NULL DEFAULT 0,
  closed_gaps integer NOT NULL DEFAULT 0,
  gaps_promise_expectation integer NOT NULL DEFAULT 0,
  gaps_expectation_standard integer NOT NULL DEFAULT 0,
  gaps_standard_training integer NOT NULL DEFAULT 0,
  gaps_training_execution integer NOT NULL DEFAULT 0,
  gaps_execution_reward integer NOT NULL DEFAULT 0,
  gaps_undiagnosed integer NOT NULL DEFAULT 0,
  initiatives_open integer NOT NULL DEFAULT 0,
  initiatives_started integer NOT NULL DEFAULT 0,
  initiatives_piloting integer NOT NULL DEFAULT 0,
  initiatives_concluded integer NOT NULL DEFAULT 0,
  initiatives_scaling integer NOT NULL DEFAULT 0,
  initiatives_completed integer NOT NULL DEFAULT 0,
  initiatives_on_hold integer NOT NULL DEFAULT 0,
  initiatives_cancelled integer NOT NULL DEFAULT 0,
  changed_at_position bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (program_id, department)
) WITH (fillfactor = 50);
COMMENT ON TABLE cem.department_status IS 'One row a department: its level, its gaps by link, its initiatives by stage';

CREATE TABLE cem.gap_register (
  program_id uuid NOT NULL,
  gap integer NOT NULL,
  department text COLLATE "C" NOT NULL,
  link text COLLATE "C" NOT NULL,
  title text COLLATE "C",
  state text COLLATE "C" NOT NULL,
  state_since date NOT NULL,
  severity integer,
  expected numeric(18, 6),
  perceived numeric(18, 6),
  unit text COLLATE "C",
  lower_is_better boolean NOT NULL,
  size numeric(18, 6),
  relative_size numeric(18, 6),
  phase text COLLATE "C",
  dimension text COLLATE "C",
  attribute text COLLATE "C",
  measured_on date,
  recorded_on date NOT NULL,
  owner text COLLATE "C",
  due_on date,
  review_on date,
  approver text COLLATE "C",
  evidence integer,
  source text COLLATE "C",
  resolution text COLLATE "C",
  unmet_reason text COLLATE "C",
  reassessments integer NOT NULL,
  reopenings integer NOT NULL,
  external text COLLATE "C",
  voided boolean NOT NULL,
  changed_at_position bigint NOT NULL,
  PRIMARY KEY (program_id, gap)
) WITH (fillfactor = 90);
CREATE INDEX gap_register_department ON cem.gap_register (program_id, department);
COMMENT ON TABLE cem.gap_register IS 'One row a gap';

CREATE TABLE cem.initiative_board (
  program_id uuid NOT NULL,
  initiative integer NOT NULL,
  department text COLLATE "C" NOT NULL,
  title text COLLATE "C",
  step text COLLATE "C" NOT NULL,
  stage text COLLATE "C" NOT NULL,
  stage_since date NOT NULL,
  on_hold boolean NOT NULL,
  colour text COLLATE "C",
  colour_on date,
  note text COLLATE "C",
  partners text COLLATE "C",
  gaps text COLLATE "C",
  owner text COLLATE "C",
  sponsor text COLLATE "C",
  budget numeric(18, 6),
  currency text COLLATE "C",
  start_on date,
  due_on date,
  opened_on date NOT NULL,
  platform integer,
  metric text COLLATE "C",
  metric_unit text COLLATE "C",
  baseline numeric(18, 6),
  target numeric(18, 6),
  measured numeric(18, 6),
  pilots integer NOT NULL,
  pilot_verdict text COLLATE "C",
  pilot_cost numeric(18, 6),
  pilot_benefit numeric(18, 6),
  pilot_currency text COLLATE "C",
  pilot_return numeric(18, 6),
  wom_rule text COLLATE "C",
  external text COLLATE "C",
  voided boolean NOT NULL,
  changed_at_position bigint NOT NULL,
  PRIMARY KEY (program_id, initiative)
) WITH (fillfactor = 80);
CREATE INDEX initiative_board_department ON cem.initiative_board (program_id, department);
COMMENT ON TABLE cem.initiative_board IS 'One row an initiative';

CREATE TABLE cem.maturity_timeline (
  program_id uuid NOT NULL,
  position bigint NOT NULL,
  department text COLLATE "C",
  change text COLLATE "C" NOT NULL,
  from_level integer,
  to_level integer,
  method text COLLATE "C",
  basis text COLLATE "C",
  occurred_on date NOT NULL,
  changed_at_position bigint NOT NULL,
  PRIMARY KEY (program_id, position)
);
CREATE INDEX maturity_timeline_department ON cem.maturity_timeline (program_id, department, position);
COMMENT ON TABLE cem.maturity_timeline IS 'One row a change of a level; a NULL department is the program itself';

CREATE TABLE cem.maturity_action (
  program_id uuid NOT NULL,
  department text COLLATE "C" NOT NULL,
  action text COLLATE "C" NOT NULL,
  level integer NOT NULL,
  evidence integer,
  waiver integer,
  expires_on date,
  recorded_on date NOT NULL,
  changed_at_position bigint NOT NULL,
  PRIMARY KEY (program_id, department, action)
);
COMMENT ON TABLE cem.maturity_action IS 'One row an action that a department did or was let off; an empty department stands for all of them';

CREATE TABLE cem.evidence_register (
  program_id uuid NOT NULL,
  evidence integer NOT NULL,
  title text COLLATE "C",
  form text COLLATE "C" NOT NULL,
  url text COLLATE "C",
  file_name text COLLATE "C",
  file_size bigint,
  file_sha256 text COLLATE "C",
  author text COLLATE "C",
  dated date,
  expires_on date,
  retain_until date,
  added_on date NOT NULL,
  external text COLLATE "C",
  voided boolean NOT NULL,
  changed_at_position bigint NOT NULL,
  PRIMARY KEY (program_id, evidence)
);
COMMENT ON TABLE cem.evidence_register IS 'One row a piece of evidence';

GRANT SELECT, INSERT, UPDATE, DELETE ON cem.entity, cem.department_status, cem.gap_register,
  cem.initiative_board, cem.maturity_timeline, cem.maturity_action, cem.evidence_register TO cem_office;
GRANT SELECT ON cem.entity, cem.department_status, cem.gap_register, cem.initiative_board,
  cem.maturity_timeline, cem.maturity_action, cem.evidence_register TO cem_auditor;
-- Dashboards see the public tables and not the states from which commands are decided.
GRANT SELECT ON cem.department_status, cem.gap_register, cem.initiative_board, cem.maturity_timeline,
  cem.maturity_action, cem.evidence_register TO cem_reader;

INSERT INTO cem.projection (name, version) VALUES
  ('department_status', 1), ('entity', 1), ('evidence_register', 1), ('gap_register', 1),
  ('initiative_board', 1), ('maturity_action', 1), ('maturity_timeline', 1);
