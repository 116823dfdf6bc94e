-- What the log takes: streams whose names say what they are of, hashes and salts of their length, texts of a size that
-- can be read. Whoever appends by hand is held to it as well; nothing that was recorded before is looked at again.
SET LOCAL ROLE cem_owner;

ALTER TABLE cem.event
  ADD CONSTRAINT event_stream CHECK (stream ~ ('^(program|log|maturity'
    '|(person|department|maturity|segment)/[a-z0-9][a-z0-9-]{0,31}'
    '|(evidence|waiver|platform|initiative|gap|touchpoint|standard|survey|channel|insight|note|request|rate)/'
    '[1-9][0-9]{0,17})$')) NOT VALID,
  ADD CONSTRAINT event_sizes CHECK (schema_version > 0 AND command_index >= 0 AND octet_length(salt) = 16
    AND octet_length(command_digest) = 32 AND octet_length(facts) <= 16777216
    AND octet_length(private) <= 16777216) NOT VALID;
