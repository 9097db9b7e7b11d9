"""Asking the database: SQL with named parameters in, views out."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Generic, TypeVar

from catalog import db, tags
from catalog.bounded import kept_of_texts
from catalog.context import Context
from catalog.paging import MAX_FIRST, MAX_FIRST_WITH_TOKEN, Order, Page, Paging, make_page

T = TypeVar("T")
View = Callable[[db.Record], T]


@dataclass(frozen=True, slots=True)
class Shape(Generic[T]):
    """How the rows of a noun are read: what its table is called in SQL; the SELECT of those whose
    ids are found by the SQL given to it, joined as `found`; what a row of that becomes; of which
    kind of thing its change would be a change, and which column has that thing's id."""

    alias: str
    select: Callable[[Context, str], str]
    view: View[T]
    kind: str | None = None
    id: str = "id"

    def note(self, ctx: Context, rows: Sequence[db.Record]) -> None:
        """The answer depends on what these rows show."""
        if tags.current() is not None:
            tags.of_rows(self.select(ctx, ""), self.kind, [row[self.id] for row in rows])


PARAMETER = re.compile(r"(?<!:):([a-z]\w*)")

# A condition that always holds, for lists whose best plan depends on what is asked: the largest
# category's page takes 3 ms by its own plan and 37 ms by one made for any category, on which
# PostgreSQL would settle after five askings, thinking it no dearer. Where the values are known the
# condition is simplified away; where they are not it makes the plan look as dear as it is.
PLANNED_ANEW = """(
            :at::timestamptz IS NOT NULL
            OR (SELECT count(*) FROM generate_series(1, 1000000000)) = 0
        )"""


async def fetch(
    ctx: Context, sql: str, within: tags.Within = tags.ANYWHERE, /, **values: object
) -> list[db.Record]:
    """Rows of a SELECT whose `:name` is the value of that name, or else the context's field."""
    tags.asked(sql, channel_id=ctx.channel_id, within=within)
    return await rows(ctx, sql, **values)


async def fetch_once(ctx: Context, sql: str, **values: object) -> list[db.Record]:
    """The same, asked of the database once an answer: what a list, its total and its facets all
    refer to."""
    tags.asked(sql, channel_id=ctx.channel_id)
    return await rows_once(ctx, sql, **values)


async def rows(ctx: Context, sql: str, **values: object) -> list[db.Record]:
    """As `fetch`; what they depend on is noted by the caller."""
    text, bound = _bound(ctx, sql, values)
    return await db.fetch(text, *bound)


async def rows_once(ctx: Context, sql: str, **values: object) -> list[db.Record]:
    text, bound = _bound(ctx, sql, values)
    return await db.fetch_once(text, *bound)


def _bound(ctx: Context, sql: str, values: Mapping[str, object]) -> tuple[str, tuple[object, ...]]:
    text, names = _numbered(sql)
    bound = (sendable(values[name]) if name in values else getattr(ctx, name) for name in names)
    return text, tuple(bound)


# As `tags.named`.
@kept_of_texts(1_000, longest=10_000)
def _numbered(sql: str) -> tuple[str, tuple[str, ...]]:
    """The text as PostgreSQL takes it, with `$1` …, and the names in that order."""
    numbers: dict[str, int] = {}
    text = PARAMETER.sub(lambda name: f"${numbers.setdefault(name[1], len(numbers) + 1)}", sql)
    return text, tuple(numbers)


def sendable(value: object) -> object:
    """The value, or NULL for what no column can hold (a NUL, a lone surrogate, an integer beyond 32
    bits): like that it equals nothing, and is no error."""
    if isinstance(value, list | tuple):
        if _are_ids(value):
            return value
        return [sendable(item) for item in value]
    if isinstance(value, str):
        return value if _is_storable(value) else None
    if isinstance(value, int):
        return value if -(2**31) <= value < 2**31 else None
    return value


def _are_ids(values: Sequence[object]) -> bool:
    return set(map(type, values)) == {int} and 0 <= min(values) <= max(values) < 2**31  # type: ignore[type-var, operator]


def _is_storable(text: str) -> bool:
    try:
        return b"\x00" not in text.encode()
    except UnicodeEncodeError:
        return False


async def by_ids(
    ctx: Context,
    sql: str,
    ids: Sequence[int],
    view: View[T],
    *,
    of: str | None = None,
    **values: object,
) -> dict[int, T]:
    """One view an id; the rows have a column `id`. `of` is the kind of thing whose ids they are, on
    which all that is read hangs (see `tags.of_rows`)."""
    found = await _of_ids(ctx, sql, ids, of, **values)
    return {row["id"]: view(row) for row in found}


async def grouped(
    ctx: Context,
    sql: str,
    ids: Sequence[int],
    view: View[T],
    *,
    of: str | None = None,
    **values: object,
) -> dict[int, tuple[T, ...]]:
    """Views by their owner, in the order of the rows; the rows have a column `owner_id`."""
    groups: dict[int, list[T]] = {}
    for row in await _of_ids(ctx, sql, ids, of, **values):
        groups.setdefault(row["owner_id"], []).append(view(row))
    return {owner: tuple(group) for owner, group in groups.items()}


VARIANT = "variant"


async def _of_ids(
    ctx: Context, sql: str, ids: Sequence[int], of: str | None, **values: object
) -> list[db.Record]:
    if not ids:
        return []
    if of is None:
        return await fetch(ctx, sql, ids=list(ids), **values)
    note_ids(sql, of, ids)
    return await rows(ctx, sql, ids=list(ids), **values)


