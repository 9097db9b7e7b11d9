"""Files handed in over REST: taken, run, told of."""

import asyncio

import asyncpg
import httpx
import pytest
from factories import load, shop
from handing import (
    SHOP,
    Headers,
    Job,
    hand_in,
    imported,
    lamp,
    lamps,
    locked,
    until,
    until_over,
    waiting,
    written,
)

from catalog import db
from catalog.jobs import queue
from catalog.jobs.loop import Loop
from catalog.settings import Settings
from catalog.writes import loading, tokens

SHOPIFY = """\
Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,\
Variant Inventory Qty,Variant Price,Status
mug,Mug,<p>Holds tea.</p>,Potter,Kitchen,,TRUE,Colour,Red,MUG-R,5,9.90,active
mug,,,,,,,,Blue,MUG-B,3,9.90,
"""
WOOCOMMERCE = """\
ID,Type,SKU,Name,Published,Is featured?,Visibility in catalog,Short description,Description,\
Regular price,Categories,Images,Parent,Position
1,simple,CUP-1,Cup,1,0,visible,,Holds coffee.,4.50,Kitchen,,,0
"""
CSV = "record,slug,name,type,sku,price.EUR\nproduct,desk,Desk lamp,lamp,DESK,19.90\n"
FOREIGN = "article;title;cost\n4711;Bowl;12,50\n"
MAPPING = """\
source: {format: csv}
record: product
fields:
  external_id: article
  name: title
"""
PARTS = "SELECT count(*) FROM import_file_part"


async def test_a_file_is_imported(client: httpx.AsyncClient, writer: Headers, worker: Loop) -> None:
    file = SHOP + lamp("desk") + lamp("floor")
    job = await imported(client, writer, file, file_name="shop.ndjson")
    assert (job["state"], job["error"], job["errors_total"]) == ("done", None, 0)
    assert job["counts"]["product"] == {"created": 2, "updated": 0, "unchanged": 0, "failed": 0}
    assert job["progress"] == {"stage": "write", "done": 2, "total": 2}
    assert (job["file_name"], job["size"], job["format"]) == (
        "shop.ndjson",
        len(file),
        "our NDJSON",
    )
    assert (await db.fetch(PARTS))[0][0] == 0
    again = await imported(client, writer, file)
    assert again["counts"]["product"]["unchanged"] == 2
    listed = (await client.get("/v1/imports", headers=writer, params={"count": True})).json()
    assert [each["id"] for each in listed["items"]] == [again["id"], job["id"]]
    assert listed["page"]["total"] == 2


@pytest.mark.parametrize(
    ("content", "kind", "format", "options"),
    [
        (SHOPIFY, "text/csv", "Shopify", {"currency": "EUR"}),
        (WOOCOMMERCE, "text/csv; charset=utf-8", "WooCommerce", {}),
        (CSV, "application/octet-stream", "our CSV", {"channel": "eu"}),
        (lamp("desk"), "application/x-ndjson", "our NDJSON", {"lists": "replace"}),
        (lamp("desk"), "application/json", "our NDJSON", {"format": "ndjson"}),
    ],
    ids=["shopify", "woocommerce", "csv", "ndjson", "json"],
)
async def test_every_format_is_recognised(
    client: httpx.AsyncClient,
    writer: Headers,
    worker: Loop,
    content: str,
    kind: str,
    format: str,
    options: dict[str, str],
) -> None:
    await load(*shop())
    job = await imported(client, writer, content, kind, **options)
    assert (job["state"], job["error"]) == ("done", None), job
    assert job["format"] == format
    assert job["counts"]["product"]["created"] == 1
    assert options.items() <= job["options"].items()


async def test_a_form_brings_a_mapping(
    client: httpx.AsyncClient, writer: Headers, worker: Loop
) -> None:
    await load(*shop())
    files = {
        "file": ("C:\\Lists\\bowls.csv", FOREIGN.encode("cp1252"), "text/csv"),
        "mapping": ("bowls.yaml", MAPPING.encode(), "text/yaml"),
    }
    answer = await client.post("/v1/imports", files=files, headers=writer)
    assert answer.status_code == 202, answer.text
    job = await until_over(client, writer, answer.json())
    assert (job["state"], job["error"]) == ("done", None), job
    assert (job["file_name"], job["options"]["mapping"]) == ("bowls.csv", True)
    assert job["counts"]["product"]["created"] == 1
    asked = await client.get("/v1/products/ext:4711", headers=writer)
    assert asked.json()["name"] == "Bowl"


