-- Segments, touchpoints and service standards (domain §3 to §5): their event types, and the tables that
-- dashboards read.
SET LOCAL ROLE cem_owner;

INSERT INTO cem.event_type (type, appended_by)
SELECT kind || '.' || what, 'cem_office'
FROM unnest(ARRAY['segment', 'touchpoint', 'standard']) AS kind,
  unnest(ARRAY['amended', 'voided', 'restored', 'reverted', 'handed-over']) AS what;

INSERT INTO cem.event_type (type, appended_by) VALUES
  ('segment.defined', 'cem_office'),
  ('touchpoint.mapped', 'cem_office'),
  ('touchpoint.planned', 'cem_office'),
  ('touchpoint.unplanned', 'cem_office'),
  ('touchpoint.retired', 'cem_approver'),
  ('touchpoint.reinstated', 'cem_approver'),
  ('standard.set', 'cem_office'),
  ('standard.revised', 'cem_office'),
  ('standard.measured', 'cem_office'),
  ('standard.breach-recorded', 'cem_office'),
  ('standard.retired', 'cem_approver'),
  ('standard.reinstated', 'cem_approver');

CREATE TABLE cem.segment_register (
  program_id uuid NOT NULL,
  segment text COLLATE "C" NOT NULL,
  name text COLLATE "C",
  description text COLLATE "C",
  market text COLLATE "C",
  role text COLLATE "C",
  purchase text COLLATE "C",
  owner text COLLATE "C",
  defined_on date NOT NULL,
  external text COLLATE "C",
  voided boolean NOT NULL,
  changed_at_position bigint NOT NULL,
  PRIMARY KEY (program_id, segment)
);
COMMENT ON TABLE cem.segment_register IS 'One row a segment of customers';

CREATE TABLE cem.touchpoint_scorecard (
  program_id uuid NOT NULL,
  touchpoint integer NOT NULL,
  department text COLLATE "C",
  name text COLLATE "C",
  channel text COLLATE "C",
  segment text COLLATE "C",
  contact_type text COLLATE "C",
  stage text COLLATE "C",
  moment_of_truth boolean NOT NULL DEFAULT false,
  phase text COLLATE "C",
  dimension text COLLATE "C",
  attribute text COLLATE "C",
  owner text COLLATE "C",
  plan_items integer,
  mapped_on date,
  retired_on date,
  external text COLLATE "C",
  voided boolean NOT NULL DEFAULT false,
  standards integer NOT NULL DEFAULT 0,
  standards_met integer NOT NULL DEFAULT 0,
  standards_missed integer NOT NULL DEFAULT 0,
  breaches integer NOT NULL DEFAULT 0,
  open_gaps integer NOT NULL DEFAULT 0,
  open_initiatives integer NOT NULL DEFAULT 0,
  changed_at_position bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (program_id, touchpoint)
) WITH (fillfactor = 80);
CREATE INDEX touchpoint_scorecard_department ON cem.touchpoint_scorecard (program_id, department);
COMMENT ON TABLE cem.touchpoint_scorecard IS 'One row a touchpoint: how much of its contact plan is filled in, how its standards are kept, what is open';

CREATE TABLE cem.touchpoint_link (
  program_id uuid NOT NULL,
  touchpoint integer NOT NULL,
  kind text COLLATE "C" NOT NULL,
  number integer NOT NULL,
  department text COLLATE "C" NOT NULL,
  is_open boolean NOT NULL,
  PRIMARY KEY (program_id, touchpoint, kind, number)
);
CREATE INDEX touchpoint_link_thing ON cem.touchpoint_link (program_id, kind, number);
COMMENT ON TABLE cem.touchpoint_link IS 'One row a gap or an initiative at a touchpoint';

CREATE TABLE cem.standard_register (
  program_id uuid NOT NULL,
  standard integer NOT NULL,
  touchpoint integer NOT NULL,
  department text COLLATE "C" NOT NULL,
  metric text COLLATE "C",
  unit text COLLATE "C",
  target numeric(18, 6),
  lower_is_better boolean NOT NULL,
  audience text COLLATE "C",
  in_force_from date,
  versions integer NOT NULL,
  owner text COLLATE "C",
  set_on date NOT NULL,
  retired_on date,
  measurements integer NOT NULL,
  breaches integer NOT NULL,
  latest_period text COLLATE "C",
  latest_value numeric(18, 6),
  latest_volume numeric(18, 6),
  latest_verdict text COLLATE "C",
  external text COLLATE "C",
  voided boolean NOT NULL,
  changed_at_position bigint NOT NULL,
  PRIMARY KEY (program_id, standard)
) WITH (fillfactor = 90);
CREATE INDEX standard_register_department ON cem.standard_register (program_id, department);
COMMENT ON TABLE cem.standard_register IS 'One row a service standard, with its latest version and measurement';

CREATE TABLE cem.standard_measurement (
  program_id uuid NOT NULL,
  standard integer NOT NULL,
  period text COLLATE "C" NOT NULL,
  touchpoint integer NOT NULL,
  department text COLLATE "C" NOT NULL,
  first_on date NOT NULL,
  last_on date NOT NULL,
  value numeric(18, 6),
  no_data boolean NOT NULL,
  volume numeric(18, 6),
  target numeric(18, 6),
  verdict text COLLATE "C" NOT NULL,
  changed_within boolean NOT NULL,
  gap integer,
  recorded_on date NOT NULL,
  PRIMARY KEY (program_id, standard, period)
);
CREATE INDEX standard_measurement_department ON cem.standard_measurement (program_id, department, verdict);
COMMENT ON TABLE cem.standard_measurement IS 'One row a measurement of a service standard, judged by the version in force on the last day of the period';

GRANT SELECT, INSERT, UPDATE, DELETE ON cem.segment_register, cem.touchpoint_scorecard,
  cem.touchpoint_link, cem.standard_register, cem.standard_measurement TO cem_office;
GRANT SELECT ON cem.segment_register, cem.touchpoint_scorecard, cem.touchpoint_link,
  cem.standard_register, cem.standard_measurement TO cem_auditor, cem_reader;

INSERT INTO cem.projection (name, version) VALUES
  ('segment_register', 1), ('touchpoint_scorecard', 1), ('touchpoint_link', 1),
  ('standard_register', 1), ('standard_measurement', 1);
