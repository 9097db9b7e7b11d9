"""Whatever is asked, it is answered or refused, and never an error of ours."""

import random
from typing import Any

import httpx
import pytest
import servers
from factories import lamps, load

from catalog.settings import Settings

# Of each kind good ones, and others that are met now and then.
WORDS = ["red", "lamp", "'", "\\", "%_", "💡", "a:b", "0", "-1", "true", "2026-03-01"], ["", "\x00"]
NUMBERS = ["1", "-0", "19.90", "1e17", "-1e3", "0.000001"], ["1e18", "0.0000001", "Infinity", "x"]
DAYS = ["2026-03-01", "0001-01-01", "9999-12-31"], ["2026-02-30", "", "x"]
CODES = ["color", "power", "material"], ["no-such", "", "\x00"]
STRANGE = ["no-such", "", "id:1"]
SORTS = ["newest", "-name", "price", "oldest", "-updated"], ["relevance", "position", "attr.x", ""]
FACETS = ["color", "category", "brand", "price", "availability", "*"], ["power", "x", ""]
Kind = tuple[list[str], list[str]]


@pytest.fixture(scope="module", autouse=True)
async def _lamps(database: Settings) -> None:
    await servers.empty()
    await load(*lamps(3))


def one(pick: random.Random, kind: Kind) -> str:
    return pick.choice(kind[pick.random() < 0.03])


def some(pick: random.Random, kind: Kind) -> list[str]:
    return [one(pick, kind) for _ in range(pick.randint(0, 3))]


def span(pick: random.Random, kind: Kind) -> dict[str, str]:
    signs = pick.sample(["gte", "gt", "lte", "lt"], pick.randint(0, 2))
    return {sign: one(pick, kind) for sign in signs}


def attribute(pick: random.Random) -> dict[str, Any]:
    asked: dict[str, Any] = {"code": one(pick, CODES)}
    for name in pick.sample(["any_of", "all_of", "none_of"], pick.randint(0, 2)):
        asked[name] = some(pick, WORDS)
    if asked["code"] == "power" or pick.random() < 0.02:
        asked["number"] = span(pick, NUMBERS)
    if pick.random() < 0.02:
        asked["date"] = span(pick, DAYS)
    return asked | {"exists": pick.choice([True, False, None])}


def where(pick: random.Random, depth: int = 0) -> dict[str, Any]:
    asked: dict[str, Any] = {}
    for name in pick.sample(["slugs", "type", "tags"], pick.randint(0, 1)):
        asked[name] = some(pick, WORDS)
    for name, key in (("category", "home"), ("brand", "lumen")):
        if pick.random() < 0.2:
            asked[name] = [one(pick, ([key], STRANGE))]
    if pick.random() < 0.5:
        asked["attributes"] = [attribute(pick) for _ in range(pick.randint(0, 2))]
    if pick.random() < 0.4:
        asked["variant"] = {
            "price": span(pick, NUMBERS),
            "available": pick.choice([True, False, None]),
            "sku": pick.choice([None, some(pick, WORDS)]),
            "attributes": [attribute(pick) for _ in range(pick.randint(0, 1))],
        }
    if depth < 3 and pick.random() < 0.5:
        asked[pick.choice(["AND", "OR"])] = [where(pick, depth + 1) for _ in range(2)]
    if depth < 3 and pick.random() < 0.2:
        asked["NOT"] = where(pick, depth + 1)
    return asked


@pytest.mark.parametrize("seed", range(150))
async def test_any_question(client: httpx.AsyncClient, seed: int) -> None:
    pick = random.Random(seed)
    body: dict[str, Any] = {"where": where(pick), "limit": pick.choice([1, 3]), "count": True}
    if pick.random() < 0.5:
        body["search"] = " ".join(some(pick, WORDS))
    if pick.random() < 0.3:
        body["sort"] = some(pick, SORTS)
    if pick.random() < 0.4:
        body["facets"] = some(pick, FACETS)

    response = await client.post("/v1/products/search", json=body)

    assert response.status_code < 500, (body, response.text)
    if response.status_code == 200 and response.json()["page"]["next"]:
        more = body | {"cursor": response.json()["page"]["next"]}
        assert (await client.post("/v1/products/search", json=more)).status_code == 200


@pytest.mark.parametrize("seed", range(60))
async def test_any_address(client: httpx.AsyncClient, seed: int) -> None:
    pick = random.Random(seed)
    names = ["q", "price.gte", "price.lt", "available", "sort", "facets", "unavailable"]
    names += [
        f"attr.{code}{sign}" for code in (*CODES[0], "no-such", "") for sign in ("", ".gte", ".lt")
    ]
    kinds = (WORDS, NUMBERS, DAYS, SORTS, FACETS)
    values = [each for good, bad in kinds for each in (*good, *bad)]
    asked = {name: pick.choice(values) for name in pick.sample(names, 2)}

    response = await client.get("/v1/products", params=asked)

    assert response.status_code < 500, (asked, response.text)
