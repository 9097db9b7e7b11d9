"""Product types."""

from collections.abc import Sequence

from catalog import db, views
from catalog.context import Context
from catalog.reads import query, refs


def _select(ctx: Context, found: str) -> str:
    return f"""
        SELECT t.id, t.external_id, t.code, t.name, found.*
        FROM ({found}) AS found
        JOIN product_type AS t ON t.id = found.id"""


def _view(row: db.Record) -> views.ProductType:
    return views.ProductType(
        id=row["id"], external_id=row["external_id"], code=row["code"], name=row["name"]
    )


SHAPE = query.Shape("t", _select, _view)


async def all(ctx: Context) -> tuple[views.ProductType, ...]:
    """By code."""
    sql = _select(ctx, "SELECT id FROM product_type WHERE deleted_at IS NULL")
    rows = await query.fetch(ctx, f"{sql} ORDER BY t.code")
    return tuple(_view(row) for row in rows)


async def by_ref(ctx: Context, ref: refs.Ref) -> views.ProductType | None:
    live = "t.deleted_at IS NULL"
    return await refs.find(ctx, refs.PRODUCT_TYPE, ref, visible=live, shape=SHAPE)


async def by_ids(ctx: Context, ids: Sequence[int]) -> dict[int, views.ProductType]:
    found = "SELECT id FROM product_type WHERE deleted_at IS NULL AND id = ANY (:ids)"
    return await query.by_ids(ctx, _select(ctx, found), ids, _view)
