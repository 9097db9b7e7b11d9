"""What is sent to a mutation becomes a record; what is wrong with the record is found in it."""

from datetime import date
from decimal import Decimal

import pytest

from catalog.errors import Flaw, Invalid
from catalog.writes import inputs as record
from schema import records
from schema.inputs.attribute import (
    AttributeInput,
    AttributeOptionInput,
    AttributeValueInput,
    OptionValueInput,
)
from schema.inputs.fields import KEY
from schema.inputs.media import MediaInput
from schema.inputs.nouns import (
    AssignmentInput,
    BrandInput,
    CategoryInput,
    ChannelInput,
    CollectionInput,
    ProductTypeInput,
    StockLocationInput,
)
from schema.inputs.product import AssociationInput, ListingInput, ProductInput
from schema.inputs.texts import SeoInput, TextInput, TranslationInput
from schema.inputs.variant import (
    PriceInput,
    PriceSetInput,
    StockLevelInput,
    StockSetInput,
    VariantInput,
)
from schema.refs import VariantKey
from schema.types.status import ProductStatus


def test_what_is_not_sent_is_not_set() -> None:
    assert records.read(record.ProductInput, ProductInput()).model_fields_set == set()


def test_null_is_sent() -> None:
    found = records.read(record.ProductInput, ProductInput(brand=None, variants=None))

    assert found.model_fields_set == {"brand", "variants"}


def test_lists_of_entries_are_mappings() -> None:
    given = ProductInput(
        status=ProductStatus.ACTIVE,
        translations=[TranslationInput(locale="de", name="Lampe", seo=SeoInput(title="Lampe"))],
        variants=[VariantInput(sku="A", options=[OptionValueInput(code="color", value="red")])],
    )

    found = records.read(record.ProductInput, given)

    assert found.model_dump(exclude_unset=True) == {
        "status": "active",
        "translations": {"de": {"name": "Lampe", "seo": {"title": "Lampe"}}},
        "variants": ({"sku": "A", "options": {"color": "red"}},),
    }


@pytest.mark.parametrize(
    ("value", "held"),
    [
        (AttributeValueInput(code="a", values=["red", "blue"]), ("red", "blue")),
        (AttributeValueInput(code="a", values=[]), ()),
        (AttributeValueInput(code="a", number=Decimal("1.50")), Decimal("1.50")),
        (AttributeValueInput(code="a", bool=False), False),
        (AttributeValueInput(code="a", date=date(2026, 3, 1)), "2026-03-01"),
        (AttributeValueInput(code="a", texts=[TextInput(locale="de", text="rot")]), {"de": "rot"}),
        (AttributeValueInput(code="a", number=None), None),
    ],
)
def test_an_attribute_holds_the_one_value_that_was_sent(
    value: AttributeValueInput, held: object
) -> None:
    found = records.read(record.ProductInput, ProductInput(attributes=[value]))

    assert found.attributes == {"a": held}
    assert type(found.attributes["a"]) is type(held)


def test_everything_wrong_is_told_at_once_and_found_in_the_input() -> None:
    given = ProductInput(
        slug="a b",
        attributes=[AttributeValueInput(code="a"), AttributeValueInput(code="b", values=["\x00"])],
        translations=[TranslationInput(locale="de"), TranslationInput(locale="de", slug="/")],
        variants=[
            VariantInput(prices=[PriceInput(amount=Decimal("-1"), currency="XXQ", min_quantity=0)])
        ],
    )

    with pytest.raises(Invalid) as invalid:
        records.read(record.ProductInput, given)

    assert sorted(places(invalid.value, given)) == [
        ("attributes", "0"),
        ("attributes", "1"),
        ("slug",),
        ("translations", "1", "locale"),
        ("translations", "1", "slug"),
        ("variants", "0", "prices", "0", "amount"),
        ("variants", "0", "prices", "0", "currency"),
        ("variants", "0", "prices", "0", "minQuantity"),
    ]


