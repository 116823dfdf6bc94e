-- Departments are retired, reinstated, merged and split: event types, an approver's all; since when a department
-- is there no more and what took its place; and dashboards that count those that are there.
SET LOCAL ROLE cem_owner;

INSERT INTO cem.event_type (type, appended_by)
SELECT type, 'cem_approver' FROM unnest(ARRAY['department.retired', 'department.reinstated', 'department.merged',
  'department.split', 'maturity.inherited', 'gap.moved', 'initiative.moved', 'touchpoint.moved', 'standard.moved',
  'channel.moved', 'platform.moved']) AS type;

CREATE TABLE cem.department_register (
  program_id uuid NOT NULL,
  department text COLLATE "C" NOT NULL,
  registered_on date NOT NULL,
  retired_on date,
  successor text COLLATE "C",
  external text COLLATE "C",
  voided boolean NOT NULL,
  changed_at_position bigint NOT NULL,
  PRIMARY KEY (program_id, department)
);
COMMENT ON TABLE cem.department_register IS 'One row a department: whether it is there, and what took its place';
GRANT SELECT, INSERT, UPDATE, DELETE ON cem.department_register TO cem_office;
GRANT SELECT ON cem.department_register TO cem_auditor;
INSERT INTO cem.projection (name, version) VALUES ('department_register', 1);

-- What older programs have to make from their logs, as cem db migrate does next.
INSERT INTO cem.projection_rebuild (program_id, name, version, position, rebuilt_at, row_count, corrected)
SELECT program_id, 'department_register', 0, 0, 'epoch', 0, 0 FROM cem.head WHERE position > 0;

-- Who takes part in an initiative that is under way: few do, so a department that goes finds its own among them.
CREATE INDEX initiative_board_partners ON cem.initiative_board (program_id)
  WHERE partners IS NOT NULL AND stage NOT IN ('completed', 'cancelled') AND NOT voided;

CREATE OR REPLACE VIEW cem_bi.dim_department AS
SELECT s.program_id, p.slug AS program, s.department, s.name, s.lead, l.name AS lead_name,
  s.registered_on AS valid_from, d.retired_on - 1 AS valid_to, d.successor COLLATE "default" AS successor, s.voided AS is_void
FROM cem.department_status s
JOIN cem.program p USING (program_id)
LEFT JOIN cem.department_register d ON d.program_id = s.program_id AND d.department = s.department
LEFT JOIN cem.person_register l ON l.program_id = s.program_id AND l.person = s.lead;
COMMENT ON VIEW cem_bi.dim_department IS 'One row a department, a retired and a voided one included';
COMMENT ON COLUMN cem_bi.dim_department.successor IS 'The code of the department that took its place, of several the first; NULL where none did';

CREATE OR REPLACE VIEW cem_bi.department_current WITH (security_barrier) AS
SELECT s.program_id, p.slug AS program, s.department, s.name, s.lead, s.level, s.level_basis, s.level_since,
  s.open_gaps, s.accepted_gaps, s.closed_gaps, s.gaps_promise_expectation, s.gaps_expectation_standard,
  s.gaps_standard_training, s.gaps_training_execution, s.gaps_execution_reward, s.gaps_undiagnosed,
  s.initiatives_open, s.initiatives_started, s.initiatives_piloting, s.initiatives_concluded,
  s.initiatives_scaling, s.initiatives_on_hold, s.initiatives_completed, s.initiatives_cancelled,
  s.initiatives_open + s.initiatives_started + s.initiatives_piloting + s.initiatives_concluded
    + s.initiatives_scaling + s.initiatives_on_hold AS open_initiatives,
  s.changed_at_position
FROM cem.department_status s JOIN cem.program p USING (program_id)
WHERE NOT s.voided AND NOT EXISTS (
  SELECT FROM cem.department_register d
  WHERE d.program_id = s.program_id AND d.department = s.department AND d.retired_on IS NOT NULL);
COMMENT ON VIEW cem_bi.department_current IS 'One row a department that is there: where it stands';

