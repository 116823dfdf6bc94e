-- A version of a standard that was recorded wrongly is corrected, or was none; the office records it, as it does versions.
SET LOCAL ROLE cem_owner;

INSERT INTO cem.event_type (type, appended_by) VALUES ('standard.version-corrected', 'cem_office');
