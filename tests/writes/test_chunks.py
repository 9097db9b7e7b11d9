"""Chunks: each whole or not there, whatever happens to the process that writes them."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence, Set
from pathlib import Path

import asyncpg
import pytest
from factories import attempt, lamp, lamps, load, shop

from catalog import db
from catalog.errors import Conflict
from catalog.settings import Settings
from catalog.writes import loading, products
from catalog.writes.inputs import Record
from catalog.writes.staging import Sourced

pytestmark = pytest.mark.usefixtures("clean")

STATE = """
SELECT p.slug, p.name, p.version, p.status,
    (SELECT array_agg(v.sku || v.option_key ORDER BY v.sku) FROM variant v
        WHERE v.product_id = p.id),
    (SELECT array_agg(x.amount ORDER BY x.amount) FROM price x JOIN variant v
        ON v.id = x.variant_id WHERE v.product_id = p.id),
    (SELECT count(*) FROM product_category c WHERE c.product_id = p.id),
    (SELECT count(*) FROM product_listing l WHERE l.product_id = p.id)
FROM product p ORDER BY p.slug
"""


async def state() -> list[tuple[object, ...]]:
    return [tuple(row) for row in await db.fetch(STATE)]


async def test_a_chunk_takes_the_same_statements_for_one_product_and_for_forty(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def statements(records: Sequence[Record]) -> int:
        texts: list[str] = []
        async with db.session() as connection:
            logger = lambda query: texts.append(query.query)  # noqa: E731
            connection.add_query_logger(logger)
            await load(*records)
            connection.remove_query_logger(logger)
        return len(texts)

    await load(*shop())
    assert await statements([lamp("one")]) == await statements(
        [lamp(f"many-{n}") for n in range(40)]
    )


async def test_a_load_that_was_killed_leaves_whole_chunks_and_again_completes(
    settings: Settings,
) -> None:
    size = 60
    await load(*lamps(size))
    undisturbed = await state()
    for chunks in (0, 2, 5):
        await empty()
        await killed_after(chunks, size, settings)
        left = await state()
        assert len(left) == 10 * chunks
        assert left == undisturbed[: len(left)]
        await load(*lamps(size))
        assert await state() == undisturbed


async def empty() -> None:
    async with db.unit_of_work() as connection:
        await connection.execute("TRUNCATE product, brand, category, channel CASCADE")
        await connection.execute("TRUNCATE attribute, product_type, stock_location CASCADE")


async def killed_after(chunks: int, size: int, settings: Settings) -> None:
    """Another process loads in chunks of ten, and dies in the middle of the one that follows."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(Path(__file__).with_name("dying_load.py")),
        str(chunks),
        str(size),
        env={
            **os.environ,
            "DATABASE_URL": settings.database_url or "",
            "PYTHONPATH": str(Path(__file__).parent.parent),
        },
    )
    assert await process.wait() == -signal.SIGKILL


async def test_two_loads_at_once_both_end_and_agree() -> None:
    await load(*shop())
    one = [lamp(f"lamp-{n}") for n in range(30)]
    outcomes = await asyncio.gather(
        *(attempt(*records) for records in (one, one[::-1])), return_exceptions=True
    )
    assert all(not isinstance(o, BaseException) or isinstance(o, Conflict) for o in outcomes)
    repeated = await load(*one)
    assert repeated.counts["product"].created + repeated.counts["product"].unchanged == 30
    assert len(await state()) == 30


async def test_readers_never_see_half_a_chunk() -> None:
    await load(*shop())
    task = asyncio.create_task(load(*(lamp(f"lamp-{n}") for n in range(300))))
    seen = set()
    while not task.done():
        rows = await db.fetch("SELECT (SELECT count(*) FROM product), (SELECT count(*) FROM price)")
        seen.add(tuple(rows[0]))
    await task
    assert seen <= {(0, 0), (300, 600)}


async def test_a_reader_that_fails_leaves_nothing_behind() -> None:
    async def batches() -> AsyncIterator[Sequence[Sourced]]:
        yield [Sourced(record, 1) for record in shop()]
        raise OSError("the file is gone")

    with pytest.raises(OSError, match="gone"):
        await loading.load(batches())
    assert await db.fetch("SELECT FROM channel") == []
    assert (await load(*shop())).counts["channel"].created == 2


async def test_a_slug_taken_meanwhile_is_a_conflict_to_repeat(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    await load(*shop())
    write = products.write_chunk

    async def meanwhile(connection: db.Connection, chunk: int, filled: Set[str]) -> None:
        other = await asyncpg.connect(settings.database_url)
        await other.execute(
            "INSERT INTO product (product_type_id, name, slug, external_id)"
            " VALUES (1, 'Foreign', 'desk-lamp', 'theirs')"
        )
        await other.close()
        await write(connection, chunk, filled)

    monkeypatch.setattr(products, "write_chunk", meanwhile)
    with pytest.raises(Conflict, match="product_slug_key"):
        await load(lamp(external_id="mine"))
    assert [row["name"] for row in await db.fetch("SELECT name FROM product")] == ["Foreign"]
