"""How PostgreSQL answers reads on a catalog of 5,000 products: by index, never row by row through a
whole table."""

import json
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import servers
from asking import anyone, by, staff

from catalog import db
from catalog.context import Context
from catalog.paging import Paging
from catalog.reads import (
    attributes,
    brands,
    categories,
    collections,
    facets,
    media,
    prices,
    products,
    query,
    stock,
    suggestions,
    variants,
)
from catalog.reads.filters import ProductWhere, VariantIs
from catalog.settings import Settings
from catalog.writes import generate

LARGE = {
    "attribute_value",
    "listing",
    "listing_variant",
    "media",
    "price",
    "product",
    "product_category",
    "product_listing",
    "product_media",
    "search_text",
    "stock_level",
    "translation",
    "variant",
}

FIRST = Paging(first=24)

Read = Callable[[], Awaitable[object]]


@dataclass(frozen=True)
class Plan:
    """Which tables are read as a whole, which indexes are used, whether rows are asked about one by
    one."""

    scanned: frozenset[str]
    indexes: frozenset[str]
    row_by_row: bool


@pytest.fixture(scope="module")
async def catalog(database: Settings) -> None:
    await servers.empty()
    await generate.generate(products=5000, seed=1)
    async with db.session() as connection:
        await connection.execute("UPDATE attribute SET filterable = true WHERE kind = 'text'")
        await connection.execute(
            """INSERT INTO translation (kind, entity_id, locale, name, slug)
            SELECT 'product', id, 'de', 'Name ' || id, 'slug-' || id FROM product"""
        )
        await connection.execute(
            """INSERT INTO slug_history (kind, locale, slug, entity_id)
            SELECT 'product', '', 'former-' || id, id FROM product"""
        )
        await connection.execute(
            """INSERT INTO variant_media (variant_id, media_id)
            SELECT variant.id, media_id FROM variant JOIN product_media USING (product_id)
            WHERE product_media.position = 0"""
        )
        await connection.execute("VACUUM (ANALYZE)")


async def plan_of(read: Read, monkeypatch: pytest.MonkeyPatch) -> Plan:
    """Of all that the read asks: a list, and before it what its question refers to."""
    made: list[tuple[str, tuple[object, ...]]] = []

    async def noting(sql: str, *args: object) -> list[db.Record]:
        made.append((sql, args))
        return await db.fetch(sql, *args)

    with monkeypatch.context() as patch:
        patch.setattr(query, "db", _With(noting))
        await read()
    nodes = [node for sql, args in made for node in await _explained(sql, *args)]
    return Plan(
        scanned=frozenset(n["Relation Name"] for n in nodes if n["Node Type"] == "Seq Scan"),
        indexes=frozenset(n["Index Name"] for n in nodes if "Index Name" in n),
        row_by_row=any(n.get("Parent Relationship") == "SubPlan" for n in nodes),
    )


async def _explained(sql: str, *args: object) -> list[dict[str, Any]]:
    rows = await db.fetch(f"EXPLAIN (FORMAT JSON) {sql}", *args)
    return list(_nodes(json.loads(rows[0][0])[0]["Plan"]))


@dataclass(frozen=True)
class _With:
    """`catalog.db` as far as `query` uses it."""

    fetch: Callable[..., Awaitable[list[db.Record]]]

    @property
    def fetch_once(self) -> Callable[..., Awaitable[list[db.Record]]]:
        return self.fetch


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from _nodes(child)


@dataclass(frozen=True)
class Known:
    """What is asked for: a page of products, their variants, a category, a brand."""

    products: list[int]
    variants: list[int]
    leaf: int
    brand: int
    cursors: dict[str, str | None]


@pytest.fixture(scope="module")
async def known(catalog: None) -> Known:
    ctx = await anyone()
    ids = [product.id for product in (await products.page(ctx, paging=FIRST)).items]
    of_products = await variants.by_product_ids(ctx, ids)
    leaves = await db.fetch(
        """SELECT category_id FROM product_category
        GROUP BY category_id ORDER BY count(*), category_id LIMIT 1"""
    )
    rare = await db.fetch(
        "SELECT brand_id FROM product GROUP BY brand_id ORDER BY count(*), brand_id LIMIT 1"
    )
    cursors = {}
    for order in ("newest", "name", "price", "-price", "-updated"):
        page = await products.page(ctx, order=order, paging=Paging(first=100))
        cursors[order] = page.end_cursor
    for order in ("position", "sku"):
        listed = await variants.page(ctx, order=order, paging=Paging(first=100))
        cursors[f"variants by {order}"] = listed.end_cursor
    return Known(
        products=ids,
        variants=[variant.id for page in of_products.values() for variant in page.items],
        leaf=leaves[0]["category_id"],
        brand=rare[0]["brand_id"],
        cursors=cursors,
    )