COMMENT ON COLUMN cem_bi.department_flow.gaps_opened IS 'How many gaps were recorded, opened again, or came from another department';
COMMENT ON COLUMN cem_bi.department_flow.gaps_ended IS 'How many gaps were closed or accepted, or went to another department';
COMMENT ON COLUMN cem_bi.department_flow.initiatives_opened IS 'How many initiatives were opened, opened again, or came from another department';
COMMENT ON COLUMN cem_bi.department_flow.initiatives_ended IS 'How many initiatives were completed or cancelled, or went to another department';

-- As before, without the days from which a department is there no more.
CREATE OR REPLACE VIEW cem_bi.department_daily AS
WITH apart AS (SELECT)
SELECT p.program_id, p.slug AS program, daily.department, daily.day, daily.level, daily.open_gaps,
  daily.open_initiatives
FROM cem.program p
JOIN cem.program_register r USING (program_id)
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
  WHERE c.day >= r.founded_on AND c.day <= (now() AT TIME ZONE p.time_zone)::date
) daily;
COMMENT ON VIEW cem_bi.department_daily IS 'One row a department and day, from its registration to its last day or today: where it stood at the day''s end, by what is known now';

-- What is closed and completed counts wherever it was; all else stands in a department that is there.
CREATE OR REPLACE VIEW cem_bi.program_current AS
SELECT p.program_id, p.slug AS program, r.name, m.to_level AS level, d.departments, d.assessed,
  d.departments - d.assessed AS not_assessed, d.lowest_level, d.median_level, d.highest_level, d.level_0,
  d.level_1, d.level_2, d.level_3, d.level_4, d.level_5, d.open_gaps, d.accepted_gaps, d.closed_gaps,
  d.open_initiatives, d.completed_initiatives, d.cancelled_initiatives
FROM cem.program p
LEFT JOIN cem.program_register r USING (program_id)
LEFT JOIN LATERAL (
  SELECT t.to_level FROM cem.maturity_timeline t WHERE t.program_id = p.program_id AND t.department IS NULL
  ORDER BY t.position DESC LIMIT 1
) m ON true
CROSS JOIN LATERAL (
  SELECT count(*) FILTER (WHERE s.is_there)::integer AS departments, count(s.standing)::integer AS assessed,
    min(s.standing) AS lowest_level, percentile_disc(0.5) WITHIN GROUP (ORDER BY s.standing) AS median_level,
    max(s.standing) AS highest_level,
    count(*) FILTER (WHERE s.standing = 0)::integer AS level_0,
    count(*) FILTER (WHERE s.standing = 1)::integer AS level_1,
    count(*) FILTER (WHERE s.standing = 2)::integer AS level_2,
    count(*) FILTER (WHERE s.standing = 3)::integer AS level_3,
    count(*) FILTER (WHERE s.standing = 4)::integer AS level_4,
    count(*) FILTER (WHERE s.standing = 5)::integer AS level_5,
    coalesce(sum(s.open_gaps), 0)::integer AS open_gaps,
    coalesce(sum(s.accepted_gaps), 0)::integer AS accepted_gaps,
    coalesce(sum(s.closed_gaps), 0)::integer AS closed_gaps,
    coalesce(sum(s.initiatives_open + s.initiatives_started + s.initiatives_piloting + s.initiatives_concluded
      + s.initiatives_scaling + s.initiatives_on_hold), 0)::integer AS open_initiatives,
    coalesce(sum(s.initiatives_completed), 0)::integer AS completed_initiatives,
    coalesce(sum(s.initiatives_cancelled), 0)::integer AS cancelled_initiatives
  FROM (
    SELECT s.*, t.is_there, CASE WHEN t.is_there THEN s.level END AS standing
    FROM cem.department_status s
    CROSS JOIN LATERAL (
      SELECT NOT EXISTS (
        SELECT FROM cem.department_register d
        WHERE d.program_id = s.program_id AND d.department = s.department AND d.retired_on IS NOT NULL) AS is_there
    ) t
  ) s WHERE s.program_id = p.program_id AND NOT s.voided
) d;
COMMENT ON COLUMN cem_bi.program_current.departments IS 'How many departments it has, without those that were retired';
