"""`/v1/export`: streamed, filtered as the list is, and nobody sees what is not theirs to see."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import aclosing

import httpx
import orjson
import pytest
from exporting import READER, export
from factories import lamp, lamps, load, shop
from fastapi import FastAPI
from starlette.types import Message

from catalog import db
from catalog.app import create_app
from catalog.files import exporting
from catalog.files.exporting import Export, Target
from catalog.reads.product_lists import ProductWhere
from catalog.reads.stored import products
from catalog.settings import Settings
from catalog.writes import tokens
from catalog.writes.inputs import CollectionInput

PER_PAGE = 13
FILES = ("products.ndjson", "products.csv", "products.csv?shopify=true", "products.xml")


@pytest.mark.usefixtures("shown_lamps")
@pytest.mark.parametrize("file", [*(f"export/{file}" for file in FILES), "sitemap.xml"])
async def test_nothing_that_is_not_public_is_in_an_anonymous_file(
    client: httpx.AsyncClient, file: str
) -> None:
    response = await client.get(f"/v1/{file}")
    assert response.status_code == 200
    assert "desk-lamp" in response.text
    hidden = (
        "draft-lamp",
        "old-lamp",
        "far-lamp",
        "secret",
        "hidden",
        "on_hand",
        "stock.",
        "11.00",
    )
    assert [word for word in (*hidden, "11.00") if word in response.text] == []


@pytest.mark.usefixtures("shown_lamps")
async def test_a_token_carries_all_of_it_away(client: httpx.AsyncClient) -> None:
    token = await tokens.create("tests", scopes=["catalog:read"])
    headers = {"Authorization": f"Bearer {token}"}
    response = await client.get("/v1/export/products.ndjson", headers=headers)
    assert response.content == await export("ndjson")
    records = [orjson.loads(line) for line in response.content.splitlines()]
    slugs = [record["slug"] for record in records if record["record"] == "product"]
    assert slugs == ["desk-lamp", "draft-lamp", "far-lamp", "old-lamp"]
    (desk, *_) = (record for record in records if record["record"] == "product")
    assert desk["private_metadata"] == {"supplier": "secret"}
    assert [price["amount"] for price in desk["variants"][0]["prices"]] == [
        "19.90",
        "15.00",
        "11.00",
    ]


@pytest.mark.usefixtures("shown_lamps")
async def test_filters_are_those_of_the_list(client: httpx.AsyncClient) -> None:
    some = await client.get("/v1/export/products.ndjson", params={"category": "home", "tag": "no"})
    assert b'"record":"product"' not in some.content
    draft = await client.get("/v1/export/products.csv", params={"status": "draft"})
    assert (draft.status_code, draft.json()["code"]) == (401, "UNAUTHORIZED")
    unknown = await client.get("/v1/export/products.xml", params={"colour": "red"})
    assert unknown.status_code == 400


@pytest.mark.usefixtures("clean")
async def test_a_part_of_the_catalog_leaves_collections_whole() -> None:
    await load(
        *shop(), lamp("a"), lamp("b"), CollectionInput(slug="c", name="C", products=("b", "a"))
    )
    records = [orjson.loads(line) for line in (await export("ndjson")).splitlines()]
    assert [r["products"] for r in records if r["record"] == "collection"] == [["b", "a"]]
    part = await export("ndjson", ProductWhere(slugs=["b"]))
    records = [orjson.loads(line) for line in part.splitlines()]
    assert all("products" not in record for record in records)
    assert records[-1]["collections"] == ["c"]


async def _statements(target: Target) -> int:
    ctx = await exporting.context(READER)
    async with db.snapshot() as snapshot:
        async with aclosing(exporting.pieces(target, Export(ctx))) as pieces:
            async for _ in pieces:
                pass
        return snapshot.statements


@pytest.mark.usefixtures("clean")
@pytest.mark.parametrize("target", ["ndjson", "csv"])
async def test_a_page_takes_as_many_statements_whatever_is_on_it(
    target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    await load(*lamps(1))
    one = await _statements(target)
    await load(*lamps(40))
    assert await _statements(target) == one
    monkeypatch.setattr(products, "PAGE", 20)
    passes = 2 if target == "csv" else 1
    assert await _statements(target) == one + passes * PER_PAGE


@pytest.mark.usefixtures("clean")
async def test_no_more_than_a_page_is_read_before_it_is_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And who stops listening leaves no connection behind."""
    await load(*lamps(30))
    monkeypatch.setattr(products, "PAGE", 10)
    ctx = await exporting.context(READER)
    pieces: AsyncIterator[bytes] = exporting.pieces("ndjson", Export(ctx))
    async with db.snapshot() as snapshot, aclosing(pieces):
        await anext(pieces)
        await anext(pieces)
        seen = snapshot.statements
        await anext(pieces)
        assert snapshot.statements == seen + PER_PAGE


@pytest.mark.usefixtures("clean")
async def test_who_stops_listening_leaves_no_connection_behind(
    database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(products, "PAGE", 5)
    await load(*lamps(40))
    app = create_app(database)
    for _ in range(database.database_read_pool + 2):
        await _hang_up(app)
    busy = await db.fetch(
        """
        SELECT count(*) AS n FROM pg_stat_activity
        WHERE datname = current_database() AND state LIKE 'idle in transaction%'
        """
    )
    assert busy[0]["n"] == 0


async def _hang_up(app: FastAPI) -> None:
    """After the second piece, as a server of ASGI 2.3 tells it: by a message."""
    sent: list[Message] = []
    gone = asyncio.Event()

    async def receive() -> Message:
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)
        if len(sent) == 3:
            gone.set()
            await asyncio.sleep(60)

    path = "/v1/export/products.ndjson"
    scope = {"type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "method": "GET"}
    address = {"path": path, "raw_path": path.encode(), "query_string": b"", "headers": []}
    server = {"server": ("shop.test", 80), "scheme": "http", "http_version": "1.1"}
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.wait_for(app({**scope, **address, **server}, receive, send), 20)
