"""Questions by their hash: those that clients register, those that are trusted, and that neither is
a way around what is refused."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

import httpx
import orjson
import pytest
from factories import lamp, load
from hashing import both, by_hash

from catalog import db, following
from catalog.app import create_app, served
from catalog.settings import Settings
from catalog.writes import documents
from schema.documents import OVERHEAD, Texts, digest_of

GRAPHQL, JSON = "application/graphql-response+json", "application/json"
PREFLIGHT = {"GraphQL-Require-Preflight": "1"}
QUERY = "query Codes { channels { code } }"
DATA = {"data": {"channels": [{"code": "eu"}, {"code": "us"}]}}
TRUSTED = "{ brands { totalCount } }"
MUTATION = 'mutation { brandDelete(by: { slug: "lumen" }) { status } }'


@pytest.fixture(scope="module", autouse=True)
async def _lamp(standing_shop: None) -> None:
    await load(lamp("desk-lamp"))


@asynccontextmanager
async def serving(settings: Settings, **changes: Any) -> AsyncIterator[httpx.AsyncClient]:
    """A process of its own, as far as what it knows and keeps is concerned."""
    changed = settings.model_copy(update=changes)
    cached = served(create_app(changed))
    transport = httpx.ASGITransport(app=cached)
    async with (
        following.opened(changed, cached),
        httpx.AsyncClient(transport=transport, base_url="http://shop.test") as client,
    ):
        yield client


@pytest.fixture(scope="module")
async def shop(database: Settings) -> AsyncIterator[httpx.AsyncClient]:
    async with serving(database) as client:
        yield client


@pytest.fixture(scope="module")
async def production(database: Settings) -> AsyncIterator[httpx.AsyncClient]:
    async with serving(database, catalog_env="production") as client:
        yield client


@pytest.fixture(scope="module")
async def trusting(database: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """Runs trusted documents only."""
    changes = {"catalog_env": "production", "graphql_trusted_documents": "enforce"}
    async with serving(database, **changes) as client:
        yield client


_numbers = count(1)


@pytest.fixture
def query() -> str:
    """A text that no other test has sent."""
    return f"query Codes{next(_numbers)} {{ channels {{ code }} }}"


async def posted(client: httpx.AsyncClient, body: dict[str, Any], **headers: str) -> httpx.Response:
    return await client.post("/graphql", json=body, headers=headers)


async def got(client: httpx.AsyncClient, body: dict[str, Any], **headers: str) -> httpx.Response:
    """The same in the address."""
    params = {
        name: value if isinstance(value, str) else orjson.dumps(value).decode()
        for name, value in body.items()
    }
    return await client.get("/graphql", params=params, headers=headers)


def code(response: httpx.Response) -> str:
    (error,) = response.json()["errors"]
    assert "data" not in response.json()
    return str(error["extensions"]["code"])


def how(response: httpx.Response) -> str:
    return response.headers["Cache-Status"].removeprefix("catalog; ")


@pytest.mark.parametrize("ask", [posted, got])
@pytest.mark.parametrize(("accept", "status"), [(JSON, 200), (GRAPHQL, 400)])
async def test_an_unknown_hash_is_answered_as_apollos_clients_expect(
    shop: httpx.AsyncClient, ask: Any, accept: str, status: int, query: str
) -> None:
    response = await ask(shop, by_hash(query), Accept=accept)

    assert response.status_code == status
    assert response.json() == {
        "errors": [
            {
                "message": "PersistedQueryNotFound",
                "extensions": {"code": "PERSISTED_QUERY_NOT_FOUND"},
            }
        ]
    }
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("ask", [posted, got])
async def test_what_came_with_its_hash_is_run_by_it_from_then_on(
    shop: httpx.AsyncClient, ask: Any
) -> None:
    query = "query ($first: Int!) { products(first: $first) { nodes { slug } } }"

    first = await ask(shop, both(query) | {"variables": {"first": 1}})
    none = await ask(shop, by_hash(query) | {"variables": {"first": 0}})
    one = await ask(shop, by_hash(query) | {"variables": {"first": 1}})

    assert first.json() == one.json() == {"data": {"products": {"nodes": [{"slug": "desk-lamp"}]}}}
    assert none.json() != one.json()


@pytest.mark.parametrize("ask", [posted, got])
async def test_a_hash_of_another_text_is_refused(
    shop: httpx.AsyncClient, ask: Any, query: str
) -> None:
    wrong = {"query": query} | by_hash(f"{query} ")

    refused = await ask(shop, wrong)
    unknown = [await ask(shop, by_hash(text)) for text in (query, f"{query} ")]

    assert refused.status_code == 400
    assert refused.json()["errors"][0]["message"] == "provided sha does not match query"
    assert [code(each) for each in unknown] == ["PERSISTED_QUERY_NOT_FOUND"] * 2


@pytest.mark.parametrize("version", [2, 0, None, "1"])
@pytest.mark.parametrize("text", [{}, {"query": QUERY}])
async def test_another_version_is_not_supported(
    shop: httpx.AsyncClient, version: object, text: dict[str, str]
) -> None:
    persisted = {"version": version, "sha256Hash": digest_of(QUERY)}

    response = await posted(shop, text | {"extensions": {"persistedQuery": persisted}})

    assert response.json()["errors"][0]["message"] == "PersistedQueryNotSupported"
    assert code(response) == "PERSISTED_QUERY_NOT_SUPPORTED"


@pytest.mark.parametrize("ask", [posted, got])
@pytest.mark.parametrize("persisted", [1, "x", [], {}, {"version": 1}, {"sha256Hash": 1}])
async def test_what_is_no_hash_is_refused(
    shop: httpx.AsyncClient, ask: Any, persisted: object
) -> None:
    response = await ask(shop, {"extensions": {"persistedQuery": persisted}})

    assert (response.status_code, code(response)) == (400, "BAD_REQUEST")


@pytest.mark.parametrize("digest", ["", "x", "A" * 64, "0" * 65, "\n" + "0" * 64])
async def test_what_can_be_no_hash_is_unknown(shop: httpx.AsyncClient, digest: str) -> None:
    persisted = {"version": 1, "sha256Hash": digest}

    response = await posted(shop, {"extensions": {"persistedQuery": persisted}})

    assert code(response) == "PERSISTED_QUERY_NOT_FOUND"


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "{ colour }",
        "subscription { channels { code } }",
        "fragment F on Channel { code }",
        "{ channels { code } } { channels { name } }",
        "{ " + " ".join(f"a{number}: channels {{ code }}" for number in range(31)) + " }",
    ],
)
async def test_what_cannot_be_run_is_not_registered(shop: httpx.AsyncClient, text: str) -> None:
    refused = await posted(shop, both(text))
    later = await posted(shop, by_hash(text))

    assert refused.json()["errors"]
    assert code(later) == "PERSISTED_QUERY_NOT_FOUND"


async def test_a_mutation_by_its_hash_is_one_still(shop: httpx.AsyncClient) -> None:
    first = await posted(shop, both(MUTATION))
    again = await posted(shop, by_hash(MUTATION))
    addressed = await got(shop, by_hash(MUTATION))

    assert first.json() == again.json()
    assert again.json()["errors"][0]["extensions"]["code"] == "UNAUTHORIZED"
    assert (addressed.status_code, addressed.headers["Allow"]) == (405, "POST")


async def test_production_opens_addresses_with_a_hash_only(
    production: httpx.AsyncClient, query: str
) -> None:
    unknown = await got(production, by_hash(query))
    closed = await got(production, both(query))
    still = await got(production, by_hash(query))
    await posted(production, both(query))
    opened = await got(production, by_hash(query))
    text = [await got(production, body) for body in ({"query": query}, both(query))]
    asked = await got(production, both(query), **PREFLIGHT)

    assert code(unknown) == code(still) == "PERSISTED_QUERY_NOT_FOUND"
    assert (closed.status_code, [each.status_code for each in text]) == (403, [403, 403])
    assert opened.json() == asked.json() == DATA


async def test_forms_cannot_send_hashes_either(production: httpx.AsyncClient, query: str) -> None:
    await posted(production, both(query))

    response = await production.post(
        "/graphql", content=orjson.dumps(by_hash(query)), headers={"Content-Type": "text/plain"}
    )

    assert response.status_code == 415


async def test_the_answer_to_a_hash_is_the_one_that_is_kept_of_its_text(
    production: httpx.AsyncClient, query: str
) -> None:
    text = await posted(production, {"query": query})
    early = await got(production, by_hash(query))
    await posted(production, both(query))

    found = await got(production, by_hash(query))
    same = await posted(production, by_hash(query))
    unchanged = await got(production, by_hash(query), **{"If-None-Match": found.headers["ETag"]})

    assert code(early) == "PERSISTED_QUERY_NOT_FOUND"
    assert [how(each) for each in (text, early)] == ["fwd=miss; stored", "fwd=bypass"]
    assert [how(each) for each in (found, same, unchanged)] == ["hit; detail=memory"] * 3
    assert found.headers["ETag"] == text.headers["ETag"]
    assert found.headers["Cache-Control"].startswith("public")
    assert (unchanged.status_code, unchanged.content) == (304, b"")


async def test_what_is_kept_opens_no_address_that_is_closed(
    production: httpx.AsyncClient, query: str
) -> None:
    await posted(production, {"query": query})
    await posted(production, both(query))
    warm = await got(production, {"query": query}, **PREFLIGHT)

    closed = [await got(production, body) for body in ({"query": query}, both(query))]
    mistaken = await posted(production, {"query": query} | by_hash("{ x }"))

    assert how(warm) == "hit; detail=memory"
    assert [each.status_code for each in closed] == [403, 403]
    assert mistaken.status_code == 400


async def test_a_trusted_document_needs_no_registering(
    production: httpx.AsyncClient, query: str
) -> None:
    await documents.add([query])

    response = await got(production, by_hash(query))

    assert response.json() == DATA


@pytest.mark.parametrize(
    ("body", "status", "expected"),
    [
        (by_hash(QUERY), 403, "PERSISTED_QUERY_NOT_IN_LIST"),
        (by_hash(""), 403, "PERSISTED_QUERY_NOT_IN_LIST"),
        ({"query": QUERY}, 403, "QUERY_NOT_IN_SAFELIST"),
        ({"query": "{"}, 403, "QUERY_NOT_IN_SAFELIST"),
        (both(QUERY), 403, "QUERY_NOT_IN_SAFELIST"),
        ({"query": QUERY} | by_hash(TRUSTED), 400, "BAD_REQUEST"),
        ({"query": TRUSTED} | by_hash(QUERY), 400, "BAD_REQUEST"),
        ({"query": MUTATION}, 403, "QUERY_NOT_IN_SAFELIST"),
        ({"query": "{ __typename }"}, 403, "QUERY_NOT_IN_SAFELIST"),
    ],
)
@pytest.mark.parametrize("accept", [JSON, GRAPHQL])
@pytest.mark.parametrize("ask", [posted, got])
async def test_enforced_trust_refuses_all_else(
    trusting: httpx.AsyncClient,
    ask: Any,
    accept: str,
    body: dict[str, Any],
    status: int,
    expected: str,
) -> None:
    await documents.add([TRUSTED])
    for _ in range(2):
        response = await ask(trusting, body, Accept=accept, **PREFLIGHT)

        assert (response.status_code, code(response)) == (status, expected)
    registered = await posted(trusting, by_hash(body.get("query", QUERY)), Accept=accept)
    assert ("data" in registered.json()) == (body.get("query") == TRUSTED)


async def test_a_trusted_document_is_learned_without_a_restart(
    trusting: httpx.AsyncClient, query: str
) -> None:
    before = await got(trusting, by_hash(query))
    await documents.add([query])

    learned = await got(trusting, by_hash(query))
    sent = [await posted(trusting, body) for body in ({"query": query}, both(query))]
    kept = await got(trusting, by_hash(query))

    assert code(before) == "PERSISTED_QUERY_NOT_IN_LIST"
    assert [each.json() for each in (learned, *sent, kept)] == [DATA] * 4
    assert how(kept) == "hit; detail=memory"


async def test_trust_is_in_a_text_to_the_byte(trusting: httpx.AsyncClient, query: str) -> None:
    alike, other = f"{query} ", f"{query}  "
    await documents.add([query, alike])
    for _ in range(3):
        warm = [await posted(trusting, {"query": text}) for text in (query, alike)]

    await documents.remove([digest_of(alike)])
    refused = [await posted(trusting, {"query": text}) for text in (alike, other)]
    trusted = await posted(trusting, {"query": query})

    assert [how(each) for each in (*warm, trusted)] == ["hit; detail=memory"] * 3
    assert [code(each) for each in refused] == ["QUERY_NOT_IN_SAFELIST"] * 2


@pytest.mark.parametrize(
    "statement", ["DELETE FROM persisted_query", "TRUNCATE persisted_query", None]
)
async def test_what_is_trusted_no_more_is_refused_whatever_is_kept(
    trusting: httpx.AsyncClient, statement: str | None, query: str
) -> None:
    await documents.add([query])
    asked = ((got, by_hash(query)), (posted, {"query": query}))
    warm = [await ask(trusting, body) for _ in range(3) for ask, body in asked]

    if statement is None:
        await documents.remove([digest_of(query)])
    else:
        async with db.unit_of_work() as connection:
            await connection.execute(statement)
    refused = [await ask(trusting, body) for _ in range(2) for ask, body in asked]

    assert [how(each) for each in warm[2:]] == ["hit; detail=memory"] * 4
    assert [each.status_code for each in refused] == [403] * 4


async def test_trust_opens_no_address_to_texts(trusting: httpx.AsyncClient, query: str) -> None:
    await documents.add([query])

    closed = [await got(trusting, {"query": query}) for _ in range(2)]

    assert [each.status_code for each in closed] == [403, 403]
    assert "Preflight" in closed[0].text


async def test_a_row_that_is_none_of_its_hash_is_not_believed(
    trusting: httpx.AsyncClient, query: str
) -> None:
    async with db.unit_of_work() as connection:
        await connection.execute(
            "INSERT INTO persisted_query (digest, document) VALUES ($1, $2)",
            digest_of(f"{query} "),
            query,
        )

    response = await posted(trusting, by_hash(f"{query} "))

    assert code(response) == "PERSISTED_QUERY_NOT_IN_LIST"


def test_memory_is_bounded_and_what_is_asked_for_stays() -> None:
    texts = Texts(most=3 * (OVERHEAD + 700))
    for digest in "abc":
        texts.keep(digest, digest * 700)
    texts.get("a")
    texts.keep("d", "d" * 700)

    assert [digest for digest in "abcd" if texts.get(digest)] == ["a", "c", "d"]
    assert texts.bytes == 3 * (OVERHEAD + 700)
