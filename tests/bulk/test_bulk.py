"""Uploads of records: a result for every line, and exactly what was promised is written."""

import gzip
from collections.abc import AsyncGenerator, Sequence
from typing import Any

import httpx
import orjson
import pytest
from factories import lamp, load, shop
from uploading import Answer, Send, lines

from catalog import db, ids
from catalog.writes import bulk, tokens
from catalog.writes.staging import Problem, Result

pytestmark = pytest.mark.usefixtures("stocked")

# Rows of everything that an upload of products may write.
COUNTED = ("product", "variant", "price", "stock_level", "attribute_value", "product_category")


def product(slug: str, **fields: Any) -> dict[str, Any]:
    return lamp(slug, **fields).model_dump(mode="json", exclude_unset=True)


async def rows() -> dict[str, int]:
    counts = ", ".join(f"(SELECT count(*) FROM {table})::int AS {table}" for table in COUNTED)
    return dict((await db.fetch(f"SELECT {counts}"))[0])


async def slugs() -> list[str]:
    return [row["slug"] for row in await db.fetch("SELECT slug FROM product ORDER BY slug")]


@pytest.mark.parametrize("on_error", ["abort", "skip"])
async def test_every_line_is_answered_with_what_became_of_it(send: Send, on_error: str) -> None:
    upload = [product("a", external_id="P/1"), b"", product("b"), product("c")]
    first = await send("products", upload, on_error=on_error)
    assert first.status == 200
    assert first.statuses == {1: "created", 3: "created", 4: "created"}
    result = first.results[0]
    row = (await db.fetch("SELECT id FROM product WHERE slug = 'a'"))[0]["id"]
    assert result == {
        "line": 1,
        "status": "created",
        "id": ids.encode("Product", row),
        "external_id": "P/1",
        "errors": [],
    }
    upload[2] = {"slug": "b", "name": "Other"}
    again = await send("products", upload, on_error=on_error)
    assert again.statuses == {1: "unchanged", 3: "updated", 4: "unchanged"}
    assert again.results[0]["id"] == result["id"]


BAD: list[object] = [
    b'{"slug": "x",',
    b'{"slug": "\x00"}',
    b'{"slug": "\xff"}',
    b'{"slug": "' + b"x" * 1_000_000 + b'"}',
    b"[" * 100_000,
    b'{"slug": "x", "weight": ' + b"9" * 500_000 + b"}",
    {"record": "brand", "slug": "north", "name": "North"},
    {"slug": "no-type", "name": "No type"},
    {"slug": "of-nothing", "name": "Of nothing", "type": "nothing"},
    {"slug": "a", "colour": "red"},
    7,
    {},
]


async def test_skip_writes_what_is_good_and_tells_what_is_not(send: Send) -> None:
    answer = await send("products", [product("a"), *BAD, product("b")], on_error="skip")
    assert answer.status == 200
    assert answer.statuses == {
        1: "created",
        **dict.fromkeys(range(2, 14), "failed"),
        14: "created",
    }
    codes = [answer.codes(line)[0] for line in range(2, 14)]
    assert codes[:7] == [
        *("BAD_JSON", "BAD_JSON", "BAD_JSON", "LINE_TOO_LONG", "BAD_JSON", "BAD_JSON"),
        "OTHER_RECORD",
    ]
    assert codes[7:9] == ["REQUIRED", "REFERENCE_NOT_FOUND"]
    assert await slugs() == ["a", "b"]


async def test_abort_writes_nothing_where_anything_is_wrong(send: Send) -> None:
    await load(*shop(), lamp("a"))
    before = await rows()
    answer = await send("products", [product("a", name="New"), *BAD, product("b")])
    assert answer.status == 422
    assert set(answer.statuses.values()) == {"failed"}
    assert list(answer.statuses) == list(range(1, 15))
    assert answer.codes(1) == ["NOT_WRITTEN"]
    assert answer.codes(10) == ["REFERENCE_NOT_FOUND"]
    assert await rows() == before


@pytest.mark.parametrize("on_error", ["abort", "skip"])
async def test_a_dry_run_says_what_would_become_of_each_line(send: Send, on_error: str) -> None:
    await load(*shop(), lamp("a"))
    before = await rows()
    upload = [
        product("a"),
        product("b", associations=[{"product": "c", "kind": "related"}]),
        product("c"),
    ]
    answer = await send("products", upload, on_error=on_error, dry_run="true")
    assert answer.statuses == {1: "unchanged", 2: "created", 3: "created"}
    assert [result["id"] for result in answer.results] == [ids.encode("Product", 1), None, None]
    assert await rows() == before
    upload.append({"slug": "d"})
    answer = await send("products", upload, on_error=on_error, dry_run="true")
    assert answer.status == (422 if on_error == "abort" else 200)
    assert answer.statuses[4] == "failed"
    assert await rows() == before


