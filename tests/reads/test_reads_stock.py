"""Stock: what can be had here, and how much there is for those who may know."""

import pytest
from asking import anyone, by, day, execute, id_of, staff
from factories import lamp, load, shop, variant

from catalog.errors import Forbidden
from catalog.reads import stock, variants
from catalog.writes.inputs import ListingInput, LocationInput, StockInput


@pytest.fixture(autouse=True)
async def _shop(clean: None) -> None:
    await load(*shop(), LocationInput(code="harbour", channels=("us",)))


async def stocked(*levels: StockInput, **fields: object) -> int:
    await load(lamp(variants=(variant("LAMP", "red", stock=levels, **fields),)))
    return await id_of("variant", "LAMP")


async def available(variant_id: int, channel: str = "eu") -> bool:
    ctx = await anyone(channel)
    product_id = await id_of("product", "desk-lamp")
    of_variant = (await stock.available_by_variant_ids(ctx, [variant_id])).get(variant_id, False)
    of_product = (await stock.available_by_product_ids(ctx, [product_id])).get(product_id, False)
    assert of_variant == of_product
    return of_variant


async def test_what_lies_at_a_location_of_the_channel_can_be_had() -> None:
    lamp_id = await stocked(StockInput(location="harbour", on_hand=3))

    assert await available(lamp_id, "us")
    assert not await available(lamp_id, "eu")


async def test_what_is_reserved_cannot_be_had_twice() -> None:
    lamp_id = await stocked(StockInput(location="main", on_hand=3, reserved=3))

    assert not await available(lamp_id)


async def test_locations_of_a_channel_count_together() -> None:
    lamp_id = await stocked(
        StockInput(location="main", on_hand=-2), StockInput(location="harbour", on_hand=3)
    )

    assert await available(lamp_id, "us")
    assert not await available(lamp_id, "eu")


async def test_the_largest_numbers_there_are_can_be_taken_from_each_other() -> None:
    lamp_id = await stocked(StockInput(location="main", on_hand=-(2**31) + 1, reserved=2**31 - 1))

    assert not await available(lamp_id)


async def test_without_any_stock_a_variant_cannot_be_had_unless_nobody_counts_it() -> None:
    lamp_id = await stocked()
    assert not await available(lamp_id)

    await execute("UPDATE variant SET tracked = false")
    assert await available(lamp_id)


async def test_a_variant_on_backorder_can_be_had() -> None:
    assert await available(await stocked(backorder=True))


async def test_a_product_can_be_had_when_one_of_its_variants_can() -> None:
    await load(
        lamp(
            variants=(
                variant("RED", "red", stock=()),
                variant("BLUE", "blue"),
            )
        ),
        lamp("sold-out", variants=(variant("GONE", "red", stock=()),)),
    )
    desk, gone = await id_of("product", "desk-lamp"), await id_of("product", "sold-out")

    had = await stock.available_by_product_ids(await anyone(), [desk, gone])

    assert had == {desk: True, gone: False}


async def test_before_its_sale_begins_a_product_is_shown_but_cannot_be_had() -> None:
    await load(lamp(listings=(ListingInput(channel="eu", purchasable_from=day("2026-05-01")),)))
    lamp_id = await id_of("variant", "desk-lamp-red")

    for date, had in (("2026-04-30", False), ("2026-05-01", True)):
        ctx = await anyone(at=day(date))
        assert await variants.by_ref(ctx, by(sku="desk-lamp-red"))
        assert await stock.available_by_variant_ids(ctx, [lamp_id]) == {lamp_id: had}


async def test_exact_numbers_are_for_tokens() -> None:
    lamp_id = await stocked(
        StockInput(location="main", on_hand=7, reserved=2, incoming=5),
        StockInput(location="harbour", on_hand=1),
    )

    levels = (await stock.by_variant_ids(await staff(), [lamp_id]))[lamp_id]

    assert [(one.location, one.on_hand, one.reserved, one.incoming) for one in levels] == [
        ("harbour", 1, 0, 0),
        ("main", 7, 2, 5),
    ]
    with pytest.raises(Forbidden, match="catalog:read"):
        await stock.by_variant_ids(await anyone(), [lamp_id])
