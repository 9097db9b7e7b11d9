"""The database of the tests, the face they talk to, and a token for it."""

import hashlib
import os
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg
import httpx
import pytest

from catalog import db, embedded, migrate
from catalog.settings import Settings
from catalog.writes import tokens

ROOT = Path(__file__).parent.parent

# Whoever makes the template holds it; other test processes wait and find it made.
TEMPLATE_LOCK = 0x7465737473

FAST = """
ALTER SYSTEM SET fsync = off;
ALTER SYSTEM SET full_page_writes = off;
ALTER SYSTEM SET synchronous_commit = off;
ALTER SYSTEM SET autovacuum = off;
SELECT pg_reload_conf()
"""

TABLES = """
SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables
WHERE schemaname = current_schema() AND tablename <> 'tortoise_migrations'
"""


@pytest.fixture(scope="session")
async def server() -> str:
    """URL of a server where databases may be created; the embedded one may lose its files."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        return given
    url = embedded.start(ROOT / ".data" / "tests")
    connection = await asyncpg.connect(url)
    for statement in FAST.split(";"):
        await connection.execute(statement)
    await connection.close()
    return url


def on(server: str, database: str) -> str:
    """The server's URL with another database."""
    return urlunsplit(urlsplit(server)._replace(path=f"/{quote(database)}"))


def _edition() -> str:
    """Changes when a migration does, and the template is then made anew."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / "migrations").glob("*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


async def _template(server: str, connection: "asyncpg.Connection[asyncpg.Record]") -> str:
    """Name of a database with the schema in it, made by the first process that asks."""
    name = f"catalog_template_{_edition()}"
    await connection.execute("SELECT pg_advisory_lock($1)", TEMPLATE_LOCK)
    try:
        found = "SELECT datistemplate FROM pg_database WHERE datname = $1"
        if not await connection.fetchval(found, name):
            await connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
            await connection.execute(f'CREATE DATABASE "{name}"')
            await migrate.migrate(Settings(database_url=on(server, name)))
            await connection.execute(f'ALTER DATABASE "{name}" IS_TEMPLATE true')
    finally:
        await connection.execute("SELECT pg_advisory_unlock($1)", TEMPLATE_LOCK)
    return name


@pytest.fixture(scope="session")
async def settings(server: str) -> AsyncIterator[Settings]:
    """Of this test process: its own migrated database, cloned from the template."""
    name = f"catalog_test_{os.getpid()}"
    connection = await asyncpg.connect(server)
    await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    template = await _template(server, connection)
    await connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    yield Settings(database_url=on(server, name), catalog_env="development")
    await connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    await connection.close()


@pytest.fixture(scope="session")
async def database(settings: Settings) -> AsyncIterator[Settings]:
    """Pools on the test database, for every test of the session."""
    async with db.connected(settings):
        yield settings


@pytest.fixture
async def clean(database: Settings) -> None:
    """No row in any table, and ids from 1 on."""
    async with db.unit_of_work() as connection:
        tables = await connection.fetchval(TABLES)
        await connection.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")


@pytest.fixture
async def client(database: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """Speaks to the application in this process; no network."""
    from catalog.app import create_app

    transport = httpx.ASGITransport(app=create_app(database))
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as client:
        yield client


@pytest.fixture
async def token(clean: None) -> str:
    """A secret whose holder sees drafts and exact stock."""
    return await tokens.create("tests", scopes=["catalog:read"])


@pytest.fixture
def real_data() -> Path:
    """The folder of real catalogs."""
    folder = os.environ.get("CATALOG_REAL_DATA")
    if not folder or not Path(folder).is_dir():
        pytest.skip("CATALOG_REAL_DATA is not set to a folder of real catalogs")
    return Path(folder)
