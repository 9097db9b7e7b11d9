"""How many statements a read costs: as many for one as for many."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest
from asking import anyone, by, staff
from factories import lamps, load

from catalog import db
from catalog.context import Context
from catalog.paging import Paging
from catalog.reads import (
    associations,
    attributes,
    brands,
    categories,
    channels,
    collections,
    media,
    prices,
    product_types,
    products,
    stock,
    variants,
)

Batch = Callable[[Context, Sequence[int]], Awaitable[dict[int, Any]]]

BATCHES: tuple[Batch, ...] = (
    associations.by_product_ids,
    attributes.by_ids,
    attributes.options_by_attribute_ids,
    attributes.values_by_product_ids,
    attributes.values_by_variant_ids,
    brands.by_ids,
    categories.ancestors_by_ids,
    categories.by_ids,
    categories.by_product_ids,
    categories.children_by_ids,
    channels.by_ids,
    collections.by_ids,
    collections.by_product_ids,
    media.by_ids,
    media.by_product_ids,
    media.by_variant_ids,
    prices.by_variant_ids,
    prices.compare_at_range_by_product_ids,
    prices.effective_by_variant_ids,
    prices.range_by_product_ids,
    product_types.assignments_by_ids,
    product_types.by_ids,
    products.by_ids,
    stock.available_by_product_ids,
    stock.available_by_variant_ids,
    stock.by_variant_ids,
    variants.by_ids,
    variants.by_product_ids,
    variants.counts_by_product_ids,
    variants.options_by_ids,
)


@pytest.fixture
async def shelf(clean: None) -> None:
    await load(*lamps(30))


async def test_a_batch_is_one_statement_however_many_it_is_asked_for(shelf: None) -> None:
    for ctx in (await staff(), await staff(locale="de")):
        for batch in BATCHES:
            for ids, cost in (([], 0), ([1], 1), ([*range(1, 31)], 1), ([1, 1, 2**40, -1], 1)):
                async with db.snapshot() as snapshot:
                    await batch(ctx, ids)
                assert snapshot.statements == cost, (batch.__module__, batch.__name__, ids)


async def test_one_thing_a_page_and_a_count_are_one_statement_each(shelf: None) -> None:
    ctx = await anyone()
    reads: tuple[Callable[[], Awaitable[object]], ...] = (
        lambda: products.by_ref(ctx, by(slug="lamp-0007")),
        lambda: variants.by_ref(ctx, by(sku="lamp-0007-red")),
        lambda: products.page(ctx, paging=Paging(first=24)),
        lambda: variants.page(ctx, order="sku", paging=Paging(last=24)),
        lambda: products.count(ctx),
        lambda: categories.tree(ctx, None, 5),
    )

    for read in reads:
        async with db.snapshot() as snapshot:
            assert await read()
        assert snapshot.statements == 1


async def test_a_listing_page_costs_the_same_for_one_product_and_for_24(shelf: None) -> None:
    ctx = await anyone(locale="de")

    async def listing(size: int) -> tuple[int, int]:
        """How many products it shows, and what that costs."""
        async with db.snapshot() as snapshot:
            page = await products.page(ctx, paging=Paging(first=size))
            ids = [product.id for product in page.items]
            await brands.by_ids(ctx, [product.brand_id or 0 for product in page.items])
            await categories.by_product_ids(ctx, ids)
            await media.by_product_ids(ctx, ids, first=1)
            await attributes.values_by_product_ids(ctx, ids)
            of_products = await variants.by_product_ids(ctx, ids, first=4)
            shown = [variant.id for of in of_products.values() for variant in of.items]
            await prices.effective_by_variant_ids(ctx, shown)
            await stock.available_by_variant_ids(ctx, shown)
        return len(page.items), snapshot.statements

    assert await listing(1) == (1, 8)
    assert await listing(24) == (24, 8)


async def test_reads_of_one_answer_see_one_moment(shelf: None) -> None:
    ctx = await anyone()

    async with db.snapshot():
        before = await products.count(ctx)
        await load(*lamps(31))
        assert await products.count(ctx) == before
    assert await products.count(ctx) == before + 1
