"""Whoever writes whatever by plain SQL: the read model of lists says what the tables say."""

import asyncio
import re
from collections.abc import AsyncIterator
from importlib import import_module
from typing import TypeAlias

import asyncpg
import pytest
from factories import lamp, lamps, load
from shelves import build, shelf

from catalog import db
from catalog.settings import Settings
from catalog.writes import deletion, generate, listing

Psql: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

MIGRATION = import_module("migrations.0003_listing")

# Each changes something that is listed or searched, beginning with the same shop.
CHANGES = {
    "product": [
        "UPDATE product SET name = 'Neu ' || id",
        "UPDATE product SET status = 'draft' WHERE status = 'active'",
        "UPDATE product SET brand_id = 2",
        "UPDATE product SET description = 'Handmade from driftwood'",
        "UPDATE product SET created_at = now()",
        "UPDATE product SET deleted_at = now() WHERE id < 4",
        "UPDATE product SET deleted_at = NULL",
        "DELETE FROM product WHERE id IN (5, 6)",
        """INSERT INTO product (id, product_type_id, name, slug)
        VALUES (7, 1, 'Renamed', 'x'), (501, 1, 'Inserted', 'p501')
        ON CONFLICT (id) DO UPDATE SET name = excluded.name""",
        """WITH made AS (
            INSERT INTO product (id, product_type_id, name, slug, status)
            SELECT n, 1, 'Made ' || n, 'made-' || n, 'active' FROM generate_series(601, 603) AS n
            RETURNING id
        ), varied AS (
            INSERT INTO variant (id, product_id, sku)
            SELECT id, id, 'S' || id FROM made RETURNING id
        ), listed AS (
            INSERT INTO product_listing (product_id, channel_id) SELECT id, 1 FROM made
        )
        INSERT INTO price (variant_id, currency, amount) SELECT id, 'EUR', 7 FROM varied""",
        """MERGE INTO product AS p USING (VALUES (601), (602), (604)) AS new (id) ON p.id = new.id
        WHEN MATCHED AND new.id = 601 THEN DELETE
        WHEN MATCHED THEN UPDATE SET name = 'Merged'
        WHEN NOT MATCHED THEN INSERT (id, product_type_id, name, slug)
            VALUES (new.id, 1, 'By merge', 'by-merge')""",
    ],
    "variant": [
        "UPDATE variant SET sku = 'new-' || id",
        "UPDATE variant SET barcode = '4006381333931' WHERE id = 1",
        "UPDATE variant SET backorder = NOT backorder",
        "UPDATE variant SET tracked = NOT tracked",
        "UPDATE variant SET deleted_at = now() WHERE id < 9 AND deleted_at IS NULL",
        "UPDATE variant SET deleted_at = NULL",
        "DELETE FROM variant WHERE id % 2 = 0",
        "INSERT INTO variant (id, product_id, sku) SELECT 700 + id, id, 'q' || id FROM product",
    ],
    "product_listing": [
        "UPDATE product_listing SET published_from = now(), published_until = NULL",
        "UPDATE product_listing SET purchasable_from = now() + interval '1 day'",
        "UPDATE product_listing SET channel_id = 3 - channel_id"
        " WHERE product_id IN (SELECT product_id FROM product_listing GROUP BY 1"
        " HAVING count(*) = 1)",
        "DELETE FROM product_listing WHERE channel_id = 1",
        "INSERT INTO product_listing (product_id, channel_id) SELECT id, 1 FROM product",
    ],
    "product_category": [
        "DELETE FROM product_category WHERE category_id < 3",
        "UPDATE product_category SET category_id = 1 WHERE category_id = 3 OR category_id = 4",
        "INSERT INTO product_category (product_id, category_id) SELECT id, 2 FROM product",
    ],
    "collection_product": [
        "DELETE FROM collection_product WHERE collection_id = 1",
        "UPDATE collection_product SET collection_id = 1",
        "INSERT INTO collection_product (product_id, collection_id) SELECT id, 2 FROM product",
    ],
    "price": [
        "UPDATE price SET amount = amount + 1",
        "UPDATE price SET valid_until = '2020-01-01'"
        " WHERE id % 3 = 0 AND valid_from IS NULL AND valid_until IS NULL",
        "DELETE FROM price WHERE channel_id = 1",
        "INSERT INTO price (variant_id, channel_id, currency, amount)"
        " SELECT id, 1, 'EUR', 3 FROM variant",
        "UPDATE price SET min_quantity = 2 WHERE amount = 3",
    ],
    "stock_level": [
        "UPDATE stock_level SET on_hand = 9 - on_hand, reserved = 3",
        "DELETE FROM stock_level WHERE location_id = 1",
        "UPDATE stock_level SET location_id = 1 WHERE location_id = 3",
        "INSERT INTO stock_level (variant_id, location_id, on_hand)"
        " SELECT id, 1, 50 FROM variant ON CONFLICT (variant_id, location_id)"
        " DO UPDATE SET on_hand = 50",
    ],
    "attribute": [
        "UPDATE attribute SET searchable = true",
        "UPDATE attribute SET deleted_at = now() WHERE code = 'color'",
        "UPDATE attribute SET deleted_at = NULL",
        "WITH gone AS (DELETE FROM attribute_value WHERE attribute_id = 6)"
        " UPDATE attribute SET searchable = false WHERE code = 'fresh'",
        "DELETE FROM attribute_value WHERE attribute_id = 1",
    ],
    "attribute_option": [
        "UPDATE attribute_option SET label = 'Scarlet' WHERE code = 'red'",
        "UPDATE attribute_option SET label = 'Navy' WHERE code = 'blue'",
    ],
    "attribute_value": [
        "UPDATE attribute_value SET text = 'birch' WHERE text IS NOT NULL",
        "DELETE FROM attribute_value WHERE option_id = 4",
        "UPDATE attribute_value SET option_id = 4 WHERE option_id = 5",
        "INSERT INTO attribute_value (product_id, attribute_id, option_id)"
        " SELECT id, 2, 5 FROM product",
    ],
    "brand": [
        "UPDATE brand SET name = 'Other ' || id",
        "UPDATE brand SET deleted_at = now() WHERE id = 1",
        "UPDATE brand SET deleted_at = NULL",
    ],
    "category": [
        "UPDATE category SET name = 'Section ' || id",
        "UPDATE category SET published = NOT published",
        "UPDATE category SET deleted_at = now() WHERE published",
        "UPDATE category SET deleted_at = NULL",
        "DELETE FROM category WHERE id = 3",
    ],
    "stock_location_channel": [
        "DELETE FROM stock_location_channel WHERE channel_id = 1",
        "INSERT INTO stock_location_channel (location_id, channel_id) VALUES (1, 1), (2, 2)",
        "UPDATE stock_location_channel SET channel_id = 1 WHERE location_id = 2 AND channel_id = 2",
    ],
    "stock_location": [
        "UPDATE stock_location SET deleted_at = now() WHERE id = 1",
        "UPDATE stock_location SET deleted_at = NULL",
        "DELETE FROM stock_location WHERE id = 1",
    ],
    "channel": [
        "UPDATE channel SET currencies = '{EUR}' WHERE code = 'eu'",
        "INSERT INTO channel (id, code, name, default_currency, currencies, default_locale,"
        " locales) VALUES (9, 'uk', 'UK', 'GBP', '{GBP}', 'en', '{en}')",
        "UPDATE channel SET deleted_at = now() WHERE code = 'us'",
        "UPDATE channel SET deleted_at = NULL",
        "DELETE FROM channel WHERE code = 'uk'",
    ],
    "translation": [
        "INSERT INTO translation (kind, entity_id, locale, name)"
        " SELECT 'product', id, 'fr', 'Lampe ' || id FROM product",
        "UPDATE translation SET name = 'Leuchte' WHERE locale = 'fr'",
        "UPDATE translation SET locale = 'it' WHERE locale = 'fr' AND entity_id < 5",
        "INSERT INTO translation (kind, entity_id, locale, name) VALUES"
        " ('brand', 1, 'fr', 'Marque'), ('brand', 2, 'it', 'Marca'),"
        " ('category', 1, 'fr', 'Rayon'), ('option', 2, 'fr', 'Bleu')",
        "UPDATE translation SET name = 'Rayon deux' WHERE kind = 'category'",
        "UPDATE translation SET deleted_at = now() WHERE kind = 'product' AND entity_id < 8",
        "DELETE FROM translation WHERE kind = 'brand'",
        "DELETE FROM translation",
    ],
}

