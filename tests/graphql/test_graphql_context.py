"""`@inContext`: channel, locale and currency of an answer, and what is heard without it."""

from decimal import Decimal

import httpx
import pytest
from factories import lamp, load, variant
from speaking import Ask, Refused

from catalog.writes.inputs import ListingInput, PriceInput

TEXTS = {"de": {"name": "Schreibtischlampe", "slug": "schreibtischlampe"}}


@pytest.fixture(scope="module", autouse=True)
async def _lamps(standing_shop: None) -> None:
    prices = (
        PriceInput(amount=Decimal("19.90"), currency="EUR"),
        PriceInput(amount=Decimal("21.00"), currency="USD"),
        PriceInput(amount=Decimal("25.00"), currency="USD", channel="us"),
    )
    both = (ListingInput(channel="eu"), ListingInput(channel="us"))
    red = variant("desk-lamp-red", "red", prices=prices)
    await load(
        lamp("desk-lamp", variants=(red,), listings=both, translations=TEXTS),
        lamp("floor-lamp"),
    )


LAMP = '{ product(by: {slug: "desk-lamp"}) { name slug priceRange { min { amount currency } } } }'
EURO = {"min": {"amount": "19.90", "currency": "EUR"}}
DOLLAR = {"min": {"amount": "21.00", "currency": "USD"}}
AMERICAN = {"min": {"amount": "25.00", "currency": "USD"}}


@pytest.mark.parametrize(
    ("directive", "name", "price"),
    [
        ("", "Desk Lamp", EURO),
        ("@inContext", "Desk Lamp", EURO),
        ('@inContext(locale: "de")', "Schreibtischlampe", EURO),
        ('@inContext(locale: "de-AT")', "Schreibtischlampe", EURO),
        ('@inContext(currency: "USD")', "Desk Lamp", DOLLAR),
        ('@inContext(channel: "us")', "Desk Lamp", AMERICAN),
        ('@inContext(channel: "eu", locale: "de", currency: "USD")', "Schreibtischlampe", DOLLAR),
        ("@inContext(channel: null, locale: null, currency: null)", "Desk Lamp", EURO),
    ],
)
async def test_a_question_is_answered_in_its_context(
    ask: Ask, directive: str, name: str, price: object
) -> None:
    found = (await ask(f"query {directive} {LAMP}"))["product"]

    assert (found["name"], found["priceRange"]) == (name, price)


async def test_the_context_may_come_from_variables(ask: Ask) -> None:
    query = f"""query Q($channel: String, $locale: String = "de", $currency: String)
    @inContext(channel: $channel, locale: $locale, currency: $currency) {LAMP}"""

    by_default = (await ask(query))["product"]
    asked = (await ask(query, channel="eu", locale="en", currency="USD"))["product"]

    assert (by_default["name"], by_default["priceRange"]) == ("Schreibtischlampe", EURO)
    assert (asked["name"], asked["priceRange"]) == ("Desk Lamp", DOLLAR)


async def test_a_product_is_seen_only_where_it_is_listed(ask: Ask) -> None:
    query = (
        "query Q($channel: String) @inContext(channel: $channel) { products { nodes { slug } } }"
    )

    european = (await ask(query))["products"]["nodes"]
    american = (await ask(query, channel="us"))["products"]["nodes"]

    assert [node["slug"] for node in european] == ["floor-lamp", "desk-lamp"]
    assert [node["slug"] for node in american] == ["desk-lamp"]


async def test_a_slug_of_another_language_finds_its_product(ask: Ask) -> None:
    query = """query @inContext(locale: "de") {
      product(by: {slug: "schreibtischlampe"}) { slug redirectTo }
    }"""

    assert (await ask(query))["product"] == {"slug": "schreibtischlampe", "redirectTo": None}


@pytest.mark.parametrize(
    ("directive", "accept_language", "name"),
    [
        ("", "de-CH, de;q=0.9, en;q=0.8", "Schreibtischlampe"),
        ("", "en, de;q=0.5", "Desk Lamp"),
        ("", "fr, *;q=0.1", "Desk Lamp"),
        ('@inContext(locale: "en")', "de", "Desk Lamp"),
    ],
)
async def test_the_languages_of_the_browser_are_the_second_choice(
    client: httpx.AsyncClient, directive: str, accept_language: str, name: str
) -> None:
    response = await client.post(
        "/graphql",
        json={"query": f"query {directive} {LAMP}"},
        headers={"Accept-Language": accept_language},
    )

    assert response.json()["data"]["product"]["name"] == name
    assert "Accept-Language" in response.headers["Vary"]


@pytest.mark.parametrize(
    ("directive", "code", "argument"),
    [
        ('@inContext(channel: "mars")', "UNKNOWN_CHANNEL", "channel"),
        ('@inContext(locale: "tlh")', "UNKNOWN_LOCALE", "locale"),
        ('@inContext(currency: "GBP")', "CURRENCY_NOT_SOLD", "currency"),
    ],
)
async def test_a_context_that_is_not_there_is_one_error_of_the_request(
    refused: Refused, directive: str, code: str, argument: str
) -> None:
    (error,) = await refused(f"query {directive} {LAMP}")

    assert error["extensions"] == {"code": code, "argument": [argument]}
    assert error["locations"] == [{"line": 1, "column": 7}]
    assert "path" not in error


async def test_the_directive_belongs_to_operations_only(refused: Refused) -> None:
    (error,) = await refused('{ products @inContext(channel: "us") { totalCount } }')

    assert error["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
