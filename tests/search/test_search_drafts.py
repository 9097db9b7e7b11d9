"""What is not published shows neither in what is found nor in what is found instead."""

import pytest
from factories import lamp, load, shop

from catalog import db
from catalog.context import ANONYMOUS
from catalog.paging import Paging
from catalog.reads import contexts, products
from catalog.writes import listing

FIRST = Paging(first=10)


async def found(search: str) -> list[str]:
    ctx = await contexts.resolve(ANONYMOUS)
    return [each.slug for each in (await products.page(ctx, search=search, paging=FIRST)).items]


async def known() -> set[str]:
    return {row["word"] for row in await db.fetch("SELECT word FROM search_word")}


@pytest.fixture
async def lamps(clean: None) -> None:
    await load(*shop(), lamp("shown", name="Copper Reading Lantern"))


async def test_a_draft_changes_nothing_of_what_is_found(lamps: None) -> None:
    asked = ("coper", "lantrn", "zirkonium lantern", "copper reading zirkonium", "zirkonium-1")
    before = [await found(each) for each in asked]
    assert before[0] == before[3] == ["shown"]
    await load(
        lamp(
            "hidden",
            status="draft",
            name="Coper Lantrn Copper Reading Zirkonium",
            description="<p>zirkonium lantern</p>",
        )
    )
    assert [await found(each) for each in asked] == before
    assert not {"coper", "lantrn", "zirkonium"} & await known()


async def test_its_words_are_known_once_it_is_published(lamps: None) -> None:
    await load(lamp("hidden", status="draft", name="Zirkonium Sconce"))
    assert await found("zirkoniun") == []
    async with db.unit_of_work() as connection:
        await connection.execute("UPDATE product SET status = 'active' WHERE slug = 'hidden'")
    assert await found("zirkoniun") == ["hidden"]
    assert await listing.check() == ()
