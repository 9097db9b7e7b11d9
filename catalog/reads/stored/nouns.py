"""What products refer to, as records: channels first, then each after what it refers to itself."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence

from catalog import db
from catalog.context import Context
from catalog.reads import query, visibility
from catalog.reads.stored import Record
from catalog.reads.stored.values import filled, parts, seo, translations


async def all(ctx: Context, *, members: bool) -> AsyncIterator[Record]:
    """`members`: collections name their products, in their order."""
    for records in (
        await _channels(ctx),
        await _locations(ctx),
        await _attributes(ctx),
        await _types(ctx),
        await _brands(ctx),
        await _categories(ctx),
        await _collections(ctx, members=members),
    ):
        for record in records:
            yield record


async def one(ctx: Context, noun: str, id: int) -> Record | None:
    """By the name of its table; a collection names its products. None for what is deleted."""
    records = await _READERS[noun](ctx, [id])
    return records[0] if records else None


def _which(ids: Sequence[int] | None, alias: str) -> str:
    return "true" if ids is None else f"{alias}.id = ANY (:ids::int[])"


_CHANNELS = """
SELECT code, external_id, name, default_currency, currencies, default_locale, locales,
    prices_include_tax, is_active, is_default
FROM channel AS c
WHERE deleted_at IS NULL AND {visible} AND {which}
ORDER BY is_default DESC, code COLLATE "C"
"""


async def _channels(ctx: Context, ids: Sequence[int] | None = None) -> list[Record]:
    visible = "true" if ctx.principal.sees_drafts else "id = :channel_id"
    sql = _CHANNELS.format(visible=visible, which=_which(ids, "c"))
    rows = await query.fetch(ctx, sql, ids=ids)
    return [{"record": "channel", **filled(**dict(row))} for row in rows]


_LOCATIONS = """
SELECT l.code, l.external_id, l.name, (
        SELECT array_agg(c.code ORDER BY c.code COLLATE "C")
        FROM stock_location_channel AS serves
        JOIN channel AS c ON c.id = serves.channel_id AND c.deleted_at IS NULL
        WHERE serves.location_id = l.id
    ) AS channels
FROM stock_location AS l
WHERE l.deleted_at IS NULL AND {which}
ORDER BY l.code COLLATE "C"
"""


async def _locations(ctx: Context, ids: Sequence[int] | None = None) -> list[Record]:
    sql = _LOCATIONS.format(which=_which(ids, "l"))
    rows = await query.fetch(ctx, sql, ids=ids) if ctx.principal.sees_drafts else []
    return [{"record": "location", **filled(**dict(row))} for row in rows]


_ATTRIBUTES = """
SELECT id, code, external_id, name, kind, unit, filterable, searchable, sortable,
    rules @> '{{"localised": true}}' AS localised, position
FROM attribute AS a
WHERE deleted_at IS NULL AND {which}
ORDER BY position, code COLLATE "C"
"""

# Served by attribute_option_attribute_id_code_key.
_OPTIONS = """
SELECT attribute_id AS owner_id, id, code, label, position, swatch
FROM attribute_option
WHERE attribute_id = ANY (:ids::int[])
ORDER BY attribute_id, position, code COLLATE "C"
"""


async def _attributes(ctx: Context, ids: Sequence[int] | None = None) -> list[Record]:
    rows = await query.fetch(ctx, _ATTRIBUTES.format(which=_which(ids, "a")), ids=ids)
    texts = await translations(ctx, "attribute", _ids(rows))
    options = await parts(ctx, _OPTIONS, _ids(rows))
    option_ids = [option["id"] for each in options.values() for option in each]
    option_texts = await translations(ctx, "option", option_ids)
    return [
        {
            "record": "attribute",
            **_without_id(row),
            **filled(
                options=[
                    _without_id(option) | filled(translations=option_texts.get(option["id"]))
                    for option in options.get(row["id"], ())
                ],
                translations=texts.get(row["id"]),
            ),
        }
        for row in rows
    ]


_TYPES = """
SELECT id, code, external_id, name
FROM product_type AS t
WHERE deleted_at IS NULL AND {which}
ORDER BY code COLLATE "C"
"""

# Served by product_type_attribute_product_type_id_attribute_id_key.
_ASSIGNMENTS = """
SELECT t.product_type_id AS owner_id, a.code AS attribute, t.level, t.is_option, t.required,
    t.position
