"""Broken searches: each is told what is wrong with it and where, and none is an error of ours."""

from typing import Any

import httpx
import pytest
import servers
from factories import lamp, load, shop

from catalog.settings import Settings

HUNDRED_AND_ONE = ",".join(["red"] * 101)
SEARCH = "/v1/products/search"


@pytest.fixture(scope="module", autouse=True)
async def _lamp(database: Settings) -> None:
    await servers.empty()
    await load(*shop(), lamp("desk-lamp"))


@pytest.mark.parametrize(
    ("asked", "status", "code", "location"),
    [
        ("attr.shape=round", 400, "BAD_FILTER", "query.attr"),
        ("attr.=round", 400, "BAD_FILTER", "query.attr"),
        ("attr=round", 400, "UNKNOWN_PARAMETER", "query.attr"),
        ("attribute.color=red", 400, "UNKNOWN_PARAMETER", "query.attribute.color"),
        ("attr.color=", 400, "BAD_FILTER", "query.attr.color"),
        ("attr.color=red,", 400, "BAD_FILTER", "query.attr.color"),
        (f"attr.color={HUNDRED_AND_ONE}", 400, "BAD_FILTER", "query.attr.color"),
        ("&".join(f"attr.a{n}=1" for n in range(21)), 400, "BAD_FILTER", "query.attr"),
        ("attr.power.gte=many", 400, "BAD_FILTER", "query.attr.power.gte"),
        ("attr.power.gte=NaN", 400, "BAD_FILTER", "query.attr.power.gte"),
        ("attr.power.gte=1e999999999", 400, "BAD_FILTER", "query.attr.power.gte"),
        ("attr.power.gte=1&attr.power.gte=2", 400, "BAD_FILTER", "query.attr.power.gte"),
        ("attr.power.gte=1,2", 400, "BAD_FILTER", "query.attr.power.gte"),
        ("attr.power.gte=1&attr.power.lt=2026-03-01", 400, "BAD_FILTER", "query.attr.power.lt"),
        ("attr.power.gte=2026-02-30", 400, "BAD_FILTER", "query.attr.power.gte"),
        ("attr.power.gte=2026-02-20", 400, "BAD_FILTER", "query.attr.date"),
        ("attr.color.gte=1", 400, "BAD_FILTER", "query.attr.number"),
        ("attr.color.above=1", 400, "BAD_FILTER", "query.attr"),
        ("price.gte=cheap", 422, "INVALID_INPUT", "query.price.gte"),
        ("price.gte=1e999999999", 422, "INVALID_INPUT", "query.price.gte"),
        ("price.gte=1e30", 422, "INVALID_INPUT", "query.price.gte"),
        ("price.lt=0.0000001", 422, "INVALID_INPUT", "query.price.lt"),
        ("price.gte=1&price.gte=2", 400, "BAD_REQUEST", "query.price.gte"),
        ("price=1", 400, "UNKNOWN_PARAMETER", "query.price"),
        ("available=perhaps", 422, "INVALID_INPUT", "query.available"),
        ("unavailable=never", 422, "INVALID_INPUT", "query.unavailable"),
        ("sort=", 400, "BAD_FILTER", "query.sort"),
        ("sort=colour", 400, "BAD_FILTER", "query.sort"),
        ("sort=name,name", 400, "BAD_FILTER", "query.sort"),
        ("sort=relevance", 400, "BAD_FILTER", "query.sort"),
        ("q=&sort=relevance", 400, "BAD_FILTER", "query.sort"),
        ("sort=attr.shape", 400, "BAD_FILTER", "query.attr"),
        ("sort=attr.color", 400, "BAD_FILTER", "query.sort"),
        ("sort=-newest", 400, "BAD_FILTER", "query.sort"),
        ("sort=name,price,newest,updated,attr.a,attr.b", 400, "BAD_FILTER", "query.sort"),
        ("q=" + "a" * 201, 400, "BAD_FILTER", "query.q"),
        ("q=a&q=b", 400, "BAD_REQUEST", "query.q"),
        ("facets=shape", 400, "BAD_FILTER", "query.facets"),
        ("facets=material", 400, "BAD_FILTER", "query.facets"),
        ("facets=", 422, "INVALID_INPUT", "query.facets.0"),
        ("facets=" + ",".join(["color"] * 51), 400, "BAD_FILTER", "query.facets"),
    ],
)
async def test_broken_addresses(
    client: httpx.AsyncClient, asked: str, status: int, code: str, location: str
) -> None:
    response = await client.get(f"/v1/products?{asked}")
    problem = response.json()

    assert (response.status_code, problem["code"]) == (status, code), problem
    assert response.headers["Content-Type"] == "application/problem+json"
    assert [error["location"] for error in problem["errors"]] == [location]


