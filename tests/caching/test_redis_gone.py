"""When Redis is gone, what it kept is asked of the database: by no more at a time than there are
connections, and whoever waits too long for one hears so."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import httpx
import redis_servers
from redis_servers import RedisServer
from serving import serving
from storefront import build

from catalog.settings import Settings

POOL = 2
# Connections of the server that wait for the tables to be let go.
READING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND application_name = 'catalog' AND wait_event_type = 'Lock'
"""


@asynccontextmanager
async def shop(database: Settings, redis: RedisServer) -> AsyncIterator[httpx.AsyncClient]:
    await build()
    limits = {
        "DATABASE_READ_POOL": str(POOL),
        "DATABASE_WRITE_POOL": "1",
        "DATABASE_ACQUIRE_TIMEOUT": "0.5",
        "DATABASE_LOCK_TIMEOUT": "2",
    }
    async with serving(database, workers=1, REDIS_URL=redis.url, **limits) as server:
        yield server.client


def questions(first: int) -> list[str]:
    """None of them asked before."""
    return [f"/v1/products?category=home&limit={n}" for n in range(first, first + 40)]


async def test_the_database_has_no_more_to_do_at_a_time_than_connections_and_says_so(
    database: Settings, psql: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    with redis_servers.serving() as redis:
        async with shop(database, redis) as client:
            kept = await client.get("/v1/products/desk-lamp-1")
            assert kept.status_code == 200
            redis.kill()

            held = psql.transaction()
            await held.start()
            await psql.execute("LOCK TABLE product, category")
            asking = [asyncio.create_task(client.get(each)) for each in questions(1)]
            busiest = 0
            while not all(each.done() for each in asking):
                busiest = max(busiest, await psql.fetchval(READING))
                await asyncio.sleep(0.02)
            refused = [each.result() for each in asking]
            assert 0 < busiest <= POOL
            assert {each.status_code for each in refused} == {503}
            assert all("Retry-After" in each.headers for each in refused)
            # What memory has is given as if nothing were.
            assert (await client.get("/v1/products/desk-lamp-1")).content == kept.content

            await held.rollback()
            answers = [await client.get(each) for each in questions(1)]
            assert {each.status_code for each in answers} == {200}
