"""What another site can make a browser send, it cannot use: no cookie is a token, and what changes
something cannot be asked by GET or with the types of a form."""

import httpx
import operations
import pytest
from factories import lamp, load, shop
from operations import Operation

from catalog.context import PUBLIC
from catalog.writes import tokens

MUTATION = '{"query": "mutation { __typename }"}'
FORMS = [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
WRITES = [
    each
    for each in operations.routes(operations.application())
    if each.name.split(" ")[0] != "GET" and each.scope != PUBLIC
]


@pytest.fixture
async def cookies(clean: None) -> dict[str, str]:
    """As a browser would send them that once had a token for this origin."""
    await load(*shop(), lamp(status="draft"))
    secret = await tokens.create("browser", scopes=["admin"])
    jar = "; ".join(f"{name}={secret}" for name in ("token", "authorization", "Authorization"))
    return {"Cookie": jar, "Origin": "https://elsewhere.test"}


async def test_a_cookie_is_no_token(client: httpx.AsyncClient, cookies: dict[str, str]) -> None:
    query = {"query": "{ products { nodes { slug } } }"}

    rest = await client.get("/v1/stock", headers=cookies)
    graphql = await client.post("/graphql", json=query, headers=cookies)

    assert rest.status_code == 401
    assert graphql.json()["data"] == {"products": {"nodes": []}}


@pytest.mark.parametrize("operation", WRITES, ids=lambda each: each.name)
@pytest.mark.parametrize("content_type", FORMS)
async def test_no_form_of_another_site_writes(
    client: httpx.AsyncClient, operation: Operation, content_type: str | None
) -> None:
    method, path = operation.name.replace("{ref}", "x").split(" ")
    headers = {"Origin": "https://elsewhere.test", "Cookie": "token=x"}
    headers |= {"Content-Type": content_type} if content_type else {}

    response = await client.request(method, path, content=b"{}", headers=headers)

    assert 400 <= response.status_code < 500


@pytest.mark.parametrize("origin", [{}, {"Origin": "https://elsewhere.test"}])
@pytest.mark.parametrize("content_type", FORMS)
async def test_no_form_of_another_site_reaches_a_mutation(
    client: httpx.AsyncClient,
    cookies: dict[str, str],
    origin: dict[str, str],
    content_type: str | None,
) -> None:
    headers = cookies | origin | ({"Content-Type": content_type} if content_type else {})

    posted = await client.post("/graphql", content=MUTATION, headers=headers)
    got = await client.get("/graphql", params={"query": "mutation { __typename }"}, headers=headers)

    assert (posted.status_code, got.status_code) == (415, 405)