TABLES = ("listing", "listing_variant", "search_text")


async def told() -> list[str]:
    """All that the read model says."""
    return [
        (await db.fetch(f"SELECT md5(string_agg(t::text, ';' ORDER BY t::text)) FROM {table} t"))[
            0
        ][0]
        for table in TABLES
    ]


async def connect(settings: Settings) -> Psql:
    return await asyncpg.connect(settings.database_url)


@pytest.fixture
async def psql(
    database: Settings,
) -> AsyncIterator[Psql]:
    """Somebody who knows nothing of us; the shop is filled."""
    await build(shelf(2))
    async with db.unit_of_work() as mine:
        await mine.execute(
            "UPDATE attribute SET searchable = true WHERE code IN ('color', 'label')"
        )
    connection = await connect(database)
    yield connection
    await connection.close()


def test_every_watched_table_is_written_to_in_these_tests() -> None:
    assert CHANGES.keys() == MIGRATION.WATCHED.keys()


@pytest.mark.parametrize("table", CHANGES)
async def test_plain_sql_is_followed(psql: Psql, table: str) -> None:
    if table == "attribute":
        await psql.execute("UPDATE attribute SET searchable = false")
    for statement in CHANGES[table]:
        before = await told()
        await psql.execute(statement)

        assert await listing.check() == (), statement
        assert await told() != before, f"{statement} changes nothing: no test"


