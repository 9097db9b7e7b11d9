"""Every rule of the schema, broken once with plain SQL: the database itself refuses."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import asyncpg
import pytest
import rows
from test_schema import MODELS, foreign_keys
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

from catalog import db
from catalog.models import undeclared
from catalog.settings import Settings

if TYPE_CHECKING:
    from catalog.db import Connection

# Rows 1 to 4 stand in every table, and 5 to 8 where others refer to them; row 9 is the one that
# breaks a rule. It refers to the latter, so that it breaks no other rule by the way.
STANDING, FREE, BREAKING = (1, 2, 3, 4), (5, 6, 7, 8), 9
REFERRED_TO = {
    "api_token", "attribute", "attribute_option", "category", "channel", "collection", "import_job",
    "media", "product", "product_type", "stock_location", "variant", "webhook", "brand",
}  # fmt: skip

REFERENCES = {(table, column) for table, column, _ in foreign_keys()}

UNIQUES = {
    constraint.name: (model._meta.db_table, constraint)
    for model in MODELS
    for constraint in model._meta.constraints
    if isinstance(constraint, UniqueConstraint) and constraint.name
}

LIVE = {name for name, (_, key) in UNIQUES.items() if key.condition == "deleted_at IS NULL"}

RULES = {
    **{
        constraint.name: model._meta.db_table
        for model in MODELS
        for constraint in model._meta.constraints
        if isinstance(constraint, CheckConstraint) or constraint.name in rows.BROKEN
    },
    **{
        name: sql.split(" ON " if "INDEX" in sql else "TABLE ")[1].split()[0]
        for name, sql in {**undeclared.INDEXES, **undeclared.CONSTRAINTS}.items()
        if "CREATE INDEX" not in sql
    },
}

REQUIRED = [
    (model._meta.db_table, column)
    for model in MODELS
    for name, column in model._meta.fields_db_projection.items()
    if not model._meta.fields_map[name].null and not model._meta.fields_map[name].generated
]


def standing(table: str, number: int) -> dict[str, str]:
    values = {"id": "{n}", **rows.VALID[table]}
    return {column: value.format(n=number) for column, value in values.items()}


def breaking(table: str, changes: Mapping[str, str]) -> dict[str, str]:
    """A valid row with those changes; a change may name another column of the row."""
    values = standing(table, BREAKING)
    others = map(str, FREE)
    for column in values:
        if (table, column) in REFERENCES:
            values[column] = next(others)
    changed = {column: value.format(n=BREAKING) for column, value in changes.items()}
    return values | {column: values.get(value, value) for column, value in changed.items()}


def insert(table: str, values: Mapping[str, str]) -> str:
    return f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join(values.values())})"


@pytest.fixture(scope="module")
async def shop(database: Settings) -> AsyncIterator["Connection"]:
    """Four valid rows in every table, gone when the module is done."""
    async with db.session() as connection, undone(connection):
        await connection.execute("SET LOCAL session_replication_role = replica")
        for table in rows.VALID:
            await connection.execute(f"DELETE FROM {table}")
            for number in STANDING + FREE * (table in REFERRED_TO):
                await connection.execute(insert(table, standing(table, number)))
        await connection.execute("SET LOCAL session_replication_role = origin")
        yield connection


@asynccontextmanager
async def undone(connection: "Connection") -> AsyncIterator[None]:
    """Afterwards all is as it was."""
    transaction = connection.transaction()
    await transaction.start()
    try:
        yield
    finally:
        await transaction.rollback()


async def refusal(connection: "Connection", *statements: str) -> asyncpg.PostgresError:
    """What the last of the statements is refused with."""
    async with undone(connection):
        for statement in statements[:-1]:
            await connection.execute(statement)
        with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refused:
            await connection.execute(statements[-1])
    return refused.value


def test_there_is_a_valid_row_of_every_table() -> None:
    assert rows.VALID.keys() == {model._meta.db_table for model in MODELS}


def test_no_rule_is_left_out_and_none_is_made_up() -> None:
    assert rows.BROKEN.keys() == RULES.keys()


@pytest.mark.parametrize("table", rows.VALID)
async def test_the_row_that_the_changes_are_made_to_is_valid(
    table: str, shop: "Connection"
) -> None:
    async with undone(shop):
        await shop.execute(insert(table, breaking(table, {})))


@pytest.mark.parametrize("name", sorted(RULES))
async def test_a_rule_refuses_what_breaks_it(name: str, shop: "Connection") -> None:
    table = RULES[name]
    before = (rows.BEFORE[name],) if name in rows.BEFORE else ()
    statement = insert(table, breaking(table, rows.BROKEN[name]))
    assert (await refusal(shop, *before, statement)).constraint_name == name


@pytest.mark.parametrize("name", sorted(UNIQUES.keys() - rows.BROKEN.keys()))
async def test_a_key_belongs_to_one_row(name: str, shop: "Connection") -> None:
    table, constraint = UNIQUES[name]
    first = standing(table, 1)
    keys = {column: first.get(column, "'same'") for column in constraint.fields}
    marked = f"UPDATE {table} SET {', '.join(f'{c} = {v}' for c, v in keys.items())} WHERE id = 1"
    refused = await refusal(shop, marked, insert(table, breaking(table, keys)))
    assert isinstance(refused, asyncpg.UniqueViolationError)
    assert refused.constraint_name == name


@pytest.mark.parametrize(
    "name",
    sorted(
        name for name, (_, unique) in UNIQUES.items() if unique.condition == "deleted_at IS NULL"
    ),
)
async def test_a_deleted_row_frees_its_key(name: str, shop: "Connection") -> None:
    table, constraint = UNIQUES[name]
    first = standing(table, 1)
    keys = {column: first.get(column, "'same'") for column in constraint.fields}
    async with undone(shop):
        await shop.execute(f"UPDATE {table} SET deleted_at = now() WHERE id = 1")
        await shop.execute(insert(table, breaking(table, keys)))


@pytest.mark.parametrize(("table", "column"), sorted(REFERENCES))
async def test_a_reference_must_lead_somewhere(table: str, column: str, shop: "Connection") -> None:
    changes = {column: "0", **rows.ALONE.get(f"{table}.{column}", {})}
    refused = await refusal(shop, insert(table, breaking(table, changes)))
    assert isinstance(refused, asyncpg.ForeignKeyViolationError)
    assert refused.constraint_name == f"{table}_{column}_fkey"


@pytest.mark.parametrize(("table", "column"), REQUIRED)
async def test_a_required_column_is_never_null(table: str, column: str, shop: "Connection") -> None:
    refused = await refusal(shop, insert(table, breaking(table, {column: "NULL"})))
    assert isinstance(refused, asyncpg.NotNullViolationError)
    assert refused.column_name == column
