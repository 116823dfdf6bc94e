-- The event types and who may append them (domain §8): an approver alone appends advances, waivers,
-- accepted gaps and pilot verdicts.
SET LOCAL ROLE cem_owner;

INSERT INTO cem.event_type (type, appended_by)
SELECT kind || '.' || what, CASE kind WHEN 'waiver' THEN 'cem_approver' ELSE 'cem_office' END
FROM unnest(ARRAY['program', 'person', 'department', 'evidence', 'waiver', 'platform', 'initiative', 'gap']) AS kind,
  unnest(ARRAY['amended', 'voided', 'restored', 'reverted', 'handed-over']) AS what;

INSERT INTO cem.event_type (type, appended_by) VALUES
  ('program.founded', 'cem_office'),
  ('person.added', 'cem_office'),
  ('department.registered', 'cem_office'),
  ('evidence.added', 'cem_office'),
  ('evidence.renewed', 'cem_office'),
  ('waiver.granted', 'cem_approver'),
  ('waiver.revoked', 'cem_approver'),
  ('maturity.assessed', 'cem_office'),
  ('maturity.action-completed', 'cem_office'),
  ('maturity.action-reopened', 'cem_office'),
  ('maturity.action-waived', 'cem_approver'),
  ('maturity.advanced', 'cem_approver'),
  ('maturity.regressed', 'cem_office'),
  ('maturity.corrected', 'cem_approver'),
  ('platform.stated', 'cem_office'),
  ('initiative.opened', 'cem_office'),
  ('initiative.started', 'cem_office'),
  ('initiative.pilot-started', 'cem_office'),
  ('initiative.pilot-concluded', 'cem_approver'),
  ('initiative.scaled', 'cem_office'),
  ('initiative.completed', 'cem_office'),
  ('initiative.updated', 'cem_office'),
  ('initiative.linked', 'cem_office'),
  ('initiative.held', 'cem_office'),
  ('initiative.resumed', 'cem_office'),
  ('initiative.cancelled', 'cem_office'),
  ('initiative.reopened', 'cem_office'),
  ('initiative.ethics-attested', 'cem_office'),
  ('gap.recorded', 'cem_office'),
  ('gap.diagnosed', 'cem_office'),
  ('gap.reassessed', 'cem_office'),
  ('gap.closed', 'cem_office'),
  ('gap.accepted', 'cem_approver'),
  ('gap.reopened', 'cem_office');
