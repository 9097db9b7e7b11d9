"""Two at once: what lists read is what both have written, whoever came first."""

import asyncio
from collections.abc import AsyncIterator
from typing import TypeAlias

import asyncpg
import pytest
from shelves import build, shelf

from catalog import db
from catalog.settings import Settings
from catalog.writes import listing

Psql: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
Two: TypeAlias = tuple[Psql, Psql]

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE pid = $1 AND wait_event_type = 'Lock'"

# Published, or nothing would be known of its words.
INSERT = """
WITH made AS (
    INSERT INTO product (id, product_type_id, brand_id, name, slug, status)
    VALUES ({id}, 1, 1, '{name}', 'p{id}', 'active') RETURNING id
)
INSERT INTO product_listing (product_id, channel_id)
SELECT made.id, (SELECT min(id) FROM channel) FROM made
"""


@pytest.fixture
async def two(database: Settings) -> AsyncIterator[Two]:
    await build(shelf(2))
    await settled()
    connections = [await asyncpg.connect(database.database_url) for _ in range(2)]
    yield connections[0], connections[1]
    for connection in connections:
        await connection.close()


async def settled() -> tuple[int, ...]:
    """What differs once nobody is waited for: any transaction of the whole server that had begun
    may be that of a product's writer."""
    async with asyncio.timeout(60):
        while (await db.fetch("SELECT count(*) FROM listing_later"))[0][0]:
            await listing.tick()
            await asyncio.sleep(0.02)
    return await listing.check()


async def overlapping(two: Two, one: list[str], other: list[str]) -> None:
    """The first writes and does not yet say so when the second begins."""
    first, second = two
    async with first.transaction():
        for statement in one:
            await first.execute(statement)
        task = asyncio.create_task(_all(second, other))
        await _waits_or_is_done(second, task)
    await task


async def _all(connection: Psql, statements: list[str]) -> None:
    async with connection.transaction():
        for statement in statements:
            await connection.execute(statement)


async def _waits_or_is_done(connection: Psql, task: "asyncio.Task[None]") -> None:
    pid = connection.get_server_pid()
    while not task.done() and not (await db.fetch(WAITING, pid))[0][0]:
        await asyncio.wait([task], timeout=0.01)


PRICE = "UPDATE price SET amount = amount + 100"
CATEGORY = "UPDATE product_category SET category_id = 7 WHERE category_id = 1"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([PRICE], [CATEGORY]),
        ([CATEGORY], [PRICE]),
        ([PRICE], ["UPDATE stock_level SET on_hand = 0"]),
        (["UPDATE product SET status = 'draft'"], [PRICE]),
        (["UPDATE variant SET deleted_at = now() WHERE id < 5"], [PRICE]),
        (["DELETE FROM product WHERE id < 5"], [PRICE]),
        ([PRICE], ["DELETE FROM product WHERE id < 5"]),
        (["UPDATE product SET name = 'Zebra wood'"], ["UPDATE variant SET sku = 'z' || id"]),
        (["UPDATE brand SET name = 'Renamed'"], ["UPDATE product SET name = 'Zebra'"]),
        (["UPDATE product SET name = 'Zebra'"], ["UPDATE category SET name = 'Renamed'"]),
    ],
)
async def test_parts_of_one_product_changed_at_once_are_all_listed(
    two: Two, one: list[str], other: list[str]
) -> None:
    await overlapping(two, one, other)

    assert await settled() == ()


async def test_two_who_bring_the_same_new_words_wait_for_one_another_only(two: Two) -> None:
    await overlapping(
        two,
        [INSERT.format(id=901, name="zebra quagga okapi")],
        [INSERT.format(id=902, name="okapi quagga zebra")],
    )

    words = await db.fetch(
        "SELECT count(*) FROM search_word WHERE word IN ('zebra', 'quagga', 'okapi')"
    )
    assert words[0][0] == 3
    assert await settled() == ()


async def test_a_word_whose_first_writer_gave_up_is_there_by_the_second(two: Two) -> None:
    first, second = two
    transaction = first.transaction()
    await transaction.start()
    await first.execute(INSERT.format(id=901, name="zebra"))
    task = asyncio.create_task(_all(second, [INSERT.format(id=902, name="zebra")]))
    await _waits_or_is_done(second, task)
    await transaction.rollback()
    await task

    assert (await db.fetch("SELECT count(*) FROM search_word WHERE word = 'zebra'"))[0][0] == 1


@pytest.mark.parametrize(
    "changed",
    [
        "UPDATE brand SET name = 'Renamed'",
        "UPDATE category SET name = 'Renamed'",
        "UPDATE attribute SET searchable = true",
        "UPDATE attribute_option SET label = 'Renamed'",
        "UPDATE stock_location SET deleted_at = now()",
        "UPDATE stock_location_channel SET channel_id = 2 WHERE location_id = 2",
        "UPDATE channel SET currencies = currencies || '{GBP}'",
        "INSERT INTO translation (kind, entity_id, locale, name) VALUES ('brand', 1, 'fr', 'M')",
    ],
)
@pytest.mark.parametrize("product_first", [True, False])
async def test_a_new_product_and_a_change_of_what_it_hangs_on(
    two: Two, changed: str, product_first: bool
) -> None:
    """Neither sees the other's row until both are done."""
    product = [
        INSERT.format(id=901, name="new"),
        "INSERT INTO translation (kind, entity_id, locale, name)"
        " VALUES ('product', 901, 'fr', 'n')",
        "INSERT INTO variant (id, product_id) VALUES (901, 901)",
        "INSERT INTO stock_level (variant_id, location_id, on_hand) SELECT 901, id, 9"
        " FROM stock_location WHERE id < 3",
        "INSERT INTO product_category (product_id, category_id) VALUES (901, 1)",
        "INSERT INTO attribute_value (product_id, attribute_id, option_id) VALUES (901, 1, 1)",
    ]
    await overlapping(two, *((product, [changed]) if product_first else ([changed], product)))

    assert await settled() == ()


async def test_who_looks_too_early_leaves_it_to_the_next(two: Two) -> None:
    """The product's writer goes on while the brand's name is followed."""
    first, second = two
    async with first.transaction():
        await first.execute(INSERT.format(id=901, name="new"))
        await second.execute("UPDATE brand SET name = 'Renamed'")
        for _ in range(3):
            await listing.tick()

    assert await settled() == ()
    found = await db.fetch(
        "SELECT FROM search_text WHERE document @@ 'renamed' AND product_id = 901"
    )
    assert len(found) == 1
    assert (await db.fetch("SELECT count(*) FROM listing_later"))[0][0] == 0


async def test_one_sweep_at_a_time_does_the_work(two: Two) -> None:
    first, _ = two
    await first.execute("INSERT INTO listing_due SELECT id FROM product")
    async with first.transaction():
        await first.execute(f"SELECT pg_advisory_xact_lock({listing.LOCK})")
        assert await listing.tick() == 0

    done = await asyncio.gather(*(listing.tick() for _ in range(3)))
    assert max(done) == sum(done) == len(shelf(2))
