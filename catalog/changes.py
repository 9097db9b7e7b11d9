"""The change log followed: what has changed since, without gaps and without being told.

A process follows when somebody asks; nothing is sent to it.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from catalog.change_log import NOWHERE, REMEMBERED, Followed, Log, Position
from catalog.remote import LEASE, clock


class Turns:
    """Runs something for all who ask, one run at a time: who asks gets one that begins afterwards,
    never one that is under way. Each has a future of his own, which he may give up."""

    def __init__(self, run: Callable[[], Awaitable[None]]) -> None:
        self._run = run
        self._asking: list[asyncio.Future[None]] = []
        self._task: asyncio.Task[None] | None = None

    def __call__(self) -> "asyncio.Future[None]":
        mine = asyncio.get_running_loop().create_future()
        self._asking.append(mine)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._take())
        return mine

    def start(self) -> None:
        """Without waiting for it, unless one is under way."""
        if self._task is None or self._task.done():
            self().add_done_callback(lambda done: done.cancelled() or done.exception())

    async def _take(self) -> None:
        while self._asking:
            asking, self._asking = self._asking, []
            error: Exception | None = None
            try:
                await self._run()
            except Exception as raised:
                error = raised
            except asyncio.CancelledError:
                for each in asking:
                    each.cancel()
                raise
            for each in asking:
                if each.done():
                    continue
                if error is None:
                    each.set_result(None)
                else:
                    each.set_exception(error)

    async def aclose(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task


class Follower:
    """What this process knows to have changed.

    `runs` counts the follows; `last` has for each tag the xids of the last follow that touched it:
    snapshots of one server form a chain, so what has seen one of them has seen all before.
    `forgotten` is called when all that is kept must go: another history has begun, or changes were
    missed.
    """

    def __init__(self, log: Log, *, forgotten: Callable[[], None] = lambda: None) -> None:
        self.log = log
        self.forgotten = forgotten
        self.runs = 0
        self.position = self.low = NOWHERE
        self.epoch = ""
        self.began = float("-inf")
        self.last: dict[str, tuple[int, ...]] = {}
        self.rows = 0
        self._clock = (datetime.now(UTC), time.monotonic())
        self._noted: list[tuple[float, Position]] = []
        self.follow = Turns(self._follow)

    @property
    def fresh(self) -> bool:
        """Whether the last follow began within the lease."""
        return clock() - self.began < LEASE

    @property
    def aging(self) -> bool:
        return clock() - self.began > LEASE / 2

    def now(self) -> datetime:
        """The database's clock, not before any change that was followed and never early."""
        at, seen = self._clock
        return at + timedelta(seconds=time.monotonic() - seen)

    def sees(self, stamp: Position, tags: Iterable[str]) -> bool:
        """Whether none of the tags has changed in a transaction that the stamp has not seen."""
        last = self.last
        return all(stamp.sees(xid) for tag in tags if tag in last for xid in last[tag])

    async def _follow(self) -> None:
        began = clock()
        if self.position is NOWHERE:
            self._begin(await self.log.beginning())
        found = await self.log.since(self.position)
        if (self.epoch and found.epoch != self.epoch) or not found.floor.within(self.position):
            self._begin(found.floor)
            found = await self.log.since(self.position)
        self.epoch = found.epoch
        self._clock = (found.at, time.monotonic())
        self._learn(found)
        self.began = began

    def _begin(self, position: Position) -> None:
        self.position = self.low = position
        self.last.clear()
        self._noted.clear()
        self.forgotten()

    def _learn(self, found: Followed) -> None:
        self.runs += 1
        touched: dict[str, set[int]] = {}
        for change in found.changes:
            for tag in change.cools():
                touched.setdefault(tag, set()).add(change.xid)
        self.last.update((tag, tuple(xids)) for tag, xids in touched.items())
        self.rows += len(found.changes)
        self.position = found.seen
        self._forget()

    def _forget(self) -> None:
        """What is older than is remembered; entries from before are not trusted."""
        at = clock()
        if not self._noted or at - self._noted[-1][0] > REMEMBERED / 60:
            self._noted.append((at, self.position))
        if at - self._noted[0][0] <= REMEMBERED * 2:
            return
        old = [position for noted, position in self._noted if at - noted > REMEMBERED]
        self._noted = self._noted[len(old) :]
        self.low = low = old[-1]
        self.last = {tag: xids for tag, xids in self.last.items() if not all(map(low.sees, xids))}

    async def aclose(self) -> None:
        await self.follow.aclose()
        await self.log.aclose()
