"""Lists that replace what is there, and lists that are merged into it."""

from decimal import Decimal

import pytest
from factories import lamp, load, shop, variant
from test_single import write

from catalog import db
from catalog.errors import Invalid
from catalog.writes.inputs import (
    AssociationInput,
    ListingInput,
    PriceInput,
    ProductInput,
    StockInput,
    TranslationInput,
    VariantInput,
)

pytestmark = pytest.mark.usefixtures("clean")


async def rows(sql: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in await db.fetch(sql)]


LISTS = {
    "variants": "SELECT sku FROM variant WHERE product_id = 1 AND deleted_at IS NULL",
    "listings": "SELECT channel_id FROM product_listing WHERE product_id = 1",
    "attributes": "SELECT attribute_id FROM attribute_value WHERE product_id = 1",
    "collections": "SELECT collection_id FROM collection_product WHERE product_id = 1",
    "translations": "SELECT locale FROM translation WHERE kind = 'product' AND entity_id = 1",
    "associations": "SELECT target_id FROM association WHERE product_id = 1",
}


async def full_lamp() -> None:
    await load(
        *shop(),
        {"record": "collection", "name": "Spring", "slug": "spring"},
        lamp("other"),
        lamp("third"),
    )
    await load(
        lamp(
            external_id="L1",
            listings=(ListingInput(channel="eu"), ListingInput(channel="us")),
            attributes={"power": "60", "material": {"en": "Steel"}},
            collections=("spring",),
            translations={"de": TranslationInput(name="Lampe")},
            associations=(AssociationInput(product="other", kind="related"),),
        )
    )
    await db.fetch("SELECT 1")


@pytest.mark.parametrize("name", LISTS)
async def test_an_empty_list_empties_where_it_replaces_and_nothing_where_it_is_merged(
    name: str,
) -> None:
    await full_lamp()
    (product,) = await rows("SELECT id FROM product WHERE external_id = 'L1'")
    asked = LISTS[name].replace("= 1", f"= {product[0]}")
    before = await rows(asked)
    empty = {} if name in ("attributes", "translations") else []
    record = {"record": "product", "external_id": "L1", name: empty}
    assert (await write(record)).status == "unchanged"
    assert await rows(asked) == before != []
    assert (await write(record, lists="replace")).status == "updated"
    assert await rows(asked) == []
    assert (await write(record, lists="replace")).status == "unchanged"


@pytest.mark.parametrize("name", LISTS)
async def test_a_list_that_is_not_sent_stays(name: str) -> None:
    await full_lamp()
    (product,) = await rows("SELECT id FROM product WHERE external_id = 'L1'")
    asked = LISTS[name].replace("= 1", f"= {product[0]}")
    before = await rows(asked)
    await write({"record": "product", "external_id": "L1", "tax_class": "x"}, lists="replace")
    assert await rows(asked) == before


async def test_what_a_variant_sends_replaces_its_own_lists_alone() -> None:
    await load(
        *shop(),
        lamp(
            variants=(
                variant(
                    "a",
                    "red",
                    prices=[
                        PriceInput(amount=Decimal(c), currency=c_)
                        for c, c_ in (("1", "EUR"), ("2", "USD"))
                    ],
                ),
                variant("b", "blue"),
            )
        ),
    )
    sent = ProductInput(
        slug="desk-lamp",
        variants=(
            VariantInput(sku="a", prices=(PriceInput(amount=Decimal(3), currency="EUR"),)),
            VariantInput(sku="b", stock=(StockInput(location="main", on_hand=9),)),
        ),
    )
    await write(sent, lists="replace")
    asked = (
        "SELECT v.sku, p.currency, p.amount::int FROM price p JOIN variant v ON v.id = variant_id"
    )
    assert sorted(await rows(asked)) == [("a", "EUR", 3), ("b", "EUR", 20)]
    assert await rows("SELECT sum(on_hand) FROM stock_level") == [(14,)]


async def test_a_variant_with_another_key_takes_the_place_of_one_that_goes() -> None:
    await load(*shop(), lamp())
    await write(lamp(variants=(variant("new-red", "red"),)), lists="replace")
    asked = "SELECT sku, option_key FROM variant WHERE deleted_at IS NULL"
    assert await rows(asked) == [("new-red", "color=red")]


async def test_options_of_an_attribute_that_are_in_use_stay() -> None:
    await load(*shop(), lamp())
    record = {"record": "attribute", "code": "color", "options": [{"code": "red"}]}
    with pytest.raises(Invalid) as refused:
        await write(record, lists="replace")
    assert [(f.code, f.value) for f in refused.value.flaws] == [("OPTION_IN_USE", "blue")]
    await write(lamp(variants=(variant("r", "red"),)), lists="replace")


async def test_attributes_of_a_type_are_replaced_unless_products_have_values() -> None:
    await load(*shop(), lamp(attributes={"power": 5}))
    record = {"record": "type", "code": "lamp", "attributes": []}
    with pytest.raises(Invalid) as refused:
        await write(record, lists="replace")
    assert {f.value for f in refused.value.flaws} == {"color", "power"}
    kept = [{"attribute": "color", "is_option": True}, {"attribute": "power"}]
    done = await write(record | {"attributes": kept}, lists="replace")
    assert done.status == "updated"
    assert await rows("SELECT count(*) FROM product_type_attribute") == [(2,)]
