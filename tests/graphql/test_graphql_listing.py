"""A listing page: every level is read once, however many products there are."""

from decimal import Decimal

import pytest
from factories import lamp, load, variant
from speaking import Answer, Ask

from catalog import db
from catalog.settings import Settings
from catalog.writes import tokens
from catalog.writes.inputs import (
    AttributeDefinition,
    MediaInput,
    OptionInput,
    PriceInput,
    VariantInput,
)

PAGE = """
query Page($first: Int!) {
  products(first: $first) {
    totalCount
    pageInfo { hasNextPage endCursor }
    nodes {
      id slug name available
      brand { slug name }
      category { slug name ancestors { slug } }
      media(first: 1) { url alt }
      attributes { attribute { code name unit } values options { code } }
      priceRange { min { amount currency } max { amount } }
      compareAtPriceRange { min { amount } }
      variants(first: 4) {
        totalCount
        nodes {
          id sku available
          options { attribute { code } values }
          price { amount currency }
          compareAtPrice { amount }
          prices { amount { amount } minQuantity }
          stock { location onHand }
        }
      }
    }
  }
}
"""

# The context of the question, then one for each edge of the page above.
STATEMENTS = [
    "token",
    "channel",
    "products",
    "products.totalCount",
    "available",
    "brand",
    "category",
    "category.ancestors",
    "media",
    "attributes",
    "attributes.attribute",
    "priceRange",
    "compareAtPriceRange",
    "variants",
    "variants.totalCount",
    "variants.available",
    "variants.options",
    "variants.options.attribute",
    "variants.price",
    "variants.prices",
    "variants.stock",
]

COLORS = ("red", "blue", "green", "white")


def four_variants(slug: str) -> tuple[VariantInput, ...]:
    """In four colours, reduced, with a tier of quantity."""
    prices = (
        PriceInput(amount=Decimal("10.00"), currency="EUR", compare_at=Decimal("12.00")),
        PriceInput(amount=Decimal("9.00"), currency="EUR", min_quantity=10),
    )
    return tuple(variant(f"{slug}-{color}", color, prices=prices) for color in COLORS)


@pytest.fixture(scope="module")
async def token(database: Settings) -> str:
    return await tokens.create("tests", scopes=["catalog:read"])


@pytest.fixture(scope="module", autouse=True)
async def _lamps(standing_shop: None) -> None:
    options = tuple(OptionInput(code=color, label=color.title()) for color in COLORS)
    await load(
        AttributeDefinition(code="color", kind="select", name="Colour", options=options),
        *(
            lamp(
                f"lamp-{n:02}",
                media=(MediaInput(url=f"/media/{n}.jpg", alt="A lamp"),),
                attributes={"power": Decimal(40 + n), "material": "Steel"},
                variants=four_variants(f"lamp-{n:02}"),
            )
            for n in range(24)
        ),
    )


async def test_a_page_of_one_and_of_twenty_four_take_the_same_statements(
    ask: Ask, token: str
) -> None:
    counts, pages = [], []
    for first in (1, 24):
        async with db.snapshot() as snapshot:
            pages.append(await ask(PAGE, token=token, first=first))
        counts.append(snapshot.statements)

    assert counts == [len(STATEMENTS), len(STATEMENTS)]
    assert [len(page["products"]["nodes"]) for page in pages] == [1, 24]


async def test_the_page_holds_what_was_loaded(ask: Ask, token: str) -> None:
    page: Answer = (await ask(PAGE, token=token, first=1))["products"]

    (product,) = page["nodes"]
    red = product["variants"]["nodes"][0]
    assert page["totalCount"] == 24
    assert page["pageInfo"]["hasNextPage"]
    assert product | {"id": "", "variants": {}} == {
        "id": "",
        "slug": "lamp-23",
        "name": "Lamp 23",
        "available": True,
        "brand": {"slug": "lumen", "name": "Lumen"},
        "category": {"slug": "home-lamps", "name": "Lamps", "ancestors": [{"slug": "home"}]},
        "media": [{"url": "/media/23.jpg", "alt": "A lamp"}],
        "attributes": [
            {
                "attribute": {"code": "material", "name": "Material", "unit": None},
                "values": ["Steel"],
                "options": [],
            },
            {
                "attribute": {"code": "power", "name": "Power", "unit": "W"},
                "values": ["63"],
                "options": [],
            },
        ],
        "priceRange": {"min": {"amount": "10.00", "currency": "EUR"}, "max": {"amount": "10.00"}},
        "compareAtPriceRange": {"min": {"amount": "12.00"}},
        "variants": {},
    }
    assert product["variants"]["totalCount"] == 4
    assert red | {"id": ""} == {
        "id": "",
        "sku": "lamp-23-red",
        "available": True,
        "options": [{"attribute": {"code": "color"}, "values": ["Red"]}],
        "price": {"amount": "10.00", "currency": "EUR"},
        "compareAtPrice": {"amount": "12.00"},
        "prices": [
            {"amount": {"amount": "10.00"}, "minQuantity": 1},
            {"amount": {"amount": "9.00"}, "minQuantity": 10},
        ],
        "stock": [{"location": "main", "onHand": 5}],
    }


async def test_lists_in_a_list_are_one_statement_too(ask: Ask) -> None:
    """Every category of a level with its first products and their number."""
    query = """
    query Tree($depth: Int!) {
      categories(depth: $depth) { slug products(first: 2) { totalCount nodes { slug } } }
    }
    """
    counts, trees = [], []
    for depth in (1, 2):
        async with db.snapshot() as snapshot:
            trees.append((await ask(query, depth=depth))["categories"])
        counts.append(snapshot.statements)

    assert counts == [5, 5]
    assert [len(tree) for tree in trees] == [1, 2]
    assert trees[1][1]["products"] == {
        "totalCount": 24,
        "nodes": [{"slug": "lamp-23"}, {"slug": "lamp-22"}],
    }


async def test_a_total_is_counted_only_when_asked_for(ask: Ask) -> None:
    async with db.snapshot() as snapshot:
        await ask("{ products(first: 1) { nodes { slug } } }")

    assert snapshot.statements == 2
