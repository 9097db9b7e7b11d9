"""Stock locations: for those who may know them."""

from collections.abc import Sequence

from catalog import db, views
from catalog.context import Context
from catalog.reads import query, refs


def _select(ctx: Context, found: str) -> str:
    """Served by stock_location_channel_location_id_channel_id_key."""
    return f"""
        SELECT l.id, l.external_id, l.code, l.name, l.updated_at, found.*, array(
                SELECT c.code
                FROM stock_location_channel AS serves
                JOIN channel AS c ON c.id = serves.channel_id AND c.deleted_at IS NULL
                WHERE serves.location_id = l.id
                ORDER BY c.code
            ) AS channels
        FROM ({found}) AS found
        JOIN stock_location AS l ON l.id = found.id"""


def _view(row: db.Record) -> views.StockLocation:
    return views.StockLocation(
        id=row["id"],
        external_id=row["external_id"],
        code=row["code"],
        name=row["name"],
        channels=tuple(row["channels"]),
        updated_at=row["updated_at"],
    )


SHAPE = query.Shape("l", _select, _view, "stock_location")


async def all(ctx: Context) -> tuple[views.StockLocation, ...]:
    """By code; a shop has few. `Forbidden` without `catalog:read`, as are the others here."""
    ctx.principal.require("catalog:read")
    sql = _select(ctx, "SELECT id FROM stock_location WHERE deleted_at IS NULL")
    rows = await query.fetch(ctx, f"{sql} ORDER BY l.code")
    return tuple(_view(row) for row in rows)


async def by_ref(ctx: Context, ref: refs.Ref) -> views.StockLocation | None:
    ctx.principal.require("catalog:read")
    live = "t.deleted_at IS NULL"
    return await refs.find(ctx, refs.STOCK_LOCATION, ref, visible=live, shape=SHAPE)


async def by_ids(ctx: Context, ids: Sequence[int]) -> dict[int, views.StockLocation]:
    ctx.principal.require("catalog:read")
    found = "SELECT id FROM stock_location WHERE deleted_at IS NULL AND id = ANY (:ids)"
    return await query.by_ids(ctx, _select(ctx, found), ids, _view)
