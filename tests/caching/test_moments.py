"""What begins or ends at a moment shows then, through the cache, and not a moment before."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime

import httpx
import pytest
from storefront import build, front

from catalog import db
from catalog.jobs import sweep
from catalog.settings import Settings

LAMP = "/v1/products/floor-lamp"
PRICES = f"{LAMP}?include=price_range,variants.prices"


@pytest.fixture
async def shop(database: Settings, client: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    """A process that keeps answers and looks at the clock."""
    await build()
    async with front(database, client) as asking, sweep.beside():
        yield asking.cached


async def now() -> datetime:
    moment: datetime = (await db.fetch("SELECT clock_timestamp()"))[0][0]
    return moment


async def execute(sql: str) -> None:
    async with db.unit_of_work() as connection:
        await connection.execute(sql)


Shows = Callable[[httpx.Response], bool]

# What is written a second before, where it shows, and how one sees that it does.
EDGES: dict[str, tuple[str, str, Shows]] = {
    "a product is published": (
        "UPDATE product_listing SET published_from = {at} WHERE product_id = 2",
        LAMP,
        lambda answer: answer.status_code == 200,
    ),
    "a product is withdrawn": (
        "UPDATE product_listing SET published_until = {at} WHERE product_id = 2",
        LAMP,
        lambda answer: answer.status_code == 404,
    ),
    "a page loses a product": (
        "UPDATE product_listing SET published_until = {at} WHERE product_id = 2",
        "/v1/products?brand=noctis&count=true",
        lambda answer: answer.json()["page"]["total"] == 0,
    ),
    "a reduced price begins": (
        "INSERT INTO price (variant_id, currency, amount, valid_from)"
        " SELECT id, 'EUR', 3, {at} FROM variant WHERE product_id = 2",
        PRICES,
        lambda answer: answer.json()["price_range"]["min"]["amount"] == "3.00",
    ),
    "a reduced price ends": (
        "INSERT INTO price (variant_id, currency, amount, valid_until)"
        " SELECT id, 'EUR', 3, {at} FROM variant WHERE product_id = 2",
        PRICES,
        lambda answer: answer.json()["price_range"]["min"]["amount"] == "19.90",
    ),
    "a price for many begins": (
        "INSERT INTO price (variant_id, currency, min_quantity, amount, valid_from)"
        " SELECT id, 'EUR', 10, 3, {at} FROM variant WHERE product_id = 2",
        PRICES,
        lambda answer: '"3.00"' in answer.text,
    ),
    "it can be had": (
        "UPDATE product_listing SET purchasable_from = {at} WHERE product_id = 2",
        f"{LAMP}?include=available",
        lambda answer: bool(answer.json()["available"]),
    ),
    "a price in another currency begins": (
        "INSERT INTO price (variant_id, currency, amount, valid_from)"
        " SELECT id, 'USD', 3, {at} FROM variant WHERE product_id = 2",
        f"{PRICES}&currency=USD",
        lambda answer: '"3.00"' in answer.text,
    ),
}


@pytest.mark.parametrize("edge", EDGES)
async def test_it_shows_when_its_moment_has_come(edge: str, shop: httpx.AsyncClient) -> None:
    written, path, shows = EDGES[edge]
    at = (await db.fetch("SELECT clock_timestamp() + interval '1 second'"))[0][0]
    await execute(written.format(at=f"'{at.isoformat()}'"))
    before = 0
    async with asyncio.timeout(30):
        while not shows(await shop.get(path)):
            before += 1
            await asyncio.sleep(0.05)

    assert await now() >= at, "it shows too early"
    assert before > 0
    assert shows(await shop.get(path))
