-- A program that no statistics know of yet looks as if it had one gap, and each of its events was compared with every
-- gap it has: after a large import that did not end. Whole ranges are compared by hash, whatever a range is thought to hold.
SET LOCAL ROLE cem_owner;

CREATE OR REPLACE FUNCTION cem.gap_events_expected(p_program uuid, p_first bigint, p_last bigint)
RETURNS SETOF cem.gap_event
LANGUAGE sql STABLE SET enable_nestloop = off SET enable_mergejoin = off AS $$
  SELECT l.program_id, l.position, l.recorded_at, l.gap, l.occurred_on, coalesce(g.department, l.department),
    l.department_then, l.change, l.link, l.perceived, l.perceived_before, l.actor
  FROM cem.gap_events_in_log(p_program, p_first, p_last) l
  LEFT JOIN cem.gap_register g ON g.program_id = l.program_id AND g.gap = l.gap
  WHERE g.voided IS NOT TRUE AND NOT EXISTS (
    SELECT FROM cem.event u
    JOIN cem.event e ON e.program_id = u.program_id AND e.stream = u.stream AND e.version = u.version - 1
    WHERE u.program_id = p_program AND u.type = 'gap.reverted' AND e.position = l.position)
$$;

CREATE OR REPLACE FUNCTION cem.gap_events_amiss(p_program uuid, p_first bigint, p_last bigint) RETURNS SETOF bigint
LANGUAGE sql STABLE SET enable_nestloop = off SET enable_mergejoin = off AS $$
  SELECT coalesce(s.position, t.position)
  FROM cem.gap_events_expected(p_program, p_first, p_last) s
  FULL JOIN (
    SELECT * FROM cem.gap_event g WHERE g.program_id = p_program
      AND g.position >= p_first AND g.position <= p_last
  ) t ON s.position = t.position
  WHERE s IS DISTINCT FROM t
$$;
