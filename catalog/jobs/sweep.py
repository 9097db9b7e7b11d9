"""Time as a write: what begins or ends at a moment is made true within a second of it, and what was
too much at once is worked off. Every process looks; the first to find something does it."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import asyncpg

from catalog import db
from catalog.errors import Unavailable
from catalog.writes import listing

logger = logging.getLogger(__name__)

# Seconds between looks.
EVERY = 0.25

_AWAY = (Unavailable, asyncpg.PostgresError, asyncpg.InterfaceError, *db.AWAY)


async def sweep() -> None:
    """For as long as it is not cancelled; a database that is away is waited for."""
    told = False
    while True:
        try:
            while await listing.tick():
                pass
            told = False
        except _AWAY as error:
            if not told:
                logger.warning("listings are not kept while the database is away: %s", error)
            told = True
        await asyncio.sleep(EVERY)


@asynccontextmanager
async def beside() -> AsyncIterator[None]:
    """It runs as long as the block."""
    task = asyncio.create_task(sweep())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