def places(invalid: Invalid, given: object) -> list[tuple[str, ...]]:
    return [records.place(given, flaw.path) for flaw in invalid.flaws]


def test_an_id_of_something_else_is_told_where_it_stands() -> None:
    given = PriceSetInput(variant=VariantKey(id="UHJvZHVjdDox"), amount=Decimal(1), currency="EUR")

    with pytest.raises(Invalid) as invalid:
        records.read(record.PriceRecord, given)

    (flaw,) = invalid.value.flaws
    assert (flaw.code, records.place(given, flaw.path)) == ("BAD_REFERENCE", ("variant", "id"))


@pytest.mark.parametrize(
    ("key", "ref"),
    [
        (VariantKey(id="VmFyaWFudDo3"), "id:7"),
        (VariantKey(sku="A-1"), "A-1"),
        (VariantKey(external_id="erp/1"), "ext:erp/1"),
    ],
)
def test_a_variant_is_referred_to_by_one_of_its_keys(key: VariantKey, ref: str) -> None:
    found = records.read(record.StockRecord, StockSetInput(variant=key, location="main"))

    assert found.variant == ref


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (("external_id",), ("externalId",)),
        (("variants", 0, "options", "screen_size"), ("variants", "0", "options", "screen_size")),
        (("variants", "A_1", "compare_at"), ("variants", "A_1", "compareAt")),
        (("private_metadata", "cost_price"), ("privateMetadata", "cost_price")),
        ((), ()),
    ],
)
def test_what_was_not_sent_is_spelled_as_it_could_be(
    path: tuple[str | int, ...], place: tuple[str, ...]
) -> None:
    assert records.place(ProductInput(), path) == place


# For every record what stands for it; what is not sent alone, or is for files of many records.
STANDS_FOR: list[tuple[type[record.Input], type, set[str]]] = [
    (record.ProductInput, ProductInput, set()),
    (record.VariantInput, VariantInput, set()),
    (record.PriceInput, PriceInput, set()),
    (record.PriceRecord, PriceSetInput, set()),
    (record.StockInput, StockLevelInput, set()),
    (record.StockRecord, StockSetInput, set()),
    (record.ListingInput, ListingInput, set()),
    (record.AssociationInput, AssociationInput, set()),
    (record.MediaInput, MediaInput, set()),
    (record.SeoInput, SeoInput, set()),
    (record.TranslationInput, TranslationInput, set()),
    (record.OptionInput, AttributeOptionInput, set()),
    (record.AttributeDefinition, AttributeInput, {"if_missing"}),
    (record.AssignmentInput, AssignmentInput, set()),
    (record.TypeInput, ProductTypeInput, {"if_missing"}),
    (record.BrandInput, BrandInput, {"if_missing"}),
    (record.CategoryInput, CategoryInput, {"if_missing"}),
    (record.CollectionInput, CollectionInput, {"if_missing"}),
    (record.ChannelInput, ChannelInput, {"if_missing"}),
    (record.LocationInput, StockLocationInput, {"if_missing"}),
]


@pytest.mark.parametrize(("model", "given", "left_out"), STANDS_FOR)
def test_an_input_has_the_fields_of_its_record(
    model: type[record.Input], given: type, left_out: set[str]
) -> None:
    fields = {field.name: field for field in given.__strawberry_definition__.fields}
    own_key = {"locale"} if given is TranslationInput else set()

    assert set(fields) - own_key == set(model.model_fields) - left_out - {"record"}
    assert all(
        field.metadata[KEY] in ("code", "locale") for field in fields.values() if field.metadata
    )


def test_flaws_keep_what_they_say() -> None:
    given = BrandInput(slug="a b")

    with pytest.raises(Invalid) as invalid:
        records.read(record.BrandInput, given)

    assert invalid.value.flaws == (
        Flaw("INVALID", ("slug",), "may not hold spaces nor any of / ? # %", "a b"),
    )