def note_ids(sql: str, of: str, ids: Sequence[int]) -> None:
    """Whoever found a variant has noted its product, whose part it and what hangs on it are."""
    tags.of_rows(sql, "product" if of == VARIANT else of, () if of == VARIANT else ids)


def limit(ctx: Context) -> int:
    """The largest page that this asker may have."""
    return MAX_FIRST_WITH_TOKEN if ctx.principal.scopes else MAX_FIRST


def keyset(source: str, *, id: str, order: Order, paging: Paging) -> str:
    """SQL of the ids on a page, with their sort keys, and of one more.

    `source` is what stands between FROM and ORDER BY, and ends in its WHERE; each part of what lies
    behind the place is read for itself, so that an index serves each and each stops at the limit.
    """
    arms = [
        f"""(
            SELECT {id} AS id, {order.columns}
            FROM {source} {"".join(f"AND {condition} " for condition in arm.conditions)}
            ORDER BY {order.order_by(backward=paging.backward, arm=arm)}
            LIMIT :limit
        )"""
        for arm in order.behind(paging.place(order), backward=paging.backward)
    ]
    if len(arms) == 1:
        return arms[0]
    order_by = order.order_by(backward=paging.backward)
    return f"SELECT * FROM ({' UNION ALL '.join(arms)}) AS arm ORDER BY {order_by} LIMIT :limit"


def keyset_values(order: Order, paging: Paging, *, size: int) -> dict[str, object]:
    """What the parameters of `keyset` are bound to."""
    place = paging.place(order) or ()
    places: dict[str, object] = {f"place_{n}": value for n, value in enumerate(place)}
    return {"limit": size + 1} | places


async def page(
    ctx: Context,
    shape: Shape[T],
    source: str,
    *,
    id: str | None = None,
    order: Order,
    paging: Paging,
    within: tags.Within = tags.ANYWHERE,
    values: Mapping[str, object] = MappingProxyType({}),
) -> Page[T]:
    """A page of `source` (see `keyset`), in which `values` are bound; `id` is where its ids are,
    unless in the noun's table."""
    size = paging.size(limit=limit(ctx))
    found = keyset(source, id=id or f"{shape.alias}.id", order=order, paging=paging)
    sql = f"{shape.select(ctx, found)} ORDER BY {order.order_by(backward=paging.backward)}"
    tags.asked(found, channel_id=ctx.channel_id, within=within)
    shown = await rows(ctx, sql, **{**values, **keyset_values(order, paging, size=size)})
    shape.note(ctx, shown)
    return _page(shown, order=order, paging=paging, size=size, view=shape.view)


async def pages_by_owner(
    ctx: Context,
    shape: Shape[T],
    source: Callable[[str, int | None], str],
    ids: Sequence[int],
    *,
    few: int = 0,
    id: str | None = None,
    order: Order,
    paging: Paging,
    of: str | None = None,
    within: tags.Within = tags.ANYWHERE,
    values: Mapping[str, object] = MappingProxyType({}),
) -> dict[int, Page[T]]:
    """The same page of every owner, limited for each of them in SQL; one without rows has an empty
    page. `of` is `by_ids`'s.

    `source` is `keyset`'s for the owner whose id is the SQL that it is given. Up to a `few` owners
    are planned each for itself (`source` is told its number, too), more are planned alike.
    """
    size = paging.size(limit=limit(ctx))
    owners = list(dict.fromkeys(ids))

    def listed(owner_id: str, number: int | None = None) -> str:
        found_by = id or f"{shape.alias}.id"
        return keyset(source(owner_id, number), id=found_by, order=order, paging=paging)

    found = _of_each(listed, len(owners)) if len(owners) <= few else _of_all(listed)
    order_by = order.order_by(backward=paging.backward)
    sql = f"{shape.select(ctx, found)} ORDER BY found.owner_id, {order_by}"
    bound = {**values, **keyset_values(order, paging, size=size)}
    if of is None:
        tags.asked(found, channel_id=ctx.channel_id, within=within)
    else:
        tags.of_rows(found, of, owners)
    shown = await rows(ctx, sql, owner_ids=owners, **bound) if owners else []
    shape.note(ctx, shown)
    groups: dict[int, list[db.Record]] = {owner: [] for owner in owners}
    for row in shown:
        groups[row["owner_id"]].append(row)
    return {
        owner: _page(group, order=order, paging=paging, size=size, view=shape.view)
        for owner, group in groups.items()
    }


def _of_each(of: Callable[[str, int | None], str], owners: int) -> str:
    ids = [(f"(:owner_ids::int[])[{n + 1}]", n) for n in range(owners)]
    return " UNION ALL ".join(
        f"SELECT {id} AS owner_id, page.* FROM ({of(id, n)}) AS page" for id, n in ids
    )


def _of_all(of: Callable[[str, int | None], str]) -> str:
    return f"""
        SELECT owner.id AS owner_id, page.*
        FROM unnest(:owner_ids::int[]) AS owner (id)
        CROSS JOIN LATERAL ({of("owner.id", None)}) AS page"""


def _page(
    rows: Sequence[db.Record], *, order: Order, paging: Paging, size: int, view: View[T]
) -> Page[T]:
    items = [view(row) for row in rows]
    return make_page(items, order.places(rows), order=order, paging=paging, size=size)


async def count(
    ctx: Context, source: str, within: tags.Within = tags.ANYWHERE, /, **values: object
) -> int:
    (row,) = await fetch(ctx, f"SELECT count(*) FROM {source}", within, **values)
    total: int = row["count"]
    return total
