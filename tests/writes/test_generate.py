"""A synthetic catalog: as many of everything as was asked, sound, visible, and again the same."""

from itertools import pairwise

import asyncpg
import httpx
import pytest

from catalog import db
from catalog.errors import Conflict
from catalog.settings import Settings
from catalog.writes import generate, gtin
from catalog.writes.synthetic import rows
from catalog.writes.synthetic.records import Size

pytestmark = pytest.mark.usefixtures("clean")

# What a seed decides; the moment of writing is no part of it.
CONTENT = {
    "product": "id, slug, name, description, status, tags, brand_id, created_at, updated_at",
    "variant": "id, product_id, sku, gtin, option_key, weight, tracked, backorder",
    "price": "variant_id, currency, amount, compare_at",
    "stock_level": "variant_id, location_id, on_hand, reserved, incoming",
    "attribute_value": "product_id, variant_id, attribute_id, option_id, number, text, boolean",
    "media": "id, url, alt",
    "product_category": "product_id, category_id, is_primary",
    "product_listing": "product_id, channel_id, published_from, published_until",
    "category": "id, path, slug, name",
}

# A product whose values are not the type's, or whose key says other options than it has.
STRAY_VALUES = """
SELECT count(*) FROM attribute_value v
JOIN product p ON p.id = v.product_id
LEFT JOIN product_type_attribute a
    ON a.product_type_id = p.product_type_id AND a.attribute_id = v.attribute_id
WHERE a.level IS DISTINCT FROM 'product'
"""
WRONG_KEYS = """
SELECT count(*) FROM variant v WHERE v.option_key <> (
    SELECT string_agg(a.code || '=' || o.code, ';' ORDER BY a.code) FROM attribute_value x
    JOIN attribute a ON a.id = x.attribute_id JOIN attribute_option o ON o.id = x.option_id
    WHERE x.variant_id = v.id
)
"""
NEXT_PRODUCT = """
INSERT INTO product (product_type_id, name, slug)
SELECT id, 'Next', 'next' FROM product_type LIMIT 1
"""


async def count(sql: str) -> int:
    return int((await db.fetch(sql))[0][0])


async def digests() -> dict[str, str]:
    return {
        table: (
            await db.fetch(
                f"SELECT md5(string_agg(t::text, '' ORDER BY t::text)) "
                f"FROM (SELECT {columns} FROM {table}) t"
            )
        )[0][0]
        for table, columns in CONTENT.items()
    }


async def test_there_is_as_much_of_everything_as_was_asked() -> None:
    counts = await generate.generate(products=200, seed=1)

    assert counts["product"] == await count("SELECT count(*) FROM product") == 200
    assert counts["variant"] == await count("SELECT count(*) FROM variant") == 800
    assert counts["price"] == await count("SELECT count(*) FROM price") == 1600
    assert counts["media"] == await count("SELECT count(*) FROM product_media") == 600
    assert await count("SELECT count(*) FROM attribute_value WHERE product_id IS NOT NULL") == 1000


async def test_what_refers_to_each_other_agrees() -> None:
    await generate.generate(products=200, seed=1)

    assert await count(STRAY_VALUES) == 0
    assert await count(WRONG_KEYS) == 0
    rows = await db.fetch("SELECT barcode, gtin FROM variant")
    assert all(gtin.normalise(row["barcode"]) == row["gtin"] for row in rows)


async def test_the_same_seed_gives_the_same_catalog(database: Settings) -> None:
    await generate.generate(products=120, seed=7)
    first = await digests()
    await empty()
    await generate.generate(products=120, seed=7)
    assert await digests() == first

    await empty()
    await generate.generate(products=120, seed=8)
    assert (await digests())["product"] != first["product"]


async def empty() -> None:
    async with db.unit_of_work() as connection:
        await connection.execute(
            "TRUNCATE channel, brand, attribute, product_type, category, collection, product,"
            " media, stock_location RESTART IDENTITY CASCADE"
        )


async def test_a_catalog_that_is_there_is_only_added_to_when_asked() -> None:
    await generate.generate(products=30, seed=1)
    with pytest.raises(Conflict, match="not empty"):
        await generate.generate(products=30, seed=1)
    assert await count("SELECT count(*) FROM product") == 30

    await generate.generate(products=30, seed=1, add=True)
    assert await count("SELECT count(*) FROM product") == 60


async def test_an_attribute_of_another_kind_is_in_the_way() -> None:
    async with db.unit_of_work() as connection:
        await connection.execute(
            "INSERT INTO attribute (code, name, kind) VALUES ('power', 'Power', 'text')"
        )
    with pytest.raises(Conflict, match="power is there, and is no number"):
        await generate.generate(products=30, seed=1)
    assert await count("SELECT count(*) FROM product") == 0


async def test_the_next_product_gets_the_next_id() -> None:
    await generate.generate(products=30, seed=1)
    async with db.unit_of_work() as connection:
        await connection.execute(NEXT_PRODUCT)
    assert await count("SELECT id FROM product WHERE slug = 'next'") == 31


def test_categories_are_few_and_large_or_many_and_small() -> None:
    weights = rows.weights(Size(50_000).levels[-1])
    shares = [b - a for a, b in pairwise([0, *weights])]
    sizes = [round(50_000 * share / weights[-1]) for share in shares]
    assert sizes[0] == pytest.approx(2_500, rel=0.1)
    assert 125 in sizes


async def test_both_faces_show_it_to_everybody(client: httpx.AsyncClient) -> None:
    await generate.generate(products=60, seed=1)

    rest = (await client.get("/v1/products", params={"include": "variants,media"})).json()
    assert len(rest["items"]) == 24
    query = "{ products(first: 24) { nodes { slug available priceRange { min { amount } } } } }"
    graphql = (await client.post("/graphql", json={"query": query})).json()
    nodes = graphql["data"]["products"]["nodes"]
    assert [node["slug"] for node in nodes] == [item["slug"] for item in rest["items"]]
    assert all(node["priceRange"] for node in nodes)


async def test_a_database_that_fails_midway_keeps_whole_chunks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with db.unit_of_work() as connection:
        await connection.execute(
            "ALTER TABLE stock_level ADD CONSTRAINT none_for_the_last CHECK (variant_id <= 4000)"
        )
    try:
        with pytest.raises(asyncpg.CheckViolationError):
            await generate.generate(products=1_500, seed=1)
    finally:
        async with db.unit_of_work() as connection:
            await connection.execute("ALTER TABLE stock_level DROP CONSTRAINT none_for_the_last")
    assert await count("SELECT count(*) FROM product") == 1_000
    assert await count("SELECT count(*) FROM stock_level") == 4_000
