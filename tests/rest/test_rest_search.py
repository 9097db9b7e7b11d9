"""Searches over REST: in the address and as JSON, with facets beside the page; suggestions."""

from typing import Any

import httpx
import pytest
import servers
from factories import lamp, load, shop, variant

from catalog import db
from catalog.rest import bodies
from catalog.settings import Settings
from catalog.writes import tokens
from catalog.writes.inputs import AttributeDefinition, StockInput

SEARCH = "/v1/products/search"
NONE_LEFT = (StockInput(location="main", on_hand=0),)


@pytest.fixture(scope="module", autouse=True)
async def _lamps(database: Settings) -> None:
    """At 10 to 40 EUR, the cheapest of them sold out; one is called like an address."""
    await servers.empty()
    await load(*shop())
    await load(
        AttributeDefinition(
            code="power", kind="number", name="Power", filterable=True, sortable=True
        ),
        lamp("anglepoise", attributes={"power": 40}, variants=_two("a", "30", "40")),
        lamp("bankers", attributes={"power": 60}, variants=_two("b", "20", "40"), tags=("desk",)),
        lamp("search", variants=(variant("s-red", "red", amount="10", stock=NONE_LEFT),)),
    )


def _two(sku: str, red: str, blue: str) -> tuple[Any, ...]:
    return variant(f"{sku}-red", "red", amount=red), variant(f"{sku}-blue", "blue", amount=blue)


def slugs(page: Any) -> list[str]:
    return [item["slug"] for item in page["items"]]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("attr.color=blue", ["anglepoise", "bankers"]),
        ("attr.color=blue,green", ["anglepoise", "bankers"]),
        ("attr.color=green&attr.color=red", ["anglepoise", "bankers", "search"]),
        ("attr.color=blue&attr.power.gt=40", ["bankers"]),
        ("attr.power=40", ["anglepoise"]),
        ("attr.power.gte=40&attr.power.lt=60", ["anglepoise"]),
        ("price.lte=20", ["bankers", "search"]),
        ("price.lte=20&available=true", ["bankers"]),
        ("price.gt=30&price.lt=40", []),
        ("available=false", ["search"]),
        ("available=false&price.gt=10", []),
        ("unavailable=hide", ["anglepoise", "bankers"]),
        ("unavailable=last&sort=-name", ["bankers", "anglepoise", "search"]),
        ("sort=price,name", ["search", "bankers", "anglepoise"]),
        ("sort=-attr.power", ["bankers", "anglepoise", "search"]),
        ("q=bankres", ["bankers"]),
        ("q=a-blue&sort=relevance", ["anglepoise"]),
        ("q=&sort=name", ["anglepoise", "bankers", "search"]),
    ],
)
async def test_what_an_address_asks_for(get, asked: str, found: list[str]) -> None:
    sort = "" if "sort=" in asked else "&sort=name"

    page = await get(f"/v1/products?{asked}{sort}&count=true")

    assert slugs(page) == found
    assert page["page"]["total"] == len(found)
    assert "facets" not in page


async def test_facets_stand_beside_the_page(get) -> None:
    page = await get("/v1/products?limit=1&attr.color=blue&facets=color,price,brand")

    color, price, brand = page["facets"]
    assert len(page["items"]) == 1
    assert color == {
        "code": "color",
        "label": "Colour",
        "kind": "select",
        "buckets": [
            {
                "value": value,
                "label": value.title(),
                "count": count,
                "selected": value == "blue",
                "swatch": None,
                "filter": {"attributes": [{"code": "color", "any_of": [value]}]},
            }
            for value, count in (("red", 3), ("blue", 2))
        ],
        "min": None,
        "max": None,
    }
    assert (price["min"], price["max"]) == ("20", "40")
    assert brand["buckets"][0]["filter"]["brand"][0].startswith("id:")


async def test_no_facet_of_nothing_and_all_with_a_star(get) -> None:
    every = await get("/v1/products?facets=*")

    assert [each["code"] for each in every["facets"]] == [
        "category", "brand", "price", "availability", "color", "power"
    ]  # fmt: skip


async def test_the_link_header_keeps_what_was_asked(client: httpx.AsyncClient) -> None:
    asked = "attr.color=red&price.lte=40&q=&sort=price,name&facets=color&limit=1"

    response = await client.get(f"/v1/products?{asked}")

    assert f"</v1/products?{asked}&cursor=" in response.headers["Link"]


