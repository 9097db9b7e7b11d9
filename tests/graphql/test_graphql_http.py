"""GraphQL over HTTP: methods, types of content, statuses, and what production does not tell."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from factories import lamp, load
from speaking import bearer

from catalog import db, reads
from catalog.app import create_app
from catalog.errors import Unavailable
from catalog.reads import products
from catalog.settings import Settings
from catalog.writes import tokens

GRAPHQL, JSON = "application/graphql-response+json", "application/json"
QUERY = "{ channels { code } }"
DATA = {"data": {"channels": [{"code": "eu"}, {"code": "us"}]}}
SORTED = "query ($s: ProductSort!) { products(sort: [$s]) { totalCount } }"
PREFLIGHT = {"GraphQL-Require-Preflight": "1"}


def over(settings: Settings, **changes: Any) -> httpx.AsyncClient:
    app = create_app(settings.model_copy(update=changes))
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url="http://production.test"
    )


@pytest.fixture(scope="module", autouse=True)
async def _lamp(standing_shop: None) -> None:
    await load(lamp("desk-lamp"))


@pytest.fixture
async def production(database: Settings) -> AsyncIterator[httpx.AsyncClient]:
    async with over(database, catalog_env="production") as client:
        yield client


def kind(response: httpx.Response) -> str:
    return response.headers["Content-Type"]


@pytest.mark.parametrize(
    ("accept", "answered"),
    [
        (None, JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (JSON, JSON),
        (GRAPHQL, GRAPHQL),
        (f"{GRAPHQL}, {JSON}", GRAPHQL),
        (f"{JSON}, {GRAPHQL}", GRAPHQL),
        (f"{GRAPHQL};q=0.5, {JSON}", JSON),
        (f"{GRAPHQL}; charset=utf-8, */*;q=0.1", GRAPHQL),
        ("text/html, */*;q=0.5", JSON),
    ],
)
async def test_the_answer_is_of_the_type_that_is_liked_best(
    client: httpx.AsyncClient, accept: str | None, answered: str
) -> None:
    headers = {"Accept": accept} if accept else {}

    response = await client.post("/graphql", json={"query": QUERY}, headers=headers)

    assert (response.status_code, response.json()) == (200, DATA)
    assert kind(response) == f"{answered}; charset=utf-8"


@pytest.mark.parametrize("accept", ["text/plain", "image/*", f"{JSON};q=0", "text/html"])
async def test_an_answer_of_another_type_is_not_to_be_had(
    client: httpx.AsyncClient, accept: str
) -> None:
    response = await client.post("/graphql", json={"query": QUERY}, headers={"Accept": accept})

    assert response.status_code == 406
    assert response.json()["errors"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("{", 400),
        ("{ colour }", 400),
        ("query ($x: Int!) { products(first: $x) { totalCount } }", 400),
        ('query @inContext(channel: "mars") { channels { code } }', 400),
        ("query A { channels { code } } query B { channels { code } }", 400),
        ("{ products(first: -1) { totalCount } }", 200),
        ('{ product(by: {slug: "nowhere"}) { id } }', 200),
    ],
)
async def test_the_status_says_whether_it_was_executed(
    client: httpx.AsyncClient, query: str, status: int
) -> None:
    plain = await client.post("/graphql", json={"query": query}, headers={"Accept": JSON})
    exact = await client.post("/graphql", json={"query": query}, headers={"Accept": GRAPHQL})

    assert (plain.status_code, exact.status_code) == (200, status)
    assert plain.json() == exact.json()
    assert ("data" in exact.json()) == (status == 200)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"{ channels { code } }"',
        b'[{"query": "{ channels { code } }"}]',
        b"{}",
        b'{"query": ""}',
        b'{"query": null}',
        b'{"query": {"a": 1}}',
        b'{"query": "{ channels { code } }", "variables": []}',
        b'{"query": "{ channels { code } }", "variables": "{}"}',
        b'{"query": "{ channels { code } }", "operationName": 1}',
        b'{"query": "{ channels { code } }", "extensions": 1}',
        b'{"query": "\xff"}',
        b'{"query": "\\ud800"}',
        b'{"query": ' + b"[" * 20_000,
    ],
)
async def test_a_body_that_asks_nothing_is_refused(client: httpx.AsyncClient, body: bytes) -> None:
    response = await client.post("/graphql", content=body, headers={"Content-Type": JSON})

    assert response.status_code == 400
    assert response.json()["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-16",
        "application/graphql",
    ],
)
async def test_a_body_that_other_sites_could_send_is_refused(
    client: httpx.AsyncClient, content_type: str | None
) -> None:
    headers = {"Content-Type": content_type} if content_type else {}

    response = await client.post("/graphql", content=b'{"query": "{ x }"}', headers=headers)

    assert response.status_code == 415


async def test_a_body_of_more_than_64_kb_is_refused(client: httpx.AsyncClient) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b" " * 1024

    headers = {"Content-Type": JSON}

    told = await client.post("/graphql", content=b" " * 65_537, headers=headers)
    untold = await client.post("/graphql", content=chunks(), headers=headers)

    assert (told.status_code, untold.status_code) == (413, 413)


async def test_a_query_may_be_in_the_address(client: httpx.AsyncClient) -> None:
    query = "query C($channel: String) @inContext(channel: $channel) { channels { code } }"

    plain = await client.get("/graphql", params={"query": QUERY})
    full = await client.get(
        "/graphql",
        params={"query": query, "variables": '{"channel": "us"}', "operationName": "C"},
    )

    assert (plain.status_code, plain.json()) == (200, DATA)
    assert (full.status_code, full.json()) == (200, DATA)


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({}, 400),
        ({"query": ""}, 400),
        ({"query": QUERY, "variables": "{"}, 400),
        ({"query": QUERY, "variables": "[]"}, 400),
        ({"query": QUERY, "extensions": "1"}, 400),
        ({"query": "mutation { x }"}, 405),
    ],
)
async def test_an_address_that_asks_nothing_is_refused(
    client: httpx.AsyncClient, params: dict[str, str], status: int
) -> None:
    response = await client.get("/graphql", params=params)

    assert response.status_code == status
    assert response.json()["errors"]


async def test_other_methods_are_refused(client: httpx.AsyncClient) -> None:
    response = await client.put("/graphql", json={"query": QUERY})

    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "POST"}


async def test_browsers_get_graphiql(client: httpx.AsyncClient) -> None:
    accept = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}

    page = await client.get("/graphql", headers=accept)
    scripts = [part.split('"')[0] for part in page.text.split('src="')[1:]]
    assets = [await client.get(f"/{script}") for script in scripts]

    assert kind(page).startswith("text/html")
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "://" not in page.text
    assert [asset.status_code for asset in assets] == [200] * 4


@pytest.mark.parametrize("name", ["nothing.js", "README.md", "..%2fhttp.py", "%2e%2e/http.py"])
async def test_only_assets_are_served_as_assets(client: httpx.AsyncClient, name: str) -> None:
    assert (await client.get(f"/graphql/assets/{name}")).status_code == 404


async def test_the_sdl_has_an_address(client: httpx.AsyncClient) -> None:
    response = await client.get("/schema.graphql")

    assert kind(response).startswith("text/plain")
    assert "type Query {" in response.text


async def test_a_bad_token_is_refused_before_anything_is_read(client: httpx.AsyncClient) -> None:
    for header in ("Bearer cat_wrong", "Bearer", "Basic eDp5", "cat_x"):
        response = await client.post(
            "/graphql", json={"query": QUERY}, headers={"Authorization": header}
        )

        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"].startswith("Bearer")
        assert response.json()["errors"][0]["extensions"] == {"code": "UNAUTHORIZED"}


async def test_a_good_token_is_heard(client: httpx.AsyncClient) -> None:
    secret = await tokens.create("tests", scopes=["catalog:read"])

    response = await client.post("/graphql", json={"query": QUERY}, headers=bearer(secret))

    assert response.json() == DATA


async def test_one_answer_shows_one_moment(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = products.count

    async def count_after_another_came(*args: Any, **asked: Any) -> int:
        async with db.unit_of_work() as connection:
            await connection.execute("UPDATE product SET deleted_at = now()")
        return await count(*args, **asked)

    monkeypatch.setattr(products, "count", count_after_another_came)
    query = "{ products { nodes { slug } totalCount } }"

    first = (await client.post("/graphql", json={"query": query})).json()
    second = (await client.post("/graphql", json={"query": query})).json()

    assert first["data"]["products"] == {"nodes": [{"slug": "desk-lamp"}], "totalCount": 1}
    assert second["data"]["products"] == {"nodes": [], "totalCount": 0}


async def test_the_unexpected_is_logged_and_not_told(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("password=hunter2")

    monkeypatch.setattr(products, "by_ref", broken)
    query = '{ product(by: {slug: "a"}) { id } channels { code } }'

    response = await client.post(
        "/graphql", json={"query": query}, headers={"X-Request-ID": "req-1"}
    )

    (error,) = response.json()["errors"]
    assert "hunter2" not in response.text
    assert error["extensions"] == {"code": "INTERNAL_ERROR", "requestId": "req-1"}
    assert response.json()["data"] == {"product": None} | DATA["data"]
    assert "req-1" in caplog.text
    assert "hunter2" in caplog.text


async def test_a_database_that_is_away_is_said_to_be(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: Any) -> None:
        raise Unavailable("the database cannot be reached; try again shortly")

    monkeypatch.setattr(reads.tokens, "principal", away)

    response = await client.post("/graphql", json={"query": QUERY})

    assert (response.status_code, response.headers["Retry-After"]) == (503, "1")
    assert response.json()["errors"][0]["extensions"] == {"code": "UNAVAILABLE"}


async def test_production_answers_posts_only_or_what_browsers_ask_first(
    production: httpx.AsyncClient,
) -> None:
    posted = await production.post("/graphql", json={"query": QUERY})
    got = await production.get("/graphql", params={"query": QUERY})
    asked = await production.get("/graphql", params={"query": QUERY}, headers=PREFLIGHT)
    page = await production.get("/graphql", headers={"Accept": "text/html"})

    assert (posted.status_code, asked.status_code) == (200, 200)
    assert (got.status_code, page.status_code) == (403, 406)


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("{ __schema { queryType { name } } }", {}),
        ('{ __type(name: "Product") { name } }', {}),
        ("{ productz { id } }", {}),
        ("{ products(firs: 1) { totalCount } }", {}),
        ("{ products(sort: [{field: NAMES}]) { totalCount } }", {}),
        (SORTED, {"s": {"feld": "NAME"}}),
        (SORTED, {"s": {"field": "NAM"}}),
    ],
)
async def test_production_does_not_show_its_schema(
    production: httpx.AsyncClient, client: httpx.AsyncClient, query: str, variables: dict[str, Any]
) -> None:
    body = {"query": query, "variables": variables}

    closed = (await production.post("/graphql", json=body)).json()
    opened = (await client.post("/graphql", json=body)).json()

    assert closed["errors"]
    assert "Did you mean" not in str(closed)
    assert "data" in opened or "Did you mean" in str(opened)


async def test_production_shows_its_schema_where_that_is_asked_for(database: Settings) -> None:
    async with over(database, catalog_env="production", graphql_introspection=True) as client:
        shown = await client.post("/graphql", json={"query": "{ __schema { queryType { name } } }"})
        page = await client.get("/graphql", headers={"Accept": "text/html"})

    assert shown.json()["data"] == {"__schema": {"queryType": {"name": "Query"}}}
    assert page.status_code == 200
