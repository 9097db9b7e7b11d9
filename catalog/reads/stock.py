"""Stock: whether something can be had, and for those who may know, how much of it."""

from collections.abc import Sequence

from catalog import db, views
from catalog.context import Context
from catalog.errors import Forbidden
from catalog.reads import query

# Served by stock_level_variant_id_location_id_key.
BY_VARIANT_IDS = """
SELECT level.variant_id AS owner_id, location.code AS location, level.on_hand, level.reserved,
    level.incoming, level.updated_at
FROM stock_level AS level
JOIN stock_location AS location ON location.id = level.location_id
WHERE level.variant_id = ANY (:ids) AND location.deleted_at IS NULL
ORDER BY owner_id, location.code
"""

# Widened, since a level's two numbers may differ by more than 32 bits hold. Served by
# stock_level_variant_id_location_id_key and stock_location_channel_location_id_channel_id_key.
IN_STOCK = """(
    SELECT sum(level.on_hand::bigint - level.reserved) > 0
    FROM stock_level AS level
    JOIN stock_location AS location ON location.id = level.location_id
    JOIN stock_location_channel AS served ON served.location_id = location.id
    WHERE level.variant_id = v.id AND served.channel_id = :channel_id
        AND location.deleted_at IS NULL
)"""

# Served by product_listing_product_id_channel_id_key.
ON_SALE_FROM = """(
    SELECT listing.purchasable_from
    FROM product_listing AS listing
    WHERE listing.product_id = v.product_id AND listing.channel_id = :channel_id
)"""

# Before its `purchasable_from` a product is shown, but cannot be had.
AVAILABLE = f"""(NOT v.tracked OR v.backorder OR coalesce({IN_STOCK}, false))
    AND coalesce({ON_SALE_FROM} <= :at, true)"""

# Served by variant_pkey.
AVAILABLE_BY_VARIANT_IDS = f"""
SELECT v.id, {AVAILABLE} AS available FROM variant AS v WHERE v.id = ANY (:ids)
"""

# Served by variant_product_id_position_id_idx.
AVAILABLE_BY_PRODUCT_IDS = f"""
SELECT v.product_id AS id, bool_or({AVAILABLE}) AS available
FROM variant AS v
WHERE v.product_id = ANY (:ids) AND v.deleted_at IS NULL
GROUP BY v.product_id
"""


async def by_variant_ids(
    ctx: Context, ids: Sequence[int]
) -> dict[int, tuple[views.StockLevel, ...]]:
    """At every location, whichever channels it serves; `Forbidden` without `catalog:read`."""
    if not ctx.principal.may("catalog:read"):
        raise Forbidden("exact stock needs a token with the scope catalog:read")
    return await query.grouped(ctx, BY_VARIANT_IDS, ids, _level, of=query.VARIANT)


async def available_by_variant_ids(ctx: Context, ids: Sequence[int]) -> dict[int, bool]:
    """In this channel: not tracked, or on backorder, or in stock at the locations that serve it."""
    return await query.by_ids(ctx, AVAILABLE_BY_VARIANT_IDS, ids, _available, of=query.VARIANT)


async def available_by_product_ids(ctx: Context, ids: Sequence[int]) -> dict[int, bool]:
    """Whether any of its variants is."""
    return await query.by_ids(ctx, AVAILABLE_BY_PRODUCT_IDS, ids, _available, of="product")


def _available(row: db.Record) -> bool:
    return bool(row["available"])


def _level(row: db.Record) -> views.StockLevel:
    return views.StockLevel(
        variant_id=row["owner_id"],
        location=row["location"],
        on_hand=row["on_hand"],
        reserved=row["reserved"],
        incoming=row["incoming"],
        updated_at=row["updated_at"],
    )
