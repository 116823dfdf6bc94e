-- What the dashboards' views need beside the registers: who and what is named, the days on which a
-- department changed, the calendar, and the terms in every language.
SET LOCAL ROLE cem_owner;

CREATE TABLE cem.program_register (
  program_id uuid NOT NULL,
  founded_on date NOT NULL,
  name text COLLATE "C",
  time_zone text COLLATE "C" NOT NULL,
  currency text COLLATE "C" NOT NULL,
  fiscal_year_start integer NOT NULL,
  catalog_version integer NOT NULL,
  changed_at_position bigint NOT NULL,
  PRIMARY KEY (program_id, founded_on)
);
COMMENT ON TABLE cem.program_register IS 'The one row of a program';

CREATE TABLE cem.person_register (
  program_id uuid NOT NULL,
  person text COLLATE "C" NOT NULL,
  name text COLLATE "C",
  added_on date NOT NULL,
  external text COLLATE "C",
  voided boolean NOT NULL,
  changed_at_position bigint NOT NULL,
  PRIMARY KEY (program_id, person)
);
COMMENT ON TABLE cem.person_register IS 'One row a person';

CREATE TABLE cem.platform_register (
  program_id uuid NOT NULL,
  platform integer NOT NULL,
  title text COLLATE "C",
  promise text COLLATE "C",
  theme text COLLATE "C",
  hook text COLLATE "C",
  department text COLLATE "C",
  owner text COLLATE "C",
  analyses integer NOT NULL,
  insights integer NOT NULL,
  stated_on date NOT NULL,
  external text COLLATE "C",
  voided boolean NOT NULL,
  changed_at_position bigint NOT NULL,
  PRIMARY KEY (program_id, platform)
);
COMMENT ON TABLE cem.platform_register IS 'One row an experiential platform';

CREATE TABLE cem.waiver_register (
  program_id uuid NOT NULL,
  waiver integer NOT NULL,
  rule text COLLATE "C" NOT NULL,
  initiative integer,
  action text COLLATE "C",
  department text COLLATE "C",
  reason text COLLATE "C",
  approver text COLLATE "C",
  granted_on date NOT NULL,
  until_on date,
  revoked_on date,
  external text COLLATE "C",
  voided boolean NOT NULL,
  changed_at_position bigint NOT NULL,
  PRIMARY KEY (program_id, waiver)
);
COMMENT ON TABLE cem.waiver_register IS 'One row a waiver';

-- Days first: whoever asks for a year reads just its rows, of all departments.
CREATE TABLE cem.department_change (
  program_id uuid NOT NULL,
  grain text COLLATE "C" NOT NULL CHECK (grain IN ('day', 'week')),
  first_on date NOT NULL,
  department text COLLATE "C" NOT NULL,
  gaps_opened integer NOT NULL DEFAULT 0,
  gaps_ended integer NOT NULL DEFAULT 0,
  initiatives_opened integer NOT NULL DEFAULT 0,
  initiatives_ended integer NOT NULL DEFAULT 0,
  level_rise integer NOT NULL DEFAULT 0,
  assessed integer NOT NULL DEFAULT 0,
  PRIMARY KEY (program_id, grain, first_on, department)
) WITH (fillfactor = 80);
COMMENT ON TABLE cem.department_change IS 'One row a department and day, or ISO week, in which something about it changed: the sums of what changed, by what is known now';

GRANT SELECT, INSERT, UPDATE, DELETE ON cem.program_register, cem.person_register, cem.platform_register,
  cem.waiver_register, cem.department_change TO cem_office;
GRANT SELECT ON cem.program_register, cem.person_register, cem.platform_register, cem.waiver_register,
  cem.department_change TO cem_auditor;

CREATE TABLE cem.calendar (
  day date PRIMARY KEY,
  week_on date NOT NULL,
  month_on date NOT NULL
);
COMMENT ON TABLE cem.calendar IS 'The days from 1990 to 2099, with the Monday of their week and the first of their month';
INSERT INTO cem.calendar (day, week_on, month_on)
SELECT day, date_trunc('week', day)::date, date_trunc('month', day)::date
FROM generate_series(timestamp '1990-01-01', timestamp '2099-12-31', interval '1 day') AS day;
ANALYZE cem.calendar;

CREATE TABLE cem.term (
  kind text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  language text COLLATE "C" NOT NULL,
  label text NOT NULL,
  rank integer NOT NULL,
  PRIMARY KEY (kind, id, language)
);
COMMENT ON TABLE cem.term IS 'What the catalog of the program that migrated last calls its terms; written by cem db migrate alone';

GRANT SELECT ON cem.calendar, cem.term TO cem_office, cem_auditor;

INSERT INTO cem.projection (name, version) VALUES
  ('program_register', 1), ('person_register', 1), ('platform_register', 1), ('waiver_register', 1),
  ('department_change', 1);

-- What older programs have to make again from their logs, as cem db migrate does next; the states of gaps,
-- initiatives and levels hold the days on which they turned.
INSERT INTO cem.projection_rebuild (program_id, name, version, position, rebuilt_at, row_count, corrected)
SELECT program_id, name, 0, 0, 'epoch', 0, 0
FROM cem.head, unnest(ARRAY['entity', 'program_register', 'person_register', 'platform_register',
  'waiver_register', 'department_change']) AS name
WHERE position > 0
ON CONFLICT (program_id, name) DO UPDATE SET version = 0;
