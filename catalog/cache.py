"""What is kept of answers: in the process's memory, in Redis, and when it may still be given.

Nothing is ever deleted because something has changed. An entry carries a stamp, the position that
its process had followed before it began to read, and the tags of what it is made of; it holds as
long as none of its tags has changed in a transaction that its stamp has not seen.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final, Generic, Protocol, TypeVar

import orjson

from catalog import tags
from catalog.bounded import Bounded
from catalog.change_log import Position
from catalog.changes import Follower, Turns
from catalog.errors import Unavailable
from catalog.remote import Away, Remote

# Seconds for which Redis keeps an entry; whether it holds says its stamp.
TTL: Final = 3600
# About what an entry takes beside its value: bytes of it, and of each tag.
OVERHEAD, OF_TAG = 1_000, 100


class Value(Protocol):
    """Something immutable that can be kept as bytes; `size` is about what it takes."""

    @property
    def size(self) -> int: ...
    def pack(self) -> bytes: ...


V = TypeVar("V", bound=Value)


@dataclass(slots=True)
class Entry(Generic[V]):
    """`run` is the follow after which it was last known to hold, `held` when that was (monotonic
    seconds). What is not `storable` is given to those who wait for it only."""

    value: V
    stamp: Position
    tags: frozenset[str]
    storable: bool = True
    run: int = -1
    held: float = 0.0

    @property
    def size(self) -> int:
        return OVERHEAD + self.value.size + OF_TAG * len(self.tags)


@dataclass(frozen=True, slots=True)
class Found(Generic[V]):
    """`how` is memory, redis, filled, shared (somebody else's filling) or stale (the database is
    away); `age` is for how many seconds it has not been known to hold."""

    value: V
    how: str
    stored: bool
    age: float = 0.0


@dataclass(slots=True)
class Counts:
    memory: int = 0
    redis: int = 0
    filled: int = 0
    shared: int = 0
    stale: int = 0


Fill = Callable[[], Awaitable[V]]


class Cache(Generic[V]):
    """`most` is how many bytes memory may hold; `prefix` begins the keys in Redis: the version of
    the code that wrote them; `stale` is for how many seconds an entry is given when the database
    is away."""

    def __init__(
        self,
        follower: Follower,
        unpack: Callable[[bytes], V],
        *,
        remote: Remote | None = None,
        most: int,
        prefix: str,
        stale: float = 0.0,
    ) -> None:
        self.follower = follower
        self.remote = remote
        self.counts = Counts()
        self.memory: Bounded[Entry[V]] = Bounded(most, attrgetter("size"))
        self.stale = stale
        self._unpack = unpack
        self._prefix = prefix
        self._filling: dict[str, asyncio.Task[tuple[Entry[V], str]]] = {}
        self._writing: set[asyncio.Task[None]] = set()
        # The token that Redis had when the log was last followed, and the newest that was read.
        self._head: tuple[int, bytes] | None = None
        self._got: tuple[int, bytes] | None = None
        self._get_head = Turns(self._read_head)
        self.follow = Turns(self._follow)
        follower.forgotten = self.memory.clear

    async def fresh(self) -> None:
        """After this, entries may be judged. Raises `Unavailable`."""
        if self.remote is not None and not self.remote.away:
            with suppress(Away):
                await self._get_head()
                if self._got == self._head and self.follower.fresh:
                    if self.follower.aging:
                        self.follow.start()
                    return
        await self.follow()

    async def _read_head(self) -> None:
        assert self.remote is not None
        self._got = await self.remote.head()

    async def _follow(self) -> None:
        """The token that was read before the log was is what it is compared with."""
        got = self._got
        await self.follower.follow()
        self._head = got

    def holds(self, entry: Entry[V]) -> bool:
        """Of an entry that is ahead of this process nothing is known."""
        follower = self.follower
        if entry.run == follower.runs:
            return True
        if not (follower.low.within(entry.stamp) and entry.stamp.within(follower.position)):
            return False
        if not follower.sees(entry.stamp, entry.tags):
            return False
        entry.run = follower.runs
        entry.held = time.monotonic()
        return True

    def held(self, key: str) -> V | None:
        """What memory has under the key, if it holds; to be asked after `fresh`."""
        entry = self.memory.look(key)
        return entry.value if entry is not None and self.holds(entry) else None

    def peek(self, key: str) -> V | None:
        """The same for who wants it, and not only looks."""
        entry = self.memory.get(key)
        if entry is None or not self.holds(entry):
            return None
        self.counts.memory += 1
        return entry.value

    async def read(self, key: str, fill: Fill[V]) -> Found[V]:
        """The value under the key, from wherever it holds, at last from `fill`, which is asked by
        one at a time and notes what it reads. Raises what `fill` raises, to all who wait for it."""
        try:
            await self.fresh()
        except Unavailable:
            return self._last(key)
        while True:
            if (value := self.peek(key)) is not None:
                return Found(value, "memory", True)
            task = self._filling.get(key)
            mine = task is None
            if task is None:
                task = self._filling[key] = asyncio.create_task(self._fetch(key, fill))
                # Whoever waited for it may have gone.
                task.add_done_callback(lambda done: done.cancelled() or done.exception())
            entry, how = await asyncio.shield(task)
            if mine:
                return Found(entry.value, how, entry.storable)
            # Others may have begun to ask after it had begun to read.
            if self.holds(entry):
                self.counts.shared += 1
                return Found(entry.value, "shared", entry.storable)

    async def _fetch(self, key: str, fill: Fill[V]) -> tuple[Entry[V], str]:
        try:
            entry = await self._from_redis(key)
            if entry is not None:
                self.counts.redis += 1
                self._keep(key, entry)
                return entry, "redis"
            entry = await self._fill(key, fill)
            self.counts.filled += 1
            return entry, "filled"
        finally:
            # Before anybody hears of it: a finished filling is nothing to wait for.
            del self._filling[key]

    async def _fill(self, key: str, fill: Fill[V]) -> Entry[V]:
        follower = self.follower
        stamp, run, epoch = follower.position, follower.runs, follower.epoch
        with tags.noted(follower.now()) as notes:
            value = await fill()
        storable = notes.storable and notes.snapshots <= 1
        entry = Entry(value, stamp, frozenset(notes.tags), storable, run, time.monotonic())
        if storable and epoch == follower.epoch:
            self._keep(key, entry)
            self._send(key, entry)
        return entry

    def _keep(self, key: str, entry: Entry[V]) -> None:
        """In memory, unless it would push out too many others."""
        if entry.size > self.memory.most // 8:
            self.memory.drop(key)
        else:
            self.memory.keep(key, entry)

    def _last(self, key: str) -> Found[V]:
        entry = self.memory.look(key)
        age = time.monotonic() - entry.held if entry else 0.0
        if entry is None or age > self.stale:
            raise Unavailable("the database does not answer; try again shortly")
        self.counts.stale += 1
        return Found(entry.value, "stale", True, age)

    def _remote_key(self, key: str) -> str:
        return f"{self._prefix}:{self.follower.epoch}:{key}"

    async def _from_redis(self, key: str) -> Entry[V] | None:
        if self.remote is None:
            return None
        try:
            packed = await self.remote.get(self._remote_key(key))
        except Away:
            return None
        entry = _unpacked(packed, self._unpack) if packed else None
        if entry is None:
            return None
        if not entry.stamp.within(self.follower.position):
            # Whoever kept it had followed further: one follow more tells.
            await self.follow()
        return entry if self.holds(entry) else None

    def _send(self, key: str, entry: Entry[V]) -> None:
        """To Redis, while the answer is on its way; not too many at once."""
        if self.remote is None or self.remote.away or len(self._writing) >= MOST_WRITING:
            return
        sent = self._to_redis(self.remote, self._remote_key(key), entry)
        task = asyncio.create_task(sent)
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)

    async def _to_redis(self, remote: Remote, key: str, entry: Entry[V]) -> None:
        with suppress(Away):
            await remote.set(key, _packed(entry), ttl=TTL)

    async def aclose(self) -> None:
        await self._get_head.aclose()
        await self.follow.aclose()
        tasks = [*self._writing, *self._filling.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


# Writes to Redis that may be under way.
MOST_WRITING: Final = 100


def framed(head: object, body: bytes) -> bytes:
    """What is told of the body, as JSON, and how long that is, before it."""
    told = orjson.dumps(head)
    return len(told).to_bytes(4) + told + body


def unframed(packed: bytes) -> tuple[Any, bytes]:
    """Raises ValueError."""
    end = 4 + int.from_bytes(packed[:4])
    return orjson.loads(packed[4:end]), packed[end:]


def _packed(entry: Entry[V]) -> bytes:
    stamp = entry.stamp
    return framed([stamp.max, list(stamp.open), list(entry.tags)], entry.value.pack())


def _unpacked(packed: bytes, unpack: Callable[[bytes], V]) -> Entry[V] | None:
    """None for what is not ours."""
    try:
        (max, open_, tags_), value = unframed(packed)
        return Entry(unpack(value), Position.of(max, open_), frozenset(tags_))
    except (ValueError, TypeError, KeyError, IndexError):
        return None
