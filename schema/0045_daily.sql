-- A gap or an initiative may be older than the department that it was corrected into, or went over to: the days begin
-- with whichever was first.
SET LOCAL ROLE cem_owner;

CREATE OR REPLACE VIEW cem_bi.department_daily AS
WITH apart AS (SELECT)
SELECT p.program_id, p.slug AS program, daily.department, daily.day, daily.level, daily.open_gaps,
  daily.open_initiatives
FROM cem.program p
CROSS JOIN LATERAL (
  SELECT min(d.registered_on) AS first_on FROM cem.department_register d WHERE d.program_id = p.program_id
) r
CROSS JOIN LATERAL (
  WITH apart AS (SELECT)
  SELECT d.department, c.day,
    CASE WHEN coalesce(b.assessed, 0) + d.assessed > 0
      THEN (coalesce(b.level, 0) + d.level)::integer END AS level,
    (coalesce(b.gaps, 0) + d.gaps)::integer AS open_gaps,
    (coalesce(b.initiatives, 0) + d.initiatives)::integer AS open_initiatives
  FROM cem.calendar c
  CROSS JOIN LATERAL (
    SELECT department, sum(assessed) AS assessed, sum(level) AS level, sum(gaps) AS gaps,
      sum(initiatives) AS initiatives
    FROM (
      SELECT s.department, true AS is_there, 0 AS assessed, 0 AS level, 0 AS gaps, 0 AS initiatives
      FROM cem.department_register s
      WHERE s.program_id = p.program_id AND s.registered_on <= c.day AND NOT s.voided
        AND (s.retired_on IS NULL OR s.retired_on > c.day)
        AND NOT EXISTS (
          SELECT FROM cem.department_absence a
          WHERE a.program_id = p.program_id AND a.department = s.department AND a.retired_on <= c.day
            AND a.reinstated_on > c.day)
      UNION ALL
      SELECT x.department, false, x.assessed, x.level_rise, x.gaps_opened - x.gaps_ended,
        x.initiatives_opened - x.initiatives_ended
      FROM cem.department_change x
      WHERE x.program_id = p.program_id AND x.grain = 'decade' AND x.first_on >= c.month_on
        AND x.first_on < c.decade_on
      UNION ALL
      SELECT x.department, false, x.assessed, x.level_rise, x.gaps_opened - x.gaps_ended,
        x.initiatives_opened - x.initiatives_ended
      FROM cem.department_change x
      WHERE x.program_id = p.program_id AND x.grain = 'day' AND x.first_on >= c.decade_on
        AND x.first_on <= c.day
    ) changes
    GROUP BY department HAVING bool_or(is_there)
  ) d
  LEFT JOIN (
    SELECT s.department, m.day AS month_on, sum(x.assessed) OVER before AS assessed,
      sum(x.level_rise) OVER before AS level, sum(x.gaps_opened - x.gaps_ended) OVER before AS gaps,
      sum(x.initiatives_opened - x.initiatives_ended) OVER before AS initiatives
    FROM cem.department_status s
    CROSS JOIN LATERAL (
      SELECT least(s.registered_on, min(x.first_on)) AS first_on FROM cem.department_change x
      WHERE x.program_id = s.program_id AND x.department = s.department AND x.grain = 'month'
    ) f
    JOIN cem.calendar m ON m.day = m.month_on AND m.day > f.first_on - 31
      AND m.day <= (now() AT TIME ZONE p.time_zone)::date
    LEFT JOIN cem.department_change x ON x.program_id = s.program_id AND x.department = s.department
      AND x.grain = 'month' AND x.first_on = m.day
    WHERE s.program_id = p.program_id AND NOT s.voided
    WINDOW before AS (PARTITION BY s.department ORDER BY m.day ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
  ) b ON b.department = d.department AND b.month_on = c.month_on
  WHERE c.day >= r.first_on AND c.day <= (now() AT TIME ZONE p.time_zone)::date
) daily;
COMMENT ON VIEW cem_bi.department_daily IS 'One row a department and day, from its registration to its last day or today, without those between a retirement and a reinstatement: where it stood at the day''s end, by what is known now';
