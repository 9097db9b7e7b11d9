"""What every command of the command line needs: settings, a database, an event loop."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from catalog import db, embedded, settings

T = TypeVar("T")


def run(work: Callable[[], Awaitable[T]]) -> T:
    """The answer of `work`, with the pools open; its statements may take as long as they need."""
    target = embedded.ensured(settings.load())

    async def connected() -> T:
        async with db.connected(target, statement_timeout=0):
            return await work()

    return asyncio.run(connected())
