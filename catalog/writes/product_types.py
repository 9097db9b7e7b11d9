"""Product types and the attributes they assign."""

from collections.abc import Sequence

from catalog.db import Connection
from catalog.writes import matching, nouns, references
from catalog.writes.checks import broken
from catalog.writes.rules import Check
from catalog.writes.staging import Problem


async def write(connection: Connection) -> list[Problem]:
    problems = await matching.match(connection, nouns.TYPE)
    sources = [s for s in references.NOUN_SOURCES if s[0] == "attribute"]
    await references.collect(connection, sources)
    await references.resolve(connection, ["attribute"])
    problems += await references.unresolved(connection, sources)
    problems += await broken(connection, _CHECKS)
    if problems:
        return problems
    await nouns.write(connection, nouns.TYPE)
    await connection.execute(_ASSIGNMENTS)
    await connection.execute(_DROP_ASSIGNMENTS)
    return []


# What a record that replaces lists does not repeat of its type's attributes.
_GONE = """
    SELECT t.id, t.product_type_id, t.level, a.id AS attribute_id, a.code, s.line
    FROM product_type_attribute t
    JOIN stage_type s ON s.id = t.product_type_id AND s.replace AND 'attributes' = ANY (s.given)
    JOIN attribute a ON a.id = t.attribute_id
    WHERE NOT EXISTS (SELECT FROM stage_assignment o WHERE o.line = s.line AND o.attribute = a.code)
"""

_CHECKS: Sequence[Check] = (
    Check(
        "NOT_A_SELECT",
        "is {kind}; only a select attribute can be an option axis of variants",
        """
        SELECT s.line, 'attributes/' || s.attribute AS path, s.attribute AS value, a.kind
        FROM stage_assignment s
        JOIN attribute a ON a.code = s.attribute AND a.deleted_at IS NULL
        WHERE s.is_option AND a.kind <> 'select'
        """,
    ),
    # Served by attribute_value_attribute_id_… and product_product_type_id_idx.
    Check(
        "ATTRIBUTE_IN_USE",
        "is missing from the attributes, but products of this type have values of it; "
        "keep it, or remove those values first",
        f"""
        SELECT g.line, 'attributes' AS path, g.code AS value FROM ({_GONE}) g
        WHERE EXISTS (
            SELECT FROM attribute_value v
            LEFT JOIN variant x ON x.id = v.variant_id AND x.deleted_at IS NULL
            JOIN product p ON p.id = coalesce(v.product_id, x.product_id)
            WHERE v.attribute_id = g.attribute_id AND p.product_type_id = g.product_type_id
                AND p.deleted_at IS NULL)
        """,
    ),
)

_DROP_ASSIGNMENTS = f"""
WITH deleted AS (
    DELETE FROM product_type_attribute t USING ({_GONE}) g WHERE t.id = g.id
    RETURNING t.product_type_id
)
INSERT INTO stage_touched (kind, id) SELECT DISTINCT 'product_type', product_type_id FROM deleted
ON CONFLICT DO NOTHING
"""


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
