"""Products with all that hangs on them, as records, page by page: constant memory, and a constant
number of statements a page.
"""

from collections.abc import AsyncIterator, Mapping, Sequence

from catalog import db
from catalog.context import Context
from catalog.reads import product_lists, query, visibility
from catalog.reads.product_lists import EVERYTHING, ProductWhere
from catalog.reads.stored import Record, Records, variants
from catalog.reads.stored.values import (
    attributes,
    filled,
    medium,
    moment,
    parts,
    seo,
    translations,
)

PAGE, KEYS = 50, 10_000


def refuse(ctx: Context, where: ProductWhere) -> None:
    """Raises what asking would, before anything is answered."""
    product_lists.stored(ctx, where)


async def pages(
    ctx: Context, where: ProductWhere = EVERYTHING, *, listed: bool = False, members: bool = True
) -> AsyncIterator[Records]:
    """By slug, byte by byte: an order that every catalog of these products has.

    `listed`: only those listed in the context's channel. Without `members` each product names its
    collections itself: their own records do not.
    """
    keys = await _keys(ctx, where, listed=listed, after="")
    while keys:
        for start in range(0, len(keys), PAGE):
            ids = [key["id"] for key in keys[start : start + PAGE]]
            yield await _records(ctx, await query.fetch(ctx, _PAGE, ids=ids), members=members)
        if len(keys) < KEYS:
            return
        keys = await _keys(ctx, where, listed=listed, after=keys[-1]["slug"])


async def one(ctx: Context, id: int) -> Record | None:
    """It names its collections too. None for what is deleted."""
    records = await _records(ctx, await query.fetch(ctx, _PAGE, ids=[id]), members=False)
    return records[0] if records else None


# Sorted anew for each of these, as no index has this order: that is why they are many.
_KEYS = """
SELECT p.id, p.slug
FROM {source} {listed} AND p.slug COLLATE "C" > :after
ORDER BY p.slug COLLATE "C"
LIMIT :size
"""

# Served by product_listing_product_id_channel_id_key.
_LISTED = """AND EXISTS (
        SELECT FROM product_listing AS l WHERE l.product_id = p.id AND l.channel_id = :channel_id
    )"""


async def _keys(
    ctx: Context, where: ProductWhere, *, listed: bool, after: str
) -> Sequence[db.Record]:
    source = product_lists.stored(ctx, where)
    sql = _KEYS.format(source=source.sql, listed=_LISTED if listed else "")
    return await query.fetch(ctx, sql, **source.values, after=after, size=KEYS)


# Served by product_pkey.
_PAGE = """
SELECT p.id, p.external_id, p.slug, type.code AS type, brand.slug AS brand, p.name, p.description,
    p.status, p.tags, p.seo_title, p.seo_description, p.metadata, p.private_metadata, p.tax_class
FROM product AS p
JOIN product_type AS type ON type.id = p.product_type_id
LEFT JOIN brand ON brand.id = p.brand_id AND brand.deleted_at IS NULL
WHERE p.id = ANY (:ids::int[]) AND p.deleted_at IS NULL
ORDER BY p.slug COLLATE "C"
"""

# Served by product_category_product_id_category_id_key.
_CATEGORIES = """
SELECT m.product_id AS owner_id, c.slug
FROM product_category AS m
JOIN category AS c ON c.id = m.category_id
WHERE m.product_id = ANY (:ids::int[]) AND {visible}
ORDER BY m.product_id, m.is_primary DESC, c.slug COLLATE "C"
"""

# Served by collection_product_product_id_idx.
_COLLECTIONS = """
SELECT m.product_id AS owner_id, c.slug
FROM collection_product AS m
JOIN collection AS c ON c.id = m.collection_id
WHERE m.product_id = ANY (:ids::int[]) AND c.rule IS NULL AND {visible}
ORDER BY m.product_id, c.slug COLLATE "C"
"""

# Served by product_media_product_id_media_id_key.
_MEDIA = """
SELECT s.product_id AS owner_id, m.url, m.kind, m.alt, m.width, m.height
FROM product_media AS s
JOIN media AS m ON m.id = s.media_id
WHERE s.product_id = ANY (:ids::int[])
ORDER BY s.product_id, s.position, m.url COLLATE "C", m.alt COLLATE "C"
"""