@pytest.mark.parametrize(
    ("content", "options", "code", "said"),
    [
        ("a,b\n1,2\n", {}, "FILE_REFUSED", "list.csv: is none of the formats"),
        ("PK\x03\x04 zip", {}, "FILE_REFUSED", "Excel"),
        (SHOPIFY, {}, "FILE_REFUSED", "say currency=…, such as currency=EUR"),
        ('slug,name\na,"b', {}, "FILE_REFUSED", "never closed"),
        (SHOPIFY, {"channel": "us"}, "FILE_REFUSED", "currency"),
    ],
    ids=["unknown", "excel", "currency", "quote", "channel"],
)
async def test_what_cannot_be_read_fails_in_words_of_the_api(
    client: httpx.AsyncClient,
    writer: Headers,
    worker: Loop,
    content: str,
    options: dict[str, str],
    code: str,
    said: str,
) -> None:
    job = await imported(client, writer, content, "text/csv", file_name="list.csv", **options)
    assert (job["state"], job["error"]["code"]) == ("failed", code)
    message = job["error"]["message"]
    assert said in message
    assert "/tmp" not in message
    assert " --currency" not in message
    assert (await db.fetch("SELECT count(*) FROM product"))[0][0] == 0


async def test_one_error_keeps_all_out_unless_such_rows_are_left_out(
    client: httpx.AsyncClient, writer: Headers, worker: Loop
) -> None:
    file = SHOP + lamp("desk") + lamp("floor", price="cheap")
    job = await imported(client, writer, file)
    assert (job["state"], job["errors_total"]) == ("failed", 1)
    assert job["error"]["code"] == "ROWS_REFUSED"
    assert (await db.fetch("SELECT count(*) FROM product"))[0][0] == 0
    job = await imported(client, writer, file, on_error="skip")
    assert (job["state"], job["error"], job["errors_total"]) == ("done", None, 1)
    assert await written(1) == 1


async def test_a_dry_run_tells_what_would_happen(
    client: httpx.AsyncClient, writer: Headers, worker: Loop
) -> None:
    job = await imported(client, writer, SHOP + lamp("desk"), dry_run=True)
    assert (job["state"], job["counts"]["product"]["created"]) == ("done", 1)
    assert (await db.fetch("SELECT count(*) FROM product"))[0][0] == 0


async def test_whoever_may_not_write_does_not_see_imports(
    client: httpx.AsyncClient, writer: Headers
) -> None:
    job = await hand_in(client, writer, SHOP)
    reader = {"Authorization": f"Bearer {await tokens.create('web', scopes=['catalog:read'])}"}
    for address in ("/v1/imports", *job["links"].values()):
        method = "POST" if address.endswith("cancel") else "GET"
        assert (await client.request(method, address)).status_code == 401
        assert (await client.request(method, address, headers=reader)).status_code == 403


async def test_a_repeated_request_starts_one_import(
    client: httpx.AsyncClient, writer: Headers
) -> None:
    keyed = {**writer, "Idempotency-Key": "a1"}
    first, second = [await hand_in(client, keyed, SHOP) for _ in range(2)]
    assert first["id"] == second["id"]
    other = {**keyed, "Content-Type": "application/x-ndjson"}
    answer = await client.post("/v1/imports", content=lamp("x"), headers=other)
    assert answer.status_code == 422


async def test_an_import_that_waits_is_cancelled_at_once(
    client: httpx.AsyncClient, writer: Headers
) -> None:
    job = await hand_in(client, writer, SHOP)
    answer = await client.post(job["links"]["cancel"], headers=writer)
    assert (answer.status_code, answer.json()["state"]) == (202, "cancelled")
    assert (await db.fetch(PARTS))[0][0] == 0
    assert (await client.post(job["links"]["cancel"], headers=writer)).status_code == 202


async def test_one_that_is_over_cannot_be_cancelled(
    client: httpx.AsyncClient, writer: Headers, worker: Loop
) -> None:
    job = await imported(client, writer, SHOP)
    answer = await client.post(job["links"]["cancel"], headers=writer)
    assert (answer.status_code, answer.json()["code"]) == (409, "CONFLICT")
    nowhere = job["links"]["cancel"].replace(job["id"], "SW1wb3J0Sm9iOjk5")
    assert (await client.post(nowhere, headers=writer)).status_code == 404


