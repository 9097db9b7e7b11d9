"""The rows that lists and searches read (`listing`, `listing_variant`, `search_text`), kept true.

PostgreSQL makes them (`catalog_list` and `catalog_index` of migration 0003): by triggers for any
statement; for our own loads, which take many statements to a product, once a unit of work.
"""

from collections.abc import AsyncIterator, Callable
from typing import Final

from catalog import db
from catalog.db import Connection

TABLES: Final = ("listing", "listing_variant", "search_text", "search_word")

# Triggers of this transaction wait for whoever said so to call the functions himself.
HOLD: Final = "SELECT set_config('catalog.listing', 'off', true)"
RELEASE: Final = "SELECT set_config('catalog.listing', '', true)"

# Of the chunk that has been written, what has really changed.
LIST_CHUNK: Final = """
SELECT catalog_list(ids), catalog_index(ids)
FROM (SELECT array_agg(id) AS ids FROM stage_product WHERE chunk = $1 AND (fresh OR changed)) t
"""

# Of variants whose prices or stock were written alone.
LIST_OFFERS: Final = """
SELECT catalog_list(array_agg(DISTINCT v.product_id))
FROM stage_touched AS w JOIN variant AS v ON v.id = w.id WHERE w.kind = 'variant'
"""

# "listing" in ASCII, cut to seven bytes: whoever holds it makes rows anew, the others need not.
LOCK: Final = int.from_bytes(b"listing")
MOST: Final = 500
CHUNK: Final = 1_000

# Served by listing_due_pkey and listing_change_idx.
_ANY = """
SELECT EXISTS (SELECT FROM listing WHERE next_change_at <= now())
    OR EXISTS (SELECT FROM listing_due)
    OR EXISTS (
        SELECT FROM listing_later
        WHERE horizon IS NULL OR horizon <= pg_snapshot_xmin(pg_current_snapshot())
    )
"""
_DUE = f"""
SELECT array_agg(DISTINCT product_id) FROM (
    (SELECT product_id FROM listing WHERE next_change_at <= now() LIMIT {MOST})
    UNION ALL
    (SELECT product_id FROM listing_due LIMIT {MOST})
) AS due
"""

MAKE: Final = "SELECT catalog_list($1), catalog_index($1)"


async def tick() -> int:
    """Makes anew what a moment has changed that has come (a publication, a price's window), what
    was too much for whoever caused it, and what two have changed at once; returns how much that
    was, about 1,000 products at most, and 0 when there is nothing to do.

    Any number of processes may call this at any time; one of them does the work.
    """
    async with db.unit_of_work(told=False) as connection:
        if not await connection.fetchval(_ANY) or not await connection.fetchval(_ALONE, LOCK):
            return 0
        if await connection.fetchval("SELECT catalog_followed()"):
            return 1
        ids = await connection.fetchval(_DUE)
        if not ids:
            return 0
        # First, as writers do who then want their rows of `listing_due`.
        await connection.fetch(_HELD, ids)
        await connection.fetch("DELETE FROM listing_due WHERE product_id = ANY ($1)", ids)
        await connection.fetch(MAKE, ids)
        return len(ids)


_HELD = "SELECT FROM product WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE"
_ALONE = "SELECT pg_try_advisory_xact_lock($1)"

Progress = Callable[[int, int], None]


async def rebuild(progress: Progress = lambda done, total: None) -> int:
    """All rows anew, a thousand products a transaction; returns how many products there are."""
    async with db.session() as connection:
        await connection.execute("DELETE FROM search_word")
        total = await connection.fetchval("SELECT count(*) FROM product")
        done = 0
        async for ids in _chunks(connection):
            async with db.unit_of_work():
                await connection.fetch(MAKE, ids)
                await connection.fetch("DELETE FROM listing_due WHERE product_id = ANY ($1)", ids)
            done += len(ids)
            progress(done, total)
        await connection.execute(f"ANALYZE {', '.join(TABLES)}")
    return done


async def _chunks(connection: Connection) -> AsyncIterator[list[int]]:
    """Ids of all products, deleted ones too: those have no rows."""
    last = 0
    while ids := await connection.fetchval(_CHUNK, last):
        yield ids
        last = ids[-1]


_CHUNK = f"""
SELECT array_agg(id ORDER BY id)
FROM (SELECT id FROM product WHERE id > $1 ORDER BY id LIMIT {CHUNK}) AS chunk
"""

# What the tables hold of these products, and what they should.
_COMPARED = {
    "listing": "catalog_products_listed($1, now())",
    "listing_variant": "catalog_variants_listed($1, now())",
    "search_text": "catalog_documents($1)",
}
_DIFFERENT = """
SELECT product_id FROM (
    (SELECT * FROM {table} WHERE product_id = ANY ($1) EXCEPT SELECT * FROM {made})
    UNION ALL
    (SELECT * FROM {made} EXCEPT SELECT * FROM {table} WHERE product_id = ANY ($1))
) AS different
UNION SELECT product_id FROM listing_due WHERE product_id = ANY ($1)
"""
_ORPHANS = """
SELECT product_id FROM listing AS l WHERE NOT EXISTS (SELECT FROM product WHERE id = l.product_id)
UNION SELECT product_id FROM listing_variant AS l
WHERE NOT EXISTS (SELECT FROM product WHERE id = l.product_id)
UNION SELECT product_id FROM search_text AS l
WHERE NOT EXISTS (SELECT FROM product WHERE id = l.product_id)
"""


async def check(progress: Progress = lambda done, total: None) -> tuple[int, ...]:
    """Ids of products whose rows are not what they should be, or are yet to be made."""
    while await tick():
        pass
    async with db.unit_of_work() as connection:
        # As the functions do that make the rows (migration 0006).
        await connection.execute("SET LOCAL enable_mergejoin = off")
        total = await connection.fetchval("SELECT count(*) FROM product")
        different = {row[0] for row in await connection.fetch(_ORPHANS)}
        done = 0
        async for ids in _chunks(connection):
            for table, made in _COMPARED.items():
                rows = await connection.fetch(_DIFFERENT.format(table=table, made=made), ids)
                different |= {row[0] for row in rows}
            done += len(ids)
            progress(done, total)
    return tuple(sorted(different))
