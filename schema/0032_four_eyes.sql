-- Four eyes (domain §8): requests for what takes an approver, and who approved what is in force. The tables are
-- filled, and entered among the projections, by cem projection rebuild, or by cem db migrate where there is nothing
-- to fill them from.
SET LOCAL ROLE cem_owner;

INSERT INTO cem.event_type (type, appended_by) VALUES
  ('request.made', 'cem_office'),
  ('request.approved', 'cem_approver'),
  ('request.rejected', 'cem_approver'),
  ('request.amended', 'cem_office'),
  ('request.voided', 'cem_office'),
  ('request.restored', 'cem_office'),
  -- What takes a rejection back.
  ('request.reverted', 'cem_approver'),
  ('request.handed-over', 'cem_office');

CREATE TABLE cem.request_register (
  program_id uuid NOT NULL,
  request integer NOT NULL,
  command text COLLATE "C" NOT NULL,
  about text COLLATE "C",
  departments text COLLATE "C" NOT NULL,
  state text COLLATE "C" NOT NULL,
  requested_by text COLLATE "C" NOT NULL,
  requested_on date NOT NULL,
  reason text COLLATE "C",
  decided_by text COLLATE "C",
  decided_on date,
  answer text COLLATE "C",
  voided boolean NOT NULL,
  changed_at_position bigint NOT NULL,
  PRIMARY KEY (program_id, request)
);
CREATE INDEX request_register_state ON cem.request_register (program_id, state);
COMMENT ON TABLE cem.request_register IS 'One row a request for what takes an approver';

CREATE TABLE cem.approval_register (
  program_id uuid NOT NULL,
  kind text COLLATE "C" NOT NULL,
  number integer NOT NULL,
  code text COLLATE "C" NOT NULL,
  matter text COLLATE "C" NOT NULL,
  department text COLLATE "C",
  since_on date NOT NULL,
  until_on date,
  request integer,
  approved_by text COLLATE "C",
  PRIMARY KEY (program_id, kind, number, code)
);
CREATE INDEX approval_register_department ON cem.approval_register (program_id, department);
COMMENT ON TABLE cem.approval_register IS 'One row a thing in force that takes an approver';

GRANT SELECT, INSERT, UPDATE, DELETE ON cem.request_register, cem.approval_register TO cem_office;
GRANT SELECT ON cem.request_register, cem.approval_register TO cem_auditor;

CREATE VIEW cem_bi.fact_request WITH (security_barrier) AS
SELECT r.program_id, p.slug AS program, r.request, 'REQ-' || r.request AS ref, r.command, r.about,
  nullif(split_part(r.departments, ',', 1), '') AS department, r.state, r.requested_by, r.requested_on, r.reason,
  r.decided_by, r.decided_on, r.answer
FROM cem.request_register r JOIN cem.program p USING (program_id) WHERE NOT r.voided;
COMMENT ON VIEW cem_bi.fact_request IS 'One row a request for what takes an approver';
COMMENT ON COLUMN cem_bi.fact_request.program_id IS 'The program''s id, which never changes';
COMMENT ON COLUMN cem_bi.fact_request.program IS 'The program''s short name';
COMMENT ON COLUMN cem_bi.fact_request.request IS 'Its number';
COMMENT ON COLUMN cem_bi.fact_request.ref IS 'What people call it, such as REQ-5';
COMMENT ON COLUMN cem_bi.fact_request.command IS 'The command that was asked for';
COMMENT ON COLUMN cem_bi.fact_request.about IS 'The stream of the thing that it is about; NULL where it makes one';
COMMENT ON COLUMN cem_bi.fact_request.department IS 'The first department that it concerns; NULL for all';
COMMENT ON COLUMN cem_bi.fact_request.state IS 'Whether it is open, approved or rejected (RequestLife.Stage)';
COMMENT ON COLUMN cem_bi.fact_request.requested_by IS 'The login that asked';
COMMENT ON COLUMN cem_bi.fact_request.requested_on IS 'When it was asked for';
COMMENT ON COLUMN cem_bi.fact_request.reason IS 'Why';
COMMENT ON COLUMN cem_bi.fact_request.decided_by IS 'The login that approved or rejected it; NULL while it is open';
COMMENT ON COLUMN cem_bi.fact_request.decided_on IS 'When that was';
COMMENT ON COLUMN cem_bi.fact_request.answer IS 'What was said with the decision';

CREATE VIEW cem_bi.fact_approval AS
SELECT a.program_id, p.slug AS program, a.matter,
  CASE a.kind WHEN 'waiver' THEN 'WVR-' || a.number WHEN 'gap' THEN 'GAP-' || a.number
    WHEN 'initiative' THEN 'INI-' || a.number WHEN 'touchpoint' THEN 'TP-' || a.number
    WHEN 'standard' THEN 'STD-' || a.number WHEN 'maturity' THEN nullif(a.code, '') WHEN 'department' THEN a.code
    ELSE a.kind || '/' || a.number END AS ref,
  a.department, a.since_on, a.until_on, a.request, a.approved_by, a.approved_by IS NOT NULL AS is_independent
FROM cem.approval_register a JOIN cem.program p USING (program_id);
COMMENT ON VIEW cem_bi.fact_approval IS 'One row a thing in force that takes an approver';
COMMENT ON COLUMN cem_bi.fact_approval.program_id IS 'The program''s id, which never changes';
COMMENT ON COLUMN cem_bi.fact_approval.program IS 'The program''s short name';
COMMENT ON COLUMN cem_bi.fact_approval.matter IS 'What takes the approver (ApprovedMatter.Kind)';
COMMENT ON COLUMN cem_bi.fact_approval.ref IS 'What people call the thing, such as WVR-2; a level goes by its department, NULL for the program''s own';
COMMENT ON COLUMN cem_bi.fact_approval.department IS 'The department; the leading one of an initiative; NULL for all';
COMMENT ON COLUMN cem_bi.fact_approval.since_on IS 'The day since which it stands';
COMMENT ON COLUMN cem_bi.fact_approval.until_on IS 'The last day on which it holds, or the day to look again; NULL without end';
COMMENT ON COLUMN cem_bi.fact_approval.request IS 'The number of the request that it came by';
COMMENT ON COLUMN cem_bi.fact_approval.approved_by IS 'The login that approved the request; NULL where the login that recorded it approved it itself';
COMMENT ON COLUMN cem_bi.fact_approval.is_independent IS 'Whether another login approved it than the one that asked';

GRANT SELECT ON cem_bi.fact_request, cem_bi.fact_approval TO cem_office, cem_auditor, cem_reader;
