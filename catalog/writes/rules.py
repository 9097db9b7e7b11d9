"""What must hold of staged products before any of them is written, each a query that finds those
for which it does not.

A query gives line, path, value and, for its message, whatever the message names. It runs when the
nouns of the load are written (in the same transaction), so that everything referred to is there.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    code: str
    message: str
    sql: str
    warning: bool = False


def version_check(stage: str, table: str) -> Check:
    return Check(
        "VERSION_CONFLICT",
        "it has changed meanwhile: its version is {version}; read it again, then repeat the change",
        f"""
        SELECT s.line, '' AS path, s.expected::text AS value, t.version
        FROM {stage} s JOIN {table} t ON t.id = s.id
        WHERE s.expected <> t.version
        """,
    )


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


KEYS: Sequence[Check] = (
    version_check("stage_product", "product"),
    version_check("stage_variant", "variant"),
    Check(
        "NOT_FOUND",
        "there is no such product to change",
        """
        SELECT line, '' AS path, coalesce(external_id, slug) AS value FROM stage_product
        WHERE id IS NULL AND mode = 'update'
        """,
    ),
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
        WHERE id IS NULL AND sent IS NULL AND mode <> 'update'
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
        "EXTERNAL_ID_TAKEN",
        "belongs to another product (id {id}, slug {slug}); choose another external_id",
        """
        SELECT s.line, 'external_id' AS path, s.external_id AS value, t.id, t.slug
        FROM stage_product s
        JOIN product t ON t.external_id = s.external_id AND t.deleted_at IS NULL
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
        WHERE t.product_id IS DISTINCT FROM s.id OR t.id <> x.target
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
        WHERE t.product_id IS DISTINCT FROM s.id OR t.id <> x.target
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
        -- Where an earlier line has it too, that is what is told of, the first time and ever after.
        AND NOT EXISTS (SELECT FROM stage_variant f WHERE f.gtin = x.gtin AND f.v < x.v)
        """,
        warning=True,
    ),
    Check(
        "REPEATED_COMBINATION",
        "is the combination of line {other} too; each option combination exists once a product",
        """
        WITH keyed AS (
            SELECT x.n, x.v, coalesce(x.option_key, '') AS option_key FROM stage_variant x
            -- A known variant of which only other fields are sent keeps its combination.
            WHERE x.option_key IS NOT NULL OR x.id IS NULL
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
        WHERE (t.external_id <> x.external_id OR t.id <> x.target)
          AND NOT (p.replace AND 'variants' = ANY (p.given))
        """,
    ),
)

OFFERS: Sequence[Check] = (
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
            SELECT t.valid_from, t.valid_until FROM (
                SELECT id FROM stage_variant WHERE v = a.v
                UNION ALL SELECT id FROM stage_offer WHERE v = a.v
            ) x
            JOIN price t ON t.variant_id = x.id AND t.currency = a.currency
            WHERE coalesce(t.channel_id, 0) = a.channel_id
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
        "DUPLICATE",
        "is counted twice at this location; keep one",
        """
        SELECT a.line, a.path, a.location AS value FROM stage_stock a
        -- Rows of a table that are further apart follow each other: the last one counts.
        JOIN stage_stock b ON b.v = a.v AND b.line = a.line AND b.location = a.location
            AND b.ctid < a.ctid
        WHERE (a.on_hand, a.reserved, a.incoming)
            IS DISTINCT FROM (b.on_hand, b.reserved, b.incoming)
        """,
    ),
    Check(
        "DUPLICATE",
        "is listed twice in this channel; keep one",
        """
        SELECT a.line, a.path, a.channel AS value FROM stage_listing a
        JOIN stage_listing b ON b.n = a.n AND b.line = a.line AND b.channel = a.channel
            AND b.ctid < a.ctid
        WHERE (a.published_from, a.published_until, a.purchasable_from)
            IS DISTINCT FROM (b.published_from, b.published_until, b.purchasable_from)
        """,
    ),
    Check(
        "DUPLICATE",
        "is a second price for the same variant, channel, currency, quantity and time: the first "
        "is on line {first}; keep one",
        """
        SELECT line, 'variant' AS path, ref AS value, first FROM (
            SELECT s.line, x.ref, first_value(s.line) OVER (
                PARTITION BY x.id, s.channel, s.currency, s.min_quantity, s.valid_from,
                    s.valid_until ORDER BY s.line) AS first
            FROM stage_price s JOIN stage_offer x ON x.v = s.v
        ) q WHERE line <> first
        """,
    ),
    Check(
        "DUPLICATE",
        "is counted twice at this location: the first is on line {first}; keep one",
        """
        SELECT line, 'variant' AS path, ref AS value, first FROM (
            SELECT s.line, x.ref, first_value(s.line) OVER (
                PARTITION BY x.id, s.location ORDER BY s.line) AS first
            FROM stage_stock s JOIN stage_offer x ON x.v = s.v
        ) q WHERE line <> first
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
