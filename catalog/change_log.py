"""The change log read: what it tells of beyond a position, without gaps, and for how long.

Transactions end in another order than they begin, so a position is no number: it is what a snapshot
has seen, cut off above the newest change that was followed (xids above that may be handed out again
after a crash).
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import asyncpg

from catalog import db
from catalog.settings import Settings

# Seconds that a follow may take; a database that takes longer is away.
PATIENCE: Final = 1.0
# Seconds of changes that are kept in memory: entries that are older are not trusted.
REMEMBERED: Final = 3600.0
# Changes that a process which begins will read; behind more it begins with nothing.
MOST_BEHIND: Final = 200_000


@dataclass(frozen=True, slots=True)
class Position:
    """An xid is seen when it is below `max` and not `open`."""

    max: int
    open: frozenset[int] = frozenset()

    @classmethod
    def of(cls, max: int | str, open: Iterable[int | str]) -> "Position":
        """As the database writes it, or JSON."""
        return cls(int(max), frozenset(map(int, open)))

    def sees(self, xid: int) -> bool:
        return xid < self.max and xid not in self.open

    def within(self, other: "Position") -> bool:
        """Whether `other` has seen all that this one has."""
        return self.max <= other.max and all(
            xid >= self.max or xid in self.open for xid in other.open
        )

    @property
    def bound(self) -> tuple[str, list[str]]:
        """As parameters of `FOLLOW`."""
        return str(self.max), [str(xid) for xid in self.open]


NOWHERE: Final = Position(0)


@dataclass(frozen=True, slots=True)
class Change:
    """One statement's, of one kind. `ids` empty with a tag `<kind>:*`: of any number of them."""

    id: int
    xid: int
    kind: str
    op: str
    ids: tuple[int, ...]
    tags: tuple[str, ...]
    actor: str
    at: datetime

    def cools(self) -> Iterable[str]:
        """Tags of whatever may have been read and is not true any more."""
        yield from self.tags
        yield self.kind
        if self.op != "insert":
            yield f"{self.kind}!"
        for id in self.ids:
            yield f"{self.kind}:{id}"


@dataclass(frozen=True, slots=True)
class Followed:
    """`floor` is below what the log still has; `at` is the database's clock; `epoch` is the history
    that xids mean something in."""

    changes: tuple[Change, ...]
    seen: Position
    floor: Position
    at: datetime
    epoch: str


# Rows and snapshot come from one statement, so that they are of one moment. Two index scans: an xid
# that stays open for long would make one range long. `clock_timestamp()` is read after the snapshot
# was taken. On a standby `pg_current_wal_lsn()` raises: there an open xid would count as seen.
# Served by change_log_xid_idx and change_position_noted_at_idx.
FOLLOW = """
SELECT now.snapshot, now.timeline, now.at, low.max::text AS floor, low.open::text[] AS floor_open,
    log.id, log.xid::text AS xid, log.kind, log.op, log.ids, log.tags, log.actor,
    log.at AS logged_at
FROM (
    SELECT pg_current_snapshot()::text AS snapshot, clock_timestamp() AS at,
        substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) AS timeline
) AS now
CROSS JOIN (SELECT max, open FROM change_position ORDER BY noted_at LIMIT 1) AS low
LEFT JOIN (
    SELECT * FROM change_log WHERE xid >= $1::text::xid8
    UNION ALL
    SELECT * FROM change_log WHERE xid = ANY ($2::text[]::xid8[])
) AS log ON true
"""

CLUSTER = """
SELECT (SELECT system_identifier FROM pg_control_system()) || '.' || oid
FROM pg_database WHERE datname = current_database()
"""

# An hour ago, or as far back as there is something.
_BEGIN = """
SELECT max::text, open::text[] FROM change_position
ORDER BY noted_at > now() - $1::interval, CASE WHEN noted_at > now() - $1::interval
    THEN noted_at - now() ELSE now() - noted_at END
LIMIT 1
"""


_BEHIND = f"""
SELECT coalesce(sum(1 + cardinality(ids) + cardinality(tags)), 0)
FROM (
    SELECT ids, tags FROM change_log WHERE xid >= $1::text::xid8 LIMIT {MOST_BEHIND}
) AS behind
"""

# All that is over, as far as the log tells of it.
_NOW = """
SELECT least(
    pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
    (SELECT xid::text::bigint + 1 FROM change_log ORDER BY xid DESC LIMIT 1)
)
"""


