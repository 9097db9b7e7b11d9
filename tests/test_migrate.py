"""The schema: applied, applied again, taken back, and complete."""

import asyncio
import sys
from collections.abc import AsyncIterator

import asyncpg
import pytest
import servers

from catalog import migrate
from catalog.errors import Unavailable
from catalog.settings import Settings

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"


@pytest.fixture
async def empty(server: str) -> AsyncIterator[Settings]:
    """A database with nothing in it."""
    async with servers.scratch(server, template="template0") as url:
        yield Settings(database_url=url)


@pytest.fixture
async def migrated(server: str) -> AsyncIterator[Settings]:
    """A database of the test's own that is up to date, copied from one that was migrated."""
    async with servers.scratch(server, template=await servers.template(server)) as url:
        yield Settings(database_url=url)


async def tables(settings: Settings) -> list[str]:
    connection = await asyncpg.connect(settings.database_url)
    rows = await connection.fetch(TABLES)
    await connection.close()
    return [row["tablename"] for row in rows]


async def test_a_second_run_has_nothing_to_do(empty: Settings) -> None:
    missing = await migrate.pending(empty)
    assert await tables(empty) == []
    assert await migrate.migrate(empty) == missing
    assert await migrate.migrate(empty) == ()
    assert await migrate.pending(empty) == ()


async def test_everything_can_be_taken_back_and_applied_again(migrated: Settings) -> None:
    first = await tables(migrated)
    await migrate.migrate(migrated, target=migrate.NOTHING)
    assert await tables(migrated) == ["tortoise_migrations"]
    await migrate.migrate(migrated)
    assert await tables(migrated) == first


async def test_a_table_that_stays_locked_leaves_everything_as_it_was(migrated: Settings) -> None:
    first = await tables(migrated)
    holder = await asyncpg.connect(migrated.database_url)
    async with holder.transaction():
        await holder.execute("LOCK TABLE product")
        hurried = migrated.model_copy(update={"database_lock_timeout": 0.1})
        with pytest.raises(Unavailable, match="nothing was migrated"):
            await migrate.migrate(hurried, target=migrate.NOTHING)
    await holder.close()
    assert await tables(migrated) == first
    assert await migrate.pending(migrated) == ()


async def test_what_postgresql_refuses_is_told_and_taken_back(empty: Settings) -> None:
    holder = await asyncpg.connect(empty.database_url)
    await holder.execute("CREATE TABLE webhook_delivery ()")
    await holder.close()
    with pytest.raises(Unavailable, match="nothing was migrated") as refusal:
        await migrate.migrate(empty)
    assert "already exists" in str(refusal.value.__cause__)
    assert await tables(empty) == ["webhook_delivery"]


async def test_the_models_say_nothing_that_no_migration_does() -> None:
    assert await migrate.undeclared() == ()


async def test_processes_that_migrate_at_once_wait_for_the_first(empty: Settings) -> None:
    script = (
        "import asyncio, sys; from catalog import migrate; from catalog.settings import Settings;"
        "print(len(asyncio.run(migrate.migrate(Settings(database_url=sys.argv[1])))))"
    )

    async def run() -> int:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", script, str(empty.database_url), stdout=asyncio.subprocess.PIPE
        )
        output, _ = await process.communicate()
        assert process.returncode == 0
        return int(output)

    assert sorted(await asyncio.gather(run(), run(), run())) == [0, 0, len(servers.MIGRATIONS)]
