"""The schema brought to where the code expects it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from tortoise.connection import get_connection
from tortoise.context import TortoiseContext
from tortoise.exceptions import OperationalError
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.migrations.executor import MigrationExecutor, MigrationTarget
from tortoise.migrations.schema_editor import AsyncpgSchemaEditor
from tortoise.transactions import in_transaction

from catalog import db
from catalog.errors import Unavailable
from catalog.settings import Settings

APP = "catalog"
LATEST, NOTHING = "__latest__", "__first__"

# For `tortoise makemigrations`, which looks at the models and the migrations only.
OFFLINE = {
    "connections": {db.WRITER: {"engine": "tortoise.backends.asyncpg", "credentials": {}}},
    "apps": db.APPS,
}

# "catalog migrations" in ASCII, cut to eight bytes: whoever holds it migrates, the others wait.
LOCK = int.from_bytes(b"catalogm")

# Waiting for another migration may take as long as that one takes; waiting for a table that a
# request holds may not, because every later request would queue up behind the migration.
PATIENCE = "15min"


# Whatever was kept of answers was read from another schema.
EVERYTHING_CHANGED = """
DO $$ BEGIN
    IF to_regclass('change_log') IS NOT NULL THEN
        INSERT INTO change_log (kind, op, ids, tags) VALUES ('schema', 'update', '{}', '{*}');
    END IF;
END $$
"""


async def migrate(settings: Settings, *, target: str = LATEST) -> tuple[str, ...]:
    """Names of the migrations that were applied (or taken back), in that order; none: up to date.

    Everything happens in one transaction that begins with an advisory lock, so any number of
    processes may call this at once, and one that dies leaves nothing half done.
    """
    done: list[str] = []
    try:
        async with _pools(settings), in_transaction(db.WRITER) as connection:
            await connection.execute_script(
                f"SET LOCAL lock_timeout = '{PATIENCE}';"
                f"SELECT pg_advisory_xact_lock({LOCK});"
                f"SET LOCAL lock_timeout = '{settings.database_lock_timeout}s'"
            )
            executor = MigrationExecutor(connection, db.APPS)
            # Asking for its table while it is missing would end the transaction.
            await executor.recorder.ensure_schema(AsyncpgSchemaEditor(connection))
            await executor.migrate(
                [MigrationTarget(APP, target)],
                progress=lambda event, _, name: done.append(name) if "done" in event else None,
            )
            if target == LATEST:
                await connection.execute_script(_base_locale(settings))
            if done:
                await connection.execute_script(EVERYTHING_CHANGED)
    except asyncpg.LockNotAvailableError as error:
        raise Unavailable(
            "another session kept a lock for too long, so nothing was migrated; try again"
        ) from error
    except OperationalError as error:
        raise Unavailable("PostgreSQL refused a migration, so nothing was migrated") from error
    return tuple(done)


def _base_locale(settings: Settings) -> str:
    """Texts of the rows are searched in CATALOG_LOCALE. Where that is another one by now, all of
    them are indexed anew by and by."""
    locale = settings.catalog_locale.replace("'", "")
    return f"""
        DO $do$ BEGIN
            IF catalog_base_locale() <> '{locale}' THEN
                CREATE OR REPLACE FUNCTION catalog_base_locale() RETURNS text
                LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT '{locale}' $$;
                INSERT INTO listing_due SELECT id FROM product WHERE deleted_at IS NULL
                ON CONFLICT DO NOTHING;
            END IF;
        END $do$"""


async def pending(settings: Settings) -> tuple[str, ...]:
    """Names of the migrations that the database has yet to see."""
    async with _pools(settings):
        plan = await MigrationExecutor(get_connection(db.WRITER), db.APPS).plan()
    return tuple(step.migration.name for step in plan)


@asynccontextmanager
async def _pools(settings: Settings) -> AsyncIterator[None]:
    """Of its own, without a limit on statements; `Unavailable` where nobody answers."""
    async with TortoiseContext() as context:
        await context.init(config=db.config(settings, statement_timeout=0))
        with db.answering():
            await get_connection(db.WRITER).execute_query("SELECT")
        yield


async def undeclared() -> tuple[str, ...]:
    """What the models say and no migration does yet."""
    async with TortoiseContext() as context:
        await context.init(config=OFFLINE, init_connections=False)
        assert context.apps is not None
        writers = await MigrationAutodetector(context.apps, db.APPS).changes()
    return tuple(operation.describe() for writer in writers for operation in writer.operations)
