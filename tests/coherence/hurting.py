"""What happens to the servers that a shop stands on while it is read and written."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import asyncpg
from fleet import Fleet, Worker
from load import Load
from redis.asyncio import Redis
from shopfront import products, shown
from wire import Connection

from bench.place import free_port
from catalog.remote import HEAD

Hurt = Callable[[Load], Awaitable[None]]

FOLLOWING = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND query LIKE '%change_log%' AND pid <> pg_backend_pid()
"""


def each(seconds: float, hurt: Callable[[Redis], Awaitable[object]]) -> Hurt:
    """Done to Redis again and again."""

    async def hurting(load: Load) -> None:
        async with load.fleet.redis.client() as client:
            while not load.over:
                await hurt(client)
                await asyncio.sleep(seconds)

    return hurting


async def flush(client: Redis) -> None:
    await client.flushall()


async def evict(client: Redis) -> None:
    """Half of all, the token among them."""
    keys = await client.keys()
    if gone := {HEAD.encode(), *random.sample(keys, len(keys) // 2)}:
        await client.delete(*gone)


async def disconnect(client: Redis) -> None:
    await client.execute_command("CLIENT", "KILL", "TYPE", "normal")


async def begin_empty(load: Load) -> None:
    while not load.over:
        await asyncio.sleep(0.8)
        await load.fleet.redis.restart(empty=True)


async def begin_with_old(load: Load) -> None:
    """What it has saved was true some writes ago."""
    while not load.over:
        async with load.fleet.redis.client() as client:
            await client.save()
        await asyncio.sleep(0.8)
        await load.fleet.redis.restart(empty=False)


async def hang(load: Load) -> None:
    redis = load.fleet.redis
    while not load.over:
        await asyncio.sleep(0.5)
        redis.pause()
        await asyncio.sleep(1)
        redis.resume()
        await asyncio.sleep(1)


async def refuse(load: Load) -> None:
    redis = load.fleet.redis
    while not load.over:
        await asyncio.sleep(0.5)
        redis.kill()
        await asyncio.sleep(1.5)
        await asyncio.to_thread(redis.start)
        await asyncio.sleep(1.5)


async def stop_following(load: Load) -> None:
    """The connections that the log is read on are ended."""
    connection = await asyncpg.connect(load.fleet.database_url)
    ended = 0
    while not load.over:
        ended += len(await connection.fetch(FOLLOWING))
        await asyncio.sleep(0.3)
    await connection.close()
    assert ended


async def kill_a_worker(load: Load) -> None:
    """And start another in its place."""
    fleet = load.fleet
    await asyncio.sleep(1)
    await fleet.workers[0].kill()
    fleet.workers[0] = await fleet.start()


@asynccontextmanager
async def cut_off(fleet: Fleet) -> AsyncIterator[None]:
    """One of the workers knows a Redis that is not there."""
    whole = fleet.workers[-1]
    fleet.workers[-1] = await fleet.start(redis_url=f"redis://127.0.0.1:{free_port()}")
    try:
        yield
    finally:
        await fleet.workers[-1].kill()
        fleet.workers[-1] = whole


async def everywhere(fleet: Fleet, slug: str, version: int) -> None:
    """Until every worker shows that version."""
    async with asyncio.timeout(30):
        await asyncio.gather(*(_shows(worker, slug, version) for worker in fleet.workers))


async def _shows(worker: Worker, slug: str, version: int) -> None:
    connection = await Connection.open(worker.port)
    question = products(slug)[0]
    while True:
        answer = await connection.ask(question.sent)
        if shown(answer.body).numbers[slug][0] == version:
            break
        await asyncio.sleep(0.005)
    connection.close()


HURTS: dict[str, Hurt] = {
    "flushed": each(0.2, flush),
    "evicted": each(0.1, evict),
    "disconnected": each(0.3, disconnect),
    "begun empty": begin_empty,
    "begun with old": begin_with_old,
    "hung": hang,
    "refused": refuse,
    "not following": stop_following,
}
