"""Attributes, their options, and the values that a load gives to products and variants."""

from catalog.db import Connection
from catalog.writes import nouns
from catalog.writes.merging import Merge
from catalog.writes.staging import Problem


async def write(connection: Connection) -> list[Problem]:
    problems = await nouns.match(connection, nouns.ATTRIBUTE)
    problems += await _other_kind(connection)
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
    return []


async def _other_kind(connection: Connection) -> list[Problem]:
    """A kind cannot change under values that are there, nor differ between two mentions."""
    rows = await connection.fetch(
        """
        SELECT s.line, s.kind, t.kind AS there, s.code FROM stage_attribute s
        JOIN attribute t ON t.id = s.id
        WHERE NOT s.fresh AND s.kind <> t.kind
          AND EXISTS (SELECT FROM attribute_value v WHERE v.attribute_id = t.id)
        ORDER BY s.line
        """
    )
    return [
        Problem(
            row["line"],
            ("kind",),
            row["kind"],
            "KIND_IN_USE",
            f"attribute {row['code']} is {row['there']} and has values; "
            f"use {row['there']}, or another code",
        )
        for row in rows
    ]


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

# Distinct spellings of options, each looked up once: by code, else by label.
OPTION_REFS = (
    """
    INSERT INTO stage_ref (kind, ref, id)
    SELECT DISTINCT ON (1, 2) 'option', a.code || '/' || s.text, o.id
    FROM (SELECT DISTINCT attribute, text FROM stage_value WHERE text IS NOT NULL) s
    JOIN attribute a ON a.code = s.attribute AND a.deleted_at IS NULL
      AND a.kind IN ('select', 'multiselect')
    LEFT JOIN attribute_option o ON o.attribute_id = a.id AND o.code = s.text
    ON CONFLICT DO NOTHING
    """,
    """
    UPDATE stage_ref r SET id = o.id
    FROM attribute_option o JOIN attribute a ON a.id = o.attribute_id AND a.deleted_at IS NULL
    WHERE r.kind = 'option' AND r.id IS NULL AND r.ref = a.code || '/' || o.label
    """,
)

# A staged value with what its attribute makes of it. Joined, not stored: writing it back to
# millions of staged rows costs more than looking it up twice.
RESOLVED = """
    SELECT s.*, a.id AS attribute_id, a.kind AS kind, a.rules AS rules,
        CASE WHEN a.kind IN ('select', 'multiselect') THEN o.id END AS option_id,
        CASE WHEN a.kind = 'reference' THEN p.id END AS reference_id
    FROM stage_value s
    JOIN attribute a ON a.code = s.attribute AND a.deleted_at IS NULL
    LEFT JOIN stage_ref o ON o.kind = 'option' AND o.ref = s.attribute || '/' || s.text
    LEFT JOIN stage_ref p ON p.kind = 'product' AND p.ref = s.text
"""


# The values of a chunk with their owners, in a table of their own: its size tells the planner how
# many there are, where an estimate over these joins takes thousands for seven. A row without
# a value clears what its owner had of the attribute.
RESOLVE = f"""
INSERT INTO stage_resolved (product_id, variant_id, attribute_id, option_id, reference_id, locale,
    number, text, boolean, date, position, cleared)
SELECT CASE WHEN s.v IS NULL THEN p.id END, x.id, s.attribute_id, s.option_id, s.reference_id,
    s.locale,
    CASE WHEN s.kind = 'number' THEN s.number END,
    CASE s.kind WHEN 'text' THEN s.text WHEN 'rich_text' THEN s.html END,
    CASE WHEN s.kind = 'boolean' THEN s.boolean END,
    CASE WHEN s.kind = 'date' THEN s.date END,
    s.ordinal, s.text IS NULL
FROM ({RESOLVED} WHERE s.chunk = $1) s
JOIN stage_product p ON p.n = s.n
LEFT JOIN stage_variant x ON x.v = s.v
"""
EMPTY_RESOLVED = "TRUNCATE stage_resolved"
RESOLVE_VALUES = f"{RESOLVE} WHERE s.kind <> 'reference'"
# These wait until every product of the load is there.
RESOLVE_REFERENCES = f"{RESOLVE} WHERE s.kind = 'reference'"


def _merge(owner: str) -> Merge:
    """An attribute that is mentioned is replaced: what the load does not repeat of it goes."""
    return Merge(
        table="attribute_value",
        source=f"""
        SELECT DISTINCT ON (1, 2, 3, 4, 5) {owner}_id, attribute_id, option_id, reference_id,
            locale, number, text, boolean, date, position
        FROM stage_resolved WHERE {owner}_id IS NOT NULL AND NOT cleared
        ORDER BY 1, 2, 3, 4, 5, position
        """,
        key={
            f"{owner}_id": None,
            "attribute_id": None,
            "option_id": "0",
            "reference_id": "0",
            "locale": "''",
        },
        columns=("number", "text", "boolean", "date", "position"),
        owners={owner: f"t.{owner}_id"},
        replaced=f"""(t.{owner}_id, t.attribute_id) IN (
            SELECT {owner}_id, attribute_id FROM stage_resolved WHERE {owner}_id IS NOT NULL)""",
    )


OF_PRODUCTS = _merge("product")
OF_VARIANTS = _merge("variant")
