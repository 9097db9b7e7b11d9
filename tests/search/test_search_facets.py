"""Facets: what each bucket promises is what comes when its filter is sent back."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from factories import lamp, load, shop
from hypothesis import HealthCheck, example, given, settings
from oracle import (
    Asker,
    available,
    categories_above,
    matches,
    prices,
    searched,
    values,
    visible,
    written,
)
from questions import CHANNELS, QUESTIONS, Question
from shelves import BRAND_GONE, DATES, KINDS, Product, build, shelf

from catalog import db, ids
from catalog.context import ANONYMOUS, Context, Principal
from catalog.errors import BadFilter
from catalog.paging import Paging
from catalog.reads import contexts, facets, products
from catalog.reads.filters import AttributeFilter, ProductWhere, Range, VariantIs
from catalog.settings import Settings
from catalog.views import Facet
from catalog.writes.inputs import BrandInput

STAFF = Principal(token_id=1, scopes=frozenset({"catalog:read"}))
SPECIAL = ("category", "brand", "price", "availability")
OUT_OF_STOCK = ProductWhere(none_of=ProductWhere(variant=VariantIs(available=True)))

# What is no choice of any facet stays where the choice beside it is ignored.
RED_OF_THESE = ProductWhere(
    variant=VariantIs(
        sku=["sku1", "sku2", "sku3"], attributes=[AttributeFilter("color", any_of=["red"])]
    )
)

OFTEN = settings(max_examples=30, deadline=None, suppress_health_check=[*HealthCheck])


async def seen_by(asker: Asker) -> Context:
    return await contexts.resolve(
        STAFF if asker.staff else ANONYMOUS,
        channel=CHANNELS[asker.channel],
        currency=asker.currency,
        locale="de" if asker.german else "en",
    )


@pytest.fixture(params=(1, 2, 3))
async def stock_of(request: pytest.FixtureRequest, database: Settings) -> tuple[Product, ...]:
    found = shelf(request.param)
    await build(found)
    return found


def sent_back(filter: Mapping[str, Any]) -> ProductWhere:
    """A bucket's filter, in the names of GraphQL, as conditions."""
    (name, value), *others = filter.items()
    assert not others
    match name:
        case "category":
            return ProductWhere(category=[ids.row_of("Category", each) for each in value])
        case "brand":
            return ProductWhere(brand=[ids.row_of("Brand", each) for each in value])
        case "attributes":
            (one,) = value
            assert one.keys() == {"code", "anyOf"}
            return ProductWhere(attributes=[AttributeFilter(one["code"], any_of=one["anyOf"])])
        case "variant" if "price" in value:
            limits = {sign: Decimal(limit) for sign, limit in value["price"].items()}
            return ProductWhere(variant=VariantIs(price=Range(**limits)))
        case "variant":
            return ProductWhere(variant=VariantIs(**value))
    assert name == "NOT"
    return ProductWhere(none_of=sent_back(value))


def ignoring(where: ProductWhere, facet: str) -> ProductWhere:
    """Without what was chosen in that facet, wherever all conditions hold."""
    if where == OUT_OF_STOCK:
        return ProductWhere() if facet == "availability" else where
    kept = replace(
        where,
        category=None if facet == "category" else where.category,
        brand=None if facet == "brand" else where.brand,
        attributes=_of_others(where.attributes, facet),
        all_of=None if where.all_of is None else [ignoring(inner, facet) for inner in where.all_of],
    )
    if where.variant is None:
        return kept
    rest = replace(
        where.variant,
        price=None if facet == "price" else where.variant.price,
        available=None if facet == "availability" else where.variant.available,
        attributes=_of_others(where.variant.attributes, facet) or None,
    )
    nothing_left = rest != where.variant and rest == VariantIs()
    return replace(kept, variant=None if nothing_left else rest)


