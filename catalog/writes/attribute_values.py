"""The values that a load gives to products and variants."""

from catalog.writes.merging import Merge

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
    number, text, boolean, date, position, cleared, fresh)
SELECT CASE WHEN s.v IS NULL THEN p.id END, x.id, s.attribute_id, s.option_id, s.reference_id,
    s.locale,
    CASE WHEN s.kind = 'number' THEN s.number END,
    CASE s.kind WHEN 'text' THEN s.text WHEN 'rich_text' THEN s.html END,
    CASE WHEN s.kind = 'boolean' THEN s.boolean END,
    CASE WHEN s.kind = 'date' THEN s.date END,
    s.ordinal, s.text IS NULL, coalesce(x.fresh, p.fresh)
FROM ({RESOLVED} WHERE s.chunk = $1) s
JOIN stage_product p ON p.n = s.n
LEFT JOIN stage_variant x ON x.v = s.v
"""
EMPTY_RESOLVED = "DELETE FROM stage_resolved"
RESOLVE_VALUES = f"{RESOLVE} WHERE s.kind <> 'reference'"
# These wait until every product of the load is there.
RESOLVE_REFERENCES = f"{RESOLVE} WHERE s.kind = 'reference'"


def _merge(owner: str) -> Merge:
    """An attribute that is mentioned is replaced: what the load does not repeat of it goes."""
    return Merge(
        table="attribute_value",
        source=f"""
        SELECT DISTINCT ON (1, 2, 3, 4, 5) {owner}_id, attribute_id, option_id, reference_id,
            locale, number, text, boolean, date, position, fresh
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
        fresh=True,
        replaced=f"""(t.{owner}_id, t.attribute_id) IN (
            SELECT {owner}_id, attribute_id FROM stage_resolved WHERE {owner}_id IS NOT NULL)""",
    )


OF_PRODUCTS = _merge("product")
OF_VARIANTS = _merge("variant")

# Where the list of attributes is replaced: values of those that the record does not mention go.
# The axes of a variant are no part of that list.
DROP_OF_PRODUCTS = """
WITH gone AS (
    DELETE FROM attribute_value t USING stage_product p
    WHERE p.chunk = $1 AND p.replace AND 'attributes' = ANY (p.given) AND t.product_id = p.id
      AND NOT EXISTS (
        SELECT FROM stage_value s JOIN attribute a ON a.code = s.attribute AND a.deleted_at IS NULL
        WHERE s.n = p.n AND s.v IS NULL AND a.id = t.attribute_id)
    RETURNING t.product_id
)
INSERT INTO stage_touched (kind, id) SELECT DISTINCT 'product', product_id FROM gone
ON CONFLICT DO NOTHING
"""

DROP_OF_VARIANTS = """
WITH gone AS (
    DELETE FROM attribute_value t USING stage_variant x
    JOIN stage_product p ON p.n = x.n
    JOIN product q ON q.id = p.id
    WHERE x.chunk = $1 AND p.replace AND 'attributes' = ANY (x.given) AND t.variant_id = x.id
      AND NOT EXISTS (
        SELECT FROM stage_value s JOIN attribute a ON a.code = s.attribute AND a.deleted_at IS NULL
        WHERE s.v = x.v AND a.id = t.attribute_id)
      AND NOT EXISTS (
        SELECT FROM product_type_attribute o WHERE o.product_type_id = q.product_type_id
            AND o.attribute_id = t.attribute_id AND o.is_option)
    RETURNING t.variant_id
)
INSERT INTO stage_touched (kind, id) SELECT DISTINCT 'variant', variant_id FROM gone
ON CONFLICT DO NOTHING
"""
