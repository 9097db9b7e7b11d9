"""What is wrong is said clearly, never by a 500, and never by repeating what was sent."""

import json

import httpx
import pytest

from catalog import errors, ids
from catalog.app import create_app
from catalog.reads import products
from catalog.rest import problems
from catalog.settings import Settings


@pytest.mark.usefixtures("lamps")
@pytest.mark.parametrize(
    ("address", "status", "code", "location"),
    [
        ("/v1/products/no-such-lamp", 404, "NOT_FOUND", "path.ref"),
        ("/v1/products?cursor=rubbish", 400, "BAD_CURSOR", "query.cursor"),
        ("/v1/products?cursor=aWyJ4Il0", 400, "BAD_CURSOR", "query.cursor"),
        ("/v1/products?limit=-1", 422, "INVALID_INPUT", "query.limit"),
        ("/v1/products?limit=1000000000", 422, "INVALID_INPUT", "query.limit"),
        ("/v1/products?limit=many", 422, "INVALID_INPUT", "query.limit"),
        ("/v1/products?limit=1&limit=2", 400, "BAD_REQUEST", "query.limit"),
        ("/v1/products/id:7", 400, "BAD_REFERENCE", "path.ref"),
        ("/v1/products/id:" + ids.encode("Brand", 1), 400, "BAD_REFERENCE", "path.ref"),
        ("/v1/products?id=" + ids.encode("Brand", 1), 400, "BAD_REFERENCE", "query.id.0"),
        ("/v1/products/id:" + ids.encode("Product", 2**31 - 1), 404, "NOT_FOUND", "path.ref"),
        ("/v1/products/ext:", 400, "BAD_REFERENCE", "path.ref"),
        ("/v1/categories/sku:desk-red", 400, "BAD_REFERENCE", "path.ref"),
        ("/v1/products/desk-lamp/slug:wall-lamp", 404, "NOT_FOUND", None),
        ("/v1/products/", 400, "BAD_REFERENCE", "path.ref"),
        ("/v1/products?colour=red", 400, "UNKNOWN_PARAMETER", "query.colour"),
        ("/v1/products?first=3", 400, "UNKNOWN_PARAMETER", "query.first"),
        ("/v1/products?fields=name,colour", 422, "INVALID_INPUT", "query.fields.1"),
        ("/v1/products?include=variants,carts", 422, "INVALID_INPUT", "query.include.1"),
        ("/v1/products?sort=colour", 400, "BAD_FILTER", "query.sort"),
        ("/v1/products?sort=position", 400, "BAD_FILTER", "query.sort"),
        ("/v1/products?status=draft", 401, "UNAUTHORIZED", "query.status"),
        ("/v1/products?status=gone", 422, "INVALID_INPUT", "query.status.0"),
        ("/v1/products?category=no-such", 404, "REFERENCE_NOT_FOUND", "query.category"),
        ("/v1/products?category=hidden", 404, "REFERENCE_NOT_FOUND", "query.category"),
        ("/v1/products?updated_at.gte=yesterday", 422, "INVALID_INPUT", "query.updated_at.gte"),
        (
            "/v1/products?updated_at.lt=2026-01-01T00:00",
            422,
            "INVALID_INPUT",
            "query.updated_at.lt",
        ),
        (
            "/v1/products?updated_at.lt=0001-01-01T00:00:00%2B14:00",
            422,
            "INVALID_INPUT",
            "query.updated_at.lt",
        ),
        ("/v1/products?id=", 422, "INVALID_INPUT", "query.id.0"),
        ("/v1/products?slug=desk-lamp,", 422, "INVALID_INPUT", "query.slug.1"),
        ("/v1/variants?sku=", 422, "INVALID_INPUT", "query.sku.0"),
        ("/v1/categories?parent=", 400, "BAD_REFERENCE", "query.parent"),
        ("/v1/categories?depth=0", 422, "INVALID_INPUT", "query.depth"),
        ("/v1/products?tag=%zz", 400, "MALFORMED_ADDRESS", None),
        ("/v1/products?tag=%ff", 400, "MALFORMED_ADDRESS", None),
        ("/v1/products?tag=%00", 400, "MALFORMED_ADDRESS", None),
        ("/v1/products/sku:%00", 400, "MALFORMED_ADDRESS", None),
        ("/v1/products/%ff", 400, "MALFORMED_ADDRESS", None),
        ("/v1/products?tag=" + ",".join("a" * 101), 422, "INVALID_INPUT", "query.tag"),
        ("/v1/carts", 404, "NOT_FOUND", None),
    ],
)
async def test_broken_questions(
    client: httpx.AsyncClient, address: str, status: int, code: str, location: str | None
) -> None:
    response = await client.get(address)
    problem = response.json()

    assert (response.status_code, problem["code"]) == (status, code), problem
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Cache-Control"] == "no-store"
    assert [error["location"] for error in problem["errors"]] == ([location] if location else [])
    assert problem["request_id"] == response.headers["X-Request-ID"]


