"""What Granian serves in these tests: the application, and an address under which a test tells the
process to be slow, to be mistaken, or to die."""

import asyncio
import os
import random
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack, asynccontextmanager
from contextvars import ContextVar
from typing import Any, Final

import factories
import mutants
import orjson
from fastapi import FastAPI

from catalog import change_log, db
from catalog.app import create_app, served
from catalog.cache import Cache
from catalog.change_log import NOWHERE
from catalog.http_cache import HttpCache, Message, Receive, Scope, Send
from catalog.settings import Settings
from catalog.writes import tokens

PATH: Final = "/test"
_writing: ContextVar[bool] = ContextVar("writing", default=False)


def app(settings: Settings) -> "Mistaken":
    # On a busy machine a follow takes long; given up, it would let older answers out.
    change_log.PATIENCE = 30.0
    return Mistaken(create_app(settings))


class Mistaken:
    """Passes everything on but what is told to `PATH`, one after the other by these names."""

    def __init__(self, app: FastAPI) -> None:
        self._served = served(app)
        self._mutant = ExitStack()
        self._told: dict[str, Callable[[Any], Awaitable[Any]]] = {
            "fill": fill,
            "write": write,
            "mutant": self.mutant,
            "forget": self.forget,
            "delay": delay,
            "die": die,
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == PATH:
            message = await receive()
            answer = [
                await self._told[name](value) for name, value in orjson.loads(message["body"])
            ]
            await send(_start(200))
            await send({"type": "http.response.body", "body": orjson.dumps(answer)})
            return
        await self._served(scope, receive, send)

    async def mutant(self, name: str | None) -> None:
        self._mutant.close()
        if name:
            self._mutant.enter_context(mutants.made(name))
        await self.forget(None)

    async def forget(self, _: object) -> None:
        """As a process that has just begun."""
        follower = self.cache.follower
        follower.position = NOWHERE
        follower.began = float("-inf")
        self.cache.memory.clear()

    @property
    def cache(self) -> Cache[Any]:
        cached: HttpCache = self._served
        assert cached.cache is not None
        return cached.cache


async def fill(size: int) -> str:
    """A shop with as many lamps, and a token that may write."""
    await factories.load(*factories.lamps(size))
    return await tokens.create("writer", scopes=["catalog:read", "catalog:write"])


async def write(told: tuple[str, str, int]) -> None:
    """A unit of work of one statement, acknowledged as all are."""
    _writing.set(True)
    async with db.unit_of_work() as connection:
        await connection.execute(*told)


_fill = Cache._fill


async def delay(longest: float) -> None:
    """Seconds at most between the reading of an answer and its keeping."""

    async def slowly(self: Cache[Any], key: str, fill: Callable[[], Awaitable[Any]]) -> Any:
        async def read() -> Any:
            value = await fill()
            await asyncio.sleep(random.random() * longest)
            return value

        return await _fill(self, key, read)

    Cache._fill = slowly


async def die(point: str) -> None:
    """In the next write: `before commit`, `before head` or `after head`."""
    unit_of_work, tell = db.unit_of_work, db._tell
    assert tell is not None

    @asynccontextmanager
    async def uncommitted(**options: Any) -> AsyncIterator[db.Connection]:
        async with unit_of_work(**options) as connection:
            yield connection
            _die()

    async def untold() -> None:
        if point == "after head":
            await tell()
        _die()

    if point == "before commit":
        db.unit_of_work = uncommitted
    else:
        db._tell = untold


def _die() -> None:
    if _writing.get():
        os.kill(os.getpid(), signal.SIGKILL)


def _start(status: int) -> Message:
    return {"type": "http.response.start", "status": status, "headers": []}
