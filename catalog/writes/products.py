"""A chunk of products with all that hangs on them, in one unit of work and a fixed number of
statements.
"""

from collections.abc import Sequence, Set

from catalog.db import Connection
from catalog.writes import (
    associations,
    attribute_values,
    categories,
    collections,
    listing,
    media,
    prices,
    stock,
    translations,
    variants,
)
from catalog.writes.counts import Counts
from catalog.writes.merging import Merge

# By the id that the caller knows, else the integrator's key, else the slug: a slug may adopt a
# product that has no key yet. Without both by a variant's SKU.
# Served by product_pkey, product_external_id_key, product_slug_key, variant_sku_key.
MATCH = """
UPDATE stage_product s SET id = CASE WHEN s.mode = 'create' THEN NULL
    WHEN s.target IS NOT NULL
    THEN (SELECT id FROM product t WHERE t.id = s.target AND t.deleted_at IS NULL)
    ELSE coalesce(
        (SELECT id FROM product t WHERE t.external_id = s.external_id AND t.deleted_at IS NULL),
        (SELECT id FROM product t WHERE t.slug = s.slug AND t.deleted_at IS NULL
            AND (s.external_id IS NULL OR t.external_id IS NULL)),
        CASE WHEN s.external_id IS NULL AND s.slug IS NULL THEN (
            SELECT t.product_id FROM stage_variant x
            JOIN variant t ON t.sku = x.sku AND t.deleted_at IS NULL
            WHERE x.n = s.n ORDER BY x.v LIMIT 1) END) END
"""

# In id order: two loads would otherwise wait for each other for ever.
LOCK = """
SELECT id FROM product
WHERE id IN (SELECT id FROM stage_product WHERE chunk = $1)
ORDER BY id FOR UPDATE
"""

_ALLOCATE = """
UPDATE stage_product SET fresh = id IS NULL,
    id = coalesce(id, nextval((SELECT pg_get_serial_sequence('product', 'id')::regclass)))
WHERE chunk = $1
"""

# A made slug that is taken gets the next free number behind it.
_MAKE_SLUGS = """
UPDATE stage_product s SET slug = CASE WHEN made.nth = 0 THEN made.slug_base ELSE (
        SELECT made.slug_base || '-' || k FROM generate_series(2, 1000000) k
        WHERE NOT EXISTS (SELECT FROM product t
                WHERE t.slug = made.slug_base || '-' || k AND t.deleted_at IS NULL)
            AND NOT EXISTS (SELECT FROM stage_product o WHERE o.slug = made.slug_base || '-' || k)
        OFFSET made.nth - 1 LIMIT 1
    ) END
FROM (
    SELECT n, slug_base, row_number() OVER (PARTITION BY slug_base ORDER BY n) - CASE
        WHEN EXISTS (SELECT FROM product t WHERE t.slug = b.slug_base AND t.deleted_at IS NULL)
            OR EXISTS (SELECT FROM stage_product o WHERE o.slug = b.slug_base)
        THEN 0 ELSE 1 END AS nth
    FROM stage_product b WHERE chunk = $1 AND fresh AND slug IS NULL
) made
WHERE s.n = made.n AND s.chunk = $1
"""

_INSERT = """
INSERT INTO product (id, external_id, product_type_id, brand_id, name, slug, description, status,
    tags, seo_title, seo_description, metadata, private_metadata, tax_class, default_media_id)
SELECT s.id, s.external_id, t.id, b.id, s.name, s.slug, s.description,
    coalesce(s.status, 'draft'), s.tags, s.seo_title, s.seo_description,
    coalesce(s.metadata, '{}'), coalesce(s.private_metadata, '{}'), s.tax_class, m.media_id
FROM stage_product s
JOIN stage_ref t ON t.kind = 'type' AND t.ref = s.type
LEFT JOIN stage_ref b ON b.kind = 'brand' AND b.ref = s.brand
LEFT JOIN (
    SELECT DISTINCT ON (n) n, media_id FROM stage_media
    WHERE chunk = $1 AND v IS NULL ORDER BY n, position
) m ON m.n = s.n
WHERE s.chunk = $1 AND s.fresh
"""

_SLUG_HISTORY = """
INSERT INTO slug_history (kind, locale, slug, entity_id)
SELECT 'product', '', t.slug, t.id FROM stage_product s JOIN product t ON t.id = s.id
WHERE s.chunk = $1 AND NOT s.fresh AND t.slug <> s.slug
ON CONFLICT (kind, slug, locale) DO UPDATE SET entity_id = excluded.entity_id
"""

