"""Brands."""

from collections.abc import Sequence

from catalog import db, views
from catalog.context import Context
from catalog.paging import Key, Order, Page, Paging
from catalog.reads import query, refs, translations

NAME = Order("brand.name", (Key("b.name_sort", str), Key("b.id", int)))

# For pages served by brand_name_sort_id_idx.
LIVE = "brand AS b WHERE b.deleted_at IS NULL"


def _select(ctx: Context, found: str) -> str:
    return f"""
        SELECT b.id, b.external_id, b.metadata, b.updated_at, found.*,
            {translations.text(ctx, "b", "slug")} AS slug,
            {translations.text(ctx, "b", "name")} AS name,
            {translations.text(ctx, "b", "description")} AS description
        FROM ({found}) AS found
        JOIN brand AS b ON b.id = found.id
        {translations.join(ctx, "brand", "b")}"""


def _view(row: db.Record) -> views.Brand:
    return views.Brand(
        id=row["id"],
        external_id=row["external_id"],
        slug=row["slug"],
        name=row["name"],
        description=row["description"],
        metadata=row["metadata"],
        updated_at=row["updated_at"],
    )


SHAPE = query.Shape("b", _select, _view, "brand")


async def by_ref(ctx: Context, ref: refs.Ref) -> views.Brand | None:
    return await refs.find(ctx, refs.BRAND, ref, visible="t.deleted_at IS NULL", shape=SHAPE)


async def by_ids(ctx: Context, ids: Sequence[int]) -> dict[int, views.Brand]:
    sql = _select(ctx, f"SELECT b.id FROM {LIVE} AND b.id = ANY (:ids)")
    return await query.by_ids(ctx, sql, ids, _view, of="brand")


async def page(ctx: Context, *, paging: Paging) -> Page[views.Brand]:
    """By name."""
    return await query.page(ctx, SHAPE, LIVE, order=NAME, paging=paging)


async def count(ctx: Context) -> int:
    return await query.count(ctx, LIVE)
