"""Kept answers as HTTP gives them: to whom, under which tags, in which codings."""

import asyncio
import gc
import gzip
import tracemalloc
from collections.abc import AsyncIterator
from typing import Any

import brotli
import httpx
import pytest
from storefront import QUESTIONS, Front, build, front

from catalog import http_cache
from catalog.settings import Settings
from catalog.writes import tokens

LAMP = "/v1/products/desk-lamp-1?include=brand,variants.prices"
LONG = "/v1/products?category=home&include=variants.prices,variants.options"
NAME = {"query": '{ product(by: {slug: "desk-lamp-1"}) { name } }'}


@pytest.fixture(scope="module")
async def standing(database: Settings) -> str:
    """The shop, and a token that sees all of it."""
    await build()
    return await tokens.create("staff", scopes=["catalog:read", "catalog:write"])


@pytest.fixture
async def shop(
    standing: str, database: Settings, client: httpx.AsyncClient
) -> AsyncIterator[Front]:
    """Nothing is kept yet."""
    async with front(database, client) as asking:
        yield asking


@pytest.fixture
def http(shop: Front) -> httpx.AsyncClient:
    """One that takes no codings, unless it says so."""
    shop.cached.headers["Accept-Encoding"] = "identity"
    return shop.cached


@pytest.fixture
def bearer(standing: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {standing}"}


def how(answer: httpx.Response) -> str:
    return answer.headers["Cache-Status"]


async def test_an_answer_is_made_once_and_then_given(http: httpx.AsyncClient) -> None:
    first, second = await http.get(LAMP), await http.get(LAMP)

    assert (how(first), how(second)) == (
        "catalog; fwd=miss; stored",
        "catalog; hit; detail=memory",
    )
    assert first.content == second.content
    assert first.headers["ETag"] == second.headers["ETag"]
    assert first.headers["X-Request-Id"] != second.headers["X-Request-Id"]


async def test_what_a_client_has_already_is_not_sent(shop: Front, http: httpx.AsyncClient) -> None:
    whole = await http.get(LAMP)
    again = await http.get(LAMP, headers={"If-None-Match": whole.headers["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    for name in ("ETag", "Cache-Control", "Vary", "Content-Language"):
        assert again.headers[name] == whole.headers[name]
    assert "Content-Type" not in again.headers
    assert (shop.cache.counts.filled, shop.cache.counts.memory) == (1, 1)


@pytest.mark.parametrize("given", ["*", 'W/{tag}, "x"', '"x", {tag}'])
async def test_tags_are_compared_weakly(given: str, http: httpx.AsyncClient) -> None:
    tag = (await http.get(LAMP)).headers["ETag"]

    answer = await http.get(LAMP, headers={"If-None-Match": given.format(tag=tag)})
    assert answer.status_code == 304
    assert (await http.get(LAMP, headers={"If-None-Match": '"x"'})).status_code == 200


async def test_a_changed_answer_has_another_tag(
    http: httpx.AsyncClient, bearer: dict[str, str]
) -> None:
    before = await http.get(LAMP)
    named = {"name": f"Lamp {before.json()['version']}"}
    written = await http.patch(
        "/v1/products/desk-lamp-1", json=named, headers=bearer | {"If-Match": "*"}
    )
    assert written.is_success, written.text

    after = await http.get(LAMP, headers={"If-None-Match": before.headers["ETag"]})
    assert (after.status_code, after.json()["name"]) == (200, named["name"])


async def test_a_head_has_the_headers_and_no_content(http: httpx.AsyncClient) -> None:
    head, whole = await http.head(LAMP), await http.get(LAMP)

    assert (head.status_code, head.content) == (200, b"")
    assert how(whole) == "catalog; hit; detail=memory"
    for name in ("ETag", "Content-Length", "Content-Type", "Vary"):
        assert head.headers[name] == whole.headers[name]


DECODED = {"br": brotli.decompress, "gzip": gzip.decompress}


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("br, gzip", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("*", "br"),
        ("gzip;q=0, br;q=0", ""),
        ("identity", ""),
    ],
)
async def test_a_coding_has_its_own_tag(
    http: httpx.AsyncClient, accepted: str, coding: str
) -> None:
    plain = await http.get(LONG)
    sent = {"Accept-Encoding": accepted}
    for _ in range(2):
        async with http.stream("GET", LONG, headers=sent) as answer:
            raw = b"".join([part async for part in answer.aiter_raw()])

    assert answer.headers.get("Content-Encoding", "") == coding
    assert int(answer.headers["Content-Length"]) == len(raw)
    assert (DECODED[coding](raw) if coding else raw) == plain.content
    assert (answer.headers["ETag"] == plain.headers["ETag"]) == (not coding)
    assert "Accept-Encoding" in answer.headers["Vary"]
    known = {"If-None-Match": answer.headers["ETag"]}
    assert (await http.get(LONG, headers=sent | known)).status_code == 304


async def test_cdns_ask_each_time_unless_they_are_told_otherwise(
    http: httpx.AsyncClient, database: Settings, client: httpx.AsyncClient
) -> None:
    assert (await http.get(LAMP)).headers["Cache-Control"] == "public, no-cache"

    settings = database.model_copy(update={"cache_max_age": 60})
    async with front(settings, client) as other:
        told = (await other.cached.get(LAMP)).headers["Cache-Control"]
    assert told == "public, max-age=0, s-maxage=60, must-revalidate"


async def test_an_answer_depends_on_what_it_says_it_does(http: httpx.AsyncClient) -> None:
    english = await http.get(LAMP, headers={"Accept-Language": "en"})
    german = await http.get(LAMP, headers={"Accept-Language": "de"})

    assert how(german) == "catalog; fwd=miss; stored"
    assert (english.headers["Content-Language"], german.headers["Content-Language"]) == ("en", "de")
    assert {"Accept-Language", "Authorization"} <= {*german.headers["Vary"].split(", ")}


@pytest.mark.parametrize(
    ("name", "shown", "other"),
    [
        ("Accept-Language", "en", "de"),
        ("Accept", "application/json", "application/ld+json"),
        ("Host", "shop.test", "elsewhere.test"),
    ],
)
async def test_a_header_in_two_lines_decides_about_no_other_answer(
    shop: Front, http: httpx.AsyncClient, name: str, shown: str, other: str
) -> None:
    """What stands in the other line is not given to those who sent one."""
    rest = [] if name == "Accept" else [("Accept", "application/ld+json")]
    for lines in ((shown, other), (other, shown)):
        asked = [*rest, (name, lines[-1])]
        true = await http.get(LAMP, headers=asked)
        shop.cache.memory.clear()
        await http.get(LAMP, headers=[*rest, *((name, line) for line in lines)])
        assert (await http.get(LAMP, headers=asked)).content == true.content


async def test_parameters_may_stand_in_any_order(http: httpx.AsyncClient) -> None:
    await http.get("/v1/products?brand=lumen&sort=name")

    assert "hit" in how(await http.get("/v1/products?sort=name&brand=lumen"))
    assert "hit" not in how(await http.get("/v1/products?sort=name&brand=noctis"))


async def test_a_token_is_answered_for_itself(
    shop: Front, http: httpx.AsyncClient, bearer: dict[str, str]
) -> None:
    """Whoever comes first."""
    draft = "/v1/products/draft-lamp"
    for _ in range(2):
        seen = await http.get(draft, headers=bearer)
        assert (seen.status_code, how(seen)) == (200, "catalog; fwd=bypass")
        assert seen.headers["Cache-Control"] == "private, no-store"
        unseen = await http.get(draft)
        assert (unseen.status_code, unseen.headers["Cache-Control"]) == (404, "no-store")
    assert len(shop.cache.memory) == 0


async def test_what_staff_sees_leaks_to_nobody(
    shop: Front, http: httpx.AsyncClient, bearer: dict[str, str]
) -> None:
    seen = 0
    for method, path, body in QUESTIONS.values():
        sent: dict[str, Any] = {"json": body} if body else {}
        seen += b"draft-lamp" in (await http.request(method, path, headers=bearer, **sent)).content
    assert seen > 5
    for _ in range(2):
        for name, told in (await shop.all()).items():
            assert b"draft-lamp" not in told.body, name


@pytest.mark.parametrize("headers", [{"Authorization": "Bearer cat_none"}, {"Authorization": "x"}])
async def test_a_bad_token_is_refused_where_an_answer_is_kept(
    http: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    await http.get(LAMP)

    assert (await http.get(LAMP, headers=headers)).status_code == 401


@pytest.mark.parametrize(
    "path", ["/v1/products/nothing", "/v1/products?category=nothing", "/v1/products?limit=x"]
)
async def test_what_is_wrong_is_not_kept(shop: Front, http: httpx.AsyncClient, path: str) -> None:
    for _ in range(2):
        answer = await http.get(path)
        assert answer.status_code >= 400
        assert how(answer) == "catalog; fwd=miss"
        assert answer.headers["Cache-Control"] == "no-store"
    assert len(shop.cache.memory) == 0


async def test_a_query_is_known_whatever_its_spaces(http: httpx.AsyncClient) -> None:
    await http.post("/graphql", json=NAME)
    spaced = NAME["query"].replace("{", " {\n # what it is called\n")

    assert "hit" in how(await http.post("/graphql", json={"query": spaced}))
    other = NAME["query"].replace("desk-lamp-1", "floor-lamp")
    assert "hit" not in how(await http.post("/graphql", json={"query": other}))


async def test_variables_are_part_of_a_query(http: httpx.AsyncClient) -> None:
    query = "query ($slug: String!) { product(by: {slug: $slug}) { slug } }"
    for slug in ("desk-lamp-1", "floor-lamp"):
        answer = await http.post("/graphql", json={"query": query, "variables": {"slug": slug}})
        assert answer.json()["data"]["product"]["slug"] == slug
        assert how(answer) == "catalog; fwd=miss; stored"
        assert answer.headers["Cache-Control"] == "no-cache"


async def test_variables_nested_beyond_what_a_key_can_hold(http: httpx.AsyncClient) -> None:
    """They are answered, whatever is made of them, and not kept."""
    query = "query ($where: ProductWhere) { products(where: $where) { totalCount } }"
    for depth in (10, 253, 254, 400):
        where: dict[str, Any] = {}
        for _ in range(depth):
            where = {"NOT": where}
        answer = await http.post("/graphql", json={"query": query, "variables": {"where": where}})
        assert answer.status_code == 200
        assert answer.json()["errors"][0]["extensions"]["code"] != "INTERNAL_ERROR"


@pytest.mark.parametrize(
    "query", ["{ nothing }", "{", 'mutation { brandDelete(id: "x") { brand { id } } }']
)
async def test_errors_and_mutations_are_not_kept(
    shop: Front, http: httpx.AsyncClient, query: str
) -> None:
    for _ in range(2):
        assert "hit" not in how(await http.post("/graphql", json={"query": query}))
    assert len(shop.cache.memory) == 0


async def test_nothing_that_was_given_changes_what_is_kept(shop: Front) -> None:
    """Whoever receives an answer may do with it what he likes."""
    app = shop.cached._transport.app  # type: ignore[attr-defined]
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/v1/channels",
        "raw_path": b"/v1/channels",
        "query_string": b"",
        "headers": [(b"host", b"shop.test"), (b"accept", b"*/*")],
    }

    async def receive() -> Any:
        return {"type": "http.request", "body": b""}

    async def spoil(message: Any) -> None:
        assert isinstance(message.get("body", b""), bytes)
        if "headers" in message:
            message["headers"].clear()
            message["status"] = 500

    await app(scope, receive, spoil)
    await app(scope, receive, spoil)
    answer = await shop.cached.get("/v1/channels")
    assert (answer.status_code, how(answer)) == (200, "catalog; hit; detail=memory")
    assert answer.headers["Content-Type"] == "application/json"


async def test_a_crowd_before_a_cold_answer_makes_it_once(
    shop: Front, http: httpx.AsyncClient
) -> None:
    answers = await asyncio.gather(*(http.get(LONG) for _ in range(200)))

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    counts = shop.cache.counts
    assert (counts.filled, counts.memory + counts.shared) == (1, 199)


@pytest.mark.parametrize("header", ["Accept-Language", "Accept-Encoding", "Accept"])
async def test_long_questions_are_not_remembered_as_long(
    shop: Front, http: httpx.AsyncClient, header: str
) -> None:
    """Each is another question of 20 kB."""
    tracemalloc.start()
    try:
        for turn in range(200):
            told = {header: f"{turn}, " + "x" * 20_000}
            assert (await http.get("/v1/channels", headers=told)).status_code == 200
        gc.collect()
        held = tracemalloc.take_snapshot().filter_traces(
            [tracemalloc.Filter(True, "*/httpx/*"), tracemalloc.Filter(True, http_cache.__file__)]
        )
    finally:
        tracemalloc.stop()

    assert sum(each.size for each in held.statistics("filename")) < 1_000_000


async def test_an_error_is_called_in_its_content_as_in_its_header(http: httpx.AsyncClient) -> None:
    given = await http.get("/v1/products/nowhere", headers={"X-Request-ID": "mine"})
    made = await http.get("/v1/products/nowhere-else")

    assert (given.headers["X-Request-ID"], given.json()["request_id"]) == ("mine", "mine")
    assert made.headers["X-Request-ID"] == made.json()["request_id"]