# An address in use is no longer somebody's old one.
_FORGET_SLUGS = """
DELETE FROM slug_history h USING stage_product s
WHERE s.chunk = $1 AND h.kind = 'product' AND h.locale = '' AND h.slug = s.slug
"""

_SENT = {
    "external_id": ("external_id", "s.external_id"),
    "product_type_id": ("type", "coalesce(t.id, p.product_type_id)"),
    "brand_id": ("brand", "b.id"),
    "name": ("name", "coalesce(s.name, p.name)"),
    "slug": ("slug", "coalesce(s.slug, p.slug)"),
    "description": ("description", "s.description"),
    "status": ("status", "coalesce(s.status, p.status)"),
    "tags": ("tags", "s.tags"),
    "seo_title": ("seo_title", "s.seo_title"),
    "seo_description": ("seo_description", "s.seo_description"),
    "metadata": ("metadata", "coalesce(s.metadata, '{}')"),
    "private_metadata": ("private_metadata", "coalesce(s.private_metadata, '{}')"),
    "tax_class": ("tax_class", "s.tax_class"),
}
_NEW = {
    column: f"CASE WHEN '{field}' = ANY (s.given) THEN {value} ELSE p.{column} END"
    for column, (field, value) in _SENT.items()
}

_UPDATE = f"""
WITH changed AS (
    UPDATE product p SET {", ".join(f"{column} = {value}" for column, value in _NEW.items())}
    FROM stage_product s
    LEFT JOIN stage_ref t ON t.kind = 'type' AND t.ref = s.type
    LEFT JOIN stage_ref b ON b.kind = 'brand' AND b.ref = s.brand
    WHERE s.chunk = $1 AND NOT s.fresh AND p.id = s.id
      AND ROW({", ".join(f"p.{column}" for column in _NEW)})
          IS DISTINCT FROM ROW({", ".join(_NEW.values())})
    RETURNING p.id
)
INSERT INTO stage_touched (kind, id) SELECT 'product', id FROM changed ON CONFLICT DO NOTHING
"""

_LISTINGS = Merge(
    table="product_listing",
    source="""
        SELECT DISTINCT ON (p.id, r.id) p.id AS product_id, r.id AS channel_id, s.given,
            s.published_from, s.published_until, s.purchasable_from, p.fresh
        FROM stage_listing s
        JOIN stage_product p ON p.chunk = s.chunk AND p.n = s.n
        JOIN stage_ref r ON r.kind = 'channel' AND r.ref = s.channel
        WHERE s.chunk = $1
        ORDER BY p.id, r.id, s.line DESC
    """,
    key={"product_id": None, "channel_id": None},
    columns=("published_from", "published_until", "purchasable_from"),
    owners={"product": "t.product_id"},
    replaced="""t.product_id IN (SELECT id FROM stage_product
        WHERE chunk = $1 AND replace AND 'listings' = ANY (given))""",
    given=True,
    fresh=True,
)

# Counted once a unit of work, whatever changed about it.
_BUMP = """
WITH changed AS (
    UPDATE stage_product s SET changed = true FROM stage_touched w
    WHERE s.chunk = $1 AND w.kind = 'product' AND w.id = s.id AND NOT s.fresh
    RETURNING s.id
)
UPDATE product p SET version = p.version + 1, updated_at = now()
FROM changed WHERE p.id = changed.id
"""

ANALYZE = f"""
ANALYZE product, variant, attribute_value, price, stock_level, media, product_media,
    variant_media, product_category, collection_product, product_listing, translation,
    {", ".join(listing.TABLES)}
"""
# Whether there is twice what the statistics tell of: a shop that fills must not be read by the
# plans of an empty one until autovacuum comes by.
OUTGROWN = """
SELECT pg_relation_size(oid) > greatest(2 * relpages, 32) * current_setting('block_size')::bigint
FROM pg_class WHERE oid = 'product'::regclass
"""

REPLACES = "replace"
"""Stands among the filled stage tables where a record replaces lists: an empty one is sent too."""

