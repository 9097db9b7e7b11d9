"""The schema brought to where the code expects it."""

import asyncpg
from tortoise.connection import get_connection
from tortoise.context import TortoiseContext
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.migrations.executor import MigrationExecutor, MigrationTarget
from tortoise.migrations.schema_editor import AsyncpgSchemaEditor
from tortoise.transactions import in_transaction

from catalog import db
from catalog.errors import Unavailable
from catalog.settings import Settings

APP = "catalog"
LATEST, NOTHING = "__latest__", "__first__"

# "catalog migrations" in ASCII, cut to eight bytes: whoever holds it migrates, the others wait.
LOCK = int.from_bytes(b"catalogm")

# Waiting for another migration may take as long as that one takes; waiting for a table that a
# request holds may not, because every later request would queue up behind the migration.
PATIENCE = "15min"


async def migrate(settings: Settings, *, target: str = LATEST) -> tuple[str, ...]:
    """Names of the migrations that were applied (or taken back), in that order; none: up to date.

    Everything happens in one transaction that begins with an advisory lock, so any number of
    processes may call this at once, and one that dies leaves nothing half done.
    """
    config = db.config(settings, statement_timeout=0)
    done: list[str] = []
    async with TortoiseContext() as context:
        await context.init(config=config)
        try:
            async with in_transaction(db.WRITER) as connection:
                await connection.execute_script(
                    f"SET LOCAL lock_timeout = '{PATIENCE}';"
                    f"SELECT pg_advisory_xact_lock({LOCK});"
                    f"SET LOCAL lock_timeout = '{settings.database_lock_timeout}s'"
                )
                executor = MigrationExecutor(connection, config["apps"])
                # Asking for the table while it is missing would end the transaction.
                await executor.recorder.ensure_schema(AsyncpgSchemaEditor(connection))
                await executor.migrate(
                    [MigrationTarget(APP, target)],
                    progress=lambda event, _, name: (
                        done.append(name) if event.endswith("_done") else None
                    ),
                )
        except asyncpg.LockNotAvailableError as error:
            raise Unavailable(
                "a table stayed locked by another session, so nothing was migrated; try again"
            ) from error
    return tuple(done)


async def pending(settings: Settings) -> tuple[str, ...]:
    """Names of the migrations that the database has yet to see."""
    config = db.config(settings)
    async with TortoiseContext() as context:
        await context.init(config=config)
        plan = await MigrationExecutor(get_connection(db.WRITER), config["apps"]).plan()
    return tuple(step.migration.name for step in plan)


async def undeclared(settings: Settings) -> tuple[str, ...]:
    """What the models say and no migration does yet; needs no database."""
    config = db.config(settings)
    async with TortoiseContext() as context:
        await context.init(config=config, init_connections=False)
        assert context.apps is not None
        writers = await MigrationAutodetector(context.apps, config["apps"]).changes()
    return tuple(operation.describe() for writer in writers for operation in writer.operations)
