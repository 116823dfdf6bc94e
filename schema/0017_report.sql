-- That a report was made of the log and handed out: an event of the log itself, with the file's digest.
SET LOCAL ROLE cem_owner;

INSERT INTO cem.event_type (type, appended_by) VALUES ('report.issued', 'cem_office');
