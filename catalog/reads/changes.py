"""The feed of changes: what has changed since a cursor, page by page, without gaps.

A cursor is the position that its reader has seen all of, and while a set of changes is being paged
through, the position that the set ends at and the last row that was told of. Like this a page may
end anywhere, also within a commit, while others commit in whatever order.
"""

import base64
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

import orjson

from catalog import change_log, db, ids
from catalog.change_log import Position
from catalog.errors import BadCursor, CursorExpired

Op = Literal["upsert", "delete", "reset"]
Place = tuple[int, int, int]

MOST: Final = 1_000
START: Final[Place] = (0, 0, 0)

# What is told of, what ids of it are of, and when a row of it is there for all; media have neither
# a key of the integrator's nor a deletion.
NOUNS: Final = {
    "product": "Product",
    "brand": "Brand",
    "category": "Category",
    "collection": "Collection",
    "attribute": "Attribute",
    "product_type": "ProductType",
    "channel": "Channel",
    "stock_location": "StockLocation",
    "media": "Media",
}


@dataclass(frozen=True, slots=True)
class Told:
    """`id` None with `reset`: any number of that kind. The rest says what is so now."""

    kind: str
    id: str | None
    external_id: str | None
    op: Op
    at: datetime


@dataclass(frozen=True, slots=True)
class Feed:
    """`next` goes on from here; without items there was nothing new."""

    items: tuple[Told, ...]
    next: str


@dataclass(frozen=True, slots=True)
class Cursor:
    """`place` is the xid, the row and the number of its id that was told of last."""

    epoch: str
    seen: Position
    until: Position | None = None
    place: Place = START

    def __str__(self) -> str:
        until = self.until and _plain(self.until)
        packed = orjson.dumps([self.epoch, _plain(self.seen), until, self.place])
        return base64.urlsafe_b64encode(_checksum(packed) + packed).decode().rstrip("=")

    @classmethod
    def parse(cls, text: str) -> "Cursor":
        """Raises `BadCursor` for what is none of ours."""
        try:
            raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            checksum, packed = raw[:4], raw[4:]
            if checksum != _checksum(packed):
                raise ValueError
            epoch, seen, until, (xid, row, number) = orjson.loads(packed)
            place = (_number(xid), _number(row), _number(number))
            return cls(epoch, _position(seen), until and _position(until), place)
        except (ValueError, TypeError, IndexError):
            raise BadCursor("this is no cursor; take it from page.next", path=("since",)) from None


def _plain(position: Position) -> tuple[int, list[int]]:
    return position.max, sorted(position.open)


def _position(plain: tuple[object, Iterable[object]]) -> Position:
    return Position(_number(plain[0]), frozenset(map(_number, plain[1])))


def _number(value: object) -> int:
    """The checksum keeps mistakes out, not somebody who means it."""
    if not isinstance(value, int) or not 0 <= value < 2**63:
        raise ValueError
    return value


def _checksum(packed: bytes) -> bytes:
    return zlib.crc32(packed).to_bytes(4)


@dataclass(frozen=True, slots=True)
class Row:
    """One thing of one change, None: any number of that kind. `place` is the xid, the row's id and
    which of its things that is: what it is told in the order of."""

    kind: str
    thing: int | None
    place: Place
    at: datetime


@dataclass(frozen=True, slots=True)
class Rows:
    """`seen` is where the log ends; the rest is as of `change_log.Followed`."""

    rows: tuple[Row, ...]
    seen: Position
    floor: Position
    epoch: str


# As change_log.FOLLOW, a part at a time: what the position $1, $2 has not seen and the later one
# $3, $4 (NULL: now) has, behind the place $5, $6, $7. What only lists hang on is nobody's change.
# Served by change_log_xid_idx and change_position_noted_at_idx.
_ARM = """(
        SELECT id, xid, kind, ids, at FROM change_log
        WHERE {unseen} AND (xid, id) >= ($5::text::xid8, $6)
            AND ($3::text IS NULL OR xid < $3::text::xid8 AND xid <> ALL ($4::text[]::xid8[]))
            AND (ids <> '{{}}' OR kind || ':*' = ANY (tags)) AND kind <> ALL ('{{listing,text}}')
        ORDER BY xid, id LIMIT $8 + 1
    )"""
