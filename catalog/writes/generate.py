"""A synthetic catalog of any size, written by COPY straight into the tables.

What products refer to goes through the load, as a file's would; rows of products do not, because
half a million of them are wanted in minutes. Each chunk is a unit of work.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

from catalog import db
from catalog.errors import BadRequest, Conflict
from catalog.writes import listing, loading
from catalog.writes.staging import Sourced
from catalog.writes.synthetic import records, rows
from catalog.writes.synthetic.records import Size
from catalog.writes.synthetic.rows import Known, World
from catalog.writes.synthetic.vocabulary import AXES, POOL, TYPES, Attribute

PICTURES = Path(__file__).parents[1] / "sample" / "media"

FILLED = "SELECT EXISTS (SELECT FROM product) OR EXISTS (SELECT FROM channel)"

# The ids are ours from here on, whoever else inserts meanwhile.
RESERVE = """
SELECT setval(s.name, nextval(s.name) + $2 - 1) - $2 + 1
FROM (SELECT pg_get_serial_sequence($1, 'id') AS name) s
"""

BY_CODE = "SELECT code AS key, id FROM {table} WHERE code = ANY ($1) AND deleted_at IS NULL"
BY_SLUG = "SELECT slug AS key, id FROM {table} WHERE slug = ANY ($1) AND deleted_at IS NULL"
ATTRIBUTE = "SELECT id, kind FROM attribute WHERE code = $1 AND deleted_at IS NULL"
OPTIONS = "SELECT code AS key, id FROM attribute_option WHERE attribute_id = $1"

_CHOICES = {"select", "multiselect"}

Progress = Callable[[int, int], None]


async def generate(
    *,
    products: int,
    seed: int,
    add: bool = False,
    progress: Progress = lambda done, total: None,
) -> dict[str, int]:
    """How many rows each table has got. Refuses a database that has products or channels, unless
    it is to `add` to them."""
    if products < 1:
        raise BadRequest("at least one product must be asked for", path=("products",))
    async with db.session() as connection:
        if not add and await connection.fetchval(FILLED):
            raise Conflict("the database is not empty; --add adds to what is there")
        size = Size(products)
        await _write_records(size)
        world = await _world(connection, size, seed=seed)
        counts = await _write_products(connection, world, progress)
        # Plans for the empty tables would last until autovacuum comes by.
        written = (*rows.COLUMNS, *listing.TABLES, "category", "brand")
        await connection.execute(f"VACUUM (ANALYZE) {', '.join(written)}")
    return counts


async def _write_records(size: Size) -> None:
    outcome = await loading.load(_numbered(size))
    if not outcome.written:
        problem = outcome.errors[0]
        raise Conflict(f"what is there is in the way: {problem.value} {problem.message}")


async def _numbered(size: Size) -> AsyncIterator[Sequence[Sourced]]:
    yield [Sourced(record, line) for line, record in enumerate(records.records(size), 1)]


async def _world(connection: db.Connection, size: Size, *, seed: int) -> World:
    attributes = {
        attribute.code: await _known(connection, attribute) for attribute in (*AXES, *POOL)
    }
    types = await _ids(connection, BY_CODE, "product_type", [kind.code for kind in TYPES])
    leaves = await _ids(
        connection, BY_SLUG, "category", [records.leaf_slug(n) for n in range(size.levels[-1])]
    )
    collections = [records.collection_slug(n) for n in range(size.collections)]
    brands = [records.code(records.brand_name(n)) for n in range(size.brands)]
    return World(
        seed=seed,
        size=size,
        channels=await _ids(connection, BY_CODE, "channel", ["eu", "us"]),
        locations=await _ids(connection, BY_CODE, "stock_location", ["central", "outlet"]),
        types=[
            (id, [attributes[code] for code in kind.attributes])
            for id, kind in zip(types, TYPES, strict=True)
        ],
        color=attributes["color"],
        measure=attributes["size"],
        brands=await _ids(connection, BY_SLUG, "brand", brands),
        leaves=leaves,
        weights=rows.weights(len(leaves)),
        collected=rows.collected(
            seed, size, await _ids(connection, BY_SLUG, "collection", collections)
        ),
        pictures=[f"/media/{file.name}" for file in sorted(PICTURES.glob("*.svg"))],
        first_product=await connection.fetchval(RESERVE, "product", size.products),
        first_variant=await connection.fetchval(RESERVE, "variant", size.products * rows.VARIANTS),
        first_media=await connection.fetchval(RESERVE, "media", size.products * rows.MEDIA),
    )


async def _ids(
    connection: db.Connection, sql: str, table: str, keys: Sequence[str]
) -> Sequence[int]:
    """In the order of the keys."""
    found = await connection.fetch(sql.format(table=table), keys)
    by_key = {row["key"]: row["id"] for row in found}
    return [by_key[key] for key in keys]


async def _known(connection: db.Connection, attribute: Attribute) -> Known:
    (found,) = await connection.fetch(ATTRIBUTE, attribute.code)
    if not {found["kind"], attribute.kind} <= _CHOICES and found["kind"] != attribute.kind:
        raise Conflict(f"attribute {attribute.code} is there, and is no {attribute.kind}")
    options = {row["key"]: row["id"] for row in await connection.fetch(OPTIONS, found["id"])}
    return Known(
        found["id"], attribute, tuple(options[records.code(label)] for label in attribute.options)
    )


async def _write_products(
    connection: db.Connection, world: World, progress: Progress
) -> dict[str, int]:
    """A chunk is made in a thread while the one before it is written."""
    counts = dict.fromkeys(rows.COLUMNS, 0)
    total = world.size.products
    coming = asyncio.create_task(asyncio.to_thread(rows.make, world, 0))
    for start in range(0, total, rows.CHUNK):
        made = await coming
        if start + rows.CHUNK < total:
            coming = asyncio.create_task(asyncio.to_thread(rows.make, world, start + rows.CHUNK))
        async with db.unit_of_work():
            # A crash may lose the last chunks, which a catalog that was made up can bear.
            await connection.execute("SET LOCAL synchronous_commit = off")
            await connection.fetch(listing.HOLD)
            for table, records_ in made.items():
                await connection.copy_records_to_table(
                    table, records=records_, columns=rows.COLUMNS[table]
                )
                counts[table] += len(records_)
            await connection.fetch(listing.MAKE, [row[0] for row in made["product"]])
        progress(min(start + rows.CHUNK, total), total)
    return counts
