-- A stream has a name that says what it is of: the same names that cem knows. Nothing would replay another one.
SET LOCAL ROLE cem_owner;

ALTER TABLE cem.event ADD CONSTRAINT event_stream CHECK (stream ~ ('^(program|log|maturity'
  '|(person|department|maturity|segment)/[a-z0-9][a-z0-9-]{0,31}'
  '|(evidence|waiver|platform|initiative|gap|touchpoint|standard|survey|channel|insight|note|request|rate)/'
  '[1-9][0-9]{0,17})$')) NOT VALID;
