"""Caches that follow and keep, a writer who tells, real PostgreSQL and Redis, in one process: so a
test decides what happens when."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias
from unittest.mock import patch

import asyncpg
import steps

from catalog import change_log, changes, db, remote, tags
from catalog.cache import Cache
from catalog.change_log import Followed, Log, Position
from catalog.changes import Follower
from catalog.remote import Remote
from catalog.settings import Settings

Psql: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

SET = "UPDATE brand SET name = $2::int::text WHERE id = $1"
BRANDS = """
INSERT INTO brand (id, slug, name) OVERRIDING SYSTEM VALUE
SELECT id, 'b' || id, '1' FROM generate_series(1, 3) AS id
"""


class Stale(Exception):
    """Somebody was shown what he may not be shown."""


@dataclass(frozen=True, slots=True)
class Number:
    value: int
    size: int = 1

    def pack(self) -> bytes:
        return str(self.value).encode()

    @classmethod
    def unpack(cls, packed: bytes) -> "Number":
        return cls(int(packed))


class SteppedLog(Log):
    async def since(self, position: Position) -> Followed:
        found = await super().since(position)
        await steps.reach("log read")
        return found


class SteppedRemote(Remote):
    async def head(self) -> tuple[int, bytes]:
        found = await super().head()
        await steps.reach("head read")
        return found

    async def tell(self) -> None:
        await super().tell()
        await steps.reach("told")


class Asked:
    """Whoever is asked, and when he was."""

    def __init__(self, turns: Any) -> None:
        self._turns = turns
        self.once = asyncio.Event()

    def __call__(self) -> "asyncio.Future[None]":
        future: asyncio.Future[None] = self._turns()
        self.once.set()
        return future

    def __getattr__(self, name: str) -> Any:
        return getattr(self._turns, name)


@dataclass(slots=True)
class World:
    """`write` is acknowledged when it ends."""

    settings: Settings
    redis_url: str
    redis: Remote
    psql: Psql
    stack: AsyncExitStack

    def process(self, *, redis: bool = True) -> "Cache[Number]":
        """One that has kept nothing yet."""
        follower = Follower(SteppedLog(self.settings))
        shared = SteppedRemote(self.redis_url, verify=False) if redis else None
        cache = Cache(follower, Number.unpack, remote=shared, most=1_000_000, prefix="tests")
        self.stack.push_async_callback(follower.aclose)
        if shared:
            self.stack.push_async_callback(shared.aclose)
        self.stack.push_async_callback(cache.aclose)
        return cache

    async def write(self, number: int, *, id: int = 1) -> None:
        async with db.unit_of_work() as connection:
            await connection.execute(SET, id, number)

    async def tell(self) -> None:
        await remote.tell(self.redis)

    async def open(self, number: int, *, id: int = 1) -> "asyncpg.transaction.Transaction":
        """A transaction that has written and not yet ended."""
        connection = await asyncpg.connect(self.settings.database_url)
        self.stack.push_async_callback(connection.close)
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute(SET, id, number)
        return transaction


async def number(id: int = 1) -> Number:
    """A brand's name, as an answer that everybody gets."""
    async with db.snapshot():
        tags.rows("brand", [id])
        tags.storable()
        found = await db.fetch("SELECT name FROM brand WHERE id = $1", id)
        await steps.reach("row read")
        return Number(int(found[0]["name"]))


async def read(cache: "Cache[Number]", *, id: int = 1) -> int:
    found = await cache.read(f"brand {id}", lambda: number(id))
    return found.value.value


async def must_be(wanted: int, reading: Awaitable[int]) -> None:
    found = await reading
    if found != wanted:
        raise Stale(f"{found} in place of {wanted}")


@asynccontextmanager
async def world(settings: Settings, redis_url: str) -> AsyncIterator[World]:
    """Three brands of the name 1. Leases last for ever here, so that the only thing which tells of
    a write is what the story is about."""
    async with AsyncExitStack() as stack:
        # Nor does anybody lose patience: a busy machine makes a test slow, not red.
        for module in (changes, remote):
            stack.enter_context(patch.object(module, "LEASE", 1000.0))
        for module in (change_log, remote):
            stack.enter_context(patch.object(module, "PATIENCE", 1000.0))
        redis = SteppedRemote(redis_url, verify=False)
        stack.push_async_callback(redis.aclose)
        psql = await asyncpg.connect(settings.database_url)
        stack.push_async_callback(psql.close)
        await redis._entries.client.flushall()
        await psql.execute(BRANDS)
        made = World(settings, redis_url, redis, psql, stack)
        stack.enter_context(db.telling(made.tell))
        stack.callback(steps.forget)
        yield made
        assert steps.left() == []
