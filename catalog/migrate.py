"""The schema brought to where the code expects it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import asyncpg
from tortoise.backends.base.client import TransactionalDBClient
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


async def migrate(settings: Settings, *, target: str = LATEST) -> tuple[str, ...]:
    """Names of the migrations that were applied (or taken back), in that order; none: up to date.

    Everything happens in one transaction that begins with an advisory lock, so any number of
    processes may call this at once, and one that dies leaves nothing half done.
    """
    async with _connection(settings) as connection:
        done: list[str] = []
        await connection.execute_script(
            f"SET LOCAL lock_timeout = '{PATIENCE}';"
            f"SELECT pg_advisory_xact_lock({LOCK});"
            f"SET LOCAL lock_timeout = '{settings.database_lock_timeout}s'"
        )
        try:
            await (await _executor(connection)).migrate(
                [MigrationTarget(APP, target)],
                progress=lambda event, _, name: done.append(name) if "done" in event else None,
            )
        except asyncpg.LockNotAvailableError as error:
            raise Unavailable(
                "a table stayed locked by another session, so nothing was migrated; try again"
            ) from error
        return tuple(done)


async def pending(settings: Settings) -> tuple[str, ...]:
    """Names of the migrations that the database has yet to see."""
    async with _connection(settings) as connection:
        plan = await (await _executor(connection)).plan()
        return tuple(step.migration.name for step in plan)


@asynccontextmanager
async def _connection(settings: Settings) -> AsyncIterator[TransactionalDBClient]:
    """A transaction without a limit on its statements, on pools of its own."""
    async with TortoiseContext() as context:
        await context.init(config=db.config(settings, statement_timeout=0))
        async with AsyncExitStack() as stack:
            with db.answering():
                connection = await stack.enter_async_context(in_transaction(db.WRITER))
            yield connection


async def _executor(connection: TransactionalDBClient) -> MigrationExecutor:
    executor = MigrationExecutor(connection, db.APPS)
    # Asking for its table while it is missing would end the transaction.
    await executor.recorder.ensure_schema(AsyncpgSchemaEditor(connection))
    return executor


async def undeclared() -> tuple[str, ...]:
    """What the models say and no migration does yet."""
    async with TortoiseContext() as context:
        await context.init(config=OFFLINE, init_connections=False)
        assert context.apps is not None
        writers = await MigrationAutodetector(context.apps, db.APPS).changes()
    return tuple(operation.describe() for writer in writers for operation in writer.operations)
