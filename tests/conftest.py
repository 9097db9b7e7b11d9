"""The database of the tests, the face they talk to, and a token for it."""

import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
import redis_servers
import servers
from fastapi import FastAPI

from catalog import db
from catalog.settings import Settings
from catalog.writes import tokens


@pytest.fixture(scope="session")
async def server() -> str:
    """URL of a server whose user may create databases."""
    return os.environ.get("TEST_DATABASE_URL") or await servers.fast()


@pytest.fixture(scope="session")
async def settings(server: str) -> AsyncIterator[Settings]:
    """Of this test process: its own migrated database, cloned from the template."""
    template = await servers.template(server)
    async with servers.scratch(server, template=template) as url:
        yield Settings(
            database_url=url,
            catalog_env="development",
            # A busy machine makes a test slow, not red.
            database_acquire_timeout=30,
            database_statement_timeout=60,
        )


@pytest.fixture(scope="session")
async def database(settings: Settings) -> AsyncIterator[Settings]:
    """Pools on the test database, for every test of the session."""
    async with db.connected(settings):
        yield settings


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """Of a real Redis, which this process alone uses."""
    given = os.environ.get("TEST_REDIS_URL")
    if given:
        yield given
        return
    with redis_servers.serving() as redis:
        yield redis.url


@pytest.fixture
async def clean(database: Settings) -> None:
    """No row in any table, and ids from 1 on."""
    await servers.empty()


@pytest.fixture(scope="session")
def app(database: Settings) -> FastAPI:
    """It keeps nothing from one request to the next, so all tests can have the same."""
    from catalog.app import create_app

    return create_app(database)


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Speaks to the application in this process; no network."""
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as client:
        yield client


@pytest.fixture
async def token(clean: None) -> str:
    """A secret whose holder sees drafts and exact stock."""
    return await tokens.create("tests", scopes=["catalog:read"])


@pytest.fixture(scope="module")
def open_folder() -> Iterator[Path]:
    """Where a server's files may lie, which may run as another user. pytest's own folders are
    closed to others by every session that begins."""
    with tempfile.TemporaryDirectory(prefix="catalog-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@pytest.fixture
def real_data() -> Path:
    """The folder of real catalogs."""
    folder = os.environ.get("CATALOG_REAL_DATA")
    if not folder or not Path(folder).is_dir():
        pytest.skip("CATALOG_REAL_DATA is not set to a folder of real catalogs")
    return Path(folder)
