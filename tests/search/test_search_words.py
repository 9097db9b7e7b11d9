"""What is found by which words, and that no words make it fail."""

from typing import Any

import pytest
import servers
from factories import lamp, load, shop, variant
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.context import ANONYMOUS, Context, Principal
from catalog.errors import BadFilter
from catalog.paging import Paging
from catalog.reads import contexts, facets, products, suggestions
from catalog.settings import Settings
from catalog.writes.inputs import (
    AttributeDefinition,
    BrandInput,
    ListingInput,
    OptionInput,
    TranslationInput,
)

STAFF = Principal(token_id=1, scopes=frozenset({"catalog:read"}))
EVERYWHERE = (ListingInput(channel="eu"), ListingInput(channel="us"))
BARCODE = "4006381333931"


async def asker(principal: Principal = ANONYMOUS, **asked: Any) -> Context:
    return await contexts.resolve(principal, **asked)


async def found(search: str, ctx: Context | None = None) -> list[str]:
    page = await products.page(
        ctx or await asker(locale="en"), search=search, paging=Paging(first=100)
    )
    assert await products.count(ctx or await asker(locale="en"), search=search) == len(page.items)
    return [each.slug for each in page.items]


def one(slug: str, name: str, **fields: Any) -> Any:
    values: dict[str, Any] = {"variants": (variant(f"sku-{slug}", "red"),)}
    return lamp(slug, name=name, **(values | {"listings": EVERYWHERE} | fields))


@pytest.fixture(scope="module")
async def words(database: Settings) -> None:
    await servers.empty()
    await load(
        *shop(),
        AttributeDefinition(
            code="shade",
            name="Shade",
            kind="select",
            searchable=True,
            options=(
                OptionInput(
                    code="rattan",
                    label="Rattan",
                    translations={"de": TranslationInput(name="Peddigrohr")},
                ),
            ),
        ),
        {
            "record": "type",
            "code": "lamp",
            "attributes": [{"attribute": "shade"}],
        },
        BrandInput(slug="wax", name="Waxworks"),
        one("lx", "Reading light", variants=(variant("LX-200", "red", barcode=BARCODE),)),
        one("spare", "LX-200 spare bulbs for reading"),
        one("cafe", "Café chandelier", description="<p>Handmade from driftwood.</p>"),
        one("drift", "Driftwood stand", brand="wax"),
        one("rattan", "Ceiling globe", attributes={"shade": "rattan"}),
        one(
            "german",
            "Desk companion",
            description="<p>Handmade in small numbers.</p>",
            attributes={"shade": "rattan"},
            translations={"de": TranslationInput(name="Schreibtischlampen", slug="schreib")},
        ),
        one("hidden", "Secret prototype chandelier", status="draft"),
        one("elsewhere", "Transatlantic buoy", listings=(ListingInput(channel="us"),)),
    )


async def test_what_has_the_key_comes_before_what_has_its_letters(words: None) -> None:
    assert await found("LX-200") == ["lx", "spare"]
    assert await found("lx-200") in (["lx", "spare"], ["spare", "lx"])
    assert await found(BARCODE) == ["lx"]
    assert await found("sku-drift") == ["drift"]


@pytest.mark.parametrize(
    ("search", "slugs"),
    [
        ("bulb", ["spare"]),
        ("read", ["lx", "spare"]),
        ("chandeliers", ["cafe"]),
        ("cafe", ["cafe"]),
        ("CAFÉ", ["cafe"]),
        ("chand", ["cafe"]),
        ("café chan", ["cafe"]),
        ("chandelire", ["cafe"]),
        ("chandleier", ["cafe"]),
        ("driftwod", ["drift", "cafe"]),
        ("driftwood", ["drift", "cafe"]),
        ("waxworks stand", ["drift"]),
        ("the stand of driftwood", ["drift"]),
        ("rattan globe", ["rattan"]),
        ("rattan", ["rattan", "german"]),
        ("  globe   ceiling ", ["rattan"]),
        ("xylophone", []),
        ("secret prototype", []),
        ("transatlantic", []),
    ],
)
async def test_words_find_what_has_them(words: None, search: str, slugs: list[str]) -> None:
    assert sorted(await found(search)) == sorted(slugs)


