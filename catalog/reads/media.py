"""Pictures, videos and documents of products and variants."""

from collections.abc import Sequence

from catalog import db, views
from catalog.context import Context
from catalog.paging import Paging
from catalog.reads import query, visibility

COLUMNS = "m.url, m.kind, m.alt, m.width, m.height"

# Served by product_media_product_id_media_id_key.
BY_PRODUCT_IDS = f"""
SELECT p.id AS owner_id, shown.media_id AS id, {COLUMNS}
FROM product AS p
CROSS JOIN LATERAL (
    SELECT media_id, media_id IS NOT DISTINCT FROM p.default_media_id AS is_default, position, id
    FROM product_media
    WHERE product_id = p.id
    ORDER BY is_default DESC, position, id
    LIMIT :limit
) AS shown
JOIN media AS m ON m.id = shown.media_id
WHERE p.id = ANY (:ids)
ORDER BY owner_id, shown.is_default DESC, shown.position, shown.id
"""

# Served by variant_media_variant_id_media_id_key.
BY_VARIANT_IDS = f"""
SELECT shown.variant_id AS owner_id, m.id, {COLUMNS}
FROM variant_media AS shown
JOIN media AS m ON m.id = shown.media_id
WHERE shown.variant_id = ANY (:ids)
ORDER BY owner_id, shown.position, shown.id
"""


def _view(row: db.Record) -> views.Media:
    return views.Media(
        id=row["id"],
        url=row["url"],
        kind=row["kind"],
        alt=row["alt"],
        width=row["width"],
        height=row["height"],
    )


async def by_ids(ctx: Context, ids: Sequence[int]) -> dict[int, views.Media]:
    """Served by media_pkey."""
    visible = visibility.media(ctx)
    sql = f"SELECT m.id, {COLUMNS} FROM media AS m WHERE m.id = ANY (:ids) AND {visible}"
    return await query.by_ids(ctx, sql, ids, _view)


async def by_product_ids(
    ctx: Context, ids: Sequence[int], *, first: int | None = None
) -> dict[int, tuple[views.Media, ...]]:
    """The product's default first, the others by position; `first` limits each product's."""
    limit = None if first is None else Paging(first=first).size(limit=query.limit(ctx))
    return await query.grouped(ctx, BY_PRODUCT_IDS, ids, _view, of="product", limit=limit)


async def by_variant_ids(ctx: Context, ids: Sequence[int]) -> dict[int, tuple[views.Media, ...]]:
    return await query.grouped(ctx, BY_VARIANT_IDS, ids, _view, of=query.VARIANT)