@pytest.mark.parametrize(
    ("noun", "record"),
    [
        ("brands", {"slug": "north", "name": "North"}),
        ("prices", {"variant": "a-red", "amount": "5.00", "currency": "EUR", "min_quantity": 9}),
    ],
)
async def test_a_dry_run_has_ids_of_what_is_there_alone(
    send: Send, noun: str, record: dict[str, Any]
) -> None:
    await load(*shop(), lamp("a"))
    answer = await send(noun, [record], dry_run="true")
    assert answer.statuses == {1: "created"}
    assert answer.results[0]["id"] == (ids.encode("Variant", 1) if noun == "prices" else None)


def chain(size: int) -> list[dict[str, Any]]:
    """Products of which each refers to the next, and so to a later line; the last to the first."""
    return [
        product(
            f"lamp-{n:05}",
            associations=[{"product": f"lamp-{(n + 1) % size:05}", "kind": "related"}],
        )
        for n in range(size)
    ]


@pytest.mark.parametrize("on_error", ["abort", "skip"])
async def test_references_lead_to_later_lines_and_other_slices(
    send: Send, on_error: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalog.writes.bulk.SLICE", 10)
    answer = await send("products", chain(35), on_error=on_error)
    assert answer.statuses == dict.fromkeys(range(1, 36), "created")
    assert (await db.fetch("SELECT count(*)::int AS n FROM association"))[0]["n"] == 35


async def test_all_that_hangs_on_a_refused_line_is_refused_at_once(send: Send) -> None:
    upload: list[object] = [*chain(300), product("alone")]
    upload[299] = product("lamp-00299", brand="nobody")
    answer = await send("products", upload, on_error="skip")
    assert answer.statuses == dict.fromkeys(range(1, 301), "failed") | {301: "created"}
    assert answer.codes(1) == ["REFERENCE_NOT_FOUND"]
    assert await slugs() == ["alone"]


async def test_the_first_answers_come_sooner_than_those_of_a_whole_slice() -> None:
    async def pieces() -> AsyncGenerator[bulk.Piece]:
        for begin in range(1, 2_500, 250):
            problems = [
                Problem(line, (), None, "INVALID", "") for line in range(begin, begin + 250)
            ]
            yield bulk.Piece(problems, 1)

    answers: list[int] = []

    async def answered(found: Sequence[Result]) -> None:
        answers.append(len(found))

    await bulk.in_slices(pieces(), answered=answered, work=bulk.Work())
    assert answers == [100, 1_000, 1_000, 400]


async def test_a_tree_may_be_sent_upside_down(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalog.writes.bulk.SLICE", 2)
    tree = [
        {"slug": f"level-{n}", "name": f"Level {n}", "parent": f"level-{n - 1}" if n else None}
        for n in range(6, -1, -1)
    ]
    tree.insert(3, {"slug": "lost", "name": "Lost", "parent": "nowhere"})
    answer = await send("categories", tree, on_error="skip")
    failed = [line for line, status in answer.statuses.items() if status == "failed"]
    assert failed == [4]
    assert answer.codes(4) == ["REFERENCE_NOT_FOUND"]
    path = await db.fetch("SELECT cardinality(path) AS n FROM category WHERE slug = 'level-6'")
    assert path[0]["n"] == 7


async def test_what_refers_to_a_refused_line_is_refused(send: Send) -> None:
    upload = [
        {"slug": "child", "name": "Child", "parent": "mother"},
        {"slug": "mother", "name": "Mother", "nonsense": 1},
    ]
    answer = await send("categories", upload, on_error="skip")
    assert answer.statuses == {1: "failed", 2: "failed"}
    assert answer.codes(1) == ["REFERENCE_NOT_FOUND"]


async def test_lists_are_merged_or_replaced(send: Send) -> None:
    await load(*shop(), lamp("a"))
    upload = [{"slug": "a", "variants": [{"sku": "a-red", "weight": "5"}]}]
    await send("products", upload)
    assert (await rows())["variant"] == 2
    answer = await send("products", upload, lists="replace")
    assert answer.statuses == {1: "updated"}
    live = await db.fetch("SELECT sku FROM variant WHERE deleted_at IS NULL")
    assert [row["sku"] for row in live] == ["a-red"]


async def test_a_product_is_found_by_the_sku_of_its_variant(send: Send) -> None:
    await load(*shop(), lamp("a"))
    answer = await send("products", [{"name": "By SKU", "variants": [{"sku": "a-red"}]}])
    assert answer.statuses == {1: "updated"}
    assert (await db.fetch("SELECT name FROM product"))[0]["name"] == "By SKU"


NOUNS: dict[str, tuple[str, dict[str, Any]]] = {
    "categories": ("Category", {"slug": "x", "name": "X"}),
    "collections": ("Collection", {"slug": "x", "name": "X"}),
    "brands": ("Brand", {"slug": "x", "name": "X", "external_id": "B/1"}),
    "attributes": ("Attribute", {"code": "x", "name": "X", "kind": "text"}),
    "types": ("ProductType", {"code": "x", "name": "X", "attributes": [{"attribute": "power"}]}),
    "channels": (
        "Channel",
        {"code": "x", "name": "X", "default_currency": "EUR", "default_locale": "en"},
    ),
    "locations": ("StockLocation", {"code": "x", "name": "X", "channels": ["eu"]}),
}


@pytest.mark.parametrize("noun", NOUNS)
@pytest.mark.parametrize("on_error", ["abort", "skip"])
async def test_every_noun_has_its_address(send: Send, noun: str, on_error: str) -> None:
    kind, record = NOUNS[noun]
    first = await send(noun, [record], on_error=on_error)
    assert (first.status, first.statuses) == (200, {1: "created"})
    assert ids.decode(first.results[0]["id"])[0] == kind
    assert first.results[0]["external_id"] == record.get("external_id")
    again = await send(noun, [record, {}], on_error="skip")
    assert again.statuses == {1: "unchanged", 2: "failed"}


async def test_prices_and_stock_are_of_variants_that_are_there(send: Send) -> None:
    await load(*shop(), lamp("a"))
    prices = [
        {"variant": "a-red", "currency": "EUR", "amount": "5.00"},
        {"variant": "a-blue", "currency": "EUR", "amount": "19.90"},
        {"variant": "gone", "currency": "EUR", "amount": "1"},
        {"variant": "a-red", "currency": "EUR", "amount": "-1"},
    ]
    answer = await send("prices", prices, on_error="skip")
    assert answer.statuses == {1: "updated", 2: "unchanged", 3: "failed", 4: "failed"}
    red = (await db.fetch("SELECT id FROM variant WHERE sku = 'a-red'"))[0]["id"]
    assert {r["id"] for r in answer.results if r["line"] == 1} == {ids.encode("Variant", red)}
    stock = [{"variant": "a-red", "location": "main", "on_hand": 70}]
    assert (await send("stock", stock)).statuses == {1: "updated"}
    amounts = await db.fetch("SELECT amount::text FROM price ORDER BY price.amount")
    assert [row["amount"] for row in amounts] == ["5.0000", "19.9000"]


CSV = b"""\
slug,type,name,status,categories,sku,option.color,price.EUR,stock.main
hat,lamp,Hat,active,home-lamps,H-R,red,5.00,3
,,,,,H-B,blue,6.00,
cap,lamp,Cap,active,nowhere,C-R,red,5.00,
coat,lamp,"A
coat",active,home-lamps,K-R,red,cheap,
scarf,lamp,Scarf,active,home-lamps,S-R,red,7.00,1
"""


async def test_our_csv_is_answered_by_the_first_rows_of_products(send: Send) -> None:
    answer = await send("products", CSV, form="text/csv; charset=utf-8", on_error="skip")
    assert answer.statuses == {2: "created", 4: "failed", 5: "failed", 7: "created"}
    by_line = {result["line"]: result["errors"] for result in answer.results}
    assert by_line[4][0]["path"] == ["categories"]
    assert by_line[5][0]["path"] == ["price.EUR"]
    assert await slugs() == ["hat", "scarf"]
    assert (await send("products", CSV, form="text/csv")).status == 422


async def test_what_the_database_finds_in_a_further_row_is_told_of_the_first(send: Send) -> None:
    table = CSV.splitlines(keepends=True)[:3]
    table[2] = table[2].replace(b"blue", b"purple")
    answer = await send("products", b"".join(table), form="text/csv", on_error="skip")
    (result,) = answer.results
    assert (result["line"], result["status"]) == (2, "failed")
    assert result["errors"][0]["path"] == ["option.color"]
    assert result["errors"][0]["message"].endswith("(line 3)")


async def test_prices_and_stock_come_as_csv(send: Send) -> None:
    await load(*shop(), lamp("a"))
    table = (
        b"sku,channel,currency,amount,compare_at,min_quantity,valid_from,valid_until\n"
        b"a-red,,EUR,5.00,7.50,,,\n"
        b"a-red,eu,EUR,4.00,,10,2026-06-01T00:00:00Z,2026-07-01T00:00:00Z\n"
        b"gone,,EUR,1.00,,,,\n"
    )
    answer = await send("prices", table, form="text/csv", on_error="skip")
    assert answer.statuses == {2: "updated", 3: "created", 4: "failed"}
    assert answer.results[-1]["errors"][0]["path"] == ["sku"]
    stock = b"sku,location,on_hand,reserved,incoming\na-red,main,9,1,20\na-blue,main,5,0,0\n"
    answer = await send("stock", stock, form="text/csv")
    assert answer.statuses == {2: "updated", 3: "unchanged"}


async def test_gzip_is_unpacked(send: Send) -> None:
    packed = gzip.compress(lines([product("a"), product("b")]))
    answer = await send("products", packed, headers={"Content-Encoding": "gzip"})
    assert answer.statuses == {1: "created", 2: "created"}


async def test_an_empty_upload_is_a_good_one(send: Send) -> None:
    for on_error in ("abort", "skip"):
        assert await send("products", b"\n", on_error=on_error) == Answer(200, [])


@pytest.mark.parametrize("on_error", ["abort", "skip"])
async def test_an_upload_that_is_no_table_of_ours_is_refused_as_a_whole(
    client: httpx.AsyncClient, bearer: dict[str, str], on_error: str
) -> None:
    answer = await client.post(
        "/v1/products:bulk",
        params={"on_error": on_error},
        content=b"sluk,name\nhat,Hat\n",
        headers=bearer | {"Content-Type": "text/csv"},
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "FILE_REFUSED")
    assert "did you mean slug?" in answer.json()["detail"]


@pytest.mark.parametrize("on_error", ["abort", "skip"])
async def test_gzip_that_breaks_off_is_told(
    client: httpx.AsyncClient, bearer: dict[str, str], on_error: str
) -> None:
    """What came before is written with `skip`; then the status is out, and the last line tells."""
    packed = gzip.compress(lines([product("a"), product("b")]))[:-8]
    answer = await client.post(
        "/v1/products:bulk",
        params={"on_error": on_error},
        content=packed,
        headers=bearer | {"Content-Type": MEDIA_TYPE, "Content-Encoding": "gzip"},
    )
    if on_error == "abort":
        assert (answer.status_code, answer.json()["code"]) == (400, "BAD_BODY")
        assert await slugs() == []
    else:
        results = [orjson.loads(line) for line in answer.iter_lines()]
        assert [result["line"] for result in results] == [1, 2, None]
        assert results[2]["errors"][0]["code"] == "BAD_BODY"


MEDIA_TYPE = "application/x-ndjson"


@pytest.mark.parametrize(
    ("headers", "query", "status"),
    [
        ({"Content-Type": "application/json"}, {}, 415),
        ({"Content-Type": MEDIA_TYPE, "Content-Encoding": "br"}, {}, 415),
        ({"Content-Type": MEDIA_TYPE, "Content-Length": "50000001"}, {}, 413),
        ({"Content-Type": MEDIA_TYPE}, {"on_error": "maybe"}, 422),
        ({"Content-Type": MEDIA_TYPE}, {"dryrun": "true"}, 400),
    ],
)
async def test_what_cannot_be_taken_is_refused_before_it_is_read(
    client: httpx.AsyncClient,
    bearer: dict[str, str],
    headers: dict[str, str],
    query: dict[str, str],
    status: int,
) -> None:
    answer = await client.post(
        "/v1/products:bulk", params=query, content=b"{}\n", headers=bearer | headers
    )
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


async def test_too_many_records_cannot_be_checked_as_a_whole(
    client: httpx.AsyncClient, bearer: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalog.rest.uploads.MAX_RECORDS", 2)
    answer = await client.post(
        "/v1/products:bulk",
        content=lines([product("a"), product("b"), product("c")]),
        headers=bearer | {"Content-Type": MEDIA_TYPE},
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "BODY_TOO_LARGE")
    assert await slugs() == []


@pytest.mark.parametrize(
    ("noun", "scopes", "status"),
    [
        ("products", [], 401),
        ("products", ["catalog:read", "prices:write", "stock:write"], 403),
        ("prices", ["stock:write"], 403),
        ("stock", ["prices:write"], 403),
        ("prices", ["prices:write"], 200),
        ("stock", ["catalog:write"], 200),
        ("stock", ["admin"], 200),
    ],
)
async def test_who_may_write_many(
    client: httpx.AsyncClient, noun: str, scopes: list[str], status: int
) -> None:
    headers = {"Content-Type": MEDIA_TYPE}
    if scopes:
        headers["Authorization"] = f"Bearer {await tokens.create('t', scopes=scopes)}"
    answer = await client.post(f"/v1/{noun}:bulk", content=b"", headers=headers)
    assert answer.status_code == status