def _of_others(
    attributes: Iterable[AttributeFilter] | None, facet: str
) -> list[AttributeFilter] | None:
    if attributes is None:
        return None
    return [each for each in attributes if each.code != facet]


def question(asked: Question, made: tuple[Product, ...], facet: str) -> list[Product]:
    """What is counted in a facet."""
    where = ignoring(asked.where, facet)
    return [
        each
        for each in made
        if visible(each, asked.asker)
        and matches(each, where, asked.asker)
        and (asked.search is None or searched(each, asked.search))
        and (asked.unavailable != "hide" or available(each, asked.asker))
    ]


@OFTEN
@given(asked=QUESTIONS)
@example(asked=Question(Asker(), RED_OF_THESE, None, ("newest",), "show"))
async def test_each_bucket_has_as_many_as_its_filter_finds(
    stock_of: tuple[Product, ...], asked: Question
) -> None:
    ctx = await seen_by(asked.asker)

    found = await facets.of(
        ctx,
        asked.where,
        search=asked.search,
        unavailable=asked.unavailable,  # type: ignore[arg-type]
    )

    assert {each.code for each in found} == {*SPECIAL, *KINDS}
    for facet in found:
        counted = question(asked, stock_of, facet.code)
        for bucket in facet.buckets:
            narrowed = sent_back(bucket.filter)
            there = [each for each in counted if matches(each, narrowed, asked.asker)]
            assert bucket.count == len(there) > 0, (facet.code, bucket)
        assert {each.value for each in facet.buckets} == _values(facet.code, counted, asked.asker)
        assert (facet.min, facet.max) == _ends(facet.code, counted, asked.asker), facet.code


def _values(facet: str, counted: list[Product], asker: Asker) -> set[str]:
    """Of the buckets that there must be."""
    match facet:
        case "category":
            above = (id for each in counted for id in categories_above(each, asker))
            return {ids.encode("Category", id) for id in above}
        case "brand":
            brands = {each.brand for each in counted} - {None, BRAND_GONE}
            return {ids.encode("Brand", id or 0) for id in brands}
        case "availability":
            return {"true" if available(each, asker) else "false" for each in counted}
        case "price":
            return {_step(amount) for each in counted for amount in prices(each, asker)}
    if KINDS[facet] in ("number", "date"):
        return set()
    own = (value for each in counted for value in values(each))
    return {written(each.value) for each in own if each.code == facet}


STEPS = [Decimal(digit) * 10**zeros for zeros in range(7) for digit in (1, 2, 5)]


def _step(amount: Decimal) -> str:
    lower = max((each for each in STEPS if each <= amount), default="")
    upper = min((each for each in STEPS if each > amount), default="")
    return f"{lower}-{upper}"


def _ends(facet: str, counted: list[Product], asker: Asker) -> tuple[str | None, str | None]:
    if facet == "price":
        held = [amount for each in counted for amount in prices(each, asker)]
    elif facet in KINDS and KINDS[facet] in ("number", "date"):
        own = (value for each in counted for value in values(each))
        held = [each.value for each in own if each.code == facet]  # type: ignore[misc]
    else:
        return None, None
    return (str(min(held)), str(max(held))) if held else (None, None)


@OFTEN
@given(asked=QUESTIONS)
async def test_a_bucket_sent_back_as_it_is_finds_so_many(
    stock_of: tuple[Product, ...], asked: Question
) -> None:
    """Against the list itself, for one facet of all."""
    ctx = await seen_by(asked.asker)
    code = [*SPECIAL, *KINDS][len(repr(asked)) % (len(SPECIAL) + len(KINDS))]

    (facet,) = await facets.of(ctx, asked.where, codes=[code], search=asked.search)

    for bucket in facet.buckets[:2]:
        narrowed = ProductWhere(all_of=[ignoring(asked.where, code), sent_back(bucket.filter)])
        assert bucket.count == await products.count(ctx, narrowed, search=asked.search)


