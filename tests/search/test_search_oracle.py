"""Lists and searches against a program that asks every product about every condition."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from oracle import Asker, available, listed, live, price, prices, variant_available
from questions import ASKERS, BY_HAND, CHANNELS, QUESTIONS, Question
from shelves import EPOCH, Product, build, rows, shelf, write

from catalog import db
from catalog.context import ANONYMOUS, Context, Principal
from catalog.paging import Page, Paging
from catalog.reads import contexts, products, stock
from catalog.reads import prices as price_reads
from catalog.reads.filters import ProductWhere, Range, VariantIs
from catalog.settings import Settings
from catalog.views import Product as Shown
from catalog.writes import listing

STAFF = Principal(token_id=1, scopes=frozenset({"catalog:read"}))

SEEDS = (1, 2, 3)

# A price without limits is that there is one, also beside other conditions.
ANY_PRICE = ProductWhere(variant=VariantIs(price=Range()))
ANY_PRICE_THERE = ProductWhere(variant=VariantIs(price=Range(), available=True))

# What is shown is rounded.
CENT = Decimal("0.005")


def often(examples: int) -> settings:
    return settings(
        max_examples=examples,
        deadline=None,
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
        suppress_health_check=[*HealthCheck],
    )


async def context(asker: Asker) -> Context:
    return await contexts.resolve(
        STAFF if asker.staff else ANONYMOUS,
        channel=CHANNELS[asker.channel],
        currency=asker.currency,
        locale="de" if asker.german else "en",
    )


def expected(made: tuple[Product, ...], asked: Question) -> list[int]:
    return listed(
        made,
        asked.where,
        asked.asker,
        search=asked.search,
        order=asked.order,
        unavailable=asked.unavailable,
    )


async def read(ctx: Context, asked: Question, paging: Paging) -> Page[Shown]:
    return await products.page(
        ctx,
        asked.where,
        search=asked.search,
        order=asked.order,
        unavailable=asked.unavailable,  # type: ignore[arg-type]
        paging=paging,
    )


def ids(page: Page[Shown]) -> list[int]:
    return [each.id for each in page.items]


@pytest.fixture(params=SEEDS)
async def made(request: pytest.FixtureRequest, database: Settings) -> tuple[Product, ...]:
    found = shelf(request.param)
    await build(found)
    return found


@often(90)
@given(asked=QUESTIONS)
@example(asked=Question(Asker(), ANY_PRICE_THERE, None, ("newest",), "show"))
@example(asked=Question(Asker(), ANY_PRICE, None, ("newest",), "show"))
async def test_a_list_is_what_each_product_says_of_itself(
    made: tuple[Product, ...], asked: Question
) -> None:
    ctx = await context(asked.asker)

    page = await read(ctx, asked, Paging(first=100))
    total = await products.count(
        ctx,
        asked.where,
        search=asked.search,
        unavailable=asked.unavailable,  # type: ignore[arg-type]
    )

    assert ids(page) == expected(made, asked)
    assert total == len(page.items)


@often(30)
@given(asked=QUESTIONS | BY_HAND, size=st.integers(1, 5))
async def test_pages_put_together_are_the_whole_list_once_either_way(
    made: tuple[Product, ...], asked: Question, size: int
) -> None:
    ctx = await context(asked.asker)

    forward, after = [], None
    while True:
        page = await read(ctx, asked, Paging(first=size, after=after))
        forward += ids(page)
        after = page.end_cursor
        if not page.has_next:
            break
    backward: list[int] = []
    before = None
    while True:
        page = await read(ctx, asked, Paging(last=size, before=before))
        backward = ids(page) + backward
        before = page.start_cursor
        if not page.has_previous:
            break

    assert forward == backward == expected(made, asked)


@pytest.mark.soak
@often(400)
@given(asked=QUESTIONS | BY_HAND, seed=st.integers(4, 10**6))
async def test_shops_of_every_kind_are_listed_as_reckoned(
    database: Settings, asked: Question, seed: int
) -> None:
    made = shelf(seed)
    await build(made)
    ctx = await context(asked.asker)

    page = await read(ctx, asked, Paging(first=100))

    assert ids(page) == expected(made, asked), f"shelf({seed})"
    assert await listing.check() == ()


@often(12)
@given(asked=QUESTIONS | BY_HAND, size=st.integers(1, 3), seed=st.integers(0, 10**6))
async def test_products_that_come_meanwhile_leave_nothing_out_and_repeat_nothing(
    made: tuple[Product, ...], asked: Question, size: int, seed: int
) -> None:
    ctx, whole = await context(asked.asker), expected(made, asked)
    coming = iter(_further(seed))
    found: list[int] = []
    after = None

    while True:
        page = await read(ctx, asked, Paging(first=size, after=after))
        found += ids(page)
        after = page.end_cursor
        if not page.has_next:
            break
        if (more := next(coming, None)) is not None:
            await write(rows([more]))

    async with db.unit_of_work() as connection:
        await connection.execute("DELETE FROM product WHERE id > 1000")
    assert [id for id in found if id <= 1000] == whole
    assert len(set(found)) == len(found)


def _further(seed: int) -> list[Product]:
    """Others, with ids and keys of their own."""
    return [
        replace(
            each,
            id=each.id + 1000,
            german_slug=None,
            created=EPOCH + timedelta(days=each.id % 4),
            variants=tuple(
                replace(one, id=one.id + 1000, sku=f"{one.sku}-more") for one in each.variants
            ),
        )
        for each in shelf(seed, 5)
    ]


async def test_prices_and_availability_are_those_that_a_product_shows(
    made: tuple[Product, ...],
) -> None:
    """In `listing`, as `reads/prices.py` and `reads/stock.py` say them, and as reckoned here."""
    everything = {each.id: each for each in made if not each.deleted}
    variants = [one.id for each in everything.values() for one in live(each)]
    for asker in (*ASKERS, Asker(staff=True)):
        ctx = await context(asker)
        shelf_rows = {row["product_id"]: row for row in await _of_shelf("listing", ctx)}
        lines = {row["variant_id"]: row for row in await _of_shelf("listing_variant", ctx)}
        costs = await price_reads.effective_by_variant_ids(ctx, variants)
        there = await stock.available_by_variant_ids(ctx, variants)
        spans = await price_reads.range_by_product_ids(ctx, [*everything])
        any_there = await stock.available_by_product_ids(ctx, [*everything])

        assert shelf_rows.keys() == everything.keys()
        assert lines.keys() >= set(variants)
        for id, product in everything.items():
            row, wanted = shelf_rows[id], prices(product, asker)
            assert row["prices"] == wanted
            assert (row["price"], row["price_max"]) == (
                (wanted[0], wanted[-1]) if wanted else (None, None)
            )
            assert row["available"] == available(product, asker) == any_there.get(id, False)
            assert (id in spans) == bool(wanted)
            for one in live(product):
                assert lines[one.id]["price"] == price(one, asker)
                assert (one.id in costs) == (price(one, asker) is not None)
                assert lines[one.id]["available"] == there[one.id]
                assert there[one.id] == variant_available(product, one, asker)
        for id, span in spans.items():
            assert span.min.amount == pytest.approx(shelf_rows[id]["price"], abs=CENT)
            assert span.max.amount == pytest.approx(
                shelf_rows[id]["price_max"], abs=Decimal("0.005")
            )
        for id, cost in costs.items():
            assert cost.price.amount == pytest.approx(lines[id]["price"], abs=CENT)


async def _of_shelf(table: str, ctx: Context) -> list[db.Record]:
    return await db.fetch(
        f"SELECT * FROM {table} WHERE channel_id = $1 AND currency = $2",
        ctx.channel_id,
        ctx.currency,
    )


async def test_rows_that_come_table_by_table_are_what_is_true_in_the_end(
    made: tuple[Product, ...],
) -> None:
    assert await listing.check() == ()
