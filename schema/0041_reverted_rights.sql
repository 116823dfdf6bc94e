-- What an undo takes back by an event of its own: an action that is done, or is not after all, as the office records
-- it; the retirement of a touchpoint or a standard, and its end, as an approver does (domain §8).
SET LOCAL ROLE cem_owner;

INSERT INTO cem.event_type (type, appended_by) VALUES
  ('maturity.reverted', 'cem_office'),
  ('touchpoint.retirement-reverted', 'cem_approver'),
  ('standard.retirement-reverted', 'cem_approver');
