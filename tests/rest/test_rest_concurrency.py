"""Many at once: one wins, a repeated request happens once, and a server may die meanwhile."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

import httpx
import pytest
from factories import lamp, load, shop
from serving import Server, serving
from writing import Writer

from catalog import db
from catalog.settings import Settings
from catalog.writes import tokens
from catalog.writes.inputs import CollectionInput

ADDRESSES = (
    "products/desk-lamp",
    "variants/desk-lamp-red",
    "categories/home",
    "collections/favourites",
    "brands/lumen",
    "attributes/power",
    "types/lamp",
    "channels/eu",
    "locations/main",
)


@pytest.fixture
async def token(clean: None) -> str:
    await load(*shop(), lamp(), CollectionInput(slug="favourites", name="Favourites"))
    return await tokens.create("erp", scopes=["catalog:write"])


@pytest.fixture(scope="module")
async def running(settings: Settings) -> AsyncIterator[Server]:
    """One for all tests that leave it alive: it keeps nothing of the database."""
    async with serving(settings, workers=2) as server:
        yield server


async def test_of_fifty_changes_of_one_version_one_wins(running: Server, token: str) -> None:
    write = Writer(running.client, token)
    for address in ADDRESSES:
        path = f"/v1/{address}"
        tag = await write.tag(path)
        answers = await asyncio.gather(
            *(write("PATCH", path, {"name": f"N{n}"}, If_Match=tag) for n in range(50))
        )

        counted = Counter(answer.status_code for answer in answers)
        assert counted == {200: 1, 412: 49}, (address, counted)
        (won,) = (answer for answer in answers if answer.status_code == 200)
        assert (await write.good("GET", path)).json()["name"] == won.json()["name"]


async def test_of_fifty_deletions_of_one_version_one_wins(running: Server, token: str) -> None:
    write = Writer(running.client, token)
    tag = await write.tag("/v1/brands/lumen")
    answers = await asyncio.gather(
        *(write("DELETE", "/v1/brands/lumen", If_Match=tag) for _ in range(50))
    )

    assert Counter(answer.status_code for answer in answers) == {204: 1, 404: 49}


async def test_of_fifty_that_put_a_new_one_one_makes_it(running: Server, token: str) -> None:
    write = Writer(running.client, token)
    answers = await asyncio.gather(
        *(write("PUT", "/v1/brands/ext:B", {"name": f"N{n}"}) for n in range(50))
    )
    only = await asyncio.gather(
        *(write("PUT", "/v1/brands/ext:C", {"name": f"C{n}"}, If_None_Match="*") for n in range(50))
    )

    assert Counter(answer.status_code for answer in answers) == {201: 1, 200: 49}
    assert Counter(answer.status_code for answer in only) == {201: 1, 412: 49}


async def test_a_hundred_of_one_key_are_one(running: Server, token: str) -> None:
    write = Writer(running.client, token)
    answers = await asyncio.gather(
        *(write("POST", "/v1/brands", {"name": "New"}, Idempotency_Key="one") for _ in range(100))
    )

    counted = Counter(answer.status_code for answer in answers)
    assert counted.keys() <= {201, 409}, counted
    assert all(a.json()["code"] == "IDEMPOTENCY_KEY_IN_USE" for a in answers if a.is_client_error)
    assert len({answer.content for answer in answers if answer.is_success}) == 1
    assert await made() == 1


async def made() -> int:
    rows = await db.fetch("SELECT count(*) FROM brand WHERE slug LIKE 'new%'")
    return int(rows[0]["count"])


def new(key: str) -> dict[str, str]:
    return {"name": f"New {key}"}


async def _answered(write: Writer, key: str) -> httpx.Response:
    """PostgreSQL may need a moment to see that who began it is dead."""
    while True:
        answer = await write("POST", "/v1/brands", new(key), Idempotency_Key=key)
        if answer.status_code != 409:
            assert answer.is_success, answer.text
            return answer
        await asyncio.sleep(0.1)


@pytest.mark.parametrize("after", [1, 12])
async def test_who_repeats_after_a_kill_has_each_effect_once(
    after: int, running: Server, settings: Settings, token: str
) -> None:
    """`after` as many answers every process of the server is killed, and all is sent to another."""
    keys = [f"key-{n}" for n in range(25)]
    told: dict[str, set[str]] = {key: set() for key in keys}
    async with serving(settings, workers=2) as server:
        write = Writer(server.client, token)

        async def send(key: str) -> None:
            try:
                answer = await write("POST", "/v1/brands", new(key), Idempotency_Key=key)
            except httpx.TransportError:
                return
            if answer.is_success:
                told[key].add(answer.json()["id"])
            if sum(map(len, told.values())) == after:
                server.kill()

        await asyncio.gather(*(send(key) for key in keys for _ in range(4)))
    assert after <= sum(map(len, told.values())) < len(keys)

    write = Writer(running.client, token)
    async with asyncio.timeout(30):
        answers = await asyncio.gather(*(_answered(write, key) for key in keys))
    for key, answer in zip(keys, answers, strict=True):
        told[key].add(answer.json()["id"])

    assert [len(ids) for ids in told.values()] == [1] * len(keys)
    assert await made() == len(keys)
