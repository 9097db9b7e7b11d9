"""While the database is away: the last answers, marked as what they are, for as long as is set."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from cuttable import Line
from serving import serving
from storefront import build

from catalog.settings import Settings

LAMP = "/v1/products/desk-lamp-1"
NEVER_ASKED = "/v1/products/floor-lamp"
NAME = {"query": '{ product(by: {slug: "desk-lamp-1"}) { name } }'}


@pytest.fixture
async def line(database: Settings) -> Line:
    await build()
    return Line(database)


@pytest.fixture
async def http(line: Line, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    monkeypatch.setenv("CACHE_STALE_IF_ERROR", "8")
    async with line.laid() as settings, serving(settings, workers=1) as server:
        yield server.client


async def test_kept_answers_are_given_for_a_while_and_then_none(
    line: Line, http: httpx.AsyncClient
) -> None:
    before = await http.get(LAMP)
    asked = await http.post("/graphql", json=NAME)
    assert (before.status_code, asked.status_code) == (200, 200)

    line.cut()
    stale = await http.get(LAMP)
    assert (stale.status_code, stale.content) == (200, before.content)
    assert "detail=stale-if-error" in stale.headers["Cache-Status"]
    assert (await http.post("/graphql", json=NAME)).content == asked.content
    assert (
        await http.get(LAMP, headers={"If-None-Match": stale.headers["ETag"]})
    ).status_code == 304
    assert (await http.get(NEVER_ASKED)).status_code == 503

    ages = []
    async for gone in _asked(http):
        if gone.status_code != 200:
            break
        ages.append(int(gone.headers.get("Age", 0)))
    assert (gone.status_code, gone.headers["Cache-Control"]) == (503, "no-store")
    assert "Retry-After" in gone.headers
    assert ages == sorted(ages)
    assert 0 < ages[-1] <= 8

    line.mend()
    async for back in _asked(http):
        if back.status_code == 200:
            break
    assert back.content == before.content
    assert "stale" not in back.headers["Cache-Status"]


async def _asked(http: httpx.AsyncClient) -> AsyncIterator[httpx.Response]:
    async with asyncio.timeout(60):
        while True:
            yield await http.get(LAMP)
            await asyncio.sleep(0.2)
