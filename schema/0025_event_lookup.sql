-- Events of a rare type, or of one login, are found without reading the log. Equal keys are stored once, so
-- that such an index has some 8 bytes an event.
SET LOCAL ROLE cem_owner;

CREATE INDEX event_by_type ON cem.event (program_id, type);
CREATE INDEX event_by_actor ON cem.event (program_id, actor);
