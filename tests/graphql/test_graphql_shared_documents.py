"""What one process has registered, all know: through Redis, asked by real clients."""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
import redis
from graphql import GraphQLError
from hashing import both, by_hash

from catalog.settings import Settings
from schema.documents import TTL, Documents, digest_of
from schema.execution import Schema
from schema.negotiation import Question, of_body

HERE = Path(__file__).parent
MUTATION = 'mutation { brandDelete(by: { slug: "lumen" }) { status } }'
QUERY = "query Codes {\n  channels {\n    code\n  }\n}"
DATA = {"channels": [{"code": "eu"}, {"code": "us"}]}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a Redis of its own."""
    executable = shutil.which("redis-server")
    if executable is None:
        pytest.skip("there is no redis-server on PATH")
    port = _free_port()
    folder = tmp_path_factory.mktemp("redis")
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    server = subprocess.Popen([executable, *options], stdout=subprocess.DEVNULL)
    try:
        _until_answering(port)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.kill()
        server.wait()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _until_answering(port: int) -> None:
    for _ in range(1_000):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.02)
    raise AssertionError("Redis does not answer")


@pytest.fixture(scope="module")
def schema() -> Schema:
    return Schema(open=True)


def question(body: dict[str, Any]) -> Question:
    return of_body(orjson.dumps(body))


@asynccontextmanager
async def two(settings: Settings, schema: Schema, url: str) -> AsyncIterator[list[Documents]]:
    """Processes that have the same Redis."""
    changed = settings.model_copy(update={"redis_url": url})
    one, other = (Documents(schema, enforced=False) for _ in range(2))
    async with one.shared(changed), other.shared(changed):
        yield [one, other]


async def test_what_one_process_has_registered_the_others_know(
    database: Settings, schema: Schema, store: str
) -> None:
    query = "query Shared { channels { code } }"
    async with two(database, schema, store) as (one, other):
        await one.text(question(both(query)))
        found = await other.text(question(by_hash(query)))
    with redis.Redis.from_url(store) as client:
        left = client.ttl(f"catalog:document:{digest_of(query)}")

    assert found == query
    assert 0 < left <= TTL


async def test_a_text_of_another_hash_is_not_believed(
    database: Settings, schema: Schema, store: str
) -> None:
    with redis.Redis.from_url(store) as client:
        client.set(f"catalog:document:{digest_of('{ media { url } }')}", MUTATION)

    async with two(database, schema, store) as (one, _):
        with pytest.raises(GraphQLError, match="PersistedQueryNotFound"):
            await one.text(question(by_hash("{ media { url } }")))


async def test_without_redis_a_process_knows_its_own(database: Settings, schema: Schema) -> None:
    query = "query Alone { channels { code } }"
    async with two(database, schema, "redis://127.0.0.1:1/0") as (one, other):
        await one.text(question(both(query)))

        assert await one.text(question(by_hash(query))) == query
        with pytest.raises(GraphQLError, match="PersistedQueryNotFound"):
            await other.text(question(by_hash(query)))


@pytest.fixture(scope="module")
async def served(standing_shop: None, database: Settings, store: str) -> AsyncIterator[str]:
    """Address of two workers in production."""
    port = _free_port()
    added = {
        "DATABASE_URL": str(database.database_url),
        "DATABASE_ACQUIRE_TIMEOUT": "30",
        "REDIS_URL": store,
        "CATALOG_ENV": "production",
        "PORT": str(port),
        "WEB_CONCURRENCY": "2",
    }
    server = await asyncio.create_subprocess_exec(
        *(Path(sys.executable).with_name("catalog"), "serve"),
        env=os.environ | added,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        # A busy machine makes it slow, not red.
        async with asyncio.timeout(180):
            await _answering(f"http://127.0.0.1:{port}/healthz", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        await server.wait()


async def _answering(address: str, server: asyncio.subprocess.Process) -> None:
    while True:
        assert server.returncode is None, "the server has ended"
        with suppress(httpx.TransportError):
            async with httpx.AsyncClient() as client:
                await client.get(address)
                return
        await asyncio.sleep(0.1)


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
