-- Recorded rates of exchange (domain §0), and the adoption of a version of the catalog (domain §9). The table is
-- filled, and entered among the projections, by cem projection rebuild, or by cem db migrate where there is nothing
-- to fill it from.
SET LOCAL ROLE cem_owner;

INSERT INTO cem.event_type (type, appended_by)
SELECT 'rate.' || what, 'cem_office'
FROM unnest(ARRAY['recorded', 'amended', 'voided', 'restored', 'reverted', 'handed-over']) AS what;
INSERT INTO cem.event_type (type, appended_by) VALUES ('program.catalog-adopted', 'cem_office');

CREATE TABLE cem.rate_register (
  program_id uuid NOT NULL,
  rate integer NOT NULL,
  from_currency text COLLATE "C" NOT NULL,
  to_currency text COLLATE "C" NOT NULL,
  value numeric(18, 6) NOT NULL,
  recorded_on date NOT NULL,
  source text COLLATE "C",
  external text COLLATE "C",
  voided boolean NOT NULL,
  changed_at_position bigint NOT NULL,
  PRIMARY KEY (program_id, rate)
);
COMMENT ON TABLE cem.rate_register IS 'One row a rate of exchange';

GRANT SELECT, INSERT, UPDATE, DELETE ON cem.rate_register TO cem_office;
GRANT SELECT ON cem.rate_register TO cem_auditor;

CREATE VIEW cem_bi.fact_rate WITH (security_barrier) AS
SELECT r.program_id, p.slug AS program, r.rate, 'RATE-' || r.rate AS ref, r.from_currency, r.to_currency, r.value,
  r.recorded_on, r.source, r.external
FROM cem.rate_register r JOIN cem.program p USING (program_id) WHERE NOT r.voided;
COMMENT ON VIEW cem_bi.fact_rate IS 'One row a rate of exchange';
COMMENT ON COLUMN cem_bi.fact_rate.program_id IS 'The program''s id, which never changes';
COMMENT ON COLUMN cem_bi.fact_rate.program IS 'The program''s short name';
COMMENT ON COLUMN cem_bi.fact_rate.rate IS 'Its number';
COMMENT ON COLUMN cem_bi.fact_rate.ref IS 'What people call it, such as RATE-1';
COMMENT ON COLUMN cem_bi.fact_rate.from_currency IS 'The currency of the amounts that it converts, an ISO 4217 code';
COMMENT ON COLUMN cem_bi.fact_rate.to_currency IS 'The currency into which it converts them';
COMMENT ON COLUMN cem_bi.fact_rate.value IS 'What one unit of the first is worth in the second';
COMMENT ON COLUMN cem_bi.fact_rate.recorded_on IS 'The day from which it holds, until a newer one';
COMMENT ON COLUMN cem_bi.fact_rate.source IS 'Where it was published';
COMMENT ON COLUMN cem_bi.fact_rate.external IS 'The id in another system, SOURCE:ID';

GRANT SELECT ON cem_bi.fact_rate TO cem_office, cem_auditor, cem_reader;
