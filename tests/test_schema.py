"""What is in pg_catalog is what the models declare, as PostgreSQL itself would put it."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
import servers
from tortoise.context import TortoiseContext
from tortoise.fields.relational import ForeignKeyFieldInstance
from tortoise.indexes import Index
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.migrations.operations import CreateModel
from tortoise.migrations.schema_editor import AsyncpgSchemaEditor
from tortoise.migrations.schema_generator.operation_generator import OperationGenerator
from tortoise.migrations.schema_generator.state import State
from tortoise.migrations.schema_generator.state_apps import StateApps
from tortoise.models import Model

from catalog import db, models
from catalog.models import undeclared
from catalog.settings import Settings

MODELS: list[type[Model]] = [getattr(models, name) for name in models.__all__]

# No model stands for what lists and searches read, nor for the log of changes: migrations 0003 and
# 0004 alone say what that is.
READ_MODEL = "'(listing|search|change)(_[a-z]+)?'"

COLUMNS = f"""
SELECT attrelid::regclass::text || '.' || attname AS name,
       concat_ws(' ', format_type(atttypid, atttypmod), attcollation::regcollation,
                 CASE WHEN attnotnull THEN 'NOT NULL' END,
                 CASE attgenerated WHEN 's' THEN 'STORED' ELSE 'DEFAULT' END,
                 pg_get_expr(adbin, adrelid)) AS definition
FROM pg_attribute
JOIN pg_class ON pg_class.oid = attrelid AND relkind = 'r'
    AND relnamespace = current_schema()::regnamespace AND relname <> 'tortoise_migrations'
    AND relname !~ ('^' || {READ_MODEL} || '$')
LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
WHERE attnum > 0 AND NOT attisdropped
"""

# From version 18 on, NOT NULL is a constraint as well; the columns tell it in every version.
CONSTRAINTS = f"""
SELECT conname AS name, conrelid::regclass || ' ' || pg_get_constraintdef(oid) AS definition
FROM pg_constraint
WHERE connamespace = current_schema()::regnamespace AND contype <> 'n'
    AND conrelid <> coalesce(to_regclass('tortoise_migrations'), 0)
    AND conrelid::regclass::text !~ ('^' || {READ_MODEL} || '$')
"""

INDEXES = f"""
SELECT indexname AS name, indexdef AS definition FROM pg_indexes
WHERE schemaname = current_schema() AND tablename <> 'tortoise_migrations'
    AND tablename !~ ('^' || {READ_MODEL} || '$')
"""

FUNCTIONS = """
SELECT proname AS name, pg_get_functiondef(oid) AS definition FROM pg_proc
WHERE pronamespace = current_schema()::regnamespace AND proname = 'catalog_sort_key'
"""

# A foreign key without an index that begins with its column makes deleting what it points at slow.
UNSERVED = """
SELECT conrelid::regclass || '.' || attname FROM pg_constraint
JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
WHERE contype = 'f' AND NOT EXISTS (
    SELECT FROM pg_index WHERE indrelid = conrelid AND indkey[0] = conkey[1]
        AND (indpred IS NULL OR pg_get_expr(indpred, indrelid) = '(' || attname || ' IS NOT NULL)')
)
"""

DELETING = {"CASCADE": "c", "RESTRICT": "r", "SET NULL": "n"}


@pytest.fixture(scope="module")
async def declared(server: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """A database made from the models alone, without a look at the migrations."""
    async with servers.scratch(server, template="template0") as url:
        connection = await asyncpg.connect(url)
        for extension in undeclared.EXTENSIONS:
            await connection.execute(f"CREATE EXTENSION {extension}")
        for statement in (undeclared.SORT_KEY, *await _declared_ddl(url)):
            await connection.execute(statement)
        yield connection
        await connection.close()


async def _declared_ddl(url: str) -> list[str]:
    """Tables in the order of their references, and then what CreateModel leaves out."""
    async with TortoiseContext() as context:
        await context.init(config=db.config(Settings(database_url=url)))
        assert context.apps is not None
        present = MigrationAutodetector(context.apps, db.APPS)._current_state()
        nothing = State(models={}, apps=StateApps())
        operations = OperationGenerator(nothing, present).generate()
        names = [each.name for each in operations if isinstance(each, CreateModel)]
        editor = AsyncpgSchemaEditor(context.connections.get(db.WRITER), collect_sql=True)
        for name in names:
            await editor.create_model(getattr(models, name))
        for model in MODELS:
            for constraint in model._meta.constraints:
                await editor.add_constraint(model, constraint)
    return [
        *editor.collected_sql,
        *undeclared.INDEXES.values(),
        *undeclared.CONSTRAINTS.values(),
    ]


async def facts(connection: Any, query: str) -> dict[str, str]:
    rows = await connection.fetch(query)
    return {row["name"]: row["definition"] for row in rows}


@pytest.mark.parametrize(
    "query",
    [COLUMNS, CONSTRAINTS, INDEXES, FUNCTIONS],
    ids=["columns", "constraints", "indexes", "functions"],
)
async def test_the_migrations_lead_to_what_the_models_declare(
    query: str, database: Settings, declared: Any
) -> None:
    expected = await facts(declared, query)
    assert len(expected) > (20 if query is not FUNCTIONS else 0)
    async with db.session() as connection:
        assert await facts(connection, query) == expected


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.db_table)
async def test_nothing_that_a_model_declares_is_left_out(
    model: type[Model], database: Settings
) -> None:
    meta = model._meta
    async with db.session() as connection:
        columns = await facts(connection, COLUMNS)
        indexes = await facts(connection, INDEXES)
        constraints = await facts(connection, CONSTRAINTS)
    for name, column in meta.fields_db_projection.items():
        field, definition = meta.fields_map[name], columns[f"{meta.db_table}.{column}"]
        assert ("NOT NULL" in definition) is (not field.null or field.pk or field.generated)
        assert definition.endswith(("DEFAULT", "STORED")) is not (
            field.has_db_default() or field.generated
        )
    named = {index.name for index in meta.indexes if isinstance(index, Index)}
    assert len(named) == len(meta.indexes)
    assert named <= indexes.keys()
    assert {each.name for each in meta.constraints} <= constraints.keys() | indexes.keys()


def foreign_keys() -> list[tuple[str, str, str]]:
    """Table, column and `confdeltype` of every foreign key that is declared."""
    return [
        (model._meta.db_table, f"{name}_id", DELETING[str(field.on_delete)])
        for model in MODELS
        for name, field in model._meta.fields_map.items()
        if isinstance(field, ForeignKeyFieldInstance)
    ]


async def test_every_foreign_key_is_there_and_deletes_as_declared(database: Settings) -> None:
    rows = await db.fetch(
        """
        SELECT conrelid::regclass::text, attname::text, confdeltype::text FROM pg_constraint
        JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1] WHERE contype = 'f'
        """
    )
    assert sorted(tuple(row) for row in rows) == sorted(foreign_keys())


async def test_every_foreign_key_has_an_index_that_begins_with_it(database: Settings) -> None:
    assert await db.fetch(UNSERVED) == []
