"""The shop that is edited here."""

from collections.abc import AsyncIterator

import pytest
from factories import lamp, load, shop, variant

from catalog.writes import listing
from catalog.writes.inputs import (
    AssociationInput,
    AttributeDefinition,
    BrandInput,
    CategoryInput,
    ChannelInput,
    CollectionInput,
    ListingInput,
    LocationInput,
    MediaInput,
    OptionInput,
    PriceInput,
    ProductInput,
    StockInput,
    TranslationInput,
    TypeInput,
)


def german(name: str, slug: str | None = None) -> dict[str, TranslationInput]:
    return {"de": TranslationInput(name=name, slug=slug)}


def desk_lamp() -> ProductInput:
    """With something in every list that a product has."""
    prices = (
        PriceInput(amount="19.90", currency="EUR", compare_at="24.90"),
        PriceInput(amount="17.00", currency="EUR", channel="eu", min_quantity=10),
        PriceInput(amount="21.00", currency="USD", channel="outlet"),
    )
    levels = (StockInput(location="main", on_hand=5), StockInput(location="attic", on_hand=2))
    red = variant(
        "desk-red",
        "red",
        external_id="V1",
        barcode="4006381333931",
        prices=prices,
        stock=levels,
        media=(MediaInput(url="/red.jpg"),),
        translations=german("Rot"),
    )
    return lamp(
        external_id="P1",
        brand="noctis",
        categories=("home-lamps", "outlet"),
        collections=("favourites",),
        tags=("new",),
        attributes={"material": {"en": "Steel", "de": "Stahl"}, "power": 40, "finish": "matt"},
        media=(MediaInput(url="/a.jpg", alt="A lamp"), MediaInput(url="/b.jpg")),
        listings=(ListingInput(channel="eu"), ListingInput(channel="outlet")),
        associations=(AssociationInput(product="wall-lamp", kind="related"),),
        metadata={"season": "winter"},
        translations=german("Schreibtischlampe", "tischlampe"),
        variants=(red, variant("desk-blue", "blue")),
    )


@pytest.fixture
async def shelves(clean: None) -> None:
    """Two lamps, and one of every noun that can be deleted: each with texts of its own."""
    await load(
        *shop(),
        ChannelInput(code="outlet", external_id="CH1", default_currency="USD", default_locale="en"),
        LocationInput(code="attic", external_id="L1", channels=("eu",)),
        AttributeDefinition(
            code="finish",
            external_id="A1",
            name="Finish",
            kind="select",
            options=(OptionInput(code="matt", label="Matt", translations=german("Mattiert")),),
            translations=german("Oberfläche"),
        ),
        TypeInput(code="lamp", attributes=({"attribute": "finish"},)),
        TypeInput(
            code="sofa", external_id="T1", attributes=({"attribute": "color", "is_option": True},)
        ),
        BrandInput(slug="noctis", name="Noctis", external_id="B1", translations=german("N", "nox")),
        CategoryInput(
            slug="outlet", name="Outlet", external_id="C1", translations=german("Rest", "reste")
        ),
        CollectionInput(
            slug="favourites",
            name="Favourites",
            external_id="K1",
            image=MediaInput(url="/k.jpg"),
            translations=german("Lieblinge", "lieblinge"),
        ),
        desk_lamp(),
        lamp("wall-lamp", collections=("favourites",)),
    )


@pytest.fixture(autouse=True)
async def listed_as_it_is(request: pytest.FixtureRequest) -> AsyncIterator[None]:
    """Whatever a test writes, what lists read says the same in the end."""
    yield
    if "clean" in request.fixturenames:
        assert await listing.check() == ()
