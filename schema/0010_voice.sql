-- The voice of the customer (domain §6): perception surveys and the delivery gap, feedback channels,
-- insights; and notes beside things of every kind.
SET LOCAL ROLE cem_owner;

INSERT INTO cem.event_type (type, appended_by)
SELECT kind || '.' || what, 'cem_office'
FROM unnest(ARRAY['survey', 'channel', 'insight', 'note']) AS kind,
  unnest(ARRAY['amended', 'voided', 'restored', 'reverted', 'handed-over']) AS what;

INSERT INTO cem.event_type (type, appended_by) VALUES
  ('survey.recorded', 'cem_office'),
  ('channel.declared', 'cem_office'),
  ('channel.audited', 'cem_office'),
  ('channel.planned', 'cem_office'),
  ('insight.recorded', 'cem_office'),
  ('note.added', 'cem_office');

CREATE TABLE cem.survey_register (
  program_id uuid NOT NULL,
  survey integer NOT NULL,
  department text COLLATE "C" NOT NULL,
  touchpoint integer,
  period text COLLATE "C" NOT NULL,
  first_on date NOT NULL,
  last_on date NOT NULL,
  audience text COLLATE "C" NOT NULL,
  segment text COLLATE "C",
  agree numeric(18, 6) NOT NULL,
  sample integer NOT NULL,
  question text COLLATE "C",
  evidence integer,
  recorded_on date NOT NULL,
  external text COLLATE "C",
  voided boolean NOT NULL,
  changed_at_position bigint NOT NULL,
  PRIMARY KEY (program_id, survey)
);
CREATE INDEX survey_register_department ON cem.survey_register (program_id, department);
COMMENT ON TABLE cem.survey_register IS 'One row a perception survey of customers or employees';

CREATE TABLE cem.delivery_gap (
  program_id uuid NOT NULL,
  department text COLLATE "C" NOT NULL,
  touchpoint integer NOT NULL,
  segment text COLLATE "C" NOT NULL,
  period text COLLATE "C" NOT NULL,
  last_on date,
  employees_surveys integer NOT NULL DEFAULT 0,
  employees_sample bigint NOT NULL DEFAULT 0,
  employees_agreeing bigint NOT NULL DEFAULT 0,
  customers_surveys integer NOT NULL DEFAULT 0,
  customers_sample bigint NOT NULL DEFAULT 0,
  customers_agreeing bigint NOT NULL DEFAULT 0,
  employees_share numeric GENERATED ALWAYS AS
    (round(employees_agreeing::numeric / nullif(employees_sample, 0) / 1000000, 6)) STORED,
  customers_share numeric GENERATED ALWAYS AS
    (round(customers_agreeing::numeric / nullif(customers_sample, 0) / 1000000, 6)) STORED,
  gap numeric GENERATED ALWAYS AS
    (round(employees_agreeing::numeric / nullif(employees_sample, 0) / 1000000, 6)
     - round(customers_agreeing::numeric / nullif(customers_sample, 0) / 1000000, 6)) STORED,
  PRIMARY KEY (program_id, department, touchpoint, segment, period)
);
COMMENT ON TABLE cem.delivery_gap IS 'One row a department, touchpoint (0: all), segment (empty: all) and period: our own people who believe that we deliver a superior experience less customers who agree; agreeing counts in millionths of a person';

CREATE TABLE cem.channel_register (
  program_id uuid NOT NULL,
  channel integer NOT NULL,
  department text COLLATE "C" NOT NULL,
  name text COLLATE "C",
  form text COLLATE "C",
  owner text COLLATE "C",
  declared_on date NOT NULL,
  audits integer NOT NULL,
  audited_on date,
  findings text COLLATE "C",
  evidence integer,
  has_plan boolean NOT NULL,
  plan text COLLATE "C",
  external text COLLATE "C",
  voided boolean NOT NULL,
  changed_at_position bigint NOT NULL,
  PRIMARY KEY (program_id, channel)
);
CREATE INDEX channel_register_department ON cem.channel_register (program_id, department);
COMMENT ON TABLE cem.channel_register IS 'One row a feedback channel, with its last audit and the plan that followed';

CREATE TABLE cem.insight_register (
  program_id uuid NOT NULL,
  insight integer NOT NULL,
  question text COLLATE "C" NOT NULL,
  finding text COLLATE "C",
  segment text COLLATE "C" NOT NULL,
  plane text COLLATE "C" NOT NULL,
  department text COLLATE "C",
  touchpoint integer,
  stage text COLLATE "C",
  module text COLLATE "C",
  evidence integer,
  source text COLLATE "C",
  owner text COLLATE "C",
  recorded_on date NOT NULL,
  external text COLLATE "C",
  voided boolean NOT NULL,
  changed_at_position bigint NOT NULL,
  PRIMARY KEY (program_id, insight)
);
COMMENT ON TABLE cem.insight_register IS 'One row an insight: the answer to a diagnostic question for a segment and a plane';

CREATE TABLE cem.insight_link (
  program_id uuid NOT NULL,
  insight integer NOT NULL,
  kind text COLLATE "C" NOT NULL,
  number integer NOT NULL,
  recorded_on date NOT NULL,
  PRIMARY KEY (program_id, insight, kind, number)
);
CREATE INDEX insight_link_thing ON cem.insight_link (program_id, kind, number);
COMMENT ON TABLE cem.insight_link IS 'One row a gap, platform or initiative that an insight speaks about';

CREATE TABLE cem.note_register (
  program_id uuid NOT NULL,
  note integer NOT NULL,
  about text COLLATE "C" NOT NULL,
  departments text COLLATE "C" NOT NULL,
  body text COLLATE "C",
  labels text COLLATE "C",
  link text COLLATE "C",
  written_on date NOT NULL,
  voided boolean NOT NULL,
  changed_at_position bigint NOT NULL,
  PRIMARY KEY (program_id, note)
);
CREATE INDEX note_register_about ON cem.note_register (program_id, about);
COMMENT ON TABLE cem.note_register IS 'One row a note beside a thing';

GRANT SELECT, INSERT, UPDATE, DELETE ON cem.survey_register, cem.delivery_gap, cem.channel_register,
  cem.insight_register, cem.insight_link, cem.note_register TO cem_office;
GRANT SELECT ON cem.survey_register, cem.delivery_gap, cem.channel_register, cem.insight_register,
  cem.insight_link, cem.note_register TO cem_auditor, cem_reader;

INSERT INTO cem.projection (name, version) VALUES
  ('survey_register', 1), ('delivery_gap', 1), ('channel_register', 1), ('insight_register', 1),
  ('insight_link', 1), ('note_register', 1);