async def test_a_copy_is_followed(psql: Psql) -> None:
    await psql.copy_records_to_table(
        "product",
        records=[(800 + n, 1, f"Copied {n}", f"copied-{n}", "active") for n in range(30)],
        columns=["id", "product_type_id", "name", "slug", "status"],
    )
    await psql.copy_records_to_table(
        "variant",
        records=[(800 + n, 800 + n, f"copied{n}") for n in range(30)],
        columns=["id", "product_id", "sku"],
    )
    await psql.copy_records_to_table(
        "price",
        records=[(800 + n, "EUR", 5) for n in range(30)],
        columns=["variant_id", "currency", "amount"],
    )

    assert await listing.check() == ()
    listed = await db.fetch("SELECT count(*) FROM listing WHERE product_id >= 800 AND price = 5")
    assert listed[0][0] == 30


async def test_tables_may_be_emptied_one_after_the_other(
    psql: Psql,
) -> None:
    leaves_first = [
        *("translation", "attribute_value", "price", "stock_level", "stock_location_channel"),
        *("product_category", "collection_product", "product_listing", "variant"),
    ]
    for table in [*leaves_first, *(each for each in CHANGES if each not in leaves_first)]:
        await psql.execute(f"TRUNCATE {table} CASCADE")
        assert await listing.check() == (), table
    assert (await db.fetch("SELECT count(*) FROM listing"))[0][0] == 0


async def test_what_is_undone_leaves_nothing(psql: Psql) -> None:
    before = await told()
    transaction = psql.transaction()
    await transaction.start()
    for statement in CHANGES["product"]:
        await psql.execute(statement)
    await transaction.rollback()

    assert await told() == before
    assert await listing.check() == ()


async def test_every_watched_table_has_its_four_triggers(database: Settings) -> None:
    rows = await db.fetch(
        """SELECT tgrelid::regclass::text AS name, tgtype, tgenabled FROM pg_trigger
        WHERE NOT tgisinternal AND tgname ~ '^listing_'"""
    )
    events = {4: "INSERT", 8: "DELETE", 16: "UPDATE", 32: "TRUNCATE"}
    found: dict[str, set[str]] = {}
    for row in rows:
        assert row["tgenabled"] == b"O"
        found.setdefault(row["name"], set()).add(events[row["tgtype"]])

    assert found == {table: set(events.values()) for table in MIGRATION.WATCHED}


async def test_whatever_the_read_model_is_made_of_is_watched(database: Settings) -> None:
    rows = await db.fetch(
        """SELECT proname, prosrc FROM pg_proc
        WHERE proname IN ('catalog_variants_listed', 'catalog_products_listed', 'catalog_texts')"""
    )
    tables = {row[0] for row in await db.fetch("SELECT relname FROM pg_class WHERE relkind = 'r'")}

    assert len(rows) == 3
    for row in rows:
        read = set(re.findall(r"\b(?:FROM|JOIN)\s+(\w+)", row["prosrc"])) & tables
        assert read - {"listing_variant"} <= MIGRATION.WATCHED.keys(), row["proname"]


