-- Periods are closed and reopened, and restated by an approver: an event accompanies whatever is dated in a closed
-- period, so that nobody else can record there.
SET LOCAL ROLE cem_owner;

INSERT INTO cem.event_type (type, appended_by) VALUES
  ('period.closed', 'cem_approver'), ('period.reopened', 'cem_approver'), ('period.restated', 'cem_approver');

CREATE TABLE cem.period_register (
  program_id uuid NOT NULL,
  period text COLLATE "C" NOT NULL,
  first_on date NOT NULL,
  last_on date NOT NULL,
  closed_on date NOT NULL,
  closed_at_position bigint NOT NULL,
  restatements integer NOT NULL,
  PRIMARY KEY (program_id, period)
);
COMMENT ON TABLE cem.period_register IS 'One row a closed period';
GRANT SELECT, INSERT, UPDATE, DELETE ON cem.period_register TO cem_office;
GRANT SELECT ON cem.period_register TO cem_auditor;
INSERT INTO cem.projection (name, version) VALUES ('period_register', 1);

-- What older programs have to make from their logs, as cem db migrate does next.
INSERT INTO cem.projection_rebuild (program_id, name, version, position, rebuilt_at, row_count, corrected)
SELECT program_id, 'period_register', 0, 0, 'epoch', 0, 0 FROM cem.head WHERE position > 0;

CREATE VIEW cem_bi.dim_closed_period AS
SELECT r.program_id, p.slug AS program, r.period, r.first_on, r.last_on, r.closed_on, r.closed_at_position,
  r.restatements
FROM cem.period_register r JOIN cem.program p USING (program_id);
COMMENT ON VIEW cem_bi.dim_closed_period IS 'One row a closed period; one that was opened again is none';
COMMENT ON COLUMN cem_bi.dim_closed_period.program_id IS 'The program''s id, which never changes';
COMMENT ON COLUMN cem_bi.dim_closed_period.program IS 'The program''s short name';
COMMENT ON COLUMN cem_bi.dim_closed_period.period IS 'As it was named: 2026, 2026-Q3, 2026-07 or FY2026-Q3';
COMMENT ON COLUMN cem_bi.dim_closed_period.first_on IS 'Its first day';
COMMENT ON COLUMN cem_bi.dim_closed_period.last_on IS 'Its last day';
COMMENT ON COLUMN cem_bi.dim_closed_period.closed_on IS 'The day on which it was closed';
COMMENT ON COLUMN cem_bi.dim_closed_period.closed_at_position IS 'The position of the close: what was known of the period then is what it was closed as';
COMMENT ON COLUMN cem_bi.dim_closed_period.restatements IS 'How many commands were recorded in it since';
GRANT SELECT ON cem_bi.dim_closed_period TO cem_office, cem_auditor, cem_reader;
