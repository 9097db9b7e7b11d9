"""The same request to several processes at once, and to one that started later."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest
from factories import load, shop
from test_serving import serving

from catalog import db
from catalog.settings import Settings
from catalog.writes import tokens

BRAND = {"slug": "noctis", "name": "Noctis"}
MUTATION = {
    "query": """mutation($input: BrandInput!) {
        brandUpsert(input: $input, idempotencyKey: "k-2") { brand { id } errors { code } }
    }""",
    "variables": {"input": BRAND},
}
COUNT = "SELECT count(*) FROM brand WHERE slug = 'noctis'"
NAME = "SELECT name FROM brand WHERE slug = 'noctis'"


@pytest.fixture
async def secret(clean: None) -> str:
    await load(*shop())
    return await tokens.create("erp", scopes=["catalog:write"])


@pytest.fixture
def environment(settings: Settings) -> dict[str, str]:
    return {"DATABASE_URL": str(settings.database_url), "DATABASE_ACQUIRE_TIMEOUT": "30"}


async def post(
    client: httpx.AsyncClient, secret: str, key: str, body: object = BRAND
) -> httpx.Response:
    headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": key}
    return await client.post("/v1/brands", json=body, headers=headers, timeout=60)


async def test_a_hundred_posts_to_two_processes_make_one_brand_and_a_third_knows_the_answer(
    secret: str, environment: dict[str, str], tmp_path: Path
) -> None:
    async with AsyncExitStack() as stack:
        one, two = [
            await stack.enter_async_context(serving(tmp_path / name, **environment))
            for name in ("one", "two")
        ]
        posts = (post(client, secret, "k-1") for client in (one, two) for _ in range(50))
        answers = await asyncio.gather(*posts)

    made = {answer.content for answer in answers if answer.status_code == 201}
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len(made) == 1
    assert [row["count"] for row in await db.fetch(COUNT)] == [1]

    async with serving(tmp_path / "three", **environment) as three:
        again = await post(three, secret, "k-1")
        other = await post(three, secret, "k-1", {"slug": "solis", "name": "Solis"})
    assert (again.status_code, {again.content}) == (201, made)
    assert (other.status_code, other.json()["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")


async def test_a_mutation_has_its_key_too(client: httpx.AsyncClient, secret: str) -> None:
    headers = {"Authorization": f"Bearer {secret}"}

    other = MUTATION | {"variables": {"input": BRAND | {"name": "Other"}}}

    answers = [
        await client.post("/graphql", json=asked, headers=headers)
        for asked in (MUTATION, MUTATION, other)
    ]

    first, second, third = [answer.json()["data"]["brandUpsert"] for answer in answers]
    assert first == second
    assert first["errors"] == []
    assert [error["code"] for error in third["errors"]] == ["IDEMPOTENCY_KEY_REUSED"]
    assert [row["name"] for row in await db.fetch(NAME)] == ["Noctis"]