def where(**asked: Any) -> dict[str, Any]:
    return {"where": asked}


def nested(depth: int, name: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for _ in range(depth - 1):
        found = {name: found if name == "NOT" else [found]}
    return {"where": found}


COLOR = {"code": "color"}
BROKEN_BODIES: list[tuple[Any, int, str, str | None]] = [
    ([], 422, "INVALID_INPUT", "body"),
    ("lamp", 422, "INVALID_INPUT", "body"),
    ({"colour": "red"}, 422, "INVALID_INPUT", "body.colour"),
    ({"where": []}, 422, "INVALID_INPUT", "body.where"),
    (where(colour="red"), 422, "INVALID_INPUT", "body.where.colour"),
    (where(category="home"), 422, "INVALID_INPUT", "body.where.category"),
    (where(category=["no-such"]), 400, "BAD_FILTER", "body.where.category"),
    (where(category=["id:7"]), 400, "BAD_REFERENCE", "body.where.category"),
    (where(ids=["7"]), 400, "BAD_REFERENCE", "body.where.ids.0"),
    (where(ids=["a"] * 101), 422, "INVALID_INPUT", "body.where.ids"),
    (where(status=["draft"]), 401, "UNAUTHORIZED", "body.where.status"),
    (where(status=["gone"]), 422, "INVALID_INPUT", "body.where.status.0"),
    (where(updated_at={"gte": "2026-03-01"}), 422, "INVALID_INPUT", "body.where.updated_at.gte"),
    (where(attributes=[{}]), 422, "INVALID_INPUT", "body.where.attributes.0.code"),
    (where(attributes=[{"code": "shape"}]), 400, "BAD_FILTER", "body.where.attributes"),
    (where(attributes=[COLOR] * 21), 422, "INVALID_INPUT", "body.where.attributes"),
    (
        where(attributes=[COLOR | {"any_of": ["red"] * 101}]),
        422,
        "INVALID_INPUT",
        "body.where.attributes.0.any_of",
    ),
    (
        where(attributes=[COLOR | {"number": {"gt": "1"}}]),
        400,
        "BAD_FILTER",
        "body.where.attributes.number",
    ),
    (
        where(variant={"price": {"gte": "cheap"}}),
        422,
        "INVALID_INPUT",
        "body.where.variant.price.gte",
    ),
    (
        where(variant={"price": {"gte": "1e999999999"}}),
        422,
        "INVALID_INPUT",
        "body.where.variant.price.gte",
    ),
    (where(AND=[None]), 422, "INVALID_INPUT", "body.where.AND.0"),
    (where(AND=[{"brand": ["no-such"]}]), 400, "BAD_FILTER", "body.where.brand"),
    (nested(11, "AND"), 400, "BAD_FILTER", "body.where"),
    (nested(11, "OR"), 400, "BAD_FILTER", "body.where"),
    (nested(11, "NOT"), 400, "BAD_FILTER", "body.where"),
    (where(AND=[{}] * 200), 400, "BAD_FILTER", "body.where"),
    ({"search": 12}, 422, "INVALID_INPUT", "body.search"),
    ({"search": "a" * 201}, 400, "BAD_FILTER", "body.search"),
    ({"sort": "name"}, 422, "INVALID_INPUT", "body.sort"),
    ({"sort": ["colour"]}, 400, "BAD_FILTER", "body.sort"),
    ({"sort": ["relevance"]}, 400, "BAD_FILTER", "body.sort"),
    ({"sort": ["position"]}, 400, "BAD_FILTER", "body.sort"),
    ({"unavailable": "never"}, 422, "INVALID_INPUT", "body.unavailable"),
    ({"limit": 0}, 422, "INVALID_INPUT", "body.limit"),
    ({"limit": 251}, 422, "INVALID_INPUT", "body.limit"),
    ({"limit": 101}, 400, "BAD_PAGE_SIZE", "body.limit"),
    ({"cursor": "rubbish"}, 400, "BAD_CURSOR", "body.cursor"),
    ({"cursor": "arubbish"}, 400, "BAD_CURSOR", "body.cursor"),
    ({"facets": ["shape"]}, 400, "BAD_FILTER", "body.facets"),
    ({"include": ["carts"]}, 422, "INVALID_INPUT", "body.include.0"),
    ({"fields": ["colour"]}, 422, "INVALID_INPUT", "body.fields.0"),
]


@pytest.mark.parametrize(("body", "status", "code", "location"), BROKEN_BODIES)
async def test_broken_bodies(
    client: httpx.AsyncClient, body: Any, status: int, code: str, location: str | None
) -> None:
    response = await client.post(SEARCH, json=body)
    problem = response.json()

    assert (response.status_code, problem["code"]) == (status, code), problem
    assert response.headers["Content-Type"] == "application/problem+json"
    assert [error["location"] for error in problem["errors"]] == [location]


@pytest.mark.parametrize("name", ["AND", "OR", "NOT"])
async def test_conditions_nested_without_an_end(client: httpx.AsyncClient, name: str) -> None:
    response = await client.post(SEARCH, json=nested(400, name))

    assert response.status_code in (400, 422)
    assert response.json()["code"] != "INTERNAL_SERVER_ERROR"


@pytest.mark.parametrize(
    ("content", "headers", "status", "code"),
    [
        (b"", {}, 400, "BAD_BODY"),
        (b"{", {}, 400, "BAD_BODY"),
        (b"{}", {"Content-Type": "text/plain"}, 415, "UNSUPPORTED_MEDIA_TYPE"),
        (b"{}" + b" " * 64_000, {}, 413, "BODY_TOO_LARGE"),
        (b'{"search": "\\ud800"}', {}, 400, "BAD_BODY"),
    ],
)
async def test_bodies_that_are_none(
    client: httpx.AsyncClient, content: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    given = {"Content-Type": "application/json"} | headers

    response = await client.post(SEARCH, content=content, headers=given)

    assert (response.status_code, response.json()["code"]) == (status, code)


@pytest.mark.parametrize("text", ["\x00", "%", "💡", "' OR true --", "\\", "a & !b | (", ":*"])
async def test_any_text_may_be_searched_for(client: httpx.AsyncClient, text: str) -> None:
    found = await client.post(SEARCH, json={"search": text, "facets": ["color"], "count": True})
    suggested = await client.get("/v1/suggest", params={"q": text.replace("\x00", "")})

    assert found.status_code == suggested.status_code == 200
    assert found.json()["items"] == []


@pytest.mark.parametrize("name", ["slugs", "type", "tags", "category", "brand"])
async def test_any_text_may_be_asked_for(client: httpx.AsyncClient, name: str) -> None:
    response = await client.post(SEARCH, json={"where": {name: ["\x00'%"]}})

    assert response.status_code in (200, 400)


@pytest.mark.parametrize(
    ("asked", "status", "location"),
    [
        ("", 422, "query.q"),
        ("q=la&limit=0", 422, "query.limit"),
        ("q=la&limit=21", 422, "query.limit"),
        ("q=la&limit=many", 422, "query.limit"),
        ("q=la&cursor=a", 400, "query.cursor"),
        ("q=" + "a" * 201, 400, "query.q"),
    ],
)
async def test_broken_suggestions(
    client: httpx.AsyncClient, asked: str, status: int, location: str
) -> None:
    response = await client.get(f"/v1/suggest?{asked}")

    assert response.status_code == status
    assert [error["location"] for error in response.json()["errors"]] == [location]
