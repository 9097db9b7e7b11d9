"""How mutations run: once, on the version that was meant, one after the other, for who may."""

import asyncio
from typing import Any

import httpx
import pytest
from factories import lamp, load
from mutating import PRODUCT, places
from speaking import Ask, Refused, bearer

from catalog import db
from catalog.errors import CatalogError
from catalog.writes import tokens
from schema.errors import IN_PAYLOAD, in_payload


async def count(table: str) -> int:
    (row,) = await db.fetch(f"SELECT count(*) FROM {table}")
    found: int = row["count"]
    return found


async def test_of_fifty_with_one_version_one_wins(ask: Ask, writer: str) -> None:
    await load(lamp("desk-lamp"))

    async def rename(n: int) -> Any:
        change = {"slug": "desk-lamp", "name": f"Lamp {n}"}
        return (await ask(PRODUCT, token=writer, input=change, ifVersion=1))["productUpsert"]

    payloads = await asyncio.gather(*map(rename, range(50)))

    statuses = [payload["status"] for payload in payloads]
    assert (statuses.count("UPDATED"), statuses.count("FAILED")) == (1, 49)
    lost = [payload for payload in payloads if payload["status"] == "FAILED"]
    assert {place for payload in lost for place in places(payload)} == {
        ("VERSION_CONFLICT", "ifVersion")
    }
    (winner,) = [payload["product"] for payload in payloads if payload["status"] == "UPDATED"]
    shown = await ask('{ product(by: {slug: "desk-lamp"}) { name version } }')
    assert shown["product"] == {"name": winner["name"], "version": 2}


async def test_what_has_changed_since_is_not_deleted(ask: Ask, writer: str) -> None:
    await load(lamp("desk-lamp"))
    document = 'mutation { productDelete(by: {slug: "desk-lamp"}, ifVersion: 7) { status errors '
    document += "{ code path message } product { version } } }"

    payload = (await ask(document, token=writer))["productDelete"]

    assert places(payload) == [("VERSION_CONFLICT", "ifVersion")]
    assert (await ask('{ product(by: {slug: "desk-lamp"}) { version } }'))["product"]


async def test_a_hundred_with_one_key_have_one_effect(ask: Ask, writer: str) -> None:
    new = {"type": "lamp", "name": "Lamp", "variants": [{"sku": "L"}], "status": "ACTIVE"}

    async def create() -> Any:
        """As clients do: again while the first is running."""
        for _ in range(200):
            payload = (await ask(PRODUCT, token=writer, input=new, key="k"))["productUpsert"]
            if places(payload) != [("IDEMPOTENCY_KEY_IN_USE", "idempotencyKey")]:
                return payload
            await asyncio.sleep(0.05)
        raise AssertionError("the first is running for ever")

    payloads = await asyncio.gather(*(create() for _ in range(100)))

    assert {payload["status"] for payload in payloads} == {"CREATED"}
    assert len({payload["id"] for payload in payloads}) == 1
    assert {payload["product"]["slug"] for payload in payloads} == {"lamp"}
    assert (await count("product"), await count("idempotency_key")) == (1, 1)


async def test_a_key_that_came_with_another_call_is_refused(ask: Ask, writer: str) -> None:
    first = {"slug": "a", "type": "lamp", "name": "A"}
    await ask(PRODUCT, token=writer, input=first, key="k")

    payload = (await ask(PRODUCT, token=writer, input=first | {"name": "B"}, key="k"))[
        "productUpsert"
    ]

    assert places(payload) == [("IDEMPOTENCY_KEY_REUSED", "idempotencyKey")]
    assert (await ask('{ product(by: {slug: "a"}) { name } }', token=writer))["product"] == {
        "name": "A"
    }


async def test_keys_of_others_are_others(ask: Ask, writer: str) -> None:
    other = await tokens.create("other", scopes=["catalog:write"])
    new = {"slug": "a", "type": "lamp", "name": "A"}
    await ask(PRODUCT, token=writer, input=new, key="k")

    payload = (await ask(PRODUCT, token=other, input=new, key="k"))["productUpsert"]

    assert payload["status"] == "UNCHANGED"


