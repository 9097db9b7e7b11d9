"""Channels."""

from collections.abc import Sequence

from catalog import db, views
from catalog.context import Context
from catalog.reads import query, refs


def _select(ctx: Context, found: str) -> str:
    return f"""
        SELECT c.id, c.external_id, c.code, c.name, c.default_currency, c.currencies,
            c.default_locale, c.locales, c.prices_include_tax, c.is_active, c.is_default,
            c.updated_at, found.*
        FROM ({found}) AS found
        JOIN channel AS c ON c.id = found.id"""


def _view(row: db.Record) -> views.Channel:
    return views.Channel(
        id=row["id"],
        external_id=row["external_id"],
        code=row["code"],
        name=row["name"],
        default_currency=row["default_currency"],
        currencies=tuple(row["currencies"]),
        default_locale=row["default_locale"],
        locales=tuple(row["locales"]),
        prices_include_tax=row["prices_include_tax"],
        is_active=row["is_active"],
        is_default=row["is_default"],
        updated_at=row["updated_at"],
    )


SHAPE = query.Shape("c", _select, _view, "channel")


def _visible(ctx: Context, c: str) -> str:
    active = "true" if ctx.principal.sees_drafts else f"{c}.is_active"
    return f"{c}.deleted_at IS NULL AND {active}"


async def all(ctx: Context) -> tuple[views.Channel, ...]:
    """The default one first, the others by code; a shop has few."""
    sql = _select(ctx, f"SELECT c.id FROM channel AS c WHERE {_visible(ctx, 'c')}")
    rows = await query.fetch(ctx, f"{sql} ORDER BY c.is_default DESC, c.code")
    return tuple(_view(row) for row in rows)


async def by_ref(ctx: Context, ref: refs.Ref) -> views.Channel | None:
    return await refs.find(ctx, refs.CHANNEL, ref, visible=_visible(ctx, "t"), shape=SHAPE)


async def by_ids(ctx: Context, ids: Sequence[int]) -> dict[int, views.Channel]:
    found = f"SELECT c.id FROM channel AS c WHERE c.id = ANY (:ids) AND {_visible(ctx, 'c')}"
    return await query.by_ids(ctx, _select(ctx, found), ids, _view)
