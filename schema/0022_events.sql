-- What holds of events and how they are found. A salt is there exactly where the private text is that was
-- hashed with it; rows of before are left to `cem audit verify`. Events of a rare type, or of one login, are
-- found without reading the log: equal keys are stored once, so that an index has some 8 bytes an event.
SET LOCAL ROLE cem_owner;

ALTER TABLE cem.event ADD CONSTRAINT event_salt CHECK ((salt IS NULL) = (private IS NULL)) NOT VALID;

CREATE INDEX event_by_type ON cem.event (program_id, type);
CREATE INDEX event_by_actor ON cem.event (program_id, actor);