async def test_a_refused_call_leaves_its_key_free(ask: Ask, writer: str) -> None:
    refused = (await ask(PRODUCT, token=writer, input={"slug": "a"}, key="k"))["productUpsert"]
    good = {"slug": "a", "type": "lamp", "name": "A"}

    payload = (await ask(PRODUCT, token=writer, input=good, key="k"))["productUpsert"]

    assert (refused["status"], payload["status"]) == ("FAILED", "CREATED")


@pytest.mark.parametrize("key", ["", "x" * 256, "ü"])
async def test_what_is_no_key_is_refused(ask: Ask, writer: str, key: str) -> None:
    new = {"slug": "a", "type": "lamp", "name": "A"}

    payload = (await ask(PRODUCT, token=writer, input=new, key=key))["productUpsert"]

    assert places(payload) == [("BAD_REQUEST", "idempotencyKey")]
    assert await count("product") == 0


async def test_a_dry_run_tells_what_it_would_change(ask: Ask, writer: str) -> None:
    await load(lamp("desk-lamp"))
    change = {
        "slug": "desk-lamp",
        "taxClass": "reduced",
        "variants": [
            {"sku": "desk-lamp-red", "prices": [{"amount": "9.90", "currency": "EUR"}]},
        ],
    }

    payload = (await ask(PRODUCT, token=writer, input=change, dryRun=True))["productUpsert"]

    assert (payload["status"], payload["errors"]) == ("UPDATED", [])
    assert sorted(payload["changes"], key=lambda change: len(change["path"]), reverse=True) == [
        {
            "path": ["variants", "desk-lamp-red", "prices", "EUR", "amount"],
            "old": "19.90",
            "new": "9.90",
        },
        {"path": ["taxClass"], "old": None, "new": "reduced"},
    ]
    assert (payload["product"]["version"], payload["product"]["taxClass"]) == (1, None)


async def test_a_dry_run_makes_and_deletes_nothing(ask: Ask, writer: str) -> None:
    await load(lamp("desk-lamp"))
    new = {"slug": "new", "type": "lamp", "name": "New"}
    document = 'mutation { productDelete(by: {slug: "desk-lamp"}, dryRun: true) { status changes '
    document += "{ path old new } } }"

    made = (await ask(PRODUCT, token=writer, input=new, dryRun=True, key="k"))["productUpsert"]
    gone = (await ask(document, token=writer))["productDelete"]

    assert (made["status"], made["id"], made["product"]) == ("CREATED", None, None)
    assert {"path": ["name"], "old": None, "new": "New"} in made["changes"]
    assert gone["status"] == "DELETED"
    assert {"path": ["slug"], "old": "desk-lamp", "new": None} in gone["changes"]
    assert (await count("product"), await count("idempotency_key")) == (1, 0)
    assert (await ask('{ product(by: {slug: "desk-lamp"}) { name } }'))["product"]


async def test_each_field_sees_what_those_before_it_have_left(ask: Ask, writer: str) -> None:
    document = """
      mutation {
        brand: brandUpsert(input: {slug: "novo", name: "Novo"}) { status brand { name } }
        product: productUpsert(input: {
          slug: "sofa", name: "Sofa", type: "lamp", brand: "novo", status: ACTIVE
        }) { status product { brand { name } version } }
        renamed: brandUpsert(input: {slug: "novo", name: "Novum"}) { brand { name } }
        again: productUpsert(input: {slug: "sofa", taxClass: "full"}) {
          product { brand { name } version }
        }
        gone: productDelete(by: {slug: "sofa"}) { product { id } }
        late: productUpsert(by: {slug: "sofa"}, input: {name: "X"}) { errors { code } }
      }
    """

    shown = await ask(document, token=writer)

    assert shown == {
        "brand": {"status": "CREATED", "brand": {"name": "Novo"}},
        "product": {
            "status": "CREATED",
            "product": {"brand": {"name": "Novo"}, "version": 1},
        },
        "renamed": {"brand": {"name": "Novum"}},
        "again": {"product": {"brand": {"name": "Novum"}, "version": 2}},
        "gone": {"product": None},
        "late": {"errors": [{"code": "NOT_FOUND"}]},
    }


