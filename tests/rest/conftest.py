"""The shop that these tests ask about, and how they ask."""

from typing import Any, Protocol

import httpx
import pytest
from factories import lamp, load, shop, variant
from writing import Writer

from catalog.writes import tokens
from catalog.writes.inputs import (
    AssociationInput,
    BrandInput,
    CategoryInput,
    CollectionInput,
    ListingInput,
    MediaInput,
    PriceInput,
    ProductInput,
    TranslationInput,
)


class Get(Protocol):
    async def __call__(self, path: str, *, token: str | None = None, **headers: str) -> Any: ...


@pytest.fixture
def get(client: httpx.AsyncClient) -> Get:
    """The JSON of an answer that must be good."""

    async def get(path: str, *, token: str | None = None, **headers: str) -> Any:
        bearer = {"Authorization": f"Bearer {token}"} if token else {}
        response = await client.get(path, headers=headers | bearer)
        assert response.status_code == 200, response.text
        return response.json()

    return get


@pytest.fixture
async def lamps(clean: None) -> None:
    """Six lamps, the oldest first: a desk lamp with everything, one of another brand, one reduced,
    one with a strange key, one sold in America only, and a draft."""
    await load(
        *shop(),
        BrandInput(slug="noctis", name="Noctis", external_id="B/1"),
        CategoryInput(slug="outlet", name="Outlet"),
        CategoryInput(slug="hidden", name="Hidden", published=False),
        lamp("desk-lamp", **_desk_lamp()),
        lamp("floor-lamp", brand="noctis", tags=("tall", "new"), media=()),
        lamp("wall-lamp", categories=("outlet",), variants=(_reduced("wall-lamp-red"),)),
        lamp("odd-lamp", external_id="a/b?c#d%e", variants=(variant("A/B %1", "red"),)),
        lamp("porch-lamp", listings=(ListingInput(channel="us"),)),
        lamp("draft-lamp", status="draft", private_metadata={"cost": "3.10"}),
        CollectionInput(
            slug="favourites", name="Favourites", products=("wall-lamp", "desk-lamp", "draft-lamp")
        ),
    )


def _desk_lamp() -> dict[str, Any]:
    return {
        "external_id": "DL-1",
        "description": "<p>For the desk.</p>",
        "tags": ("new",),
        "categories": ("home-lamps", "outlet"),
        "attributes": {"material": {"en": "Steel", "de": "Stahl"}, "power": 40},
        "media": (MediaInput(url="/media/desk.jpg", alt="A lamp", width=600, height=400),),
        "translations": {"de": TranslationInput(name="Schreibtischlampe", slug="tischlampe")},
        "associations": (AssociationInput(kind="related", product="floor-lamp"),),
        "variants": (
            variant("desk-red", "red", barcode="4006381333931", weight="1200.5"),
            variant("desk-blue", "blue", barcode="SAME"),
        ),
    }


def _reduced(sku: str) -> Any:
    prices = (
        PriceInput(amount="10.00", compare_at="12.50", currency="EUR"),
        PriceInput(amount="9.00", currency="EUR", min_quantity=10),
        PriceInput(amount="11.00", currency="USD"),
    )
    return variant(sku, "red", prices=prices, barcode="SAME")


def renamed(slug: str, external_id: str) -> ProductInput:
    return lamp(slug, external_id=external_id)


@pytest.fixture
async def write(clean: None, client: httpx.AsyncClient) -> Writer:
    return Writer(client, await tokens.create("erp", scopes=["catalog:write"]))
