"""Attributes and their options."""

from collections.abc import Sequence

from catalog.db import Connection
from catalog.writes import matching, nouns
from catalog.writes.checks import broken
from catalog.writes.rules import Check
from catalog.writes.staging import Problem


async def write(connection: Connection) -> list[Problem]:
    problems = await matching.match(connection, nouns.ATTRIBUTE)
    if problems:
        return problems
    problems = await broken(connection, _CHECKS)
    if problems:
        return problems
    await nouns.write(connection, nouns.ATTRIBUTE)
    await connection.execute(
        """
        DELETE FROM stage_option a USING stage_option b
        WHERE a.attribute = b.attribute AND a.code = b.code
          AND (a.if_missing, a.line, a.ctid) > (b.if_missing, b.line, b.ctid)
        """
    )
    await connection.execute(_OPTIONS)
    await connection.execute(_DROP_OPTIONS)
    return []


# What a record that replaces lists does not repeat of its attribute's options.
_GONE = """
    SELECT t.id, t.code, s.id AS attribute_id, s.line FROM attribute_option t
    JOIN stage_attribute s ON s.id = t.attribute_id AND s.replace AND 'options' = ANY (s.given)
    WHERE NOT EXISTS (SELECT FROM stage_option o WHERE o.line = s.line AND o.code = t.code)
"""

_CHECKS: Sequence[Check] = (
    # A kind cannot change under values that are there, nor differ between two mentions.
    Check(
        "KIND_IN_USE",
        "attribute {code} is {there} and has values; use {there}, or another code",
        """
        SELECT s.line, 'kind' AS path, s.kind AS value, t.kind AS there, s.code
        FROM stage_attribute s JOIN attribute t ON t.id = s.id
        WHERE NOT s.fresh AND s.kind <> t.kind
          AND EXISTS (SELECT FROM attribute_value v WHERE v.attribute_id = t.id)
        """,
    ),
    # Served by attribute_value_option_id_idx.
    Check(
        "OPTION_IN_USE",
        "is missing from the options, but {count} values of products have it; "
        "keep it, or give those products another value first",
        f"""
        SELECT g.line, 'options' AS path, g.code AS value, count(*) AS count
        FROM ({_GONE}) g JOIN attribute_value v ON v.option_id = g.id
        GROUP BY g.line, g.code
        """,
    ),
)

_DROP_OPTIONS = f"""
WITH deleted AS (
    DELETE FROM attribute_option t USING ({_GONE}) g WHERE t.id = g.id RETURNING g.attribute_id
)
INSERT INTO stage_touched (kind, id) SELECT DISTINCT 'attribute', attribute_id FROM deleted
ON CONFLICT DO NOTHING
"""

# Served by attribute_option_attribute_id_code_key.
_OPTIONS = """
WITH source AS MATERIALIZED (
    SELECT a.id AS attribute_id, s.code, s.label, s.position, s.swatch, s.given, s.if_missing
    FROM stage_option s JOIN attribute a ON a.code = s.attribute AND a.deleted_at IS NULL
), updated AS (
    UPDATE attribute_option t SET
        label = CASE WHEN 'label' = ANY (s.given) THEN s.label ELSE t.label END,
        position = CASE WHEN 'position' = ANY (s.given) THEN s.position ELSE t.position END,
        swatch = CASE WHEN 'swatch' = ANY (s.given) THEN s.swatch ELSE t.swatch END
    FROM source s
    WHERE t.attribute_id = s.attribute_id AND t.code = s.code AND NOT s.if_missing
      AND (('label' = ANY (s.given) AND s.label <> t.label)
        OR ('position' = ANY (s.given) AND s.position <> t.position)
        OR ('swatch' = ANY (s.given) AND s.swatch IS DISTINCT FROM t.swatch))
    RETURNING t.attribute_id
), inserted AS (
    INSERT INTO attribute_option (attribute_id, code, label, position, swatch)
    SELECT attribute_id, code, label, position, swatch FROM source s
    WHERE NOT EXISTS (
        SELECT FROM attribute_option t WHERE t.attribute_id = s.attribute_id AND t.code = s.code)
    RETURNING attribute_id
)
INSERT INTO stage_touched (kind, id)
SELECT 'attribute', attribute_id FROM updated UNION SELECT 'attribute', attribute_id FROM inserted
ON CONFLICT DO NOTHING
"""
