-- An initiative that was opened may go on without a platform: a waiver, as maturity actions have it (domain §8).
SET LOCAL ROLE cem_owner;

INSERT INTO cem.event_type (type, appended_by) VALUES
  ('initiative.platform-waived', 'cem_approver');