# Served by attribute_value_product_key.
_VALUES = """
SELECT v.product_id AS owner_id, a.code AS attribute, a.kind, o.code AS option, v.number, v.text,
    v.boolean, v.date, r.slug AS reference, v.locale
FROM attribute_value AS v
JOIN attribute AS a ON a.id = v.attribute_id AND a.deleted_at IS NULL
LEFT JOIN attribute_option AS o ON o.id = v.option_id
LEFT JOIN product AS r ON r.id = v.reference_id AND {visible}
WHERE v.product_id = ANY (:ids::int[]) AND (v.reference_id IS NULL OR r.id IS NOT NULL)
ORDER BY v.product_id, a.code COLLATE "C", v.locale COLLATE "C", v.position,
    coalesce(o.code, r.slug) COLLATE "C"
"""

# Served by product_listing_product_id_channel_id_key.
_LISTINGS = """
SELECT l.product_id AS owner_id, c.code AS channel, l.published_from, l.published_until,
    l.purchasable_from
FROM product_listing AS l
JOIN channel AS c ON c.id = l.channel_id AND c.deleted_at IS NULL
WHERE l.product_id = ANY (:ids::int[]) AND {visible}
ORDER BY l.product_id, c.code COLLATE "C"
"""

# Served by association_product_id_kind_target_id_key.
_ASSOCIATIONS = """
SELECT a.product_id AS owner_id, p.slug AS product, a.kind, a.quantity
FROM association AS a
JOIN product AS p ON p.id = a.target_id
WHERE a.product_id = ANY (:ids::int[]) AND {visible}
ORDER BY a.product_id, a.position, a.kind COLLATE "C", p.slug COLLATE "C"
"""


async def _records(ctx: Context, rows: Sequence[db.Record], *, members: bool) -> Records:
    ids = [row["id"] for row in rows]
    seen = visibility.products(ctx)
    categories = _CATEGORIES.format(visible=visibility.categories(ctx))
    collections = _COLLECTIONS.format(visible=visibility.collections(ctx))
    listings = _LISTINGS.format(
        visible="true" if ctx.principal.sees_drafts else "l.channel_id = :channel_id"
    )
    texts = await translations(ctx, "product", ids)
    in_categories = await parts(ctx, categories, ids)
    in_collections = {} if members else await parts(ctx, collections, ids)
    media = await parts(ctx, _MEDIA, ids)
    values = await parts(ctx, _VALUES.format(visible=visibility.products(ctx, "r")), ids)
    listed = await parts(ctx, listings, ids)
    linked = await parts(ctx, _ASSOCIATIONS.format(visible=seen), ids)
    held = await variants.by_product_ids(ctx, ids)
    return [
        {
            **_own(ctx, row),
            **filled(
                categories=_slugs(in_categories, row["id"]),
                collections=_slugs(in_collections, row["id"]),
                media=[medium(each) for each in media.get(row["id"], ())],
                attributes=attributes(values.get(row["id"], ())),
                listings=[_listing(ctx, each) for each in listed.get(row["id"], ())],
                variants=held.get(row["id"]),
                associations=[_without_owner(each) for each in linked.get(row["id"], ())],
                translations=texts.get(row["id"]),
            ),
        }
        for row in rows
    ]


def _own(ctx: Context, row: db.Record) -> Record:
    """The record of the product's own columns."""
    names = ("external_id", "slug", "type", "brand", "name", "description", "status", "tags")
    private = row["private_metadata"] if ctx.principal.sees_drafts else None
    return {"record": "product"} | filled(
        **{name: row[name] for name in names},
        seo=seo(row),
        metadata=row["metadata"],
        private_metadata=private,
        tax_class=row["tax_class"],
    )


def _slugs(members: Mapping[int, Sequence[db.Record]], id: int) -> list[str]:
    return [member["slug"] for member in members.get(id, ())]


def _listing(ctx: Context, row: db.Record) -> Record:
    """When it will end is nobody's business who only sees what is there."""
    if not ctx.principal.sees_drafts:
        return {"channel": row["channel"]}
    times = ("published_from", "published_until", "purchasable_from")
    return {"channel": row["channel"]} | filled(**{name: moment(row[name]) for name in times})


def _without_owner(row: db.Record) -> Record:
    return {name: value for name, value in row.items() if name != "owner_id"}