FROM product_type_attribute AS t
JOIN attribute AS a ON a.id = t.attribute_id AND a.deleted_at IS NULL
WHERE t.product_type_id = ANY (:ids::int[])
ORDER BY t.product_type_id, t.position, a.code COLLATE "C"
"""


async def _types(ctx: Context, ids: Sequence[int] | None = None) -> list[Record]:
    rows = await query.fetch(ctx, _TYPES.format(which=_which(ids, "t")), ids=ids)
    assigned = await parts(ctx, _ASSIGNMENTS, _ids(rows))
    return [
        {
            "record": "type",
            **_without_id(row),
            **filled(attributes=[_without_id(each) for each in assigned.get(row["id"], ())]),
        }
        for row in rows
    ]


_BRANDS = """
SELECT id, slug, external_id, name, description, metadata
FROM brand AS b
WHERE deleted_at IS NULL AND {which}
ORDER BY slug COLLATE "C"
"""


async def _brands(ctx: Context, ids: Sequence[int] | None = None) -> list[Record]:
    rows = await query.fetch(ctx, _BRANDS.format(which=_which(ids, "b")), ids=ids)
    texts = await translations(ctx, "brand", _ids(rows))
    return [
        {"record": "brand", **_without_id(row), **filled(translations=texts.get(row["id"]))}
        for row in rows
    ]


_CATEGORIES = """
SELECT c.id, c.slug, c.external_id, parent.slug AS parent, c.name, c.description, c.position,
    c.published, c.seo_title, c.seo_description, c.metadata, m.url, m.alt
FROM category AS c
LEFT JOIN category AS parent ON parent.id = c.parent_id AND parent.deleted_at IS NULL
LEFT JOIN media AS m ON m.id = c.image_id
WHERE {visible} AND {which}
ORDER BY cardinality(c.path), c.position, c.slug COLLATE "C"
"""

_COLLECTIONS = """
SELECT c.id, c.slug, c.external_id, c.name, c.description, c.published, c.seo_title,
    c.seo_description, c.metadata, c.rule, m.url, m.alt
FROM collection AS c
LEFT JOIN media AS m ON m.id = c.image_id
WHERE {visible} AND {which}
ORDER BY c.slug COLLATE "C"
"""

# Served by collection_product_collection_id_product_id_key.
_MEMBERS = """
SELECT m.collection_id AS owner_id, p.slug
FROM collection_product AS m
JOIN product AS p ON p.id = m.product_id
WHERE m.collection_id = ANY (:ids::int[]) AND {visible}
ORDER BY m.collection_id, m.position, p.slug COLLATE "C"
"""


async def _categories(ctx: Context, ids: Sequence[int] | None = None) -> list[Record]:
    sql = _CATEGORIES.format(visible=visibility.categories(ctx), which=_which(ids, "c"))
    rows = await query.fetch(ctx, sql, ids=ids)
    texts = await translations(ctx, "category", _ids(rows))
    return [
        {"record": "category", **_page(row), **filled(translations=texts.get(row["id"]))}
        for row in rows
    ]


async def _collections(
    ctx: Context, ids: Sequence[int] | None = None, *, members: bool = True
) -> list[Record]:
    sql = _COLLECTIONS.format(visible=visibility.collections(ctx), which=_which(ids, "c"))
    rows = await query.fetch(ctx, sql, ids=ids)
    texts = await translations(ctx, "collection", _ids(rows))
    of_collections = _MEMBERS.format(visible=visibility.products(ctx))
    held = await parts(ctx, of_collections, _ids(rows)) if members else {}
    return [
        {
            "record": "collection",
            **_page(row),
            **filled(
                products=[member["slug"] for member in held.get(row["id"], ())],
                translations=texts.get(row["id"]),
            ),
        }
        for row in rows
    ]


def _page(row: db.Record) -> dict[str, object]:
    """What categories and collections have in common, as pages of a shop."""
    image = filled(url=row["url"], alt=row["alt"])
    fields = {
        name: value
        for name, value in row.items()
        if name not in ("id", "seo_title", "seo_description", "url", "alt")
    }
    return filled(**fields, seo=seo(row), image=image)


def _without_id(row: db.Record) -> dict[str, object]:
    return filled(**{k: value for k, value in row.items() if k not in ("id", "owner_id")})


def _ids(rows: Sequence[db.Record]) -> list[int]:
    return [row["id"] for row in rows]


_READERS: Mapping[str, Callable[[Context, Sequence[int]], Awaitable[list[Record]]]] = {
    "channel": _channels,
    "stock_location": _locations,
    "attribute": _attributes,
    "product_type": _types,
    "brand": _brands,
    "category": _categories,
    "collection": _collections,
}
