"""Whatever is sent, the answer says what is wrong with it, is never a 5xx, and writes nothing."""

import asyncio
from collections.abc import AsyncIterator
from itertools import product

import httpx
import pytest
from factories import load, shop
from writing import Writer, flaws

from catalog import db

JSON = "application/json"


@pytest.fixture(autouse=True)
async def lamp_shop(clean: None) -> None:
    await load(*shop())


async def brands() -> list[str]:
    return [row["slug"] for row in await db.fetch("SELECT slug FROM brand ORDER BY id")]


BROKEN = {
    "nothing": (b"", JSON, 400),
    "blank": (b" \n", JSON, 400),
    "cut off": (b'{"slug": "new", "name', JSON, 400),
    "not JSON": (b"{broken", JSON, 400),
    "single quotes": (b"{'slug': 'new'}", JSON, 400),
    "a comma too many": (b'{"slug": "new",}', JSON, 400),
    "more behind it": (b'{"slug": "new", "name": "N"} {}', JSON, 400),
    "two lines": (b'{"slug": "new",\n "name": N}', JSON, 400),
    "not a number": (b'{"name": NaN}', JSON, 400),
    "infinity": (b'{"name": Infinity}', JSON, 400),
    "beyond any double": (b'{"metadata": {"n": 1e999}}', JSON, 400),
    "a million digits": (b'{"name": ' + b"9" * 900_000 + b"}", JSON, 400),
    "a hundred thousand brackets": (b"[" * 100_000, JSON, 400),
    "deep": (b'{"metadata": {"a": ' + b"[" * 900 + b"]" * 900 + b"}}", JSON, 422),
    "deep objects": (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, JSON, 400),
    "not UTF-8": (b'{"name": "\xff"}', JSON, 400),
    "UTF-16": ('{"name": "N"}'.encode("utf-16"), JSON, 400),
    "half of a pair": (b'{"name": "\\ud800"}', JSON, 400),
    "a list": (b'[{"slug": "new", "name": "N"}]', JSON, 422),
    "a string": (b'"new"', JSON, 422),
    "a number": (b"7", JSON, 422),
    "null": (b"null", JSON, 422),
    "a NUL": (b'{"slug": "new", "name": "a\\u0000"}', JSON, 422),
    "a NUL in metadata": (b'{"name": "N", "metadata": {"a\\u0000": 1}}', JSON, 422),
    "a huge integer": (b'{"name": "N", "metadata": {"n": ' + b"9" * 400 + b"}}", JSON, 400),
    "an unknown field": (b'{"name": "N", "colour": "red"}', JSON, 422),
    "another noun": (b'{"record": "product", "name": "N"}', JSON, 422),
    "of files only": (b'{"name": "N", "slug": "new", "if_missing": true}', JSON, 422),
    "a number for a name": (b'{"name": 7}', JSON, 422),
    "a list for a name": (b'{"name": ["N"]}', JSON, 422),
    "no name": (b"{}", JSON, 422),
    "an empty name": (b'{"name": ""}', JSON, 422),
    "a long name": (b'{"name": "' + b"n" * 501 + b'"}', JSON, 422),
    "a slug with a slash": (b'{"name": "N", "slug": "a/b"}', JSON, 422),
    "a text of 300 kB": (b'{"name": "N", "description": "' + b"x" * 300_000 + b'"}', JSON, 422),
    "a locale that is none": (b'{"name": "N", "translations": {"!": {"name": "N"}}}', JSON, 422),
    "more than 1 MB": (b'{"name": "' + b"n" * 1_000_001 + b'"}', JSON, 413),
    "2 MB of blanks": (b" " * 2_000_000, JSON, 413),
    "text": (b'{"name": "N"}', "text/plain", 415),
    "a form": (b"name=N", "application/x-www-form-urlencoded", 415),
    "Latin-1": (b'{"name": "N"}', "application/json; charset=iso-8859-1", 415),
    "XML": (b"<brand/>", "application/xml", 415),
}


# A change of nothing is one, and where PUT writes to, the address says more than the slug.
GOOD = {("PATCH", "no name"), ("PUT", "no name"), ("PUT", "a slug with a slash")}
CASES = [case for case in product(("POST", "PUT", "PATCH"), BROKEN) if case not in GOOD]


@pytest.mark.parametrize(("method", "what"), CASES)
async def test_a_broken_body(what: str, method: str, write: Writer) -> None:
    content, media_type, status = BROKEN[what]
    path = "/v1/brands" if method == "POST" else "/v1/brands/lumen"

    answer = await write.client.request(
        method,
        path,
        content=content,
        headers=write.bearer | {"Content-Type": media_type, "If-Match": "*"},
    )

    assert answer.status_code == status, answer.text[:500]
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert len(answer.content) < 2_000
    assert await brands() == ["lumen"]