async def test_an_import_that_is_being_read_stops_before_it_writes(
    client: httpx.AsyncClient, writer: Headers, worker: Loop, settings: Settings
) -> None:
    async with locked(settings):
        job = await hand_in(client, writer, lamps(6_000))
        await until(client, writer, job, "running")
        await client.post(job["links"]["cancel"], headers=writer)
    async with asyncio.timeout(6):
        job = await until_over(client, writer, job)
    assert (job["state"], "product" in job["counts"]) == ("cancelled", False)
    assert await written(0) == 0


async def test_an_import_that_is_being_written_stops_at_its_next_chunk(
    client: httpx.AsyncClient, writer: Headers, worker: Loop, settings: Settings
) -> None:
    job = await hand_in(client, writer, lamps(6_000))
    await written(1)
    async with locked(settings):
        await waiting()
        before = await written(1)
        await client.post(job["links"]["cancel"], headers=writer)
    async with asyncio.timeout(6):
        job = await until_over(client, writer, job)
    assert job["state"] == "cancelled"
    assert job["counts"]["product"]["created"] == await written(1) == before + 1_000 < 6_000


async def test_a_process_that_is_told_to_stop_gives_its_import_back(
    client: httpx.AsyncClient, writer: Headers, worker: Loop
) -> None:
    job = await hand_in(client, writer, lamps(4_000))
    await written(1)
    worker.stop()
    await until(client, writer, job, "queued")
    assert 0 < await written(1) < 4_000
    rows = await db.fetch("SELECT attempts, cancel_requested FROM import_job")
    assert tuple(rows[0]) == (0, False)


async def test_a_file_that_kills_every_process_is_given_up(
    client: httpx.AsyncClient, writer: Headers, worker: Loop
) -> None:
    async with db.unit_of_work() as connection:
        await connection.execute("INSERT INTO import_job (file_name, attempts) VALUES ('f', 5)")
    listed: list[Job] = (await client.get("/v1/imports", headers=writer)).json()["items"]
    job = await until_over(client, writer, listed[0])
    assert (job["state"], job["error"]["code"]) == ("failed", "GAVE_UP")


async def test_old_imports_are_forgotten(clean: None) -> None:
    async with db.unit_of_work() as connection:
        await connection.execute(
            """
            INSERT INTO import_job (file_name, state, finished_at)
            SELECT 'f', 'done', now() - n * interval '1 day' FROM unnest('{29, 31}'::int[]) n
            """
        )
    await queue.prune()
    assert len(await db.fetch("SELECT FROM import_job")) == 1


async def test_an_import_goes_on_when_its_connection_breaks(
    client: httpx.AsyncClient, writer: Headers, worker: Loop
) -> None:
    job = await hand_in(client, writer, lamps(2_500))
    await written(1)
    rows = await db.fetch(
        """
        SELECT pg_terminate_backend(pid) FROM pg_locks
        WHERE locktype = 'advisory' AND classid = $1::int AND objid = $2::int
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """,
        *(queue.LOCKS, queue.TURN),
    )
    assert len(rows) == 1
    job = await until_over(client, writer, job)
    assert (job["state"], job["counts"]["product"]["created"]) == ("done", 2_500)


async def test_what_another_writer_was_quicker_with_is_tried_again(
    client: httpx.AsyncClient,
    writer: Headers,
    worker: Loop,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(loading, "_PATIENT", "SET lock_timeout = '0.5s'")
    await imported(client, writer, SHOP + lamp("desk"))
    other = await asyncpg.connect(settings.database_url)
    async with other.transaction():
        await other.execute("UPDATE product SET name = 'Mine'")
        job = await hand_in(client, writer, lamp("desk", price="21.00"))
        for _ in range(200):
            if "is tried again" in caplog.text:
                break
            await asyncio.sleep(0.1)
    await other.close()
    assert "is tried again" in caplog.text
    assert (await until_over(client, writer, job))["state"] == "done"


async def test_a_statement_that_takes_too_long_ends_the_import(
    client: httpx.AsyncClient, writer: Headers, worker: Loop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "_PATIENT", "SET statement_timeout = 1")
    job = await imported(client, writer, lamps(500))
    assert (job["state"], job["error"]["code"]) == ("failed", "TOO_SLOW")
