"""Every operation and everybody who might try it: let in exactly as it is declared."""

from datetime import UTC, datetime

import httpx
import operations
import pytest
import servers
import strawberry
from factories import load, shop
from fastapi.routing import iter_route_contexts
from operations import Operation
from starlette.routing import Route

from catalog.app import create_app
from catalog.context import IMPLIED, PUBLIC, SCOPES, Principal
from catalog.settings import Settings
from catalog.writes import tokens
from schema.answer import Answer
from schema.fields import computed, guard

READ, WRITE, PRICES, STOCK, WEBHOOKS, ADMIN = SCOPES

# Written down once more on purpose: who changes what a scope holds has to do it twice.
HELD = {
    READ: {READ},
    WRITE: {READ, WRITE, PRICES, STOCK},
    PRICES: {PRICES},
    STOCK: {STOCK},
    WEBHOOKS: {WEBHOOKS},
    ADMIN: {READ, WRITE, PRICES, STOCK, WEBHOOKS, ADMIN},
}

# Files: whoever knows the address.
MOUNTED = {"/media", "/docs/assets"}

# They look at no token, so that they answer without a database.
DEAF = {
    "GET /healthz",
    "GET /readyz",
    "GET /docs",
    "GET /openapi.json",
    "GET /graphql",
    "POST /graphql",
    "GET /graphql/assets/{name}",
    "GET /schema.graphql",
}

NOUNS = {
    "products": "product",
    "categories": "category",
    "collections": "collection",
    "brands": "brand",
    "attributes": "attribute",
    "types": "productType",
    "channels": "channel",
    "locations": "stockLocation",
}
ONE = ("PUT /v1/{}/{{ref}}", "PATCH /v1/{}/{{ref}}", "DELETE /v1/{}/{{ref}}")
WRITES = (*ONE, "POST /v1/{}", "POST /v1/{}:bulk", "POST /v1/{}/{{ref}}/restore")
MUTATIONS = ("{}Upsert", "{}BulkUpsert", "{}Delete", "{}Restore")

# What needs a token, as it was decided; the operations say it for themselves.
NEEDED = {
    **{form.format(noun): WRITE for noun in NOUNS for form in WRITES},
    **{f"mutation {form.format(noun)}": WRITE for noun in NOUNS.values() for form in MUTATIONS},
    "PATCH /v1/variants/{ref}": WRITE,
    "DELETE /v1/variants/{ref}": WRITE,
    "POST /v1/variants/{ref}/restore": WRITE,
    "mutation variantUpsert": WRITE,
    "mutation variantDelete": WRITE,
    "mutation variantRestore": WRITE,
    "POST /v1/prices:bulk": PRICES,
    "mutation pricesSet": PRICES,
    "POST /v1/stock:bulk": STOCK,
    "mutation stockSet": STOCK,
    "POST /v1/imports": WRITE,
    "GET /v1/imports": WRITE,
    "GET /v1/imports/{id}": WRITE,
    "GET /v1/imports/{id}/errors.csv": WRITE,
    "GET /v1/imports/{id}/errors.ndjson": WRITE,
    "POST /v1/imports/{id}/cancel": WRITE,
    "GET /v1/locations": READ,
    "GET /v1/locations/{ref}": READ,
    "GET /v1/stock": READ,
    "GET /v1/changes": READ,
    "GET /v1/cache": ADMIN,
    "POST /v1/cache:check": ADMIN,
    "query explainListing": READ,
}

# They read, though what they ask is too long for an address.
ASKING = {"POST /graphql", "POST /v1/products/search"}

CODES = {"UNAUTHORIZED": 401, "FORBIDDEN": 403}
UNASKED = ("GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED", "INTERNAL_ERROR")
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)

OPERATIONS = [*operations.routes(operations.application()), *operations.fields()]


