"""A change cools the answers that show it, and hardly any other."""

from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest
from factories import lamp, load, variant
from storefront import Front, build, front

from catalog.settings import Settings
from catalog.writes.inputs import AttributeDefinition, BrandInput, OptionInput

HOME = "GET /v1/products?category=home&count=true&include=price_range,available,brand,image"
GARDEN = "GET /v1/products?category=garden"
BY_PRICE = "GET /v1/products?category=outlet&sort=price&include=price_range"
BY_HAND = "GET /v1/products?category=outlet&sort=position"
FAVOURITES = "GET /v1/products?collection=favourites&sort=position"
LUMEN = "GET /v1/products?brand=lumen&sort=name"


@pytest.fixture
async def shown(database: Settings, client: httpx.AsyncClient) -> AsyncIterator[Front]:
    """All of it is kept."""
    await build()
    async with front(database, client) as asking:
        await asking.all()
        yield asking


async def warm(front: Front, *names: str) -> list[str]:
    return [name for name in names if (await front.ask(name)).hit]


async def execute(database: Settings, sql: str) -> None:
    connection = await asyncpg.connect(database.database_url)
    await connection.execute(sql)
    await connection.close()


PAGES = (HOME, BY_PRICE, BY_HAND, FAVOURITES)


async def test_prices_of_one_category_leave_the_pages_of_another(
    shown: Front, database: Settings
) -> None:
    await execute(
        database,
        "UPDATE price SET amount = 3 FROM variant AS v"
        " WHERE v.id = variant_id AND v.product_id = 4",
    )

    assert await warm(shown, *PAGES, GARDEN) == [*PAGES]
    assert (await shown.ask(GARDEN, fresh=True)).body == (await shown.ask(GARDEN)).body


async def test_a_price_leaves_a_page_that_neither_shows_nor_sorts_by_it(
    shown: Front, database: Settings
) -> None:
    """The floor lamp hangs in `home`, and is of another brand."""
    await execute(
        database,
        "UPDATE price SET amount = 3 FROM variant AS v"
        " WHERE v.id = variant_id AND v.product_id = 2",
    )

    assert await warm(shown, HOME, LUMEN, BY_PRICE) == [LUMEN, BY_PRICE]


async def test_what_is_new_leaves_pages_that_do_not_show_it(shown: Front) -> None:
    await load(
        BrandInput(slug="moon", name="Moon"),
        AttributeDefinition(code="color", options=(OptionInput(code="green", label="Green"),)),
        lamp(
            "moon-lamp",
            brand="moon",
            categories=(),
            variants=(variant("moon-green", "green"),),
        ),
    )

    assert await warm(shown, *PAGES, GARDEN) == [*PAGES, GARDEN]
    assert await warm(shown, "no slug", "GET /v1/products?sort=-updated&limit=2") == []


async def test_an_import_that_changes_nothing_cools_nothing(shown: Front) -> None:
    await load(lamp("floor-lamp", brand="noctis", tags=("tall",), attributes={"power": 60}))

    assert [name for name, told in (await shown.all()).items() if not told.hit] == []
