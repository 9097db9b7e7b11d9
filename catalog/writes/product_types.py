"""Product types and the attributes they assign."""

from catalog.db import Connection
from catalog.writes import nouns, references
from catalog.writes.staging import Problem


async def write(connection: Connection) -> list[Problem]:
    problems = await nouns.match(connection, nouns.TYPE)
    sources = [s for s in references.NOUN_SOURCES if s[0] == "attribute"]
    await references.collect(connection, sources)
    await references.resolve(connection, ["attribute"])
    problems += await references.unresolved(connection, sources)
    problems += await _no_axis(connection)
    if problems:
        return problems
    await nouns.write(connection, nouns.TYPE)
    await connection.execute(_ASSIGNMENTS)
    return []


async def _no_axis(connection: Connection) -> list[Problem]:
    rows = await connection.fetch(
        """
        SELECT s.line, s.path, a.kind, s.attribute FROM stage_assignment s
        JOIN attribute a ON a.code = s.attribute AND a.deleted_at IS NULL
        WHERE s.is_option AND a.kind <> 'select'
        """
    )
    return [
        Problem(
            row["line"],
            ("attributes", row["attribute"]),
            row["attribute"],
            "NOT_A_SELECT",
            f"is {row['kind']}; only a select attribute can be an option axis of variants",
        )
        for row in rows
    ]


# An assignment that exists is changed only by a record that is not a mere mention.
_ASSIGNMENTS = """
WITH source AS MATERIALIZED (
    SELECT DISTINCT ON (t.id, r.id) t.id AS product_type_id, r.id AS attribute_id, s.level,
        s.is_option, s.required, s.position, s.if_missing
    FROM stage_assignment s
    JOIN product_type t ON t.code = s.type AND t.deleted_at IS NULL
    JOIN stage_ref r ON r.kind = 'attribute' AND r.ref = s.attribute
    ORDER BY t.id, r.id, s.if_missing, s.line
), updated AS (
    UPDATE product_type_attribute t
    SET level = s.level, is_option = s.is_option, required = s.required, position = s.position
    FROM source s
    WHERE t.product_type_id = s.product_type_id AND t.attribute_id = s.attribute_id
      AND NOT s.if_missing
      AND (t.level, t.is_option, t.required, t.position)
        <> (s.level, s.is_option, s.required, s.position)
    RETURNING t.product_type_id
), inserted AS (
    INSERT INTO product_type_attribute
        (product_type_id, attribute_id, level, is_option, required, position)
    SELECT product_type_id, attribute_id, level, is_option, required, position FROM source s
    WHERE NOT EXISTS (
        SELECT FROM product_type_attribute t
        WHERE t.product_type_id = s.product_type_id AND t.attribute_id = s.attribute_id)
    RETURNING product_type_id
)
INSERT INTO stage_touched (kind, id)
SELECT 'product_type', product_type_id FROM updated
UNION SELECT 'product_type', product_type_id FROM inserted
ON CONFLICT DO NOTHING
"""
