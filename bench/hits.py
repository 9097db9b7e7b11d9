"""`python -m bench.hits`: how many of real searches are answered from what is kept, while prices
change.

The queries of a real shop, as often as each was asked for there (its `popularity`), against the
products of that shop; ten prices a second are changed by plain SQL meanwhile.
"""

import asyncio
import lzma
import time
from collections import Counter
from contextlib import nullcontext
from pathlib import Path
from random import Random
from typing import Annotated
from urllib.parse import quote

import asyncpg
import httpx
import orjson
import typer
from rich.console import Console
from rich.table import Table

from bench.kept import redis
from bench.place import serving
from bench.quality import MAPPING, REAL, File, Mapped, Queries, imported
from catalog.settings import Settings

PAGE = "&limit=24&include=brand,image,available,price_range"
# How a transaction of an answer begins is counted by the database: each answer is one.
TRANSACTIONS = """
SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()
"""
ANY_PRICE = "UPDATE price SET amount = round(amount + 0.01, 2) WHERE id = $1"

app = typer.Typer(pretty_exceptions_enable=False)


@app.command()
def main(
    file: File = REAL / "typesense-ecommerce.json.xz",
    queries: Queries = REAL / "algolia-query-suggestions.json.xz",
    mapping: Mapped = MAPPING,
    seconds: float = 20.0,
    prices: Annotated[int, typer.Option(help="How many change each second.")] = 10,
    with_redis: Annotated[bool, typer.Option("--redis", help="With a Redis of its own.")] = False,
) -> None:
    """Serve the shop, ask, change prices, count."""
    with lzma.open(queries) as listed:
        asked = orjson.loads(listed.read())
    found = asyncio.run(_measured(file, mapping, asked, seconds, prices, with_redis=with_redis))
    table = Table("how", "answers", "share")
    total = sum(found.values()) - found["transactions"]
    for how, count in found.most_common():
        share = f"{count / total:.2f} each" if how == "transactions" else f"{count / total:.1%}"
        table.add_row(how, f"{count:,}", share)
    Console().print(table)


async def _measured(
    file: Path,
    mapping: Path,
    queries: list[dict[str, object]],
    seconds: float,
    prices: int,
    *,
    with_redis: bool,
) -> Counter[str]:
    async with imported("bench_hits", file, mapping) as settings:
        with redis() if with_redis else nullcontext() as url:
            environment = {"REDIS_URL": url} if url else {}
            with serving(settings, cached=True, environment=environment) as server:
                return await _asked(settings, server.port, queries, seconds, prices)


async def _asked(
    settings: Settings, port: int, queries: list[dict[str, object]], seconds: float, prices: int
) -> Counter[str]:
    connection = await asyncpg.connect(settings.database_url)
    weights = [int(str(each["popularity"])) for each in queries]
    words = [str(each["query"]) for each in queries]
    until = time.monotonic() + seconds
    found: Counter[str] = Counter()
    before = await connection.fetchval(TRANSACTIONS)
    changing = asyncio.create_task(_change(settings, until, prices))
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
        await asyncio.gather(
            *(_ask(client, Random(n), words, weights, until, found) for n in range(8))
        )
    changed = await changing
    await asyncio.sleep(1)
    after = await connection.fetchval(TRANSACTIONS)
    found["transactions"] = after - before - changed
    await connection.close()
    return found


async def _ask(
    client: httpx.AsyncClient,
    random: Random,
    words: list[str],
    weights: list[int],
    until: float,
    found: Counter[str],
) -> None:
    while time.monotonic() < until:
        (asked,) = random.choices(words, weights)
        answer = await client.get(f"/v1/products?q={quote(asked)}{PAGE}")
        answer.raise_for_status()
        found[answer.headers["cache-status"].removeprefix("catalog; ")] += 1


async def _change(settings: Settings, until: float, prices: int) -> int:
    """Returns how many transactions that were."""
    connection = await asyncpg.connect(settings.database_url)
    ids = [row["id"] for row in await connection.fetch("SELECT id FROM price")]
    random, done = Random(0), 0
    while time.monotonic() < until:
        await connection.execute(ANY_PRICE, random.choice(ids))
        done += 1
        await asyncio.sleep(1 / prices)
    await connection.close()
    return done


if __name__ == "__main__":
    app()