async def test_what_is_allowed_is_named(client: httpx.AsyncClient, lamps: None) -> None:
    parameter = await client.get("/v1/products?colour=red")
    include = await client.get("/v1/products?include=carts")

    assert "category, collection, brand" in parameter.json()["detail"]
    assert "'brand', 'category', 'categories'" in include.json()["detail"]


async def test_other_methods_are_told_which_are_taken(client: httpx.AsyncClient) -> None:
    many = await client.delete("/v1/products")
    one = await client.post("/v1/products/desk-lamp", content=b"{broken")

    assert (many.status_code, many.json()["code"]) == (405, "METHOD_NOT_ALLOWED")
    assert many.headers["Allow"] == "GET, HEAD, POST"
    assert one.headers["Allow"] == "DELETE, GET, HEAD, PATCH, PUT"


@pytest.mark.parametrize("address", ["/v1/products", "/v1/brands/lumen", "/healthz", "/docs"])
async def test_head_is_get_without_the_content(
    client: httpx.AsyncClient, lamps: None, address: str
) -> None:
    head, full = await client.head(address), await client.get(address)

    assert (head.status_code, head.content) == (200, b"")
    assert (
        head.headers["Content-Length"] == full.headers["Content-Length"] == str(len(full.content))
    )
    assert head.headers["Content-Type"] == full.headers["Content-Type"]


async def test_the_unexpected_stays_in_the_log(
    database: Settings,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    lamps: None,
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise RuntimeError("secret: hunter2")

    monkeypatch.setattr(products, "page", fail)
    transport = httpx.ASGITransport(app=create_app(database), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as client:
        response = await client.get("/v1/products", headers={"X-Request-ID": "abc-1"})

    assert response.status_code == 500
    assert response.headers["X-Request-ID"] == response.json()["request_id"] == "abc-1"
    assert "hunter2" not in response.text
    assert "abc-1" in caplog.text


@pytest.mark.parametrize("given", ["", "a b", "x" * 129, "é", 'x"y'])
async def test_a_strange_request_id_is_replaced(client: httpx.AsyncClient, given: str) -> None:
    response = await client.get("/healthz", headers={"X-Request-ID": given.encode()})

    assert response.headers["X-Request-ID"] != given
    assert len(response.headers["X-Request-ID"]) == 32


def every(kind: type[errors.CatalogError]) -> list[type[errors.CatalogError]]:
    return [kind, *(below for child in kind.__subclasses__() for below in every(child))]


@pytest.mark.parametrize("kind", every(errors.CatalogError)[1:])
def test_every_error_has_a_status_of_its_own_kind(kind: type[errors.CatalogError]) -> None:
    assert 400 <= problems.status_of(kind) <= 503
    assert problems.status_of(kind) != 500


async def test_problems_are_what_the_description_says(
    client: httpx.AsyncClient, lamps: None
) -> None:
    response = await client.get("/v1/products?limit=0&count=maybe")

    problem = problems.Problem.model_validate(response.json())
    assert [error.location for error in problem.errors] == ["query.limit", "query.count"]
    assert problem.type == "urn:problem-type:catalog:invalid-input"
    assert "maybe" not in json.dumps(response.json())