# What is applied, each where one of these stage tables is filled.
_Step = tuple[tuple[str, ...], str]
_ALWAYS = ("stage_product",)
_VARIANT, _VALUE = ("stage_variant",), ("stage_value",)
_APPLY: Sequence[_Step] = (
    (_ALWAYS, listing.HOLD),
    (_ALWAYS, _ALLOCATE),
    (_ALWAYS, LOCK),
    (_ALWAYS, _MAKE_SLUGS),
    (_ALWAYS, _SLUG_HISTORY),
    (("stage_media",), media.NEW_MEDIA),
    (("stage_media",), media.RESOLVE_MEDIA),
    (_ALWAYS, _INSERT),
    (_ALWAYS, _UPDATE),
    (_ALWAYS, _FORGET_SLUGS),
    (_VARIANT, variants.MATCH),
    (_VARIANT, variants.ALLOCATE),
    (_VARIANT, variants.RELEASE_GTINS),
    (_VARIANT, variants.DROP_TAKEN_GTINS),
    ((REPLACES,), variants.DROP_ABSENT),
    (_VARIANT, variants.UPDATE),
    (_VARIANT, variants.INSERT),
    ((REPLACES,), attribute_values.DROP_OF_PRODUCTS),
    ((REPLACES,), attribute_values.DROP_OF_VARIANTS),
    (_VALUE, attribute_values.EMPTY_RESOLVED),
    (_VALUE, attribute_values.RESOLVE_VALUES),
    (_VALUE, attribute_values.OF_PRODUCTS.sql),
    (_VALUE, attribute_values.OF_VARIANTS.sql),
    (("stage_price", REPLACES), prices.MERGE.sql),
    (("stage_stock", REPLACES), stock.LEVELS.sql),
    (("stage_media",), media.CORRECT_MEDIA),
    (_ALWAYS, media.OF_PRODUCTS.sql),
    (_VARIANT, media.OF_VARIANTS.sql),
    (_ALWAYS, media.DEFAULT_MEDIA),
    (_ALWAYS, categories.DROP_MEMBERS),
    (("stage_membership",), categories.NO_LONGER_PRIMARY),
    (("stage_membership",), categories.MEMBERS.sql),
    ((REPLACES,), collections.LEAVE),
    (("stage_membership",), collections.JOIN),
    (("stage_listing", REPLACES), _LISTINGS.sql),
    (("stage_translation",), translations.SLUG_HISTORY),
    (("stage_translation", REPLACES), translations.OF_PRODUCTS.sql),
    (("stage_translation", REPLACES), translations.OF_VARIANTS.sql),
    (_VARIANT, variants.BUMP),
    (_ALWAYS, _BUMP),
    (_ALWAYS, listing.LIST_CHUNK),
    (_ALWAYS, listing.RELEASE),
)

# Nothing of it is in a listing.
_LINK: Sequence[_Step] = (
    (_ALWAYS, listing.HOLD),
    (_ALWAYS, LOCK),
    (("stage_association", REPLACES), associations.MERGE.sql),
    (_VALUE, attribute_values.EMPTY_RESOLVED),
    (_VALUE, attribute_values.RESOLVE_REFERENCES),
    (_VALUE, attribute_values.OF_PRODUCTS.sql),
    (_VALUE, attribute_values.OF_VARIANTS.sql),
    (_VARIANT, variants.BUMP),
    (_ALWAYS, _BUMP),
    (_ALWAYS, listing.RELEASE),
)

LINKED_CHUNKS = """
SELECT chunk FROM stage_association
UNION SELECT chunk FROM stage_product WHERE replace AND 'associations' = ANY (given)
UNION SELECT s.chunk FROM stage_value s
JOIN attribute a ON a.code = s.attribute AND a.deleted_at IS NULL AND a.kind = 'reference'
ORDER BY chunk
"""


async def write_chunk(connection: Connection, chunk: int, filled: Set[str]) -> None:
    """Upsert the staged products of a chunk, in the caller's unit of work."""
    await connection.fetch("DELETE FROM stage_touched")
    await connection.execute(f"{MATCH} WHERE s.chunk = $1", chunk)
    await _apply(connection, _APPLY, chunk, filled)


async def link_chunk(connection: Connection, chunk: int, filled: Set[str]) -> None:
    """What may lead to a product of another chunk: associations and reference values."""
    await connection.fetch("DELETE FROM stage_touched")
    await _apply(connection, _LINK, chunk, filled)


async def _apply(
    connection: Connection, steps: Sequence[_Step], chunk: int, filled: Set[str]
) -> None:
    for needs, statement in steps:
        if not filled.isdisjoint(needs):
            await _execute(connection, statement, chunk)


async def _execute(connection: Connection, statement: str, chunk: int) -> None:
    """Some are not about a chunk. Fetched, as that prepares them: most of the time of a single
    product would be their planning."""
    await connection.fetch(statement, *((chunk,) if "$1" in statement else ()))


async def count(connection: Connection, *, skipped: int) -> Counts:
    row = await connection.fetchrow(
        """
        SELECT count(*) FILTER (WHERE fresh)::int AS created,
            count(*) FILTER (WHERE NOT fresh AND changed)::int AS updated,
            count(*) FILTER (WHERE NOT fresh AND changed IS NULL)::int AS unchanged
        FROM stage_product
        """
    )
    return Counts(**dict(row), skipped=skipped) if row else Counts(skipped=skipped)
