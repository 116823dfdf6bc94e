-- What an undo takes back by an event of its own: an action that is done, or is not after all, as the office records it.
SET LOCAL ROLE cem_owner;

INSERT INTO cem.event_type (type, appended_by) VALUES
  ('maturity.reverted', 'cem_office');
