"""How these tests hand files in, what they wait for, and the files."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Any

import asyncpg
import httpx

from catalog import db
from catalog.context import Principal
from catalog.files import exporting
from catalog.files.exporting import Export
from catalog.settings import Settings

OVER = ("done", "failed", "cancelled")
SHOP = """\
{"record": "channel", "code": "eu", "name": "Europe", "default_currency": "EUR", \
"currencies": ["EUR"], "default_locale": "en", "locales": ["en"], "is_default": true}
{"record": "type", "code": "lamp", "name": "Lamp"}
"""

Job = dict[str, Any]
Headers = dict[str, str]


def lamp(slug: str, *, price: str = "19.90", more: str = "") -> str:
    return (
        f'{{"record": "product", "slug": "{slug}", "name": "{slug}", "type": "lamp", '
        f'"status": "active", "variants": [{{"sku": "{slug}", '
        f'"prices": [{{"amount": "{price}", "currency": "EUR"}}]}}]{more}}}\n'
    )


def lamps(size: int) -> str:
    """A shop of so many; every tenth leads to the one after it."""
    link = ', "associations": [{{"product": "lamp-{:04}", "kind": "related"}}]'
    return SHOP + "".join(
        lamp(f"lamp-{n:04}", more=link.format((n + 1) % size) if n % 1000 == 0 else "")
        for n in range(size)
    )


async def hand_in(
    client: httpx.AsyncClient,
    headers: Headers,
    content: bytes | str,
    kind: str = "application/x-ndjson",
    **options: Any,
) -> Job:
    """The job of a file that is taken."""
    answer = await client.post(
        "/v1/imports", content=content, params=options, headers={**headers, "Content-Type": kind}
    )
    assert answer.status_code == 202, answer.text
    job: Job = answer.json()
    assert answer.headers["Location"] == job["links"]["self"]
    return job


async def look(client: httpx.AsyncClient, headers: Headers, job: Job) -> Job:
    answer = await client.get(job["links"]["self"], headers=headers)
    assert answer.status_code == 200, answer.text
    found: Job = answer.json()
    return found


async def until(client: httpx.AsyncClient, headers: Headers, job: Job, *states: str) -> Job:
    end = time.monotonic() + 120
    while (found := await look(client, headers, job))["state"] not in states:
        assert time.monotonic() < end, found
        await asyncio.sleep(0.05)
    return found


async def until_over(client: httpx.AsyncClient, headers: Headers, job: Job) -> Job:
    return await until(client, headers, job, *OVER)


async def imported(
    client: httpx.AsyncClient, headers: Headers, content: bytes | str, *args: Any, **options: Any
) -> Job:
    """The job of a file, when it is over."""
    job = await hand_in(client, headers, content, *args, **options)
    return await until_over(client, headers, job)


async def written(least: int) -> int:
    """How many products there are, once there are as many."""
    end = time.monotonic() + 60
    while (found := (await db.fetch("SELECT count(*) FROM product"))[0][0]) < least:
        assert time.monotonic() < end, found
        await asyncio.sleep(0.01)
    return int(found)


@asynccontextmanager
async def locked(settings: Settings) -> AsyncIterator[None]:
    """Chunks that are begun in this block wait for its end."""
    other = await asyncpg.connect(settings.database_url)
    try:
        async with other.transaction():
            await other.execute("LOCK TABLE product IN SHARE ROW EXCLUSIVE MODE")
            yield
    finally:
        await other.close()


# Other test processes have databases of their own on the server, in which tables have the same ids.
_WAITING = """
SELECT FROM pg_locks WHERE relation = 'product'::regclass AND NOT granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


async def waiting() -> None:
    """Until a chunk is being written that waits."""
    end = time.monotonic() + 60
    while not await db.fetch(_WAITING):
        assert time.monotonic() < end
        await asyncio.sleep(0.01)


async def stored() -> bytes:
    """All there is, as it is exported."""
    ctx = await exporting.context(Principal(scopes=frozenset({"catalog:read"})))
    async with aclosing(exporting.pieces("ndjson", Export(ctx))) as pieces:
        return b"".join([piece async for piece in pieces])