@pytest.fixture(scope="module")
async def secrets(database: Settings) -> dict[str, str]:
    """A shop, and of each scope a token that has it alone; a revoked and an expired one of all."""
    await servers.empty()
    await load(*shop())
    secrets = {scope: await tokens.create(scope, scopes=[scope]) for scope in SCOPES}
    secrets["revoked"] = await tokens.create("revoked", scopes=list(SCOPES))
    await tokens.revoke(len(secrets))
    secrets["expired"] = await tokens.create("expired", scopes=list(SCOPES), expires_at=LONG_AGO)
    return secrets


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.name)
async def test_everybody_is_let_in_exactly_where_it_is_declared(
    operation: Operation, client: httpx.AsyncClient, secrets: dict[str, str]
) -> None:
    scope = operation.scope
    outcomes = {who: await outcome(client, operation, secret) for who, secret in secrets.items()}

    assert await outcome(client, operation, None) == (None if scope == PUBLIC else 401)
    assert {who: outcomes.pop(who) for who in ("revoked", "expired")} == dict.fromkeys(
        ("revoked", "expired"), None if operation.name in DEAF else 401
    )
    assert outcomes == {
        who: None if scope == PUBLIC or scope in held else 403 for who, held in HELD.items()
    }


async def outcome(
    client: httpx.AsyncClient, operation: Operation, secret: str | None
) -> int | None:
    """401 or 403 of who was not let in. What else comes of a request does not matter here."""
    response = await operation.ask(client, secret)
    code = refused(operation, response)
    if code == 403:
        assert f"the scope {operation.scope}" in response.text
    if response.status_code == 401:
        assert response.headers["WWW-Authenticate"].startswith("Bearer")
    return code


def refused(operation: Operation, response: httpx.Response) -> int | None:
    if response.status_code in (401, 403):
        return response.status_code
    if operation.document is None:
        return None
    errors = response.json().get("errors", ())
    assert all(error["extensions"]["code"] not in UNASKED for error in errors), errors
    codes = [error["extensions"]["code"] for error in errors if len(error.get("path", ())) == 1]
    return next((CODES[code] for code in codes if code in CODES), None)


def test_every_operation_declares_a_scope_that_there_is() -> None:
    strange = [each.name for each in OPERATIONS if each.scope not in (PUBLIC, *SCOPES)]

    assert strange == []


def test_nothing_else_is_served() -> None:
    others = [
        getattr(route, "path", repr(route))
        for each in iter_route_contexts(operations.application().routes)
        if not isinstance(route := each.original_route, Route)
    ]

    assert sorted(others) == sorted(MOUNTED)


def test_every_operation_that_needs_a_token_needs_the_scope_that_was_decided() -> None:
    needed = {each.name: each.scope for each in OPERATIONS if not free(each)}

    assert needed == NEEDED


def free(operation: Operation) -> bool:
    """Reads may be for everybody, and so may GraphQL's address: its fields speak for themselves."""
    reads = operation.name.split(" ")[0] in ("GET", "query") or operation.name in ASKING
    return reads and operation.scope == PUBLIC


async def test_a_route_that_declares_nothing_lets_nobody_in(
    settings: Settings, secrets: dict[str, str]
) -> None:
    app = create_app(settings)
    app.add_api_route("/v1/secret", lambda: "all prices of suppliers")
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as client:
        operation = Operation("GET /v1/secret", None)
        answers = [await operation.ask(client, secrets[who]) for who in SCOPES]
        stranger = await operation.ask(client, None)

    assert {answer.status_code for answer in answers} == {403}
    assert stranger.status_code == 401


async def test_a_field_that_declares_nothing_lets_nobody_in() -> None:
    schema = strawberry.Schema(Undeclared)
    guard(schema._schema)
    holder = Answer(Principal(token_id=1, scopes=frozenset(SCOPES)))

    result = await schema.execute("{ secret }", context_value=holder)

    assert [each.scope for each in operations.fields(schema._schema)] == [None]
    assert result.data == {"secret": None}
    assert "declares no scope" in str(result.errors)


@strawberry.type
class Undeclared:
    @computed(str | None, "All prices of suppliers.")
    @staticmethod
    async def secret() -> str:
        return "all of them"


def test_what_a_scope_holds_is_what_it_held() -> None:
    assert {scope: {scope, *IMPLIED.get(scope, ())} for scope in SCOPES} == HELD
