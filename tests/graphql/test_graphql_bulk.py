"""Many at once: products, other nouns, prices, stock, each with an answer of its own."""

from typing import Any

import httpx
import pytest
from factories import lamp, load
from mutating import bulk, places
from speaking import Ask, bearer

from catalog import db, ids
from catalog.writes import tokens

PRODUCTS = bulk("productBulkUpsert", "Product")
PRICES = bulk("pricesSet", "PriceSet")
STOCK = bulk("stockSet", "StockSet")


def new(slug: str, **fields: Any) -> dict[str, Any]:
    return {
        "externalId": f"erp-{slug}",
        "slug": slug,
        "name": slug.title(),
        "type": "lamp",
        "status": "ACTIVE",
        "variants": [{"sku": slug.upper()}],
    } | fields


async def slugs() -> list[str]:
    rows = await db.fetch("SELECT slug FROM product WHERE deleted_at IS NULL ORDER BY slug")
    return [row["slug"] for row in rows]


async def test_each_is_told_what_became_of_it(ask: Ask, writer: str) -> None:
    await load(lamp("desk-lamp", external_id="erp-desk-lamp"), lamp("old-lamp"))
    sent = [new("floor-lamp"), {"slug": "desk-lamp", "taxClass": "full"}, {"slug": "old-lamp"}]

    payload = (await ask(PRODUCTS, token=writer, input=sent))["productBulkUpsert"]

    assert payload["errors"] == []
    assert [(r["index"], r["status"], r["externalId"]) for r in payload["results"]] == [
        (0, "CREATED", "erp-floor-lamp"),
        (1, "UPDATED", "erp-desk-lamp"),
        (2, "UNCHANGED", None),
    ]
    assert payload["results"][1]["id"] == ids.encode("Product", 1)


async def test_they_may_refer_to_one_another_in_any_order(ask: Ask, writer: str) -> None:
    sent = [
        new("desk-lamp", associations=[{"product": "ext:erp-bulb", "kind": "ACCESSORY"}]),
        new("bulb"),
    ]

    payload = (await ask(PRODUCTS, token=writer, input=sent))["productBulkUpsert"]

    assert [result["status"] for result in payload["results"]] == ["CREATED", "CREATED"]
    shown = await ask(
        '{ product(by: {slug: "desk-lamp"}) { related { product { slug } } } }', token=writer
    )
    assert shown["product"]["related"] == [{"product": {"slug": "bulb"}}]


BROKEN = [
    new("good"),
    new("bad slug"),
    new("unknown", brand="nobody", categories=["home", "nowhere"]),
    new("twice", variants=[{"sku": "GOOD"}]),
]


async def test_any_error_keeps_all_of_them_out(ask: Ask, writer: str) -> None:
    payload = (await ask(PRODUCTS, token=writer, input=BROKEN))["productBulkUpsert"]

    assert [result["status"] for result in payload["results"]] == ["FAILED"] * 4
    assert places(payload["results"][0])[0][0] in ("NOT_WRITTEN", "DUPLICATE")
    assert places(payload["results"][1]) == [("INVALID", "input.1.slug")]
    assert await slugs() == []


async def test_the_good_ones_are_written_where_others_are_skipped(ask: Ask, writer: str) -> None:
    payload = (await ask(PRODUCTS, token=writer, input=BROKEN[:3], onError="SKIP"))[
        "productBulkUpsert"
    ]

    assert [result["status"] for result in payload["results"]] == ["CREATED", "FAILED", "FAILED"]
    assert {path for _, path in places(payload["results"][2])} == {
        "input.2.brand",
        "input.2.categories.1",
    }
    assert await slugs() == ["good"]


async def test_a_dry_run_writes_none(ask: Ask, writer: str) -> None:
    payload = (await ask(PRODUCTS, token=writer, input=BROKEN[:1], dryRun=True))[
        "productBulkUpsert"
    ]

    (result,) = payload["results"]
    assert (result["status"], result["id"]) == ("CREATED", None)
    assert await slugs() == []


async def test_more_than_a_thousand_are_refused(ask: Ask, writer: str) -> None:
    sent = [{"slug": f"p{n}"} for n in range(1001)]

    payload = (await ask(PRODUCTS, token=writer, input=sent))["productBulkUpsert"]

    assert (payload["results"], places(payload)) == ([], [("BAD_REQUEST", "input")])
    assert "1,000" in payload["errors"][0]["message"]


async def test_a_thousand_small_ones_fit(ask: Ask, writer: str) -> None:
    sent = [{"code": f"l{n}"} for n in range(1000)]
    document = bulk("stockLocationBulkUpsert", "StockLocation")

    payload = (await ask(document, token=writer, input=sent))["stockLocationBulkUpsert"]

    assert [result["index"] for result in payload["results"]] == list(range(1000))
    assert {result["status"] for result in payload["results"]} == {"CREATED"}


async def test_larger_bodies_are_refused(client: httpx.AsyncClient, writer: str) -> None:
    sent = [new(f"p{n}", description="x" * 1000) for n in range(64)]

    response = await client.post(
        "/graphql", json={"query": PRODUCTS, "variables": {"input": sent}}, headers=bearer(writer)
    )

    assert response.status_code == 413
    assert await slugs() == []


