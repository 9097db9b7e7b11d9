"""What a process keeps in its memory: no more than it may, nothing that may not be true."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import psutil
import pytest
from factories import load, shop

from catalog import change_log, db, tags
from catalog.cache import Cache, Entry
from catalog.change_log import Log, Position
from catalog.changes import Follower
from catalog.settings import Settings

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Text:
    body: bytes

    @property
    def size(self) -> int:
        return len(self.body)

    def pack(self) -> bytes:
        return self.body


@asynccontextmanager
async def caching(settings: Settings, *, most: int = MEGABYTE) -> AsyncIterator[Cache[Text]]:
    follower = Follower(Log(settings))
    cache = Cache(follower, Text, most=most, prefix="test")
    try:
        yield cache
    finally:
        await cache.aclose()
        await follower.aclose()


@pytest.fixture
async def cache(database: Settings) -> AsyncIterator[Cache[Text]]:
    async with caching(database) as cache:
        yield cache


def filling(text: bytes, *noted: str) -> Callable[[], Awaitable[Text]]:
    async def fill() -> Text:
        tags.storable()
        tags.note(*noted)
        return Text(text)

    return fill


async def keep(cache: Cache[Text], keys: range, size: int) -> None:
    """A hundred at a time: they share what they ask the database."""
    for begin in range(keys.start, keys.stop, 100):
        some = range(begin, min(begin + 100, keys.stop))
        await asyncio.gather(
            *(cache.read(str(key), filling(b"%d" % key * size, f"product:{key}")) for key in some)
        )


async def test_memory_is_bounded_by_bytes_and_keeps_what_was_asked_for_last(
    cache: Cache[Text],
) -> None:
    await keep(cache, range(3_000), size=100)

    assert MEGABYTE / 2 < cache.memory.bytes <= MEGABYTE
    assert cache.memory.evicted == 3_000 - len(cache.memory) > 0
    assert (await cache.read("2999", filling(b"other"))).how == "memory"
    assert (await cache.read("0", filling(b"other"))).how == "filled"


async def test_what_is_asked_for_again_stays(cache: Cache[Text]) -> None:
    await keep(cache, range(1), size=100)
    for begin in range(1, 3_000, 100):
        await keep(cache, range(begin, begin + 100), size=100)
        assert (await cache.read("0", filling(b"other"))).how == "memory"


async def test_what_is_too_large_pushes_nothing_out(cache: Cache[Text]) -> None:
    await keep(cache, range(100), size=100)
    await cache.read("large", filling(b"x" * (MEGABYTE // 8)))

    assert (len(cache.memory), cache.memory.evicted) == (100, 0)


@pytest.mark.soak
async def test_a_million_keys_take_no_more_memory(database: Settings) -> None:
    process = psutil.Process()
    async with caching(database, most=64 * MEGABYTE) as cache:
        await keep(cache, range(1_000), size=20)
        before = process.memory_info().rss
        await keep(cache, range(1_000, 1_000_000), size=20)

        assert len(cache.memory) > 10_000
        assert process.memory_info().rss - before <= 96 * MEGABYTE


async def test_a_crowd_waits_for_one_filling(cache: Cache[Text]) -> None:
    fills = 0

    async def fill() -> Text:
        nonlocal fills
        fills += 1
        tags.storable()
        await asyncio.sleep(0.3)
        return Text(b"made")

    found = await asyncio.gather(*(cache.read("cold", fill) for _ in range(1_000)))

    assert fills == 1
    assert {each.value for each in found} == {Text(b"made")}


async def test_a_filling_that_fails_fails_for_all_who_wait(cache: Cache[Text]) -> None:
    fills = 0

    async def fail() -> Text:
        nonlocal fills
        fills += 1
        await asyncio.sleep(0.3)
        raise LookupError("no such thing")

    found = await asyncio.gather(
        *(cache.read("cold", fail) for _ in range(1_000)), return_exceptions=True
    )

    assert fills == 1
    assert {type(each) for each in found} == {LookupError}
    assert (await cache.read("cold", filling(b"mended"))).value == Text(b"mended")


async def test_who_waits_sees_what_was_written_before_he_asked(
    cache: Cache[Text], clean: None
) -> None:
    """The filling under way has read an older moment."""
    await load(*shop())
    read, go_on = asyncio.Event(), asyncio.Event()

    async def name() -> Text:
        async with db.snapshot():
            tags.storable()
            tags.rows("brand", [1])
            rows = await db.fetch("SELECT name FROM brand WHERE id = 1")
            read.set()
            await go_on.wait()
        return Text(rows[0]["name"].encode())

    early = asyncio.create_task(cache.read("brand", name))
    await read.wait()
    await load({"record": "brand", "slug": "lumen", "name": "Lumina"})
    late = asyncio.create_task(cache.read("brand", name))
    await asyncio.sleep(0.1)
    go_on.set()

    assert (await early).value == Text(b"Lumen")
    assert (await late).value == Text(b"Lumina")


async def test_what_was_not_read_in_one_snapshot_is_not_kept(cache: Cache[Text]) -> None:
    async def twice() -> Text:
        tags.storable()
        for _ in range(2):
            await db.fetch("SELECT 1")
        return Text(b"")

    assert (await cache.read("torn", twice)).stored is False
    assert len(cache.memory) == 0


async def changed(settings: Settings) -> None:
    async with db.unit_of_work() as connection:
        await connection.execute("INSERT INTO brand (name, slug) VALUES ('M', gen_random_uuid())")


async def noted(follower: Follower) -> Position:
    """The floor is where this follower stands, and what it has seen is no longer in the log."""
    await follower.follow()
    await cut_off(follower.position)
    return follower.position


async def cut_off(position: Position) -> None:
    """It becomes the floor."""
    async with db.unit_of_work() as connection:
        await connection.execute(change_log.NOTE, *position.bound, timedelta(0))
    while await change_log.retain(position, keep=timedelta(0)):
        pass


async def test_who_was_away_for_longer_than_the_log_goes_back_forgets(
    database: Settings, clean: None
) -> None:
    async with caching(database) as asleep, caching(database) as awake:
        await asleep.read("a", filling(b"a", "brand"))
        await changed(database)
        floor = await noted(awake.follower)
        assert len(asleep.memory) == 1

        assert (await asleep.read("a", filling(b"b", "brand"))).value == Text(b"b")
        assert floor.within(asleep.follower.low)


async def test_who_kept_up_keeps_what_he_has(database: Settings, clean: None) -> None:
    async with caching(database) as one, caching(database) as other:
        await changed(database)
        await one.read("a", filling(b"a", "media"))
        await other.follower.follow()
        # A transaction of another database may have been open at the first look, and over since.
        await one.follower.follow()
        await cut_off(other.follower.position)

        assert (await one.read("a", filling(b"b", "media"))).how == "memory"


async def test_a_new_process_trusts_nothing_from_before_its_beginning(
    database: Settings, clean: None
) -> None:
    async with caching(database) as old:
        await changed(database)
        floor = await noted(old.follower)
        await changed(database)
    async with caching(database) as new:
        await new.fresh()

        assert new.follower.low == floor
        assert new.follower.rows == 1
        within = Entry(Text(b""), floor, frozenset({"media"}))
        before = Entry(Text(b""), Position(floor.max - 1), frozenset({"media"}))
        touched = Entry(Text(b""), floor, frozenset({"brand"}))
        ahead = Entry(Text(b""), Position(floor.max + 1_000_000), frozenset({"media"}))
        assert [new.holds(each) for each in (within, before, touched, ahead)] == [
            *(True, False, False, False)
        ]


async def test_another_history_is_another_world(database: Settings, clean: None) -> None:
    async with caching(database) as cache:
        await cache.read("a", filling(b"a", "media"))
        cache.follower.epoch = "another"

        assert (await cache.read("a", filling(b"b", "media"))).value == Text(b"b")
        assert cache.follower.epoch != "another"
