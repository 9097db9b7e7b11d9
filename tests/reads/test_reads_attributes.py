"""Attributes: what things have of them, in the order of their type and the asked language."""

from datetime import date
from decimal import Decimal

import pytest
from asking import anyone, by, id_of
from factories import lamp, load, shop, variant

from catalog.paging import Paging
from catalog.reads import attributes, products, variants
from catalog.views import AttributeValue
from catalog.writes.inputs import (
    AssignmentInput,
    AttributeDefinition,
    OptionInput,
    TranslationInput,
    TypeInput,
)

OPTIONS = (
    OptionInput(code="wood", label="Wood", position=2),
    OptionInput(code="steel", label="Steel", position=1, swatch="#888"),
)


@pytest.fixture(autouse=True)
async def _shop(clean: None) -> None:
    kinds = ("multiselect", "rich_text", "boolean", "date", "reference")
    await load(
        *shop(),
        *(
            AttributeDefinition(
                code=kind, kind=kind, options=OPTIONS if kind == "multiselect" else ()
            )
            for kind in kinds
        ),
        TypeInput(
            code="lamp",
            attributes=(
                AssignmentInput(attribute="power", position=1),
                *(
                    AssignmentInput(attribute=kind, position=position)
                    for position, kind in enumerate(kinds, 2)
                ),
            ),
        ),
    )


async def values(slug: str = "desk-lamp", **asked: str) -> dict[str, AttributeValue]:
    """By code, in their order."""
    ctx = await anyone(**asked)
    product_id = await id_of("product", slug)
    found = (await attributes.values_by_product_ids(ctx, [product_id])).get(product_id, ())
    known = await attributes.by_ids(ctx, [value.attribute_id for value in found])
    return {known[value.attribute_id].code: value for value in found}


async def test_each_kind_of_value_is_shown_as_what_it_is() -> None:
    await load(
        lamp("wall-lamp", name="Wall Lamp"),
        lamp(
            attributes={
                "power": Decimal("7.50"),
                "multiselect": ("wood", "steel"),
                "rich_text": "<p>Warm</p>",
                "boolean": True,
                "date": "2026-05-01",
                "reference": ("wall-lamp",),
            }
        ),
    )

    found = await values()

    assert {code: value.values for code, value in found.items()} == {
        "power": ("7.5",),
        "multiselect": ("Wood", "Steel"),
        "rich_text": ("<p>Warm</p>",),
        "boolean": ("true",),
        "date": ("2026-05-01",),
        "reference": ("Wall Lamp",),
    }
    assert found["power"].number == Decimal("7.5")
    assert found["boolean"].bool is True
    assert found["date"].date == date(2026, 5, 1)
    assert found["reference"].references == (await id_of("product", "wall-lamp"),)
    assert [option.swatch for option in found["multiselect"].options] == [None, "#888"]


async def test_values_come_in_the_order_of_the_type() -> None:
    await load(lamp(attributes={"date": "2026-05-01", "power": 5, "boolean": False}))

    assert list(await values()) == ["power", "boolean", "date"]


async def test_a_text_is_shown_in_the_asked_language_else_in_the_usual() -> None:
    await load(
        lamp(attributes={"material": {"en": "Wood", "de": "Holz"}}),
        lamp("wall-lamp", attributes={"material": {"en": "Brass"}}),
        lamp("floor-lamp", attributes={"material": "Stone"}),
        lamp("roof-lamp", attributes={"material": {"fr": "Bois"}}),
    )

    async def material(slug: str, locale: str) -> tuple[str, ...] | None:
        value = (await values(slug, locale=locale)).get("material")
        return value and value.values

    assert await material("desk-lamp", "de") == ("Holz",)
    assert await material("desk-lamp", "en") == ("Wood",)
    assert await material("wall-lamp", "de") == ("Brass",)
    assert await material("floor-lamp", "de") == ("Stone",)
    assert await material("roof-lamp", "de") is None


async def test_only_the_asked_attributes_come() -> None:
    await load(lamp(attributes={"power": 5, "boolean": True}))
    ctx, lamp_id = await anyone(), await id_of("product", "desk-lamp")

    for codes, count in ((["power"], 1), (["power", "boolean"], 2), ([], 0), (["\x00"], 0)):
        found = await attributes.values_by_product_ids(ctx, [lamp_id], codes=codes)
        assert len(found.get(lamp_id, ())) == count


async def test_axes_tell_variants_apart() -> None:
    red = variant("RED", "red", attributes={"shade": "matt"})
    await load(
        AttributeDefinition(code="shade", kind="text"),
        TypeInput(code="lamp", attributes=(AssignmentInput(attribute="shade", level="variant"),)),
        lamp(variants=(red, variant("BLUE", "blue"))),
    )
    ctx = await anyone()
    ids = [await id_of("variant", sku) for sku in ("RED", "BLUE")]

    axes = await variants.options_by_ids(ctx, ids)
    all = await attributes.values_by_variant_ids(ctx, ids)

    assert [axes[id][0].values for id in ids] == [("Red",), ("Blue",)]
    assert {value.values for value in all[ids[0]]} == {("Red",), ("matt",)}
    assert len(all[ids[1]]) == 1


async def test_names_and_options_speak_the_asked_language() -> None:
    await load(
        AttributeDefinition(
            code="color",
            kind="select",
            if_missing=False,
            options=(OptionInput(code="red", translations={"de": TranslationInput(name="Rot")}),),
            translations={"de": TranslationInput(name="Farbe")},
        ),
        lamp(),
    )
    ctx, color = await anyone(locale="de"), await id_of("attribute", "color")
    red = await variants.by_ref(ctx, by(sku="desk-lamp-red"))

    assert red
    assert (await attributes.by_codes(ctx, ["color", "none"]))["color"].name == "Farbe"
    options = (await attributes.options_by_attribute_ids(ctx, [color]))[color]
    assert [option.label for option in options] == ["Rot", "Blue"]
    assert (await variants.options_by_ids(ctx, [red.id]))[red.id][0].values == ("Rot",)


async def test_a_reference_is_named_in_the_asked_language() -> None:
    await load(
        lamp("wall-lamp", translations={"de": TranslationInput(name="Wandlampe")}),
        lamp(attributes={"reference": ("wall-lamp",)}),
    )

    assert (await values(locale="de"))["reference"].values == ("Wandlampe",)


async def test_attributes_come_page_by_page() -> None:
    ctx = await anyone()

    first = await attributes.page(ctx, paging=Paging(first=3))
    rest = await attributes.page(ctx, paging=Paging(first=50, after=first.end_cursor))

    assert len(first.items) + len(rest.items) == await attributes.count(ctx) == 8
    assert not rest.has_next


async def test_a_product_without_values_has_none() -> None:
    await load(lamp())

    assert await values() == {}
    assert await products.by_ids(await anyone(), []) == {}