async def test_none_at_all_is_nothing(ask: Ask, writer: str) -> None:
    payload = (await ask(PRODUCTS, token=writer, input=[]))["productBulkUpsert"]

    assert payload == {"results": [], "errors": []}


@pytest.mark.parametrize(
    ("noun", "kind", "sent"),
    [
        (
            "category",
            "Category",
            [{"slug": "b", "name": "B", "parent": "a"}, {"slug": "a", "name": "A"}],
        ),
        ("collection", "Collection", [{"slug": "sale", "name": "Sale"}]),
        ("brand", "Brand", [{"slug": "novo", "name": "Novo"}]),
        ("attribute", "Attribute", [{"code": "size", "kind": "TEXT"}]),
        ("productType", "ProductType", [{"code": "sofa"}]),
        ("channel", "Channel", [{"code": "ch", "defaultCurrency": "CHF", "defaultLocale": "de"}]),
        ("stockLocation", "StockLocation", [{"code": "north"}]),
    ],
)
async def test_every_noun_comes_in_bulk(
    ask: Ask, writer: str, noun: str, kind: str, sent: list[dict[str, Any]]
) -> None:
    document = bulk(f"{noun}BulkUpsert", kind)

    first = (await ask(document, token=writer, input=sent))[f"{noun}BulkUpsert"]
    again = (await ask(document, token=writer, input=sent))[f"{noun}BulkUpsert"]

    assert {result["status"] for result in first["results"]} == {"CREATED"}
    assert {result["status"] for result in again["results"]} == {"UNCHANGED"}
    assert {ids.decode(result["id"])[0] for result in first["results"]} == {kind}


async def test_prices_are_set_one_by_one(ask: Ask, writer: str) -> None:
    await load(lamp("desk-lamp"))
    secret = await tokens.create("pricing", scopes=["prices:write"])
    sent = [
        {"variant": {"sku": "desk-lamp-red"}, "amount": "9.90", "currency": "EUR"},
        {"variant": {"id": ids.encode("Variant", 2)}, "amount": "19.90", "currency": "EUR"},
        {"variant": {"sku": "desk-lamp-red"}, "amount": "8", "currency": "EUR", "minQuantity": 10},
    ]

    payload = (await ask(PRICES, token=secret, input=sent))["pricesSet"]

    assert [result["status"] for result in payload["results"]] == [
        "UPDATED",
        "UNCHANGED",
        "CREATED",
    ]
    assert payload["results"][0]["id"] == ids.encode("Variant", 1)
    shown = await ask(
        '{ variant(by: {sku: "desk-lamp-red"}) { prices { minQuantity amount { amount } } } }'
    )
    assert shown["variant"]["prices"] == [
        {"minQuantity": 1, "amount": {"amount": "9.90"}},
        {"minQuantity": 10, "amount": {"amount": "8.00"}},
    ]


async def test_prices_of_nothing_and_of_nowhere_are_told(ask: Ask, writer: str) -> None:
    await load(lamp("desk-lamp"))
    red = {"sku": "desk-lamp-red"}
    sent = [
        {"variant": {"sku": "no-such"}, "amount": "1", "currency": "EUR"},
        {"variant": {"id": ids.encode("Product", 1)}, "amount": "1", "currency": "EUR"},
        {"variant": red, "amount": "-1", "currency": "XXQ"},
        {"variant": red, "amount": "1", "currency": "EUR", "channel": "mars"},
        {"variant": red, "amount": "1", "currency": "CHF"},
    ]

    payload = (await ask(PRICES, token=writer, input=sent, onError="SKIP"))["pricesSet"]

    assert [[path for _, path in places(result)] for result in payload["results"]] == [
        ["input.0.variant"],
        ["input.1.variant.id"],
        ["input.2.amount", "input.2.currency"],
        ["input.3.channel"],
        ["input.4.currency"],
    ]


async def test_stock_is_set_and_what_is_not_sent_stays(ask: Ask, writer: str) -> None:
    await load(lamp("desk-lamp"))
    secret = await tokens.create("stock", scopes=["stock:write"])
    sent = [
        {"variant": {"sku": "desk-lamp-red"}, "location": "main", "incoming": 3},
        {"variant": {"sku": "desk-lamp-blue"}, "location": "main", "onHand": 0},
        {"variant": {"sku": "desk-lamp-blue"}, "location": "nowhere", "onHand": 1},
    ]

    payload = (await ask(STOCK, token=secret, input=sent, onError="SKIP"))["stockSet"]

    assert [result["status"] for result in payload["results"]] == ["UPDATED", "UPDATED", "FAILED"]
    assert [path for _, path in places(payload["results"][2])] == ["input.2.location"]
    levels = await db.fetch("SELECT on_hand, incoming FROM stock_level ORDER BY variant_id")
    assert [tuple(level) for level in levels] == [(5, 3), (0, 0)]


@pytest.mark.parametrize(("document", "scope"), [(PRICES, "stock:write"), (STOCK, "prices:write")])
async def test_the_one_does_not_set_the_other(
    client: httpx.AsyncClient, writer: str, document: str, scope: str
) -> None:
    secret = await tokens.create("other", scopes=[scope])

    response = await client.post(
        "/graphql", json={"query": document, "variables": {"input": []}}, headers=bearer(secret)
    )

    assert response.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"