class Log:
    """The log read on a connection of its own. Raises `Unavailable`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._connection: asyncpg.Connection[asyncpg.Record] | None = None
        self._cluster = ""

    async def since(self, position: Position) -> Followed:
        """All that `position` has not seen; once more on a new connection when this one is gone."""
        async with self._patience():
            if self._connection is not None and not self._connection.is_closed():
                try:
                    return await self._since(self._connection, position)
                except (asyncpg.InterfaceError, asyncpg.InternalClientError, *GONE):
                    self._drop()
            return await self._since(await self._connect(), position)

    async def beginning(self) -> Position:
        """Where a process begins that has seen nothing."""
        async with self._patience():
            self._drop()
            connection = await self._connect()
            row = await connection.fetchrow(_BEGIN, timedelta(seconds=REMEMBERED))
            assert row is not None
            begin = Position.of(*row)
            if await connection.fetchval(_BEHIND, str(begin.max)) < MOST_BEHIND:
                return begin
            return Position(int(await connection.fetchval(_NOW)))

    @asynccontextmanager
    async def _patience(self) -> AsyncIterator[None]:
        """A connection that does not answer in time will not be asked again."""
        with db.answering():
            try:
                async with asyncio.timeout(PATIENCE):
                    yield
            except TimeoutError:
                self._drop()
                raise

    async def _since(
        self, connection: "asyncpg.Connection[asyncpg.Record]", position: Position
    ) -> Followed:
        return followed(await connection.fetch(FOLLOW, *position.bound), self._cluster, position)

    async def _connect(self) -> "asyncpg.Connection[asyncpg.Record]":
        connection = await db.connect(
            self._settings,
            # The tables are small or read by index; planned anew it would cost five times as much.
            plan_cache_mode="force_generic_plan",
            enable_seqscan="off",
            jit="off",
        )
        try:
            self._cluster = await connection.fetchval(CLUSTER)
        except BaseException:
            # Whoever asks may have run out of patience: nobody else would close it.
            connection.terminate()
            raise
        self._connection = connection
        return connection

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Exception):
                connection.terminate()

    async def aclose(self) -> None:
        self._drop()


GONE: Final = (asyncpg.PostgresConnectionError, asyncpg.OperatorInterventionError, OSError)


def followed(rows: Sequence[asyncpg.Record], cluster: str, before: Position) -> Followed:
    first = rows[0]
    changes = tuple(
        Change(
            id=row["id"],
            xid=int(row["xid"]),
            kind=row["kind"],
            op=row["op"],
            ids=tuple(row["ids"]),
            tags=tuple(row["tags"]),
            actor=row["actor"],
            at=row["logged_at"],
        )
        for row in rows
        if row["id"] is not None
    )
    # An xid above the newest change may belong to nobody after a crash, and then to another.
    newest = max((each.xid for each in changes), default=0)
    return Followed(
        changes,
        cut(first["snapshot"], max(before.max, newest + 1)),
        Position.of(first["floor"], first["floor_open"]),
        first["at"],
        f"{cluster}.{first['timeline']}",
    )


def cut(snapshot: str, top: int) -> Position:
    """What the snapshot (xmin:xmax:open) has seen below `top`."""
    _, xmax, open_ = snapshot.split(":")
    end = min(int(xmax), top)
    return Position(
        end, frozenset(xid for xid in map(int, filter(None, open_.split(","))) if xid < end)
    )


NOTE = """
INSERT INTO change_position (max, open)
SELECT $1::text::xid8, $2::text[]::xid8[]
WHERE NOT EXISTS (SELECT FROM change_position WHERE noted_at > now() - $3::interval)
"""

# The newest position that was noted long enough ago becomes the floor; what it has seen goes.
# Served by change_log_xid_idx.
RETAIN = """
WITH floor AS (
    SELECT noted_at, max, open FROM change_position WHERE noted_at < now() - $1::interval
    ORDER BY noted_at DESC LIMIT 1
), older AS (
    DELETE FROM change_position AS p USING floor AS f WHERE p.noted_at < f.noted_at
), seen AS (
    SELECT id FROM change_log AS l, floor AS f
    WHERE l.xid < f.max AND l.xid <> ALL (f.open) ORDER BY l.xid LIMIT $2
)
DELETE FROM change_log AS l USING seen WHERE l.id = seen.id
"""
NOTED_EVERY: Final = timedelta(minutes=5)
DELETED_AT_ONCE: Final = 5_000


async def retain(position: Position, *, keep: timedelta) -> int:
    """Notes a position that this process has followed to, and deletes what is older than is kept;
    returns how many rows. Any process may do so at any time. Raises `Unavailable`."""
    async with db.unit_of_work(told=False) as connection:
        await connection.execute(NOTE, *position.bound, NOTED_EVERY)
        done = await connection.execute(RETAIN, keep, DELETED_AT_ONCE)
    return int(done.split()[-1])
