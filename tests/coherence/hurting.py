"""What happens to the servers that a shop stands on while it is read and written."""

import asyncio
import random
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import asyncpg
import pytest
from fleet import Fleet, Worker
from load import BOTH, Load, versions
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


TRUE = "SELECT substr(name, 7)::int FROM product WHERE slug = $1"

# Where a process may die that writes, and whether what it writes is there then.
DEATHS = {"before commit": False, "before head": True, "after head": True}


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
async def refused() -> AsyncIterator[int]:
    """Nobody is at that port."""
    yield free_port()


@asynccontextmanager
async def swallowed() -> AsyncIterator[int]:
    """Whoever connects to that port hears nothing, not even that he is not connected: what waits
    to be accepted there is all that may wait."""
    with socket.socket() as deaf, socket.socket() as waiting:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        waiting.connect(deaf.getsockname())
        yield deaf.getsockname()[1]


@dataclass(slots=True)
class Slow:
    """A way to Redis that takes 200 ms there and 200 ms back, every other second."""

    port: int

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.port)
        await asyncio.gather(self._pump(reader, far_writer), self._pump(far_reader, writer))

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while chunk := await reader.read(65_536):
                await asyncio.sleep(0.2 if int(time.monotonic()) % 2 else 0)
                writer.write(chunk)
        writer.close()


@asynccontextmanager
async def slowed(redis_port: int) -> AsyncIterator[int]:
    server = await asyncio.start_server(Slow(redis_port).carry, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


@asynccontextmanager
async def reached_by(way: str, fleet: Fleet) -> AsyncIterator[None]:
    """One of the workers has another way to Redis than the others."""
    ways = {"refused": refused(), "swallowed": swallowed(), "slow": slowed(fleet.redis.port)}
    async with ways[way] as port:
        whole = fleet.workers[-1]
        fleet.workers[-1] = await fleet.start(redis_url=f"redis://127.0.0.1:{port}")
        try:
            yield
        finally:
            await fleet.workers[-1].kill()
            fleet.workers[-1] = whole


async def death(fleet: Fleet, point: str) -> float:
    """Of a process that writes, at that point; seconds until every worker shows what is true."""
    slug, before, after = fleet.slugs[0], next(versions), next(versions)
    await fleet.workers[0].told(("write", (BOTH, slug, before)))
    await everywhere(fleet, slug, before)
    dying = await fleet.start()
    await dying.told(("die", point))
    with pytest.raises(OSError, match="closed"):
        await dying.told(("write", (BOTH, slug, after)))
    began = time.monotonic()
    true = after if DEATHS[point] else before
    await everywhere(fleet, slug, true)
    took = time.monotonic() - began
    await dying.kill()
    connection = await asyncpg.connect(fleet.database_url)
    assert await connection.fetchval(TRUE, slug) == true
    await connection.close()
    return took


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

WAYS = ("refused", "swallowed", "slow")
