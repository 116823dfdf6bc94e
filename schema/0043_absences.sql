-- When departments were there: one that was retired and reinstated was not in between, and one may have been there
-- before the program was founded. The table is filled, and entered among the projections, by cem projection rebuild,
-- or by cem db migrate where there is nothing to fill it from.
SET LOCAL ROLE cem_owner;

CREATE TABLE cem.department_absence (
  program_id uuid NOT NULL,
  position bigint NOT NULL,
  department text COLLATE "C" NOT NULL,
  retired_on date NOT NULL,
  reinstated_on date NOT NULL,
  PRIMARY KEY (program_id, position)
);
COMMENT ON TABLE cem.department_absence IS 'One row a reinstatement of a department: the days on which it was not there before';
GRANT SELECT, INSERT, UPDATE, DELETE ON cem.department_absence TO cem_office;
GRANT SELECT ON cem.department_absence TO cem_auditor;

-- As before, with the days before the program's founding and without those on which a department was retired.
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
    JOIN cem.calendar m ON m.day = m.month_on AND m.day > s.registered_on - 31
      AND m.day <= (now() AT TIME ZONE p.time_zone)::date
    LEFT JOIN cem.department_change x ON x.program_id = s.program_id AND x.department = s.department
      AND x.grain = 'month' AND x.first_on = m.day
    WHERE s.program_id = p.program_id AND NOT s.voided
    WINDOW before AS (PARTITION BY s.department ORDER BY m.day ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
  ) b ON b.department = d.department AND b.month_on = c.month_on
  WHERE c.day >= r.first_on AND c.day <= (now() AT TIME ZONE p.time_zone)::date
) daily;
COMMENT ON VIEW cem_bi.department_daily IS 'One row a department and day, from its registration to its last day or today, without those between a retirement and a reinstatement: where it stood at the day''s end, by what is known now';

CREATE OR REPLACE VIEW cem_bi.dim_date AS
SELECT p.program_id, p.slug AS program, c.day,
  extract(isoyear FROM c.day)::integer AS iso_year, extract(week FROM c.day)::integer AS iso_week,
  extract(isodow FROM c.day)::integer AS iso_weekday, c.week_on,
  to_char(c.day, 'IYYY"-W"IW') AS week, extract(year FROM c.day)::integer AS year,
  extract(month FROM c.day)::integer AS month_of_year, c.month_on, to_char(c.day, 'YYYY-MM') AS month,
  extract(quarter FROM c.day)::integer AS quarter_of_year,
  date_trunc('quarter', c.day::timestamp)::date AS quarter_on, to_char(c.day, 'YYYY"-Q"Q') AS quarter,
  f.fiscal_year, f.fiscal_quarter_of_year,
  'FY' || f.fiscal_year AS fiscal_year_name,
  'FY' || f.fiscal_year || '-Q' || f.fiscal_quarter_of_year AS fiscal_quarter,
  c.day <= (now() AT TIME ZONE p.time_zone)::date AS is_past
FROM cem.program p
JOIN cem.program_register r USING (program_id)
-- What happened before the program was founded may be recorded all the same.
CROSS JOIN LATERAL (
  SELECT least(r.founded_on, min(d.registered_on)) AS first_on
  FROM cem.department_register d WHERE d.program_id = p.program_id
) d
JOIN cem.calendar c ON c.day >= date_trunc('year', d.first_on::timestamp)::date
  AND c.day < date_trunc('year', (now() AT TIME ZONE p.time_zone) + interval '2 years')::date
-- A fiscal year has the number of the calendar year in which it ends.
CROSS JOIN LATERAL (
  SELECT extract(year FROM c.day)::integer
      + CASE WHEN r.fiscal_year_start > 1 AND extract(month FROM c.day) >= r.fiscal_year_start THEN 1 ELSE 0 END
      AS fiscal_year,
    ((extract(month FROM c.day)::integer - r.fiscal_year_start + 12) % 12) / 3 + 1 AS fiscal_quarter_of_year
) f;
COMMENT ON VIEW cem_bi.dim_date IS 'One row a program and day, from the year in which it was founded, or its first department registered, to the end of next year';