def batches(ctx: Context, known: Known) -> dict[str, tuple[Read, set[str]]]:
    """Each batch, and the indexes that must serve it."""
    of, by_id = known.products, known.variants
    return {
        "products": (
            lambda: products.by_ids(ctx, of),
            {"product_pkey", "product_listing_product_id_channel_id_key"},
        ),
        "variants": (lambda: variants.by_ids(ctx, by_id), {"variant_pkey"}),
        "variants of products": (
            lambda: variants.by_product_ids(ctx, of, first=4),
            {"variant_product_id_position_id_idx"},
        ),
        "how many variants": (lambda: variants.counts_by_product_ids(ctx, of), set()),
        "axes": (lambda: variants.options_by_ids(ctx, by_id), {"attribute_value_variant_key"}),
        "values of products": (
            lambda: attributes.values_by_product_ids(ctx, of),
            {"attribute_value_product_key"},
        ),
        "pictures": (
            lambda: media.by_ids(ctx, list(range(1, 25))),
            {"media_pkey", "product_media_media_id_idx", "variant_media_media_id_idx"},
        ),
        "pictures of products": (
            lambda: media.by_product_ids(ctx, of, first=1),
            {"product_media_product_id_media_id_key", "media_pkey"},
        ),
        "pictures of variants": (
            lambda: media.by_variant_ids(ctx, by_id),
            {"variant_media_variant_id_media_id_key"},
        ),
        "prices": (lambda: prices.by_variant_ids(ctx, by_id), set()),
        "effective prices": (lambda: prices.effective_by_variant_ids(ctx, by_id), set()),
        "price ranges": (
            lambda: prices.range_by_product_ids(ctx, of),
            {"variant_product_id_position_id_idx"},
        ),
        "availability of variants": (
            lambda: stock.available_by_variant_ids(ctx, by_id),
            {"variant_pkey", "stock_level_variant_id_location_id_key"},
        ),
        "availability of products": (
            lambda: stock.available_by_product_ids(ctx, of),
            {"variant_product_id_position_id_idx", "stock_level_variant_id_location_id_key"},
        ),
        "categories of products": (
            lambda: categories.by_product_ids(ctx, of),
            {"product_category_product_id_category_id_key"},
        ),
        "collections of products": (lambda: collections.by_product_ids(ctx, of), set()),
        "brands": (lambda: brands.by_ids(ctx, list(range(1, 25))), set()),
    }


