"""Mistakes that a cache like this one can have, each as what it would be in the product's own code.

The application never has them: a test, or a process of a test's, puts one in and takes it out.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager, suppress
from dataclasses import replace
from importlib import import_module
from typing import Any
from unittest.mock import PropertyMock, patch

import steps
from asyncpg import Connection, Record

from catalog import change_log, db, remote, tags
from catalog.cache import Cache, Entry, Found
from catalog.change_log import NOWHERE, Log, Position
from catalog.changes import Follower, Turns
from catalog.remote import Away, Remote

Mutant = Callable[[], AbstractContextManager[object]]

log_migration = import_module("migrations.0004_change_log")


def stamp_after_reading() -> AbstractContextManager[object]:
    async def _fill(self: Cache[Any], key: str, fill: Callable[[], Awaitable[Any]]) -> Entry[Any]:
        follower = self.follower
        with tags.noted(follower.now()) as notes:
            value = await fill()
        entry = Entry(value, follower.position, frozenset(notes.tags))
        self._keep(key, entry)
        return entry

    return patch.object(Cache, "_fill", _fill)


def filling_believed() -> AbstractContextManager[object]:
    """Who waits for somebody else's filling does not ask whether it holds for him."""

    async def read(self: Cache[Any], key: str, fill: Callable[[], Awaitable[Any]]) -> Found[Any]:
        await self.fresh()
        if (value := self.peek(key)) is not None:
            return Found(value, "memory", True)
        task = self._filling.get(key)
        if task is None:
            task = self._filling[key] = asyncio.create_task(self._fetch(key, fill))
        entry, how = await asyncio.shield(task)
        return Found(entry.value, how, entry.storable)

    return patch.object(Cache, "read", read)


def memory_unchecked() -> AbstractContextManager[object]:
    return patch.object(Cache, "holds", lambda self, entry: True)


def told_before_commit() -> AbstractContextManager[object]:
    @asynccontextmanager
    async def unit_of_work(*, told: bool = True) -> AsyncIterator[db.Connection]:
        async with db.session() as connection, connection.transaction():
            yield connection
            if told and db._tell is not None:
                await db._tell()

    return patch.object(db, "unit_of_work", unit_of_work)


def head_after_log() -> AbstractContextManager[object]:
    async def _follow(self: Cache[Any]) -> None:
        await self.follower.follow()
        with suppress(Away):
            await self._get_head()
        self._head = self._got

    return patch.object(Cache, "_follow", _follow)


def changed_head_ignored() -> AbstractContextManager[object]:
    async def fresh(self: Cache[Any]) -> None:
        if not self.follower.fresh:
            await self.follow()

    return patch.object(Cache, "fresh", fresh)


def missing_head_unchanged() -> AbstractContextManager[object]:
    async def head(self: Remote) -> tuple[int, bytes]:
        found = await self._ask(lambda: self._heads.get(remote.HEAD))
        return self.number, found or b""

    return patch.object(Remote, "head", head)


def head_kept_across_connections() -> AbstractContextManager[object]:
    async def _counted(self: Remote, connection: Any) -> None:
        await connection.on_connect()

    return patch.object(Remote, "_counted", _counted)


def token_repeated() -> AbstractContextManager[object]:
    """Of one commit, in every try."""
    tell = remote.tell

    async def repeating(redis: Remote) -> None:
        token = secrets.token_bytes(16)
        with patch.object(remote, "_token", lambda: token):
            await tell(redis)

    return patch.object(remote, "tell", repeating)


def no_wait_without_redis() -> AbstractContextManager[object]:
    async def tell(redis: Remote) -> None:
        with suppress(Away):
            await redis.tell()

    return patch.object(remote, "tell", tell)


def no_lease() -> AbstractContextManager[object]:
    return patch.object(Follower, "fresh", PropertyMock(return_value=True))


def rows_before_snapshot() -> AbstractContextManager[object]:
    _since = Log._since

    async def apart(
        self: Log, connection: "Connection[Record]", position: Position
    ) -> change_log.Followed:
        rows = await _since(self, connection, position)
        await steps.reach("log read")
        return replace(await _since(self, connection, position), changes=rows.changes)

    return patch.object(Log, "_since", apart)


def highest_xid() -> AbstractContextManager[object]:
    """A position that is a number."""
    return patch.object(change_log, "cut", lambda snapshot, top: Position(top))


def no_cut() -> AbstractContextManager[object]:
    cut = change_log.cut
    return patch.object(change_log, "cut", lambda snapshot, top: cut(snapshot, 2**63))


def no_floor() -> AbstractContextManager[object]:
    return _followed(lambda found: replace(found, floor=NOWHERE))


def no_epoch() -> AbstractContextManager[object]:
    return _followed(lambda found: replace(found, epoch="the same"))


def _followed(
    mistaken: Callable[[change_log.Followed], change_log.Followed],
) -> AbstractContextManager[object]:
    followed = change_log.followed
    return patch.object(change_log, "followed", lambda *given: mistaken(followed(*given)))


def joined_follow() -> AbstractContextManager[object]:
    return _joined("_follow")


def joined_get() -> AbstractContextManager[object]:
    return _joined("_read_head")


def _joined(name: str) -> AbstractContextManager[object]:
    """Who asks shares the run that is under way."""
    call = Turns.__call__
    joined: dict[Turns, list[asyncio.Future[None]]] = {}

    def __call__(self: Turns) -> "asyncio.Future[None]":
        if self._run.__name__ != name:  # type: ignore[attr-defined]
            return call(self)
        running = joined.setdefault(self, [])
        if running and not running[-1].done():
            return asyncio.shield(running[-1])
        running.append(call(self))
        return asyncio.shield(running[-1])

    return patch.object(Turns, "__call__", __call__)


def new_rows_only() -> AbstractContextManager[object]:
    """Nobody is told of the lists that something has left."""

    def _different(event: str, columns: str) -> str:
        return f"SELECT {columns} FROM {'old' if event == 'DELETE' else 'new'}_rows"

    return patch.object(log_migration, "_different", _different)


def read_committed() -> AbstractContextManager[object]:
    async def _begin(self: db.Snapshot) -> db.Connection:
        connection = await self._stack.enter_async_context(db._acquire(db.READER))
        transaction = connection.transaction(isolation="read_committed")
        await transaction.start()
        tags.began()
        self._stack.push_async_callback(db._end, transaction)
        self._connection = connection
        return connection

    return patch.object(db.Snapshot, "_begin", _begin)


@contextmanager
def made(name: str) -> Iterator[None]:
    """The process has this mistake for as long as the block runs."""
    mutant: Mutant = globals()[name]
    with mutant():
        yield
