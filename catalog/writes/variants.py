"""Variants of the products of a chunk: matched, inserted, updated."""

# Option codes of a variant's axes, in the order of the axes' codes: a combination's name.
OPTION_KEYS = """
UPDATE stage_variant x SET option_key = k.option_key FROM (
    SELECT s.v, string_agg(s.attribute || '=' || o.code, ';' ORDER BY s.attribute) AS option_key
    FROM stage_value s
    JOIN stage_ref r ON r.kind = 'option' AND r.ref = s.attribute || '/' || s.text
    JOIN attribute_option o ON o.id = r.id
    WHERE s.axis
    GROUP BY s.v
) k
WHERE k.v = x.v
"""

# With the product's id, and with its own: by its key, by its SKU, by its combination, each only
# within the product. Of all, for the checks; then of a chunk, as somebody may have written since.
_MATCH = """
UPDATE stage_variant x SET product_id = p.id, id = CASE WHEN p.fresh THEN NULL ELSE coalesce(
    x.target,
    (SELECT id FROM variant t WHERE t.external_id = x.external_id AND t.deleted_at IS NULL
        AND t.product_id = p.id),
    (SELECT id FROM variant t WHERE t.sku = x.sku AND t.deleted_at IS NULL
        AND t.product_id = p.id),
    (SELECT id FROM variant t WHERE t.product_id = p.id AND t.deleted_at IS NULL
        AND t.option_key = coalesce(x.option_key, '')
        AND (x.external_id IS NULL OR t.external_id IS NULL))) END
FROM stage_product p
WHERE p.n = x.n
"""
MATCH_ALL = f"{_MATCH} AND p.id IS NOT NULL"
# All of the chunk have ids by now. The planner does not know, and would take them for one row.
MATCH = f"{_MATCH} AND x.chunk = $1 AND p.chunk = $1"

ALLOCATE = """
UPDATE stage_variant SET fresh = id IS NULL,
    id = coalesce(id, nextval((SELECT pg_get_serial_sequence('variant', 'id')::regclass)))
WHERE chunk = $1
"""

# Of a product whose list of variants is replaced: what the list lacks goes, and frees its keys.
DROP_ABSENT = """
WITH gone AS (
    UPDATE variant t SET deleted_at = now(), updated_at = now(), version = t.version + 1
    FROM stage_product p
    WHERE p.chunk = $1 AND p.replace AND NOT p.fresh AND 'variants' = ANY (p.given)
      AND t.product_id = p.id AND t.deleted_at IS NULL
      AND NOT EXISTS (SELECT FROM stage_variant x WHERE x.n = p.n AND x.id = t.id)
    RETURNING t.product_id
)
INSERT INTO stage_touched (kind, id) SELECT DISTINCT 'product', product_id FROM gone
ON CONFLICT DO NOTHING
"""


def replacing(field: str) -> str:
    """SQL of the variants of the chunk that send this list to replace what they have."""
    return f"""
        SELECT x.id FROM stage_variant x JOIN stage_product p ON p.n = x.n
        WHERE x.chunk = $1 AND p.replace AND '{field}' = ANY (x.given)"""


# Before anybody of the chunk takes it: whoever is told another barcode gives its trade number up.
RELEASE_GTINS = """
WITH released AS (
    UPDATE variant t SET gtin = NULL FROM stage_variant x
    WHERE x.chunk = $1 AND x.id = t.id AND 'barcode' = ANY (x.given)
      AND t.gtin <> coalesce(x.gtin, '')
    RETURNING t.id
)
INSERT INTO stage_touched (kind, id) SELECT 'variant', id FROM released ON CONFLICT DO NOTHING
"""

# A trade number that another variant has stays with it: it is unique, a barcode need not be.
DROP_TAKEN_GTINS = """
UPDATE stage_variant x SET gtin = NULL
WHERE x.chunk = $1 AND x.gtin IS NOT NULL AND (
    EXISTS (SELECT FROM variant t
        WHERE t.gtin = x.gtin AND t.deleted_at IS NULL AND t.id <> x.id)
    OR (EXISTS (SELECT FROM stage_variant y WHERE y.gtin = x.gtin AND y.v < x.v)
        AND NOT EXISTS (SELECT FROM variant t WHERE t.id = x.id AND t.gtin = x.gtin)))
"""

INSERT = """
INSERT INTO variant (id, product_id, external_id, sku, barcode, gtin, name, position, option_key,
    weight, tracked, backorder, metadata, private_metadata)
SELECT x.id, x.product_id, x.external_id, x.sku, x.barcode, x.gtin, x.name,
    coalesce(x.position, row_number() OVER (PARTITION BY x.product_id ORDER BY x.v) - 1
        + (SELECT count(*) FROM variant t WHERE t.product_id = x.product_id)),
    coalesce(x.option_key, ''), x.weight, x.tracked, x.backorder,
    coalesce(x.metadata, '{}'), coalesce(x.private_metadata, '{}')
FROM stage_variant x WHERE x.chunk = $1 AND x.fresh
"""

_SENT = {
    "external_id": "x.external_id",
    "sku": "x.sku",
    "barcode": "x.barcode",
    "name": "x.name",
    "position": "coalesce(x.position, t.position)",
    "weight": "x.weight",
    "tracked": "x.tracked",
    "backorder": "x.backorder",
    "metadata": "coalesce(x.metadata, '{}')",
    "private_metadata": "coalesce(x.private_metadata, '{}')",
}
_NEW = {
    column: f"CASE WHEN '{column}' = ANY (x.given) THEN {value} ELSE t.{column} END"
    for column, value in _SENT.items()
} | {
    "gtin": "CASE WHEN 'barcode' = ANY (x.given) THEN x.gtin ELSE t.gtin END",
    "option_key": "coalesce(x.option_key, t.option_key)",
}

UPDATE = f"""
WITH changed AS (
    UPDATE variant t SET {", ".join(f"{column} = {value}" for column, value in _NEW.items())}
    FROM stage_variant x
    WHERE x.chunk = $1 AND NOT x.fresh AND t.id = x.id
      AND ROW({", ".join(f"t.{column}" for column in _NEW)})
          IS DISTINCT FROM ROW({", ".join(_NEW.values())})
    RETURNING t.id
)
INSERT INTO stage_touched (kind, id) SELECT 'variant', id FROM changed ON CONFLICT DO NOTHING
"""

# Counted once a unit of work, whatever changed about it.
BUMP = """
WITH bumped AS (
    UPDATE variant t SET version = t.version + 1, updated_at = now()
    FROM stage_touched w, stage_variant x
    WHERE w.kind = 'variant' AND t.id = w.id AND x.chunk = $1 AND x.id = t.id AND NOT x.fresh
    RETURNING t.product_id
)
INSERT INTO stage_touched (kind, id)
SELECT DISTINCT 'product', product_id FROM bumped
UNION SELECT DISTINCT 'product', product_id FROM stage_variant WHERE chunk = $1 AND fresh
ON CONFLICT DO NOTHING
"""
