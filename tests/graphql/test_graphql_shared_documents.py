"""What one process has registered, all know: through Redis, asked by real clients."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
import redis
from graphql import GraphQLError
from hashing import both, by_hash
from serving import serving

from catalog import remote
from catalog.settings import Settings
from schema.documents import TTL, Documents, digest_of
from schema.execution import Schema
from schema.negotiation import Question, of_body

HERE = Path(__file__).parent
MUTATION = 'mutation { brandDelete(by: { slug: "lumen" }) { status } }'
QUERY = "query Codes {\n  channels {\n    code\n  }\n}"
DATA = {"channels": [{"code": "eu"}, {"code": "us"}]}


@pytest.fixture(scope="module")
def schema() -> Schema:
    return Schema(open=True)


def question(body: dict[str, Any]) -> Question:
    return of_body(orjson.dumps(body))


@asynccontextmanager
async def two(schema: Schema, url: str) -> AsyncIterator[list[Documents]]:
    """Processes that have the same Redis."""
    one, other = (Documents(schema, enforced=False) for _ in range(2))
    async with (
        remote.connected(url, verify=False) as one.remote,
        remote.connected(url, verify=False) as other.remote,
    ):
        yield [one, other]


async def test_what_one_process_has_registered_the_others_know(
    database: Settings, schema: Schema, redis_url: str
) -> None:
    query = "query Shared { channels { code } }"
    async with two(schema, redis_url) as (one, other):
        await one.text(question(both(query)))
        found = await other.text(question(by_hash(query)))
    with redis.Redis.from_url(redis_url) as client:
        left = client.ttl(f"catalog:document:{digest_of(query)}")

    assert found == query
    assert 0 < left <= TTL


async def test_a_text_of_another_hash_is_not_believed(
    database: Settings, schema: Schema, redis_url: str
) -> None:
    with redis.Redis.from_url(redis_url) as client:
        client.set(f"catalog:document:{digest_of('{ media { url } }')}", MUTATION)

    async with two(schema, redis_url) as (one, _):
        with pytest.raises(GraphQLError, match="PersistedQueryNotFound"):
            await one.text(question(by_hash("{ media { url } }")))


async def test_without_redis_a_process_knows_its_own(database: Settings, schema: Schema) -> None:
    query = "query Alone { channels { code } }"
    async with two(schema, "redis://127.0.0.1:1/0") as (one, other):
        await one.text(question(both(query)))

        assert await one.text(question(by_hash(query))) == query
        with pytest.raises(GraphQLError, match="PersistedQueryNotFound"):
            await other.text(question(by_hash(query)))


@pytest.fixture(scope="module")
async def served(standing_shop: None, database: Settings, redis_url: str) -> AsyncIterator[str]:
    """Address of two workers in production."""
    added = {"REDIS_URL": redis_url, "CATALOG_ENV": "production"}
    async with serving(database, workers=2, **added) as server:
        yield str(server.client.base_url)


async def test_all_workers_know_what_was_sent_to_one(served: str) -> None:
    params = {"extensions": orjson.dumps(by_hash(QUERY)["extensions"]).decode()}
    async with httpx.AsyncClient(base_url=served) as client:
        await client.post("/graphql", json=both(QUERY))
    answers = []
    for _ in range(20):
        # A connection each, so that both workers are asked.
        async with httpx.AsyncClient(base_url=served) as client:
            answers.append((await client.get("/graphql", params=params)).json())

    assert answers == [{"data": DATA}] * 20


async def test_apollos_own_client_sends_a_text_once(served: str) -> None:
    modules, node = os.environ.get("CATALOG_NODE_MODULES"), shutil.which("node")
    if modules is None or node is None:
        pytest.skip("CATALOG_NODE_MODULES is not set to a folder with @apollo/client")
    query = "query Apollo { channels { code } }"
    client = await asyncio.create_subprocess_exec(
        *(node, str(HERE / "apollo.mjs"), served, modules, query), stdout=asyncio.subprocess.PIPE
    )
    output, _ = await client.communicate()
    told = orjson.loads(output)

    assert [each[:3] for each in told["sent"]] == [
        ["GET", False, 400],
        ["POST", True, 200],
        ["GET", False, 200],
        ["GET", False, 200],
    ]
    assert [[each["code"] for each in data["channels"]] for data in told["data"]] == [
        ["eu", "us"]
    ] * 3