async def test_batches_read_no_large_table_as_a_whole(
    known: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    for ctx in (await anyone(), await anyone(locale="de")):
        for name, (read, indexes) in batches(ctx, known).items():
            plan = await plan_of(read, monkeypatch)
            assert not plan.scanned & LARGE, (name, plan.scanned)
            assert indexes <= plan.indexes, (name, plan.indexes)


async def test_texts_in_another_language_come_by_index(
    known: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    ctx = await anyone(locale="de")

    plan = await plan_of(lambda: products.by_ids(ctx, known.products), monkeypatch)

    assert "translation_kind_entity_id_locale_key" in plan.indexes


@pytest.mark.parametrize(
    ("order", "index"),
    [
        ("newest", "listing_newest_idx"),
        ("name", "listing_name_idx"),
        ("price", "listing_price_idx"),
        ("-price", "listing_price_idx"),
        ("-updated", "product_updated_at_id_idx"),
    ],
)
async def test_a_page_of_the_whole_shop_begins_where_its_cursor_stands(
    known: Known, monkeypatch: pytest.MonkeyPatch, order: str, index: str
) -> None:
    cursor = known.cursors[order]

    for ctx in (await anyone(), await staff(), await anyone(locale="de")):
        for paging in (FIRST, Paging(first=24, after=cursor), Paging(last=24, before=cursor)):
            plan = await plan_of(
                lambda ctx=ctx, paging=paging: products.page(ctx, order=order, paging=paging),  # type: ignore[misc]
                monkeypatch,
            )
            assert index in plan.indexes
            assert not plan.scanned & LARGE


@pytest.mark.parametrize(
    ("order", "index"),
    [("position", "variant_product_id_position_id_idx"), ("sku", "variant_sku_key")],
)
async def test_a_page_of_all_variants_begins_where_its_cursor_stands(
    known: Known, monkeypatch: pytest.MonkeyPatch, order: str, index: str
) -> None:
    ctx, cursor = await anyone(), known.cursors[f"variants by {order}"]

    for paging in (FIRST, Paging(first=24, after=cursor), Paging(last=24, before=cursor)):
        plan = await plan_of(
            lambda paging=paging: variants.page(ctx, order=order, paging=paging),  # type: ignore[misc]
            monkeypatch,
        )
        assert index in plan.indexes
        assert plan.row_by_row
        assert not plan.scanned & LARGE


async def test_small_lists_are_collected_by_index(
    known: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    lists = {
        "listing_sets_idx": ProductWhere(category=[known.leaf]),
        "listing_brand_idx": ProductWhere(brand=[known.brand]),
        "listing_pkey": ProductWhere(ids=known.products),
        "product_slug_key": ProductWhere(slugs=["a", "b"]),
        "product_tags_idx": ProductWhere(tags=["nothing has this"]),
        "variant_sku_key": ProductWhere(variant=VariantIs(sku=["a", "b"])),
    }

    for ctx in (await anyone(), await staff(), await anyone(locale="de")):
        for index, where in lists.items():
            for read in (
                lambda ctx=ctx, where=where: products.page(ctx, where, paging=FIRST),
                lambda ctx=ctx, where=where: products.count(ctx, where),
            ):
                plan = await plan_of(read, monkeypatch)
                assert index in plan.indexes, where
                assert not plan.scanned & LARGE, where


async def test_searches_facets_and_suggestions_are_answered_by_index(
    known: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    rare = ProductWhere(category=[known.leaf])
    filterable = await db.fetch("SELECT code FROM attribute WHERE filterable ORDER BY id")
    codes = ["brand", "price", "availability", *(row["code"] for row in filterable)]
    for ctx in (await anyone(), await staff(), await anyone(locale="de")):
        (name,) = await db.fetch("SELECT name FROM product WHERE id = $1", known.products[0])
        reads: dict[str, Read] = {
            "search_text_document_idx": lambda ctx=ctx, text=name[0]: products.page(  # type: ignore[misc]
                ctx, search=text, paging=FIRST
            ),
            "listing_sets_idx": lambda ctx=ctx: facets.of(ctx, rare, codes=codes),  # type: ignore[misc]
            "attribute_value_product_key": lambda ctx=ctx: facets.of(ctx, rare, codes=codes),  # type: ignore[misc]
            "listing_name_idx": lambda ctx=ctx: suggestions.of(ctx, "a"),  # type: ignore[misc]
        }
        for index, read in reads.items():
            plan = await plan_of(read, monkeypatch)
            assert index in plan.indexes, (index, plan.indexes)
            # The few translations of categories, by whatever way is shorter.
            few = {"translation"} if index == "listing_name_idx" else set()
            assert not plan.scanned & (LARGE - few), (index, plan.scanned)


async def test_each_name_of_a_thing_is_looked_up_by_index(
    known: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = {
        "product_slug_key": by(slug="a"),
        "product_external_id_key": by(external_id="a"),
        "variant_sku_key": by(sku="a"),
        "variant_barcode_idx": by(barcode="4006381333931"),
        "variant_gtin_key": by(barcode="4006381333931"),
        "product_pkey": by(id="7"),
        "translation_slug_key": by(slug="slug-7"),
        "slug_history_kind_slug_locale_key": by(slug="a"),
    }
    ctx = await anyone(locale="de")

    for index, ref in names.items():
        plan = await plan_of(lambda ref=ref: products.by_ref(ctx, ref), monkeypatch)  # type: ignore[misc]
        assert index in plan.indexes, ref
        assert not plan.scanned & LARGE, ref


async def test_a_list_is_planned_for_what_is_asked_however_often(known: Known) -> None:
    ctx = await anyone()

    async with db.snapshot():
        for _ in range(12):
            await products.page(ctx, ProductWhere(category=[known.leaf]), paging=FIRST)
        rows = await db.fetch(
            """SELECT generic_plans, custom_plans FROM pg_prepared_statements
            WHERE statement LIKE $1 AND statement NOT LIKE 'EXPLAIN%'""",
            "%l.category_ids &&%generate_series%",
        )

    assert any(row["custom_plans"] >= 12 for row in rows)
    assert all(row["generic_plans"] == 0 for row in rows)
