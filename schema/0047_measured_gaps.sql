-- A breach names no gap that was voided: that should never have been recorded, and is in no fact.
SET LOCAL ROLE cem_owner;

CREATE OR REPLACE VIEW cem_bi.fact_measurement WITH (security_barrier) AS
SELECT m.program_id, p.slug AS program, m.standard, m.period, m.touchpoint, m.department, m.first_on, m.last_on,
  m.value, m.no_data, m.volume, m.target, m.verdict, m.verdict = 'missed' AS is_breach, m.changed_within, g.gap,
  m.recorded_on
FROM cem.standard_measurement m JOIN cem.program p USING (program_id)
LEFT JOIN cem.gap_register g ON g.program_id = m.program_id AND g.gap = m.gap AND NOT g.voided;
COMMENT ON COLUMN cem_bi.fact_measurement.gap IS 'The number of the gap that the breach became; NULL where that was voided';
