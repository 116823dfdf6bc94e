-- Every salt is bound by a hash: it is there exactly where the private text is that was hashed with it. Rows
-- of before are left to `cem audit verify`.
SET LOCAL ROLE cem_owner;

ALTER TABLE cem.event ADD CONSTRAINT event_salt CHECK ((salt IS NULL) = (private IS NULL)) NOT VALID;
