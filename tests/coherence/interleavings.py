"""Orders of events in which a mistaken cache shows what is too old, forced step by step.

Each is a story of a `World` and ends in `Stale` where something was shown that nobody may be shown
any more.
"""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from unittest.mock import patch

import steps
from mutants import log_migration
from worlds import SET, Asked, Number, Stale, World, must_be, number, read

from bench.place import free_port
from catalog import change_log, changes, db, remote, tags
from catalog.remote import Away, Remote


async def a_write_while_an_answer_is_read(world: World) -> None:
    cache, other = world.process(), asyncio.Event()

    async def meanwhile() -> None:
        await world.write(2)
        await read(cache, id=2)
        other.set()

    steps.plan("row read", meanwhile)
    await read(cache)
    assert other.is_set()
    await must_be(2, read(cache))


async def a_reader_who_waits_for_a_filling(world: World) -> None:
    cache = world.process()
    waiting: list[asyncio.Task[int]] = []

    async def meanwhile() -> None:
        await world.write(2)
        cache.follow = asked = Asked(cache.follow)  # type: ignore[assignment]
        waiting.append(asyncio.create_task(read(cache)))
        await asked.once.wait()
        # He has followed, and goes to wait for the filling.
        await cache.follow()
        await asyncio.sleep(0)

    steps.plan("row read", meanwhile)
    await read(cache)
    await must_be(2, waiting[0])


async def a_plain_write(world: World) -> None:
    cache = world.process()
    await must_be(1, read(cache))
    await world.write(2)
    await must_be(2, read(cache))


async def a_reader_when_all_are_told(world: World) -> None:
    cache = world.process()

    async def meanwhile() -> None:
        await read(cache)

    steps.plan("told", meanwhile)
    await world.write(2)
    await must_be(2, read(cache))


async def a_write_while_the_log_is_read(world: World) -> None:
    cache = world.process()
    await read(cache)
    await world.tell()
    steps.plan("log read", lambda: world.write(2))
    await read(cache)
    await must_be(2, read(cache))


async def a_flush_before_and_after(world: World) -> None:
    cache = world.process()
    await must_be(1, read(cache))
    await world.write(2)
    await world.redis._entries.client.flushall()
    await must_be(2, read(cache))


async def an_old_token_after_a_reconnect(world: World) -> None:
    """As when Redis begins again with an older file."""
    cache = world.process()
    await world.tell()
    await must_be(1, read(cache))
    client = world.redis._entries.client
    token = await client.get(remote.HEAD)
    await world.write(2)
    assert cache.remote is not None
    await cache.remote._heads.client.connection_pool.disconnect()
    await client.set(remote.HEAD, token)
    await must_be(2, read(cache))


async def a_token_whose_answer_was_lost(world: World) -> None:
    cache = world.process()
    await must_be(1, read(cache))

    async def meanwhile() -> None:
        await read(cache)
        await world.write(2)
        raise Away

    steps.plan("told", meanwhile)
    await world.write(5, id=2)
    await must_be(2, read(cache))


async def a_writer_without_redis(world: World) -> None:
    cache = world.process()
    lost = Remote(f"redis://127.0.0.1:{free_port()}", verify=False)
    with (
        patch.object(changes, "LEASE", 2.0),
        patch.object(remote, "LEASE", 2.0),
        db.telling(lambda: remote.tell(lost)),
    ):
        await must_be(1, read(cache))
        await world.write(2)
        await must_be(2, read(cache))
    await lost.aclose()


async def a_commit_that_nobody_tells_of(world: World) -> None:
    cache = world.process()
    with patch.object(changes, "LEASE", 0.02):
        await must_be(1, read(cache))
        await world.psql.execute(SET, 1, 2)
        await asyncio.sleep(0.03)
        await must_be(2, read(cache))


async def a_commit_between_others(world: World) -> None:
    """Begun before one that is followed, ended after it."""
    cache = world.process()
    await must_be(1, read(cache))
    late = await world.open(2)
    await world.write(5, id=2)
    await read(cache)
    await late.commit()
    await world.tell()
    await must_be(2, read(cache))


async def a_late_commit_while_the_log_is_read(world: World) -> None:
    cache = world.process()
    await must_be(1, read(cache))
    late = await world.open(2)
    await world.write(5, id=2)
    steps.plan("log read", late.commit)
    await read(cache)
    await world.tell()
    await must_be(2, read(cache))


