-- The result of a pilot may have been recorded wrongly. Who may say what a pilot brought corrects it, and takes it back
-- (domain §8).
SET LOCAL ROLE cem_owner;

INSERT INTO cem.event_type (type, appended_by) VALUES
  ('initiative.pilot-corrected', 'cem_approver'),
  ('initiative.verdict-reverted', 'cem_approver');

COMMENT ON COLUMN cem_bi.fact_maturity_change.change IS 'assessed, advanced, regressed, inherited or corrected';
COMMENT ON COLUMN cem_bi.fact_maturity_change.stands IS 'Whether it is neither a correction nor directly followed by one; department_daily has the levels as corrections left them';
