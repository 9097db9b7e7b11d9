"""Contexts: where, in what language and for what currency an answer is."""

import pytest
from asking import anyone
from factories import load, shop

from catalog import db
from catalog.errors import CurrencyNotSold, UnknownChannel, UnknownLocale
from catalog.writes.inputs import ChannelInput

pytestmark = pytest.mark.usefixtures("clean")


@pytest.fixture(autouse=True)
async def _shop(clean: None) -> None:
    await load(*shop())


async def test_who_asks_for_nothing_is_in_the_default_channel() -> None:
    ctx = await anyone()

    assert (ctx.channel, ctx.currency, ctx.locale, ctx.locales) == ("eu", "EUR", "en", ())


async def test_another_channel_brings_its_own_currency() -> None:
    ctx = await anyone("us")

    assert (ctx.channel, ctx.currency) == ("us", "USD")


async def test_a_channel_sells_in_its_other_currency_too() -> None:
    assert (await anyone(currency="USD")).currency == "USD"


async def test_a_currency_that_is_not_sold_is_refused_with_those_that_are() -> None:
    with pytest.raises(CurrencyNotSold, match="EUR, USD"):
        await anyone(currency="GBP")


@pytest.mark.parametrize("code", ["mars", "", "EU", "\x00", "\ud800", "eu' OR true --"])
async def test_a_channel_that_is_not_there_is_refused(code: str) -> None:
    with pytest.raises(UnknownChannel):
        await anyone(code)


async def test_a_channel_that_is_closed_is_as_good_as_not_there() -> None:
    await load(
        ChannelInput(code="old", default_currency="EUR", default_locale="en", is_active=False)
    )

    with pytest.raises(UnknownChannel):
        await anyone("old")


async def test_without_a_default_channel_one_must_be_named() -> None:
    async with db.unit_of_work() as connection:
        await connection.execute("UPDATE channel SET is_default = false")

    with pytest.raises(UnknownChannel, match="no default channel"):
        await anyone()


@pytest.mark.parametrize("tag", ["de", "DE", "de-AT", "de_AT", "de-Latn-CH"])
async def test_a_language_is_served_by_the_nearest_that_is_spoken(tag: str) -> None:
    ctx = await anyone(locale=tag)

    assert (ctx.locale, ctx.locales) == ("de", ("de",))


@pytest.mark.parametrize("tag", ["fr", "", "-", "\ud800", "d"])
async def test_a_language_that_is_not_spoken_is_refused_with_those_that_are(tag: str) -> None:
    with pytest.raises(UnknownLocale, match="en, de"):
        await anyone(locale=tag)


@pytest.mark.parametrize(
    ("header", "locale"),
    [
        ("de", "de"),
        ("fr, de;q=0.5, en;q=0.4", "de"),
        ("en;q=0.4, de-CH;q=0.8", "de"),
        ("fr;q=1", "en"),
        ("de;q=0", "en"),
        ("de;q=nan, *;q=0.1, ;;;,q=", "en"),
        ("*", "en"),
        ("", "en"),
    ],
)
async def test_a_browser_says_what_it_likes_and_gets_what_there_is(
    header: str, locale: str
) -> None:
    assert (await anyone(accept_language=header)).locale == locale


async def test_what_is_asked_for_weighs_more_than_what_the_browser_likes() -> None:
    assert (await anyone(locale="en", accept_language="de")).locale == "en"


async def test_texts_are_looked_up_from_the_special_to_the_usual_language() -> None:
    await load(
        ChannelInput(
            code="ch",
            default_currency="CHF",
            default_locale="fr",
            locales=("fr", "it", "de", "de-CH", "en"),
        )
    )

    assert (await anyone("ch", locale="de-CH")).locales == ("de-CH", "de", "fr", "it")
    assert (await anyone("ch", locale="en")).locales == ()