async def test_more_than_thousands_at_once_are_followed_in_time(database: Settings) -> None:
    await build(shelf(1))
    async with db.unit_of_work() as connection:
        await connection.execute(
            """INSERT INTO product (id, product_type_id, brand_id, name, slug, status)
            SELECT n, 1, 1, 'Many', 'many-' || n, 'active' FROM generate_series(1001, 3100) AS n"""
        )
        due = await connection.fetchval("SELECT count(*) FROM listing_due")

    assert due == 2100
    assert await listing.check() == ()
    assert (await db.fetch("SELECT count(*) FROM listing_due"))[0][0] == 0


async def test_our_own_writes_are_followed(clean: None) -> None:
    await load(*lamps(6))
    assert await listing.check() == ()
    await load(lamp("lamp-0003", name="Renamed", categories=("home",)))
    assert await listing.check() == ()
    for noun, id in (("product", 1), ("product", 2), ("variant", 7), ("channel", 2)):
        await deletion.delete(noun, id)
        assert await listing.check() == (), noun
    for noun, id in (("product", 1), ("channel", 2)):
        await deletion.restore(noun, id)
        assert await listing.check() == (), noun


async def test_a_generated_catalog_is_listed(clean: None) -> None:
    await generate.generate(products=60, seed=3)

    assert await listing.check() == ()
    assert (await db.fetch("SELECT count(DISTINCT product_id) FROM listing"))[0][0] == 60


async def test_what_a_rebuild_makes_is_what_was_there(
    psql: Psql,
) -> None:
    await psql.execute("DELETE FROM listing_later")
    before = await told()
    await psql.execute("DELETE FROM listing; DELETE FROM listing_variant; DELETE FROM search_text")

    assert len(await listing.check()) > 5
    assert await listing.rebuild() == len(shelf(2))
    assert await told() == before
    assert await listing.check() == ()


async def test_a_moment_that_comes_is_followed(psql: Psql) -> None:
    """A reduced price that begins and ends, and a day from which something can be had."""
    await psql.execute("DELETE FROM price; DELETE FROM product WHERE id <> 1; DELETE FROM variant")
    await psql.execute("UPDATE product SET status = 'active'")
    await psql.execute(
        "INSERT INTO variant (id, product_id, sku, tracked) VALUES (1, 1, 'a', false)"
    )
    await psql.execute("DELETE FROM product_listing")
    await psql.execute(
        "INSERT INTO product_listing (product_id, channel_id, purchasable_from)"
        " VALUES (1, 1, now() + interval '400 ms')"
    )
    await psql.execute(
        """INSERT INTO price (variant_id, currency, amount, valid_from, valid_until) VALUES
        (1, 'EUR', 20, NULL, NULL),
        (1, 'EUR', 15, now() + interval '400 ms', now() + interval '1200 ms')"""
    )
    assert await _now(psql) == (20, False)

    await asyncio.sleep(0.5)
    await _ticked()
    assert await _now(psql) == (15, True)

    await asyncio.sleep(0.8)
    await _ticked()
    await psql.execute("DELETE FROM listing_later")
    assert await _now(psql) == (20, True)
    assert await psql.fetchval("SELECT count(*) FROM listing WHERE next_change_at IS NOT NULL") == 0
    assert await listing.tick() == 0


async def _now(psql: Psql) -> tuple[object, bool]:
    row = await psql.fetchrow(
        "SELECT price, available FROM listing WHERE channel_id = 1 AND currency = 'EUR'"
    )
    assert row is not None
    return row["price"], row["available"]


async def _ticked() -> None:
    while await listing.tick():
        pass


async def test_rows_are_made_without_reading_all_that_there_is(database: Settings) -> None:
    """Whatever replaces these functions has to say so again (migrations 0006 and 0007)."""
    rows = await db.fetch(
        "SELECT proname FROM pg_proc WHERE proname IN ('catalog_list', 'catalog_index')"
        " AND 'enable_mergejoin=off' = ANY (proconfig)"
    )

    assert {row["proname"] for row in rows} == {"catalog_list", "catalog_index"}