async def test_where_the_JSON_breaks_is_told(write: Writer) -> None:
    content, media_type, _ = BROKEN["two lines"]
    headers = write.bearer | {"Content-Type": media_type}
    answer = await write.client.post("/v1/brands", content=content, headers=headers)

    assert "line 2, column 10" in answer.json()["detail"]


async def test_all_that_is_wrong_is_told_at_once_and_nothing_that_was_sent(write: Writer) -> None:
    answer = await write(
        "POST",
        "/v1/products",
        {
            "name": "",
            "status": "hunter2",
            "tags": "hunter2",
            "variants": [{"sku": "A"}, {"prices": [{"amount": "hunter2", "currency": "EUR"}]}],
            "listings": [{"channel": "eu", "published_from": "2026-01-01T00:00:00"}],
            "seo": {"titel": "hunter2"},
        },
    )

    assert answer.status_code == 422
    assert {location for location, _ in flaws(answer)} == {
        "body.name",
        "body.status",
        "body.tags",
        "body.variants.1.prices.0.amount",
        "body.listings.0.published_from",
        "body.seo.titel",
    }
    assert "hunter2" not in answer.text


async def test_all_that_the_catalog_finds_wrong_is_told_at_once(write: Writer) -> None:
    answer = await write(
        "POST",
        "/v1/products",
        {
            "name": "N",
            "type": "lamp",
            "brand": "nobody",
            "categories": ["home", "nowhere"],
            "variants": [
                {"sku": "A", "options": {"color": "red"}},
                {"sku": "A", "options": {"color": "mauve"}},
            ],
        },
    )

    assert answer.status_code == 422
    assert {location for location, _ in flaws(answer)} >= {
        "body.brand",
        "body.categories.1",
        "body.variants.1.options.color",
    }, answer.text
    assert (await db.fetch("SELECT count(*) FROM product"))[0]["count"] == 0


@pytest.mark.parametrize(
    "moment",
    ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "20260501", "2026", 20260501, 1.5],
)
async def test_a_time_that_is_none_to_keep(moment: str | float, write: Writer) -> None:
    price = {"amount": "1", "currency": "EUR", "valid_from": moment}
    record = {
        "name": "N",
        "type": "lamp",
        "variants": [{"prices": [price]}],
        "listings": [{"channel": "eu", "published_from": moment}],
    }
    answer = await write("POST", "/v1/products", record)

    assert answer.status_code == 422
    assert {location for location, _ in flaws(answer)} == {
        "body.variants.0.prices.0.valid_from",
        "body.listings.0.published_from",
    }


@pytest.mark.parametrize("limit", ["gte", "lt"])
async def test_a_rule_with_a_time_that_nobody_can_ask_for(limit: str, write: Writer) -> None:
    """Kept, it would break every list that has the collection in it."""
    span = {"updated_at": {limit: "0001-01-01T00:00:00+14:00"}}
    answer = await write("POST", "/v1/collections", {"name": "N", "rule": {"NOT": span}})

    assert (answer.status_code, flaws(answer)[0][0][:9]) == (422, "body.rule")


@pytest.mark.parametrize("key", ["", '"', '"a', "x" * 256, "é", '"' + "x" * 256 + '"'])
async def test_a_broken_idempotency_key(key: str, write: Writer) -> None:
    headers = write.bearer | {"Idempotency-Key": key.encode()}
    answer = await write.client.post("/v1/brands", json={"name": "New"}, headers=headers)

    assert answer.status_code == 400, answer.text
    assert await brands() == ["lumen"]


@pytest.mark.parametrize("query", ["dry_run=maybe", "lists=append", "dry=true", "channel=nowhere"])
async def test_a_broken_question_writes_nothing(query: str, write: Writer) -> None:
    answer = await write("PUT", f"/v1/brands/new?{query}", {"name": "New"})

    assert 400 <= answer.status_code < 500
    assert await brands() == ["lumen"]


async def test_who_goes_away_writes_nothing(write: Writer) -> None:
    async def half() -> AsyncIterator[bytes]:
        yield b'{"name": "N"'
        raise ConnectionError

    with pytest.raises((httpx.HTTPError, ConnectionError)):
        await write.client.post(
            "/v1/brands", content=half(), headers=write.bearer | {"Content-Type": JSON}
        )
    await asyncio.sleep(0)
    assert await brands() == ["lumen"]
