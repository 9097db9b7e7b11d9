"""What the tests' shop is made of: small catalogs, written through the same loads as files."""

from collections.abc import AsyncIterator, Sequence
from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter

from catalog.writes import loading
from catalog.writes.inputs import (
    AssignmentInput,
    AttributeDefinition,
    BrandInput,
    CategoryInput,
    ChannelInput,
    ListingInput,
    LocationInput,
    OptionInput,
    PriceInput,
    ProductInput,
    Record,
    StockInput,
    TypeInput,
    VariantInput,
)
from catalog.writes.loading import Outcome
from catalog.writes.staging import Problem, Sourced

RECORD: TypeAdapter[Record] = TypeAdapter(Record)


async def attempt(*records: Record | dict[str, Any], **options: Any) -> Outcome:
    """Load records, each on a line of its own, and return what came of it."""

    async def batches() -> AsyncIterator[Sequence[Sourced | Problem]]:
        yield [
            Sourced(RECORD.validate_python(record) if isinstance(record, dict) else record, line)
            for line, record in enumerate(records, start=1)
        ]

    return await loading.load(batches(), **options)


async def load(*records: Record | dict[str, Any], **options: Any) -> Outcome:
    """Load records that must be good."""
    outcome = await attempt(*records, **options)
    assert not outcome.errors, outcome.errors
    return outcome


def shop() -> tuple[Record, ...]:
    """Two channels, a location, a type with a colour axis, a brand and a small category tree."""
    return (
        ChannelInput(
            code="eu",
            name="Europe",
            default_currency="EUR",
            currencies=("EUR", "USD"),
            default_locale="en",
            locales=("en", "de"),
            is_default=True,
        ),
        ChannelInput(code="us", name="America", default_currency="USD", default_locale="en"),
        LocationInput(code="main", name="Main", channels=("eu", "us")),
        AttributeDefinition(
            code="color",
            name="Colour",
            kind="select",
            filterable=True,
            options=(OptionInput(code="red", label="Red"), OptionInput(code="blue", label="Blue")),
        ),
        AttributeDefinition(code="material", name="Material", kind="text", localised=True),
        AttributeDefinition(code="power", name="Power", kind="number", unit="W"),
        TypeInput(
            code="lamp",
            name="Lamp",
            attributes=(
                AssignmentInput(attribute="color", is_option=True),
                AssignmentInput(attribute="material"),
                AssignmentInput(attribute="power"),
            ),
        ),
        BrandInput(slug="lumen", name="Lumen"),
        CategoryInput(slug="home", name="Home"),
        CategoryInput(slug="home-lamps", name="Lamps", parent="home"),
    )


def lamp(slug: str = "desk-lamp", **fields: Any) -> ProductInput:
    """A published lamp in two colours."""
    values: dict[str, Any] = {
        "slug": slug,
        "type": "lamp",
        "brand": "lumen",
        "name": slug.replace("-", " ").title(),
        "status": "active",
        "categories": ("home-lamps",),
        "listings": (ListingInput(channel="eu"),),
        "variants": (variant(f"{slug}-red", "red"), variant(f"{slug}-blue", "blue")),
    }
    return ProductInput(**(values | fields))


def variant(sku: str, color: str, *, amount: str = "19.90", **fields: Any) -> VariantInput:
    values: dict[str, Any] = {
        "sku": sku,
        "options": {"color": color},
        "prices": (PriceInput(amount=Decimal(amount), currency="EUR"),),
        "stock": (StockInput(location="main", on_hand=5),),
    }
    return VariantInput(**(values | fields))


def lamps(size: int) -> list[Record]:
    """The shop with as many lamps."""
    return [*shop(), *(lamp(f"lamp-{n:04}") for n in range(size))]