_BEHIND = " UNION ALL ".join(
    _ARM.format(unseen=unseen)
    for unseen in ("xid >= $1::text::xid8", "xid = ANY ($2::text[]::xid8[])")
)
PAGE = f"""
SELECT now.snapshot, now.epoch, now.newest, low.max::text AS floor, low.open::text[] AS floor_open,
    page.xid::text AS xid, page.id, page.number, page.kind, page.thing, page.at
FROM (
    SELECT pg_current_snapshot()::text AS snapshot, (
        SELECT xid::text FROM change_log ORDER BY xid DESC LIMIT 1
    ) AS newest,
        ({change_log.CLUSTER})
            || '.' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) AS epoch
) AS now
CROSS JOIN (SELECT max, open FROM change_position ORDER BY noted_at LIMIT 1) AS low
LEFT JOIN (
    SELECT log.xid, log.id, coalesce(thing.number, 0) AS number, log.kind, thing.id AS thing, log.at
    FROM ({_BEHIND}) AS log
    LEFT JOIN LATERAL unnest(log.ids) WITH ORDINALITY AS thing (id, number) ON true
    WHERE (log.xid, log.id, coalesce(thing.number, 0)) > ($5::text::xid8, $6, $7)
    ORDER BY 1, 2, 3 LIMIT $8
) AS page ON true
ORDER BY page.xid, page.id, page.number
"""


async def _page(seen: Position, until: Position | None, place: Place, *, limit: int) -> Rows:
    """In the answer's snapshot. Raises `Unavailable`."""
    end = until.bound if until else (None, None)
    xid, *behind = place
    rows = await db.fetch(PAGE, *seen.bound, *end, str(xid), *behind, limit)
    first = rows[0]
    newest = int(first["newest"] or 0)
    floor = Position.of(first["floor"], first["floor_open"])
    return Rows(
        tuple(_row(row) for row in rows if row["id"] is not None),
        change_log.cut(first["snapshot"], max(seen.max, floor.max, newest + 1)),
        floor,
        first["epoch"],
    )


def _row(row: db.Record) -> Row:
    place = (int(row["xid"]), row["id"], row["number"])
    return Row(row["kind"], row["thing"], place, row["at"])


async def since(cursor: str | None, *, limit: int) -> Feed:
    """At most `limit` things; without a cursor none, but where to begin. Raises `BadCursor`, and
    `CursorExpired` for a cursor that changes since are no longer known of."""
    async with db.snapshot():
        if cursor is None:
            found = await _page(change_log.NOWHERE, None, START, limit=0)
            return Feed((), str(Cursor(found.epoch, found.seen)))
        at = Cursor.parse(cursor)
        found = await _page(at.seen, at.until, at.place, limit=limit)
        if found.epoch != at.epoch or not found.floor.within(at.seen):
            raise CursorExpired(
                "what has changed since is not known any more: begin again, with a cursor of now"
                " and then an export of everything",
                path=("since",),
            )
        if at.until and not found.rows:
            # All of that set has been told of; the next one may have begun meanwhile.
            at = Cursor(at.epoch, at.until)
            found = await _page(at.seen, None, START, limit=limit)
        until = at.until or found.seen
        last = found.rows[-1].place if len(found.rows) == limit else None
        going_on = Cursor(found.epoch, at.seen, until, last) if last else None
        return Feed(await _told(found.rows), str(going_on or Cursor(found.epoch, until)))


# Served by <table>_pkey.
_THERE = "SELECT id, external_id FROM {table} WHERE id = ANY ($1::int[]) AND deleted_at IS NULL"
_MEDIA = "SELECT id, NULL AS external_id FROM media WHERE id = ANY ($1::int[])"


async def _told(rows: Sequence[Row]) -> tuple[Told, ...]:
    """A transaction that has changed a thing in several ways is told of once a page."""
    once = list({(row.place[0], row.kind, row.thing): row for row in rows}.values())
    there = {
        kind: await _there(kind, [row.thing for row in once if row.kind == kind and row.thing])
        for kind in dict.fromkeys(row.kind for row in once)
    }
    return tuple(_one(row, there[row.kind]) for row in once)


async def _there(kind: str, things: Sequence[int]) -> Mapping[int, str | None]:
    """With the integrator's key."""
    sql = _MEDIA if kind == "media" else _THERE.format(table=kind)
    rows = await db.fetch(sql, list(things)) if things else []
    return {row["id"]: row["external_id"] for row in rows}


def _one(row: Row, there: Mapping[int, str | None]) -> Told:
    if row.thing is None:
        return Told(row.kind, None, None, "reset", row.at)
    op: Op = "upsert" if row.thing in there else "delete"
    id = ids.encode(NOUNS[row.kind], row.thing)
    return Told(row.kind, id, there.get(row.thing), op, row.at)