async def an_xid_that_comes_again(world: World) -> None:
    """After a crash the numbers of transactions that wrote nothing are handed out once more."""
    cache = world.process()
    await world.write(2)
    async with world.psql.transaction():
        vain = int(await world.psql.fetchval("SELECT pg_current_xact_id()::text"))
    await cache.follow()
    if cache.follower.position.sees(vain):
        raise Stale


async def a_sleep_past_the_retention(world: World) -> None:
    cache, other = world.process(), world.process()
    await must_be(1, read(cache))
    await world.write(2)
    await other.follow()
    with patch.object(change_log, "NOTED_EVERY", timedelta(0)):
        for _ in range(2):
            await change_log.retain(other.follower.position, keep=timedelta(0))
    await world.tell()
    await must_be(2, read(cache))


async def another_history(world: World) -> None:
    """A standby that had not received the last commits has become the server."""
    cache = world.process()
    await must_be(1, read(cache))
    async with world.psql.transaction():
        await world.psql.execute(SET, 1, 2)
        await world.psql.execute("DELETE FROM change_log WHERE xid = pg_current_xact_id()")
    log = cache.follower.log
    log._cluster = f"{log._cluster} restored"
    await world.tell()
    await must_be(2, read(cache))


async def a_reader_while_a_follow_is_under_way(world: World) -> None:
    await _reader_beside(world, "follow", step="log read", told=True)


async def a_reader_while_the_head_is_read(world: World) -> None:
    await _reader_beside(world, "_get_head", step="head read", told=False)


async def _reader_beside(world: World, turns: str, *, step: str, told: bool) -> None:
    """Another one asks for such a turn while one is at that step, after a write."""
    cache = world.process()
    await must_be(1, read(cache))
    if told:
        await world.tell()
    waiting: list[asyncio.Task[int]] = []

    async def meanwhile() -> None:
        await world.write(2)
        asked = Asked(getattr(cache, turns))
        setattr(cache, turns, asked)
        waiting.append(asyncio.create_task(read(cache)))
        await asked.once.wait()

    steps.plan(step, meanwhile)
    await read(cache)
    await must_be(2, waiting[0])


# As it was made; a mutant's own is taken out again by it.
PLACED = log_migration.function("product_category")
CATALOG = """
INSERT INTO product_type (id, code, name) OVERRIDING SYSTEM VALUE VALUES (1, 't', 'T');
INSERT INTO product (id, product_type_id, slug, name) OVERRIDING SYSTEM VALUE
VALUES (1, 1, 'p', 'P');
INSERT INTO category (id, slug, name, path) OVERRIDING SYSTEM VALUE
SELECT id, 'c' || id, 'C', ARRAY[id] FROM generate_series(1, 2) AS id;
INSERT INTO product_category (product_id, category_id) VALUES (1, 1);
"""


async def a_product_that_leaves_a_list(world: World) -> None:
    """The list shows how many there are, and so hangs on none of them."""

    async def size() -> Number:
        async with db.snapshot():
            tags.note("placed:category:1")
            tags.storable()
            found = await db.fetch("SELECT count(*) FROM product_category WHERE category_id = 1")
            return Number(found[0][0])

    async def listed() -> int:
        return (await cache.read("size", size)).value.value

    cache = world.process()
    await world.psql.execute(CATALOG)
    await _replace(world, log_migration.function("product_category"))
    try:
        await must_be(1, listed())
        async with db.unit_of_work() as connection:
            await connection.execute("UPDATE product_category SET category_id = 2")
        await must_be(0, listed())
    finally:
        await _replace(world, PLACED)


async def _replace(world: World, function: str) -> None:
    await world.psql.execute(function.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"))


async def a_write_between_two_statements(world: World) -> None:
    async def both() -> Number:
        async with db.snapshot():
            first = await number(1)
            second = await number(2)
            return Number(second.value - first.value)

    async def meanwhile() -> None:
        async with db.unit_of_work() as connection:
            await connection.execute("UPDATE brand SET name = '2' WHERE id < 3")

    steps.plan("row read", meanwhile)
    await must_be(0, _value(both()))


async def _value(made: Awaitable[Number]) -> int:
    return (await made).value
