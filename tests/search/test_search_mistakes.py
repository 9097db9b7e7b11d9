"""What is found by words that are mistyped, and where nothing has all that is asked for."""

from typing import Any

import pytest
import servers
from factories import lamp, load, shop, variant

from catalog.context import ANONYMOUS
from catalog.paging import Paging
from catalog.reads import contexts, products
from catalog.reads.words import nearest
from catalog.settings import Settings
from catalog.writes.inputs import ListingInput


def one(slug: str, name: str, **fields: Any) -> Any:
    listings = (ListingInput(channel="eu"),)
    return lamp(
        slug, name=name, variants=(variant(f"sku-{slug}", "red"),), listings=listings, **fields
    )


@pytest.fixture(scope="module")
async def misspelt(database: Settings) -> None:
    await servers.empty()
    await load(
        *shop(),
        one("case", "Travel case"),
        one("kit", "Repair kit"),
        one("speaker", "Garden speaker", description="<p>Weatherproof, for the terrace.</p>"),
        one("rare", "Pale plinth"),
        *(one(f"apple-{n}", f"Apple tray {n}") for n in range(12)),
    )


async def found(search: str) -> list[str]:
    ctx = await contexts.resolve(ANONYMOUS, locale="en")
    page = await products.page(ctx, search=search, paging=Paging(first=100))
    assert await products.count(ctx, search=search) == len(page.items)
    return [each.slug for each in page.items]


@pytest.mark.parametrize("search", ["csae", "cse", "casr", "caase", "acse", "trvael csae"])
async def test_short_words_forgive_a_mistake_too(misspelt: None, search: str) -> None:
    assert await found(search) == ["case"]


async def test_words_of_a_description_may_be_what_was_meant(misspelt: None) -> None:
    assert await found("weatherprof speaker") == ["speaker"]


async def test_a_mistake_in_a_form_that_no_product_has(misspelt: None) -> None:
    """The plural is nowhere."""
    assert await found("kits") == ["kit"]
    assert await found("wkits") == ["kit"]


async def test_the_beginning_of_a_word_is_enough_for_the_last_only(misspelt: None) -> None:
    assert await found("gard") == ["speaker"]
    assert await found("gardn speaker") == ["speaker"]


async def test_of_two_that_are_as_near_what_hardly_any_product_has_was_not_meant(
    misspelt: None,
) -> None:
    slugs = await found("paple")
    assert "rare" not in slugs
    assert len(slugs) == 12


async def test_one_of_several_words_may_be_lacking_where_nothing_has_all(misspelt: None) -> None:
    assert await found("titanium travel case") == ["case"]
    assert await found("travel repair case") == ["case"]
    assert await found("titanium case") == []


async def test_where_something_has_all_of_them_all_are_asked_for(misspelt: None) -> None:
    assert len(await found("apple tray")) == 12
    assert await found("apple tray 11") == ["apple-11"]


async def test_numbers_are_meant_as_they_are_typed(misspelt: None) -> None:
    assert await found("2019") == []
    assert await found("apple tray 99") != ["apple-9"]


def test_what_was_typed_counts_before_its_stem() -> None:
    assert nearest(["rlighting", "rlight"], ["right", "lighting"]) == ("lighting",)
    assert nearest(["wkits", "wkit"], ["kit", "walk"]) == ("kit",)
    assert nearest(["zzzz"], ["case"]) == ()