async def test_facets_take_as_many_statements_whatever_their_number(
    stock_of: tuple[Product, ...],
) -> None:
    ctx = await seen_by(Asker())
    where = ProductWhere(
        category=[1],
        brand=[1],
        attributes=[
            AttributeFilter("color", any_of=["red"]),
            AttributeFilter("power", exists=True),
        ],
    )

    async def statements(codes: list[str] | None) -> int:
        async with db.snapshot() as snapshot:
            await facets.of(ctx, where, codes=codes)
        return snapshot.statements

    few = await statements(["color", "brand", "category"])
    all = await statements(None)

    # Attributes, what the conditions refer to (2), the count, labels of three kinds.
    assert few <= all <= 7
    for code in [*SPECIAL, *KINDS]:
        assert await statements([code]) <= 5


async def test_what_a_list_and_its_facets_refer_to_is_asked_once(
    stock_of: tuple[Product, ...],
) -> None:
    ctx = await seen_by(Asker())
    where = ProductWhere(category=[1], attributes=[AttributeFilter("color", any_of=["red"])])

    async with db.snapshot() as snapshot:
        await products.page(ctx, where, search="lamp", paging=Paging())
        listed = snapshot.statements
        await facets.of(ctx, where, search="lamp", codes=["price"])

    # The count alone: what the price's buckets are called is known.
    assert listed > 2
    assert snapshot.statements == listed + 1


async def test_a_day_without_end_comes_last(stock_of: tuple[Product, ...]) -> None:
    ctx = await seen_by(Asker(staff=True))
    async with db.unit_of_work() as connection:
        await connection.execute(
            "UPDATE attribute_value SET date = 'infinity' WHERE date > $1", DATES[0]
        )

    (since,) = await facets.of(ctx, codes=["since"])

    assert since.min == "2025-01-01"
    assert since.max == "infinity"


async def test_what_is_chosen_is_marked_in_its_facet(clean: None) -> None:
    await load(*shop(), BrandInput(slug="wax", name="Wax"), lamp(), lamp("candle", brand="wax"))
    wax = (await db.fetch("SELECT id FROM brand WHERE slug = 'wax'"))[0][0]
    where = ProductWhere(
        brand=[wax],
        attributes=[AttributeFilter("color", any_of=["red"])],
        variant=VariantIs(available=True),
    )

    found = {each.code: each for each in await facets.of(await seen_by(Asker()), where)}

    assert {code: _marked(each) for code, each in found.items()} == {
        "color": {"red"},
        "brand": {ids.encode("Brand", wax)},
        "availability": {"true"},
        "category": set(),
        "price": set(),
    }
    assert [bucket.count for bucket in found["brand"].buckets] == [1, 1]
    assert [bucket.count for bucket in found["color"].buckets] == [1, 1]


def _marked(facet: Facet) -> set[str]:
    return {bucket.value for bucket in facet.buckets if bucket.selected}


async def test_facets_come_in_the_order_in_which_they_are_asked_for(database: Settings) -> None:
    await build(shelf(1))
    ctx = await seen_by(Asker())

    found = await facets.of(ctx, codes=["price", "color", "brand", "color"])

    assert [each.code for each in found] == ["price", "color", "brand"]
    assert await facets.of(ctx, codes=[]) == ()


@pytest.mark.parametrize("code", ["colour", "", "\x00", "attr.", "id"])
async def test_a_facet_that_there_is_not_is_refused(database: Settings, code: str) -> None:
    await build(shelf(1))

    with pytest.raises(BadFilter, match="there is no facet"):
        await facets.of(await seen_by(Asker()), codes=[code])


async def test_a_shop_without_products_has_facets_without_buckets(database: Settings) -> None:
    await build(shelf(1))
    async with db.unit_of_work() as connection:
        await connection.execute("DELETE FROM product")

    found = await facets.of(await seen_by(Asker()))

    assert {len(each.buckets) for each in found} == {0}
    assert {(each.min, each.max) for each in found} == {(None, None)}
