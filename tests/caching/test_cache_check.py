"""`/v1/cache` and `catalog cache`: what is kept, and every answer among it that is not true."""

import random
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
from serving import Server, serving
from storefront import QUESTIONS, Front, build, front
from test_cli import catalog

from catalog.settings import Settings
from catalog.writes import tokens

PLANTED = 15


@pytest.fixture
async def bearer(clean: None) -> dict[str, str]:
    await build()
    return {"Authorization": f"Bearer {await tokens.create('ops', scopes=['admin'])}"}


@pytest.fixture
async def shop(
    bearer: dict[str, str], database: Settings, client: httpx.AsyncClient
) -> AsyncIterator[Front]:
    """All of it is kept."""
    async with front(database, client) as asking:
        await asking.all()
        yield asking


async def test_the_figures_are_those_of_what_was_asked(shop: Front, bearer: dict[str, str]) -> None:
    await shop.all()
    told = (await shop.cached.get("/v1/cache", headers=bearer)).json()

    assert told["memory"] == {
        "entries": len(QUESTIONS),
        "bytes": shop.cache.memory.bytes,
        "most": 64_000_000,
    }
    assert (told["answers"]["filled"], told["answers"]["memory"]) == (len(QUESTIONS),) * 2
    assert told["followed"]["position"] == shop.cache.follower.position.max
    assert told["followed"]["age"] > 0
    assert told["redis"] is None


async def test_what_is_true_is_found_true(shop: Front, bearer: dict[str, str]) -> None:
    answer = await shop.cached.post("/v1/cache:check?limit=1000", headers=bearer)

    assert answer.json() == {"compared": len(QUESTIONS), "differing": []}
    assert shop.cache.counts.memory == 0


async def test_every_planted_lie_is_found(shop: Front, bearer: dict[str, str]) -> None:
    """In one letter, in a header, in the status."""
    memory = shop.cache.memory
    lies = random.Random(1).sample(sorted(memory), PLANTED)
    for n, key in enumerate(lies):
        entry = memory[key]
        told = entry.value
        entry.value = [
            replace(told, body=told.body[:-1] + b" "),
            replace(told, headers=(*told.headers, (b"x-lie", b"1"))),
            replace(told, status=410),
        ][n % 3]
    answer = await shop.cached.post("/v1/cache:check?limit=1000", headers=bearer)

    assert answer.json()["compared"] == len(QUESTIONS)
    assert len(answer.json()["differing"]) == PLANTED


async def test_a_process_that_keeps_nothing_says_so(
    client: httpx.AsyncClient, bearer: dict[str, str]
) -> None:
    for method, path in (("GET", "/v1/cache"), ("POST", "/v1/cache:check")):
        answer = await client.request(method, path, headers=bearer)
        assert (answer.status_code, "CACHE_MEMORY" in answer.text) == (404, True)


@pytest.fixture
async def running(bearer: dict[str, str], database: Settings) -> AsyncIterator[Server]:
    async with serving(database, workers=1) as server:
        yield server


async def test_the_commands_ask_a_running_server(running: Server, bearer: dict[str, str]) -> None:
    secret = bearer["Authorization"].removeprefix("Bearer ")
    for _ in range(4):
        assert (await running.client.get("/v1/channels")).status_code == 200
    url = str(running.client.base_url)

    stats = await catalog("cache", "stats", "--url", url, CATALOG_TOKEN=secret)
    assert (stats.code, stats.complaint) == (0, "")
    assert "hits         75.0%" in stats.output.splitlines()

    check = await catalog("cache", "check", "--url", url, CATALOG_TOKEN=secret)
    assert (check.code, check.output) == (0, "1 compared, 0 differ\n")

    refused = await catalog("cache", "check", "--url", url, CATALOG_TOKEN="cat_x")
    assert (refused.code, "401" in refused.complaint) == (2, True)
