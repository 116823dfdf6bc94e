-- PostgreSQL has dates that the hashed text has no form for: before the year 1, after 9999, infinity. An event on one
-- of them has no hash, and is refused for that.
SET LOCAL ROLE cem_owner;

-- The hash of an event's leaf text (LOG-FORMAT.md); NULL for a day outside the years 1 to 9999. Every name says its
-- schema, so that callers take it in as an expression.
CREATE OR REPLACE FUNCTION cem.leaf_hash(
  p_program uuid, p_position bigint, p_stream text, p_version integer, p_type text,
  p_schema_version smallint, p_departments text, p_actor text, p_time text, p_occurred_on date,
  p_command_id uuid, p_command_index integer, p_digest bytea, p_correlation_id uuid,
  p_causation_id uuid, p_facts text, p_private_hash bytea
) RETURNS bytea
LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN p_occurred_on OPERATOR(pg_catalog.>=) '0001-01-01'::pg_catalog.date
      AND p_occurred_on OPERATOR(pg_catalog.<=) '9999-12-31'::pg_catalog.date
    THEN pg_catalog.sha256('\x00'::pg_catalog.bytea OPERATOR(pg_catalog.||) pg_catalog.convert_to(
      pg_catalog.concat_ws(E'\n', 'cem-event/1', p_program, p_position, p_stream, p_version, p_type,
        p_schema_version,
        CASE WHEN p_departments OPERATOR(pg_catalog.=) '' THEN '-' ELSE p_departments END,
        p_actor, p_time, pg_catalog.to_char(p_occurred_on, 'YYYY-MM-DD'), p_command_id, p_command_index,
        coalesce(pg_catalog.encode(p_digest, 'hex'), '-'),
        coalesce(p_correlation_id::pg_catalog.text, '-'), coalesce(p_causation_id::pg_catalog.text, '-'),
        pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(p_facts, 'UTF8')), 'hex'),
        coalesce(pg_catalog.encode(p_private_hash, 'hex'), '-'), ''), 'UTF8')) END
$$;