async def test_a_field_that_fails_leaves_the_others(ask: Ask, writer: str) -> None:
    document = """
      mutation {
        a: brandUpsert(input: {slug: "a", name: "A"}) { status }
        b: brandUpsert(input: {slug: "b"}) { status errors { code path } }
        c: brandUpsert(input: {slug: "c", name: "C"}) { status }
      }
    """

    shown = await ask(document, token=writer)

    assert [payload["status"] for payload in shown.values()] == ["CREATED", "FAILED", "CREATED"]
    assert shown["b"]["errors"] == [{"code": "REQUIRED", "path": ["input", "name"]}]


async def test_what_was_written_is_shown_as_it_was_asked_for(ask: Ask, writer: str) -> None:
    document = """
      mutation @inContext(channel: "eu", locale: "de", currency: "USD") {
        productUpsert(input: {
          slug: "lamp", name: "Lamp", type: "lamp"
          translations: [{locale: "de", name: "Leuchte"}]
          variants: [{sku: "L", prices: [
            {amount: "9", currency: "EUR"}, {amount: "10", currency: "USD"}
          ]}]
        }) { product { name status variants { nodes { price { amount currency } } } } }
      }
    """

    product = (await ask(document, token=writer))["productUpsert"]["product"]

    assert (product["name"], product["status"]) == ("Leuchte", "DRAFT")
    assert product["variants"]["nodes"] == [{"price": {"amount": "10.00", "currency": "USD"}}]


async def test_a_mutation_holds_no_reader_while_it_waits(ask: Ask, writer: str) -> None:
    """Or as many as there are readers, each waiting for a lock, would close the shop."""
    await load(lamp("desk-lamp"))
    locked, release = asyncio.Event(), asyncio.Event()
    holder = asyncio.create_task(hold(locked, release))
    await locked.wait()
    change = {"slug": "desk-lamp", "name": "X"}
    waiting = [asyncio.create_task(ask(PRODUCT, token=writer, input=change)) for _ in range(12)]
    await asyncio.sleep(0.3)

    async with asyncio.timeout(5):
        shown = await ask('{ product(by: {slug: "desk-lamp"}) { name } }')

    release.set()
    await holder
    statuses = [(await each)["productUpsert"]["status"] for each in waiting]
    assert shown["product"] == {"name": "Desk Lamp"}
    assert (statuses.count("UPDATED"), statuses.count("UNCHANGED")) == (1, 11)


async def hold(locked: asyncio.Event, release: asyncio.Event) -> None:
    async with db.unit_of_work() as connection:
        await connection.execute("SELECT FROM product FOR UPDATE")
        locked.set()
        await release.wait()


GET = 'mutation { brandUpsert(input: {slug: "a", name: "A"}) { status } }'


async def test_a_mutation_by_get_is_refused(client: httpx.AsyncClient, writer: str) -> None:
    response = await client.get("/graphql", params={"query": GET}, headers=bearer(writer))

    assert (response.status_code, response.headers["Allow"]) == (405, "POST")
    assert await count("brand") == 1


async def test_nobody_writes_without_a_token(refused: Refused, writer: str) -> None:
    (error,) = await refused(GET)

    assert error["extensions"]["code"] == "UNAUTHORIZED"
    assert await count("brand") == 1


@pytest.mark.parametrize("scopes", [["catalog:read"], ["prices:write", "stock:write"]])
async def test_a_token_writes_what_it_is_for(
    client: httpx.AsyncClient, writer: str, scopes: list[str]
) -> None:
    secret = await tokens.create("other", scopes=scopes)

    response = await client.post("/graphql", json={"query": GET}, headers=bearer(secret))

    (error,) = response.json()["errors"]
    assert (error["extensions"]["code"], error["path"]) == ("FORBIDDEN", ["brandUpsert"])
    assert response.json()["data"] == {"brandUpsert": None}
    assert await count("brand") == 1


def test_every_error_of_the_catalog_has_a_place() -> None:
    told = {kind.__name__: in_payload(kind) for kind in subclasses(CatalogError)}

    beside = {name for name, payload in told.items() if not payload}
    assert beside == {
        *("CatalogError", "Unauthorized", "Forbidden", "CursorExpired", "FileRefused"),
        "Unavailable",
    }
    assert IN_PAYLOAD.keys() <= set(subclasses(CatalogError))


def subclasses(kind: type[CatalogError]) -> list[type[CatalogError]]:
    below = [each for child in kind.__subclasses__() for each in subclasses(child)]
    return [kind, *(each for each in below if each.__module__ == CatalogError.__module__)]
