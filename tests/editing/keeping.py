"""What the database holds, before and after."""

import json
from contextlib import aclosing
from typing import get_args

from catalog import db
from catalog.context import Principal
from catalog.editing import Noun
from catalog.files import exporting
from catalog.files.exporting import Export
from catalog.reads import contexts
from catalog.reads.stored import Record, one

READER = Principal(scopes=frozenset({"catalog:read"}))

NOUNS: tuple[Noun, ...] = get_args(Noun)

# One of each, as `shelves` has them, by slug, code or SKU; what may go without anything before it.
ONE_OF_EACH: dict[Noun, str] = {
    "product": "desk-lamp",
    "variant": "desk-red",
    "category": "outlet",
    "collection": "favourites",
    "brand": "noctis",
    "attribute": "finish",
    "product_type": "sofa",
    "channel": "outlet",
    "stock_location": "attic",
}

_TABLES = """
SELECT tablename FROM pg_tables
WHERE schemaname = current_schema() AND tablename <> 'tortoise_migrations' ORDER BY tablename
"""


_KEYS = {
    "variant": "sku",
    "attribute": "code",
    "product_type": "code",
    "channel": "code",
    "stock_location": "code",
}


async def id_of(noun: Noun, key: str) -> int:
    column = _KEYS.get(noun, "slug")
    rows = await db.fetch(
        f"SELECT id FROM {noun} WHERE {column} = $1 ORDER BY deleted_at NULLS FIRST", key
    )
    id: int = rows[0]["id"]
    return id


async def one_of(noun: Noun) -> int:
    return await id_of(noun, ONE_OF_EACH[noun])


async def stored(noun: Noun, id: int) -> Record | None:
    return await one.by_id(await contexts.resolve(READER), noun, id)


async def exported() -> list[Record]:
    """The whole catalog, as our own NDJSON has it."""
    export = Export(await exporting.context(READER))
    async with aclosing(exporting.pieces("ndjson", export)) as pieces:
        lines = b"".join([piece async for piece in pieces]).splitlines()
    return [json.loads(line) for line in lines]


async def execute(sql: str, *args: object) -> None:
    """A change that no load makes."""
    async with db.unit_of_work() as connection:
        await connection.execute(sql, *args)


async def every_row() -> dict[str, list[str]]:
    """All rows of all tables."""
    async with db.snapshot():
        return {
            table: sorted(
                row["row"]
                for row in await db.fetch(f"SELECT to_jsonb(t)::text AS row FROM {table} t")
            )
            for (table,) in await db.fetch(_TABLES)
        }


async def version(noun: Noun, id: int) -> int:
    rows = await db.fetch(f"SELECT version FROM {noun} WHERE id = $1", id)
    found: int = rows[0]["version"]
    return found


def text(record: Record | None) -> str:
    return json.dumps(record, indent=1)
