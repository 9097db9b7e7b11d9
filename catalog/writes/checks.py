"""What must hold of staged products before any of them is written, each a query that finds those
for which it does not.

A query gives line, path, value and, for its message, whatever the message names. It runs when the
nouns of the load are written (in the same transaction), so that everything referred to is there.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from catalog.db import Connection
from catalog.writes import attributes, references
from catalog.writes.rows import split
from catalog.writes.staging import Problem

# More than a person reads; the rest shows once these are mended.
LIMIT = 1_000


@dataclass(frozen=True, slots=True)
class Check:
    code: str
    message: str
    sql: str
    warning: bool = False


def _repeated(code: str, table: str, column: str, *, warning: bool = False) -> Check:
    """A key that two records of the load have."""
    path = "'" + column + "'" if table == "stage_product" else f"a.path || '/{column}'"
    number = "n" if table == "stage_product" else "v"
    kept = "; the first keeps it" if warning else "; keep one of them"
    return Check(
        code,
        "stands already on line {other}" + kept,
        f"""
        SELECT a.line, {path} AS path, a.{column} AS value, b.line AS other
        FROM {table} a JOIN (
            SELECT {column}, min({number}) AS {number} FROM {table}
            WHERE {column} IS NOT NULL GROUP BY {column} HAVING count(*) > 1
        ) first USING ({column})
        JOIN {table} b ON b.{number} = first.{number}
        WHERE a.{number} <> first.{number}
        """,
        warning=warning,
    )


_VALUE = attributes.RESOLVED

CHECKS: Sequence[Check] = (
    _repeated("DUPLICATE", "stage_product", "external_id"),
    _repeated("DUPLICATE", "stage_product", "slug"),
    _repeated("DUPLICATE_SKU", "stage_variant", "sku"),
    _repeated("DUPLICATE", "stage_variant", "external_id"),
    _repeated("DUPLICATE_GTIN", "stage_variant", "gtin", warning=True),
    Check(
        "REQUIRED",
        "is missing: a new product needs it",
        """
        SELECT line, missing AS path, NULL AS value FROM stage_product
        CROSS JOIN LATERAL (VALUES ('name', name), ('type', type)) AS f (missing, sent)
        WHERE id IS NULL AND sent IS NULL
        """,
    ),
    Check(
        "REQUIRED",
        "cannot be emptied: every product has one",
        """
        SELECT line, emptied AS path, NULL AS value FROM stage_product
        CROSS JOIN LATERAL (VALUES ('name', name), ('type', type), ('slug', slug))
            AS f (emptied, sent)
        WHERE id IS NOT NULL AND sent IS NULL AND emptied = ANY (given)
        """,
    ),
    Check(
        "SLUG_TAKEN",
        "belongs to another product (id {id}, external_id {external_id}); choose another slug",
        """
        SELECT s.line, 'slug' AS path, s.slug AS value, t.id, t.external_id
        FROM stage_product s JOIN product t ON t.slug = s.slug AND t.deleted_at IS NULL
        WHERE t.id IS DISTINCT FROM s.id
        """,
    ),
    Check(
        "SKU_TAKEN",
        "belongs to a variant of the product {slug}; a SKU names one variant",
        """
        SELECT x.line, x.path || '/sku' AS path, x.sku AS value, q.slug
        FROM stage_variant x
        JOIN stage_product s ON s.n = x.n
        JOIN variant t ON t.sku = x.sku AND t.deleted_at IS NULL
        JOIN product q ON q.id = t.product_id
        WHERE t.product_id IS DISTINCT FROM s.id
        """,
    ),
    Check(
        "EXTERNAL_ID_TAKEN",
        "belongs to a variant of the product {slug}; choose another",
        """
        SELECT x.line, x.path || '/external_id' AS path, x.external_id AS value, q.slug
        FROM stage_variant x
        JOIN stage_product s ON s.n = x.n
        JOIN variant t ON t.external_id = x.external_id AND t.deleted_at IS NULL
        JOIN product q ON q.id = t.product_id
        WHERE t.product_id IS DISTINCT FROM s.id
        """,
    ),
    Check(
        "GTIN_TAKEN",
        "is the trade number of variant {holder} already; kept as a plain barcode",
        """
        SELECT x.line, x.path || '/barcode' AS path, x.barcode AS value,
            coalesce(t.sku, t.id::text) AS holder
        FROM stage_variant x
        JOIN stage_product s ON s.n = x.n
        JOIN variant t ON t.gtin = x.gtin AND t.deleted_at IS NULL
        WHERE t.product_id IS DISTINCT FROM s.id
        """,
        warning=True,
    ),
    Check(
        "TYPE_IN_USE",
        "would leave values of {codes} behind, which this type has not; "
        "remove the values first, or assign the attributes to the type",
        """
        SELECT s.line, 'type' AS path, s.type AS value, string_agg(DISTINCT a.code, ', ') AS codes
        FROM stage_product s
        JOIN product p ON p.id = s.id
        JOIN stage_ref r ON r.kind = 'type' AND r.ref = s.type AND r.id <> p.product_type_id
        JOIN LATERAL (
            SELECT attribute_id, 'product' AS level FROM attribute_value
            WHERE product_id = p.id
            UNION SELECT v.attribute_id, 'variant' FROM attribute_value v
            JOIN variant x ON x.id = v.variant_id AND x.deleted_at IS NULL
            WHERE x.product_id = p.id
        ) held ON true
        JOIN attribute a ON a.id = held.attribute_id
        WHERE NOT EXISTS (
            SELECT FROM product_type_attribute t WHERE t.product_type_id = r.id
                AND t.attribute_id = held.attribute_id AND t.level = held.level)
        GROUP BY s.line, s.type
        """,
    ),
    Check(
        "NOT_ASSIGNED",
        "is not an attribute of {level}s of the type {type}; assign it to the type",
        """
        SELECT s.line, s.path, s.text AS value, coalesce(p.type, 'of the product') AS type,
            CASE WHEN s.v IS NULL THEN 'product' ELSE 'variant' END AS level
        FROM stage_value s
        JOIN stage_product p ON p.n = s.n
        JOIN attribute a ON a.code = s.attribute AND a.deleted_at IS NULL
        LEFT JOIN stage_ref r ON r.kind = 'type' AND r.ref = p.type
        LEFT JOIN product q ON q.id = p.id
        LEFT JOIN product_type_attribute t ON t.attribute_id = a.id
            AND t.product_type_id = coalesce(r.id, q.product_type_id)
            AND t.level = CASE WHEN s.v IS NULL THEN 'product' ELSE 'variant' END
            AND (t.is_option OR NOT s.axis)
        WHERE t.id IS NULL AND coalesce(r.id, q.product_type_id) IS NOT NULL
        """,
    ),
    Check(
        "UNKNOWN_OPTION",
        "is no option of {attribute}; its options are given by code or label",
        f"""
        SELECT s.line, s.path, s.text AS value, s.attribute FROM ({_VALUE}) s
        WHERE s.kind IN ('select', 'multiselect') AND s.option_id IS NULL AND s.text IS NOT NULL
        """,
    ),
    Check(
        "WRONG_KIND",
        "is no {expected}, which {attribute} is",
        f"""
        SELECT s.line, s.path, s.text AS value, s.attribute,
            CASE s.kind WHEN 'number' THEN 'plain number (such as 1299.5, below 10^18)'
                WHEN 'boolean' THEN 'true or false'
                ELSE 'date (such as 2026-11-22)' END AS expected
        FROM ({_VALUE}) s
        WHERE s.text IS NOT NULL AND (
            (s.kind = 'number' AND (s.number IS NULL OR abs(s.number) >= 1e18))
            OR (s.kind = 'boolean' AND s.boolean IS NULL)
            OR (s.kind = 'date' AND s.date IS NULL))
        """,
    ),
    Check(
        "ONE_VALUE",
        "is one too many: {attribute} takes a single value",
        f"""
        SELECT s.line, s.path, s.text AS value, s.attribute FROM ({_VALUE}) s
        WHERE s.ordinal > 0 AND s.locale IS NULL AND s.kind NOT IN ('multiselect', 'reference')
        """,
    ),
    Check(
        "NOT_LOCALISED",
        "has a language, but {attribute} is the same in all; send the value alone",
        f"""
        SELECT s.line, s.path || '/' || s.locale AS path, s.text AS value, s.attribute
        FROM ({_VALUE}) s
        WHERE s.locale IS NOT NULL AND (
            s.kind NOT IN ('text', 'rich_text') OR s.rules -> 'localised' IS DISTINCT FROM 'true')
        """,
    ),
    Check(
        "REQUIRED_ATTRIBUTE",
        "is missing: the type {type} requires it of every {level}",
        """
        SELECT o.line, concat_ws('/', o.path, 'attributes', a.code) AS path, NULL AS value,
            p.type, t.level
        FROM stage_product p
        JOIN stage_ref r ON r.kind = 'type' AND r.ref = p.type
        JOIN product_type_attribute t ON t.product_type_id = r.id AND t.required
        JOIN attribute a ON a.id = t.attribute_id
        JOIN LATERAL (
            SELECT p.line, NULL AS path, NULL::int AS v WHERE t.level = 'product'
            UNION ALL
            SELECT x.line, x.path, x.v FROM stage_variant x
            WHERE t.level = 'variant' AND x.n = p.n
        ) o ON true
        WHERE p.id IS NULL AND NOT EXISTS (
            SELECT FROM stage_value s WHERE s.n = p.n AND s.v IS NOT DISTINCT FROM o.v
                AND s.attribute = a.code AND s.text IS NOT NULL)
        """,
    ),
    Check(
        "REPEATED_COMBINATION",
        "is the combination of line {other} too; each option combination exists once a product",
        """
        WITH keyed AS (
            SELECT x.n, x.v, coalesce(x.option_key, '') AS option_key FROM stage_variant x
            JOIN stage_product p ON p.n = x.n
            -- A known variant of which only other fields are sent keeps its combination.
            WHERE x.option_key IS NOT NULL OR p.id IS NULL
              OR coalesce(x.sku, x.external_id) IS NULL
        )
        SELECT a.line, a.path || '/options' AS path, a.option_key AS value, b.line AS other
        FROM keyed k JOIN (
            SELECT n, option_key, min(v) AS v FROM keyed
            GROUP BY n, option_key HAVING count(*) > 1
        ) first USING (n, option_key)
        JOIN stage_variant a ON a.v = k.v
        JOIN stage_variant b ON b.v = first.v
        WHERE k.v <> first.v
        """,
    ),
    Check(
        "SAME_VARIANT",
        "leads to the same variant of the shop as line {other}; give both their SKU",
        """
        SELECT a.line, a.path, coalesce(a.sku, a.option_key) AS value, b.line AS other
        FROM stage_variant a
        JOIN (
            SELECT id, min(v) AS v FROM stage_variant
            WHERE id IS NOT NULL GROUP BY id HAVING count(*) > 1
        ) first USING (id)
        JOIN stage_variant b ON b.v = first.v
        WHERE a.v <> first.v
        """,
    ),
    Check(
        "COMBINATION_TAKEN",
        "is the combination of variant {holder}; use its external_id, or another combination",
        """
        SELECT x.line, x.path || '/options' AS path, x.option_key AS value,
            t.external_id AS holder
        FROM stage_variant x
        JOIN stage_product p ON p.n = x.n
        JOIN variant t ON t.product_id = p.id AND t.option_key = x.option_key
            AND t.deleted_at IS NULL
        WHERE t.external_id <> x.external_id
        """,
    ),
    Check(
        "CURRENCY_NOT_SOLD",
        "is not sold in {where}; add the currency to the channel first",
        """
        SELECT s.line, s.path || '/currency' AS path, s.currency AS value,
            coalesce('channel ' || s.channel, 'any channel') AS where
        FROM stage_price s
        LEFT JOIN stage_ref r ON r.kind = 'channel' AND r.ref = s.channel
        WHERE (s.channel IS NULL OR r.id IS NOT NULL) AND NOT EXISTS (
            SELECT FROM channel c WHERE c.deleted_at IS NULL AND s.currency = ANY (c.currencies)
                AND (s.channel IS NULL OR c.id = r.id))
        """,
    ),
    Check(
        "PRICE_OVERLAP",
        "overlaps with another window of the same price (from {other_from} until {other_until}); "
        "two sales cannot be on at once",
        """
        WITH windows AS (
            SELECT s.line, s.path, s.v, coalesce(r.id, 0) AS channel_id, s.currency,
                s.min_quantity, s.valid_from, s.valid_until, s.ctid AS place
            FROM stage_price s
            LEFT JOIN stage_ref r ON r.kind = 'channel' AND r.ref = s.channel
            WHERE s.valid_from IS NOT NULL OR s.valid_until IS NOT NULL
        )
        SELECT a.line, a.path || '/valid_from' AS path, a.valid_from::text AS value,
            other.valid_from AS other_from, other.valid_until AS other_until
        FROM windows a JOIN LATERAL (
            SELECT b.valid_from, b.valid_until FROM windows b
            WHERE b.v = a.v AND b.channel_id = a.channel_id AND b.currency = a.currency
                AND b.min_quantity = a.min_quantity AND b.place < a.place
            UNION ALL
            SELECT t.valid_from, t.valid_until FROM stage_variant x
            JOIN price t ON t.variant_id = x.id AND t.currency = a.currency
            WHERE x.v = a.v AND coalesce(t.channel_id, 0) = a.channel_id
                AND t.min_quantity = a.min_quantity
                AND (t.valid_from IS NOT NULL OR t.valid_until IS NOT NULL)
        ) other ON tstzrange(a.valid_from, a.valid_until)
            && tstzrange(other.valid_from, other.valid_until)
        WHERE (a.valid_from, a.valid_until)
            IS DISTINCT FROM (other.valid_from, other.valid_until)
        """,
    ),
    Check(
        "DUPLICATE_PRICE",
        "is a second price for the same channel, currency, quantity and time; keep one",
        """
        SELECT a.line, a.path, a.amount::text AS value FROM stage_price a
        JOIN stage_price b ON b.v = a.v AND b.currency = a.currency
            AND b.min_quantity = a.min_quantity AND b.ctid < a.ctid
            AND coalesce(b.channel, '') = coalesce(a.channel, '')
            AND coalesce(b.valid_from, '-infinity') = coalesce(a.valid_from, '-infinity')
            AND coalesce(b.valid_until, 'infinity') = coalesce(a.valid_until, 'infinity')
        WHERE a.amount <> b.amount OR a.compare_at IS DISTINCT FROM b.compare_at
        """,
    ),
    Check(
        "SLUG_TAKEN",
        "is the {locale} slug of another {kind}; choose another",
        """
        SELECT s.line, s.path || '/slug' AS path, s.slug AS value, s.kind, s.locale
        FROM stage_translation s
        LEFT JOIN stage_product p ON p.n = s.n AND s.v IS NULL
        LEFT JOIN stage_ref r ON s.n IS NULL AND r.kind = s.kind AND r.ref = s.ref
        WHERE s.slug IS NOT NULL AND (EXISTS (
            SELECT FROM translation t WHERE t.kind = s.kind AND t.slug = s.slug
                AND t.locale = s.locale AND t.deleted_at IS NULL
                AND t.entity_id IS DISTINCT FROM coalesce(p.id, r.id))
          OR EXISTS (
            SELECT FROM stage_translation o WHERE o.kind = s.kind AND o.slug = s.slug
                AND o.locale = s.locale AND o.ctid < s.ctid
                AND (o.n, o.ref) IS DISTINCT FROM (s.n, s.ref)))
        """,
    ),
    Check(
        "SELF_REFERENCE",
        "is the product itself; an association leads to another one",
        """
        SELECT s.line, s.path || '/product' AS path, s.target AS value
        FROM stage_association s JOIN stage_product p ON p.n = s.n
        WHERE s.target = p.slug OR s.target = 'ext:' || p.external_id
        """,
    ),
)

# A reference to a product that this load will write.
_STAGED_PRODUCT = """
    EXISTS (SELECT FROM stage_product p WHERE p.slug = r.ref)
    OR EXISTS (SELECT FROM stage_product p
        WHERE r.ref LIKE 'ext:%' AND p.external_id = substr(r.ref, 5))
"""


async def find(connection: Connection) -> list[Problem]:
    problems = await references.unresolved(connection, references.PRODUCT_SOURCES)
    problems += await references.unresolved(
        connection, references.LINK_SOURCES, staged=_STAGED_PRODUCT
    )
    for check in CHECKS:
        rows = await connection.fetch(f"SELECT * FROM ({check.sql}) q ORDER BY line LIMIT {LIMIT}")
        for row in rows:
            told = dict(row)
            line, path, value = told.pop("line"), told.pop("path"), told.pop("value")
            message = check.message.format(**told)
            problems.append(Problem(line, split(path), value, check.code, message, check.warning))
    return problems
