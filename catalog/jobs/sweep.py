"""Time as a write: what begins or ends at a moment is made true within a second of it, and what was
too much at once is worked off. Every process looks; the first to find something does it."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from itertools import count

import asyncpg

from catalog import change_log, db
from catalog.changes import Follower
from catalog.errors import Unavailable
from catalog.settings import Settings
from catalog.writes import listing

logger = logging.getLogger(__name__)

# Seconds between looks.
EVERY = 0.25
FOLLOWED_EVERY = 1.0
# In turns of following.
RETAINED_EVERY = 60

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


async def retain(follower: Follower, keep: timedelta) -> None:
    """For as long as it is not cancelled: of the log of changes what is older goes. It is followed
    also when nobody asks: all that an import has changed would be much at once."""
    for turn in count():
        with suppress(*_AWAY):
            await follower.follow()
            while turn % RETAINED_EVERY == 0 and (
                await change_log.retain(follower.position, keep=keep) == change_log.DELETED_AT_ONCE
            ):
                pass
        await asyncio.sleep(FOLLOWED_EVERY)


@asynccontextmanager
async def beside(
    follower: Follower | None = None, settings: Settings | None = None
) -> AsyncIterator[None]:
    """They run as long as the block; the log is kept by who follows it."""
    tasks = [asyncio.create_task(sweep())]
    if follower and settings:
        keep = timedelta(days=settings.change_log_days)
        tasks.append(asyncio.create_task(retain(follower, keep)))
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
