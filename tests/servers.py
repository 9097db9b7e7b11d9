"""PostgreSQL servers for the tests: which one, made how fast, and databases on it."""

import hashlib
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg
import psutil

from catalog import db, embedded, migrate
from catalog.settings import Settings
from catalog.writes import listing

ROOT = Path(__file__).parent.parent

# In their order.
MIGRATIONS = tuple(sorted(path.stem for path in (ROOT / "migrations").glob("0*.py")))

# Whoever makes the template holds it; other test processes wait and find it made.
TEMPLATE_LOCK = 0x7465737473

# Its files may be lost with the machine, so nothing waits for the disk.
FAST = (
    "ALTER SYSTEM SET fsync = off",
    "ALTER SYSTEM SET full_page_writes = off",
    "ALTER SYSTEM SET synchronous_commit = off",
    "ALTER SYSTEM SET autovacuum = off",
    "SELECT pg_reload_conf()",
)

# The statement that empties every table but the log of what has changed, this too: a DELETE, whose
# foreign keys are checked when all is gone, since a TRUNCATE of so many tables takes half a second;
# but after a large load that one, since nothing vacuums here.
EMPTY = """
SELECT CASE WHEN sum(pg_relation_size(oid)) < 5e6
    THEN 'WITH ' || string_agg(format('t%s AS (DELETE FROM %I)', oid, relname), ', ') || ' SELECT'
    ELSE 'TRUNCATE ' || string_agg(quote_ident(relname), ', ')
    END
FROM pg_class
WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace
AND relname NOT IN ('tortoise_migrations', 'change_log', 'change_position')
"""
RESTART = """
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false) FROM pg_sequences
WHERE schemaname = current_schema() AND sequencename <> 'change_log_id_seq'
"""

# Of the databases that this process makes.
_numbers = count(1)
SCRATCHES = "SELECT datname FROM pg_database WHERE datname ~ '^catalog_[0-9]+_'"


def on(server: str, database: str) -> str:
    """The server's URL with another database."""
    return urlunsplit(urlsplit(server)._replace(path=f"/{quote(database)}"))


async def fast() -> str:
    """URL of the embedded server, tuned for tests; every test process shares it."""
    url = embedded.start(ROOT / ".data" / "tests")
    connection = await asyncpg.connect(url)
    for statement in FAST:
        await connection.execute(statement)
    await _sweep(connection)
    await connection.close()
    return url


async def _sweep(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Drops what test processes left that were killed."""
    for row in await connection.fetch(SCRATCHES):
        if not psutil.pid_exists(int(row["datname"].split("_")[1])):
            await connection.execute(f'DROP DATABASE IF EXISTS "{row["datname"]}" WITH (FORCE)')


async def empty() -> None:
    """No row in any table of the connected database, and ids from 1 on."""
    async with db.unit_of_work() as connection:
        # A server that a test has started may be sweeping.
        await connection.execute(f"SELECT pg_advisory_xact_lock({listing.LOCK})")
        await connection.execute("SET LOCAL catalog.listing = 'off'")
        await connection.execute(await connection.fetchval(EMPTY))
        await connection.execute(RESTART)


@asynccontextmanager
async def scratch(server: str, *, template: str) -> AsyncIterator[str]:
    """URL of a database of this process's own, copied from the template and dropped in the end."""
    name = f"catalog_{os.getpid()}_{next(_numbers)}"
    connection = await asyncpg.connect(server)
    await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    await connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield on(server, name)
    finally:
        await connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        await connection.close()


async def template(server: str) -> str:
    """Name of a database with the schema in it, made by the first process that asks."""
    name = f"catalog_template_{_edition()}"
    connection = await asyncpg.connect(server)
    await connection.execute("SELECT pg_advisory_lock($1)", TEMPLATE_LOCK)
    found = "SELECT datistemplate FROM pg_database WHERE datname = $1"
    if not await connection.fetchval(found, name):
        await connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
        await connection.execute(f'CREATE DATABASE "{name}"')
        await migrate.migrate(Settings(database_url=on(server, name)))
        await connection.execute(f'ALTER DATABASE "{name}" IS_TEMPLATE true')
    await connection.close()
    return name


def _edition() -> str:
    """Changes when a migration does, and the template is then made anew."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / "migrations").glob("*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]
