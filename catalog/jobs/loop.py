"""Who runs jobs: workers; and where there is none, the web processes beside their requests."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import asyncpg

from catalog import db
from catalog.db import Connection
from catalog.errors import Unavailable
from catalog.jobs import queue
from catalog.jobs.runner import Run
from catalog.settings import Settings

logger = logging.getLogger(__name__)

# Seconds between looks at the queue, and without a worker until web processes stand in for it: a
# worker that is being replaced is away for as long.
EVERY = 1.0
ALONE = 5.0
# Seconds until a process that was told to stop is gone, whatever its database does.
LEAVING = 22.0

_AWAY = (Unavailable, asyncpg.InterfaceError, *db.AWAY)


class Loop:
    """Runs jobs one at a time until it is told to stop."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stopping = asyncio.Event()
        self._run: Run | None = None

    def stop(self) -> None:
        """The job that is being run goes back to the queue after its current chunk."""
        self._stopping.set()
        if self._run is not None:
            self._run.stop("release")

    async def work(self) -> None:
        """As a worker, on one connection as long as it is good."""
        await self._persist(self._as_worker)

    async def stand_in(self) -> None:
        """As a web process: only while there is no worker."""
        await self._persist(self._as_web)

    async def _persist(self, turns: Callable[[], Awaitable[None]]) -> None:
        """A database that went away comes back; the job goes on then, here or elsewhere."""
        told = False
        while not self._stopping.is_set():
            try:
                await turns()
                told = False
            except _AWAY as error:
                if not told:
                    logger.warning("no jobs are run until the database answers: %s", error)
                told = True
            except Exception:
                logger.exception("jobs are tried again in %s s", EVERY)
            await self._pause()

    async def _as_worker(self) -> None:
        async with db.session(db.JOBS) as connection:
            await queue.work(connection)
            while not self._stopping.is_set():
                while await self._next(connection):
                    pass
                await self._pause()

    async def _as_web(self) -> None:
        alone = time.monotonic()
        while not self._stopping.is_set():
            standing = await queue.standing()
            if standing.worked:
                alone = time.monotonic()
            elif standing.waiting and time.monotonic() - alone >= ALONE:
                async with db.session(db.JOBS) as connection:
                    await self._next(connection)
                continue
            await self._pause()

    async def _next(self, connection: Connection) -> bool:
        """Whether there was a job to run, and another may follow."""
        job = None if self._stopping.is_set() else await queue.begin(connection)
        if job is None:
            return False
        self._run = Run(job, self._settings)
        try:
            await self._run.run(connection)
            await queue.prune()
        finally:
            self._run = None
            if not connection.is_closed():
                await queue.rest(connection)
        return True

    async def _pause(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(EVERY):
                await self._stopping.wait()


@asynccontextmanager
async def beside_requests(settings: Settings) -> AsyncIterator[None]:
    """A web process runs jobs in this block, unless there are workers."""
    loop = Loop(settings)
    task = asyncio.create_task(loop.stand_in())
    try:
        yield
    finally:
        loop.stop()
        await left(task)


async def left(task: "asyncio.Task[None]") -> None:
    """Wait for it to end in good order, or make it."""
    await asyncio.wait([task], timeout=LEAVING)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