async def test_a_name_counts_more_than_a_description(words: None) -> None:
    assert await found("driftwood") == ["drift", "cafe"]


async def test_drafts_are_found_by_those_who_see_them_only(words: None) -> None:
    staff = await asker(STAFF, locale="en")

    assert await found("prototype", staff) == ["hidden"]
    for search in ("prototype", "sku-hidden", "prototpye", "secret"):
        assert "hidden" not in await found(search)
        told = await suggestions.of(await asker(locale="en"), search)
        assert "prototype" not in " ".join([*told.queries, *(each.name for each in told.products)])


async def test_each_channel_finds_its_own(words: None) -> None:
    assert await found("buoy") == []
    assert await found("buoy", await asker(channel="us")) == ["elsewhere"]


async def test_german_finds_german_and_what_there_is_in_english_only(words: None) -> None:
    german = await asker(locale="de")

    assert await found("schreibtischlampe", german) == ["schreib"]
    assert await found("Schreibtischlampen handmade", german) == ["schreib"]
    assert await found("peddigrohr", german) == ["schreib"]
    assert await found("peddigrohr") == []
    assert "cafe" in await found("chandelier", german)
    assert await found("schreibtischlampe") == []
    assert await found("companion") == ["german"]


async def test_what_was_written_is_found_by_the_next_question(words: None) -> None:
    await load(one("fresh", "Quicksilver torch"))
    assert await found("quicksilver") == ["fresh"]

    await load(lamp("fresh", name="Mercury torch", variants=()))
    assert await found("quicksilver") == []
    assert await found("mercury torch") == ["fresh"]


AWKWARD = [
    *("'", "''", '"', "\\", "\\'", "'\\", "a'b", ":*", "a:*", "!", "&", "|", "(", ")", "<->"),
    *("the", "of the", "\x00", "a\x00b", "\ud800", "😀", "😀 lamp", "%", "_", "?", "$1", ":at"),
    *("日本", "ı", "ß", "ﬁ", "\u200b", "\u00a0", "…", "--", "/*", "1e400", "-5", "0", "x" * 200),
    *("lamp " * 40, "' OR 1=1 --", "a" * 199 + "'", "é" * 200, "lamp&!x", "desk:A", "\U0010ffff"),
]


@pytest.mark.parametrize("search", AWKWARD, ids=range(len(AWKWARD)))
async def test_awkward_words_are_only_words(words: None, search: str) -> None:
    for ctx in (await asker(locale="en"), await asker(STAFF, locale="de")):
        await found(search, ctx)
        await facets.of(ctx, search=search, codes=["brand"])
        await suggestions.of(ctx, search)


@settings(max_examples=120, deadline=None, suppress_health_check=[*HealthCheck])
@given(
    search=st.text(max_size=40)
    | st.lists(st.sampled_from([*AWKWARD, "lamp", "desk", "café"]), max_size=4)
    .map(" ".join)
    .map(lambda text: text[:200]),
    german=st.booleans(),
)
async def test_no_text_makes_a_search_fail(words: None, search: str, german: bool) -> None:
    ctx = await asker(locale="de" if german else "en")

    page = await products.page(ctx, search=search, paging=Paging(first=2))
    total = await products.count(ctx, search=search)

    assert len(page.items) == min(total, 2)
    if page.has_next:
        rest = await products.page(
            ctx, search=search, paging=Paging(first=100, after=page.end_cursor)
        )
        assert len(rest.items) == total - 2


async def test_more_letters_than_a_search_has_are_refused(words: None) -> None:
    for length in (201, 5000):
        with pytest.raises(BadFilter, match="at most 200 letters"):
            await found("x" * length)
    assert await found("") == await found("   ") != []


async def test_by_relevance_goes_only_what_is_searched_for(words: None) -> None:
    with pytest.raises(BadFilter, match="searched for"):
        await products.page(await asker(), order="relevance", paging=Paging(first=1))
