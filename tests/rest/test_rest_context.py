"""Who asks, and in which channel, locale and currency: what that changes, and what headers tell."""

import httpx
import pytest

from catalog.writes import tokens

pytestmark = pytest.mark.usefixtures("lamps")


async def test_texts_come_in_the_asked_language(client: httpx.AsyncClient) -> None:
    asked = await client.get("/v1/products/desk-lamp?locale=de")
    accepted = await client.get(
        "/v1/products/desk-lamp", headers={"Accept-Language": "fr, de;q=.9"}
    )
    usual = await client.get("/v1/products/desk-lamp")

    assert [answer.json()["name"] for answer in (asked, accepted, usual)] == [
        "Schreibtischlampe",
        "Schreibtischlampe",
        "Desk Lamp",
    ]
    assert [answer.headers["Content-Language"] for answer in (asked, accepted, usual)] == [
        "de",
        "de",
        "en",
    ]


async def test_vary_names_what_the_answer_depended_on(client: httpx.AsyncClient) -> None:
    asked = await client.get("/v1/products?locale=de")
    usual = await client.get("/v1/products")

    assert asked.headers["Vary"] == "Authorization"
    assert usual.headers["Vary"] == "Authorization, Accept-Language"


async def test_prices_come_in_the_asked_currency(get) -> None:
    euro, dollar = [
        await get(f"/v1/products/wall-lamp?include=price_range&currency={currency}")
        for currency in ("EUR", "USD")
    ]

    assert euro["price_range"]["min"] == {"amount": "10.00", "currency": "EUR"}
    assert dollar["price_range"]["min"] == {"amount": "11.00", "currency": "USD"}


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("channel=mars", 404, "UNKNOWN_CHANNEL"),
        ("locale=xx", 400, "UNKNOWN_LOCALE"),
        ("currency=JPY", 400, "CURRENCY_NOT_SOLD"),
    ],
)
async def test_a_context_that_there_is_not_is_refused(
    client: httpx.AsyncClient, query: str, status: int, code: str
) -> None:
    response = await client.get(f"/v1/products?{query}")

    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response.json()["errors"][0]["location"] == f"query.{query.partition('=')[0]}"


@pytest.mark.parametrize(
    "authorization", ["Bearer cat_nonsense", "Bearer ", "Basic dTpw", "Bearer", "Bearer \xff"]
)
async def test_a_token_that_is_no_good_is_refused(
    client: httpx.AsyncClient, authorization: str
) -> None:
    headers = {"Authorization": authorization.encode("latin-1")}
    response = await client.get("/v1/products", headers=headers)

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="catalog"'


async def test_a_token_without_the_scope_may_not(client: httpx.AsyncClient) -> None:
    secret = await tokens.create("prices", scopes=["prices:write"])

    response = await client.get("/v1/stock", headers={"Authorization": f"Bearer {secret}"})

    assert (response.status_code, response.json()["code"]) == (403, "FORBIDDEN")


async def test_larger_pages_are_for_tokens(client: httpx.AsyncClient, get, token: str) -> None:
    refused = await client.get("/v1/products?limit=101")

    assert (refused.status_code, refused.json()["code"]) == (400, "BAD_PAGE_SIZE")
    assert len((await get("/v1/products?limit=250", token=token))["items"]) == 6
