"""Prices: what one piece costs, here and now."""

from datetime import datetime
from decimal import Decimal

import pytest
from asking import anyone, day, id_of, staff
from factories import lamp, load, shop, variant

from catalog.reads import prices
from catalog.reads.money import money, plain
from catalog.views import Money, PriceRange
from catalog.writes.inputs import PriceInput

MAY = {"valid_from": day("2026-05-01"), "valid_until": day("2026-06-01")}


@pytest.fixture(autouse=True)
async def _shop(clean: None) -> None:
    await load(*shop())


def euro(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def price(amount: str, **fields: object) -> PriceInput:
    return PriceInput(**{"amount": amount, "currency": "EUR", **fields})  # type: ignore[arg-type]


async def sold(*listed: PriceInput) -> int:
    """The id of a variant with that price list."""
    await load(lamp(variants=(variant("LAMP", "red", prices=listed),)))
    return await id_of("variant", "LAMP")


async def cost(variant_id: int, *, at: datetime | None = None, **asked: str) -> str | None:
    ctx = await anyone(at=at, **asked)
    effective = (await prices.effective_by_variant_ids(ctx, [variant_id])).get(variant_id)
    return effective and str(effective.price.amount)


async def test_a_price_holds_in_every_channel_that_sells_the_currency() -> None:
    lamp_id = await sold(price("10"), price("12", currency="USD"))

    assert await cost(lamp_id) == "10.00"
    assert await cost(lamp_id, currency="USD") == "12.00"
    assert await cost(lamp_id, channel="us") == "12.00"


async def test_the_price_of_the_channel_itself_wins() -> None:
    lamp_id = await sold(
        price("12", currency="USD"),
        price("9", currency="USD", **MAY),
        price("11", currency="USD", channel="us"),
    )

    assert await cost(lamp_id, channel="us", at=day("2026-05-02")) == "11.00"
    assert await cost(lamp_id, currency="USD", at=day("2026-05-02")) == "9.00"


async def test_a_sale_is_on_from_its_first_moment_until_its_last() -> None:
    lamp_id = await sold(price("10"), price("7.5", **MAY))

    days = ("2026-04-30", "2026-05-01", "2026-05-31", "2026-06-01")
    assert [await cost(lamp_id, at=day(date)) for date in days] == [
        "10.00",
        "7.50",
        "7.50",
        "10.00",
    ]


async def test_a_sale_without_an_end_is_still_on() -> None:
    lamp_id = await sold(price("10"), price("7.5", valid_from=day("2026-05-01")))

    assert await cost(lamp_id, at=day("2036-05-01")) == "7.50"


async def test_a_price_for_ten_is_not_the_price_of_one() -> None:
    lamp_id = await sold(price("8", min_quantity=10))
    ctx = await anyone()

    assert await cost(lamp_id) is None
    assert await prices.range_by_product_ids(ctx, [await id_of("product", "desk-lamp")]) == {}


async def test_a_reduced_price_says_from_what() -> None:
    lamp_id = await sold(price("7.5", compare_at="10"))

    effective = (await prices.effective_by_variant_ids(await anyone(), [lamp_id]))[lamp_id]

    assert (effective.price, effective.compare_at) == (euro("7.50"), euro("10.00"))


async def test_the_price_list_goes_by_quantity_and_tells_no_visitor_of_tomorrow() -> None:
    lamp_id = await sold(
        price("8", min_quantity=10),
        price("10"),
        price("7", **MAY),
        price("12", currency="USD"),
        price("9.5", channel="eu"),
    )

    async def amounts(ctx) -> list[str]:  # type: ignore[no-untyped-def]
        listed = (await prices.by_variant_ids(ctx, [lamp_id]))[lamp_id]
        return [str(one.amount) for one in listed]

    assert await amounts(await anyone(at=day("2026-04-01"))) == ["9.50", "10.00", "8.00"]
    assert await amounts(await anyone(at=day("2026-05-01"))) == ["9.50", "7.00", "10.00", "8.00"]
    assert await amounts(await staff(at=day("2026-04-01"))) == ["9.50", "7.00", "10.00", "8.00"]


async def test_a_product_costs_from_its_cheapest_to_its_dearest_variant() -> None:
    await load(
        lamp(
            variants=(
                variant("RED", "red", prices=(price("20", compare_at="30"), price("15", **MAY))),
                variant("BLUE", "blue", prices=(price("18"),)),
            )
        ),
        lamp("unpriced", variants=(variant("FREE", "red", prices=()),)),
    )
    desk, unpriced = await id_of("product", "desk-lamp"), await id_of("product", "unpriced")
    before, during = await anyone(at=day("2026-04-01")), await anyone(at=day("2026-05-01"))

    ranges = await prices.range_by_product_ids(before, [desk, unpriced])
    assert ranges == {desk: PriceRange(euro("18.00"), euro("20.00"))}
    assert (await prices.range_by_product_ids(during, [desk]))[desk].min == euro("15.00")
    reduced = await prices.compare_at_range_by_product_ids(before, [desk])
    assert reduced == {desk: PriceRange(euro("30.00"), euro("30.00"))}
    assert await prices.compare_at_range_by_product_ids(during, [desk]) == {}


@pytest.mark.parametrize(
    ("stored", "currency", "shown"),
    [
        ("9.9000", "EUR", "9.90"),
        ("9.9050", "EUR", "9.905"),
        ("9.9999", "EUR", "9.9999"),
        ("0.0000", "EUR", "0.00"),
        ("1200.0000", "JPY", "1200"),
        ("1200.5000", "JPY", "1200.5"),
        ("1.5000", "KWD", "1.500"),
        ("99999999999999.9999", "EUR", "99999999999999.9999"),
        ("100000000.0000", "EUR", "100000000.00"),
    ],
)
def test_amounts_have_the_decimals_of_their_currency_and_lose_none(
    stored: str, currency: str, shown: str
) -> None:
    assert str(money(Decimal(stored), currency).amount) == shown


@pytest.mark.parametrize(
    ("stored", "shown"),
    [("250.000", "250"), ("0.500", "0.5"), ("0", "0"), ("1E+3", "1000")],
)
def test_numbers_lose_the_zeros_at_their_end(stored: str, shown: str) -> None:
    assert str(plain(Decimal(stored))) == shown
