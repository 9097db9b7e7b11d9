"""Is everything there that the catalog needs? Each finding says what to do where it is not."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from catalog import db, dsn, migrate
from catalog.errors import Unavailable
from catalog.models.undeclared import EXTENSIONS
from catalog.settings import Settings

SERVER = """
SELECT current_setting('server_version_num')::int / 10000 AS version,
       current_setting('server_version') AS full_version,
       current_setting('max_connections')::int
           - current_setting('superuser_reserved_connections')::int AS connections,
       (SELECT array_agg(extname::text) FROM pg_extension) AS installed,
       (SELECT array_agg(name::text) FROM pg_available_extensions) AS available
"""

LOWEST, HIGHEST = 15, 18


@dataclass(frozen=True, slots=True)
class Finding:
    """`fix` is None where all is well."""

    what: str
    fix: str | None = None


async def findings(settings: Settings) -> AsyncIterator[Finding]:
    """In the order in which one would repair them."""
    try:
        async with db.connected(settings):
            [server] = await db.fetch(SERVER)
    except Unavailable as error:
        yield Finding(f"The database does not answer: {error.__cause__}", fix=_reaching(settings))
        return
    yield _version(server)
    for name in EXTENSIONS:
        yield _extension(name, server)
    yield _connections(settings, server)
    missing = await migrate.pending(settings)
    yield Finding(
        f"Migrations to apply: {', '.join(missing) or 'none'}",
        fix="run catalog migrate" if missing else None,
    )


def _reaching(settings: Settings) -> str:
    target = dsn.parse(str(settings.database_url))
    return (
        f"check that PostgreSQL runs at {target.host}, port {target.port}, and that DATABASE_URL"
        f" has the right user, password, database and sslmode (now {target.sslmode})"
    )


def _version(server: db.Record) -> Finding:
    what = f"PostgreSQL {server['full_version']}"
    if LOWEST <= server["version"] <= HIGHEST:
        return Finding(what)
    return Finding(what, fix=f"use PostgreSQL {LOWEST} to {HIGHEST}")


def _extension(name: str, server: db.Record) -> Finding:
    if name in (server["installed"] or ()):
        return Finding(f"Extension {name}")
    if name in (server["available"] or ()):
        return Finding(f"Extension {name}, which the first migration will create")
    return Finding(
        f"Extension {name} is missing",
        fix="install PostgreSQL's contrib package, or have your platform allow the extension",
    )


def _connections(settings: Settings, server: db.Record) -> Finding:
    """One a process is its job's. A fifth is left to migrations, workers, imports and people."""
    per_process = settings.database_read_pool + settings.database_write_pool + 2
    wanted, allowed = per_process * settings.web_concurrency, int(server["connections"] * 0.8)
    what = f"Connections: {wanted} of {server['connections']}"
    if wanted <= allowed:
        return Finding(what)
    return Finding(
        what, fix=f"lower DATABASE_READ_POOL or WEB_CONCURRENCY until at most {allowed} are wanted"
    )
