"""A listing page: every level is read once, however many products there are."""

from decimal import Decimal

import pytest
from factories import lamp, load, shop, variant

from catalog import db
from catalog.writes.inputs import (
    AttributeDefinition,
    MediaInput,
    OptionInput,
    PriceInput,
    VariantInput,
)

INCLUDED = [
    "brand",
    "category",
    "image",
    "attributes",
    "price_range",
    "compare_at_price_range",
    "available",
    "variants",
    "variants.options",
    "variants.price",
    "variants.prices",
    "variants.available",
    "variants.stock",
]
# Values of attributes name their attributes: one more each.
STATEMENTS = ["token", "channel", "page", "count", *INCLUDED, "attributes.of", "options.of"]

COLORS = ("red", "blue", "green", "white")


def four_variants(slug: str) -> tuple[VariantInput, ...]:
    """In four colours, reduced, with a tier of quantity."""
    prices = (
        PriceInput(amount=Decimal("10.00"), currency="EUR", compare_at=Decimal("12.00")),
        PriceInput(amount=Decimal("9.00"), currency="EUR", min_quantity=10),
    )
    return tuple(variant(f"{slug}-{color}", color, prices=prices) for color in COLORS)


@pytest.fixture(autouse=True)
async def _twenty_four_lamps(clean: None) -> None:
    options = tuple(OptionInput(code=color, label=color.title()) for color in COLORS)
    await load(
        *shop(),
        *(
            lamp(
                f"lamp-{n:02}",
                media=(MediaInput(url=f"/media/{n}.jpg", alt="A lamp"),),
                attributes={"power": Decimal(40 + n), "material": "Steel"},
                variants=four_variants(f"lamp-{n:02}"),
            )
            for n in range(24)
        ),
        AttributeDefinition(code="color", kind="select", name="Colour", options=options),
    )


async def test_a_page_of_one_and_of_twenty_four_take_the_same_statements(get, token: str) -> None:
    counts, pages = [], []
    for limit in (1, 24):
        address = f"/v1/products?limit={limit}&count=true&include={','.join(INCLUDED)}"
        async with db.snapshot() as snapshot:
            pages.append(await get(address, token=token))
        counts.append(snapshot.statements)

    assert counts == [len(STATEMENTS), len(STATEMENTS)]
    assert [len(page["items"]) for page in pages] == [1, 24]
    assert [len(item["variants"]["items"]) for item in pages[1]["items"]] == [4] * 24
    assert pages[1]["items"][0]["variants"]["items"][3]["stock"][0]["on_hand"] == 5


@pytest.mark.parametrize(
    ("address", "statements"),
    [
        ("/v1/products", 2),
        ("/v1/products/lamp-01", 2),
        ("/v1/products?category=home&brand=lumen", 5),
        ("/v1/variants?include=product", 3),
        ("/v1/categories?depth=5&include=children,ancestors", 4),
        ("/v1/prices", 4),
        ("/v1/channels", 2),
        ("/healthz", 0),
    ],
)
async def test_an_answer_takes_no_more_statements_than_it_needs(
    get, address: str, statements: int
) -> None:
    async with db.snapshot() as snapshot:
        await get(address)

    assert snapshot.statements == statements


async def test_variants_go_on_where_the_product_left_off(get, monkeypatch) -> None:
    monkeypatch.setattr("catalog.rest.includes.FIRST_VARIANTS", 3)

    variants = (await get("/v1/products/lamp-07?include=variants"))["variants"]
    rest = await get(f"/v1/variants?product=lamp-07&cursor={variants['page']['next']}")

    assert [item["sku"] for item in variants["items"] + rest["items"]] == [
        f"lamp-07-{color}" for color in COLORS
    ]
    assert rest["page"]["next"] is None