async def test_a_search_as_json_goes_on_by_its_cursor(client: httpx.AsyncClient) -> None:
    body = {"where": {"NOT": {"tags": ["antique"]}}, "sort": ["-attr.power"], "limit": 1}
    body |= {"fields": ["slug"], "include": ["price_range"], "count": True}

    first = await client.post(SEARCH, json=body)
    page = first.json()["page"]
    second = await client.post(SEARCH, json=body | {"cursor": page["next"]})
    back = await client.post(SEARCH, json=body | {"cursor": second.json()["page"]["prev"]})

    assert first.status_code == 200, first.text
    assert "Link" not in first.headers
    assert page["total"] == 3
    assert (slugs(first.json()), slugs(second.json())) == (["bankers"], ["anglepoise"])
    assert first.json()["items"] == back.json()["items"]
    assert first.json()["items"][0].keys() == {"id", "slug", "price_range"}


async def test_conditions_hold_for_one_variant_and_nest(client: httpx.AsyncClient) -> None:
    blue_to_30 = {"price": {"lte": "30"}, "attributes": [{"code": "color", "any_of": ["blue"]}]}

    async def found(**where: Any) -> list[str]:
        response = await client.post(SEARCH, json={"where": where, "sort": ["name"]})
        return slugs(response.json())

    assert await found(variant=blue_to_30) == []
    assert await found(OR=[{"variant": blue_to_30}, {"tags": ["desk"]}]) == ["bankers"]
    assert await found(category=["home"], AND=[{"NOT": {"brand": ["lumen"]}}]) == []
    assert await found(NOT={"attributes": [{"code": "power", "exists": True}]}) == ["search"]
    assert await found(attributes=[{"code": "power", "any_of": [40]}]) == ["anglepoise"]


async def test_more_a_page_with_a_token(client: httpx.AsyncClient) -> None:
    secret = await tokens.create("reader", scopes=["catalog:read"])
    headers = {"Authorization": f"Bearer {secret}"}

    response = await client.post(SEARCH, json={"limit": 250}, headers=headers)

    assert len(response.json()["items"]) == 3


async def test_the_body_is_read_before_anything_is_asked_of_the_database(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    statements = []

    async def body(*_: object) -> object:
        statements.append(snapshot.statements)
        return {}

    monkeypatch.setattr(bodies, "json_body", body)
    async with db.snapshot() as snapshot:
        await client.post(SEARCH, json={})

    assert (statements, snapshot.statements) == ([0], 2)


async def test_an_empty_question_is_every_product(client: httpx.AsyncClient, get) -> None:
    sent = await client.post(SEARCH, json={})

    assert sent.json() == await get("/v1/products")


async def test_a_product_may_be_called_like_an_address(client: httpx.AsyncClient, get) -> None:
    product = await get(SEARCH)
    head = await client.head(SEARCH)
    other = await client.post("/v1/products/searches", json={})

    assert (product["slug"], head.status_code, other.status_code) == ("search", 200, 405)


@pytest.mark.parametrize(
    "facets", ["color,brand,category", "color,power,category,brand,price,availability"]
)
async def test_facets_take_as_many_statements_however_many_there_are(
    client: httpx.AsyncClient, facets: str
) -> None:
    """Channel, page, total; attributes of the facets, what is counted, options, brands,
    categories."""
    async with db.snapshot() as snapshot:
        asked = await client.get(f"/v1/products?count=true&facets={facets}")
    async with db.snapshot() as same:
        await client.post(SEARCH, json={"count": True, "facets": facets.split(",")})

    assert len(asked.json()["facets"]) == len(facets.split(","))
    assert (snapshot.statements, same.statements) == (8, 8)


async def test_what_is_typed_is_completed(get) -> None:
    found = await get("/v1/suggest?q=bank")
    category = await get("/v1/suggest?q=lam&limit=1")
    nothing = await get("/v1/suggest?q=%20")

    assert (found["queries"], slugs({"items": found["products"]})) == (["bankers"], ["bankers"])
    assert [each["slug"] for each in category["categories"]] == ["home-lamps"]
    assert nothing == {"queries": [], "products": [], "categories": []}
