"""A request that comes again with its key gets the first answer, and does nothing."""

from typing import Any

import pytest
from factories import load, shop
from writing import Writer

from catalog import db
from catalog.writes import tokens


@pytest.fixture(autouse=True)
async def lamp_shop(clean: None) -> None:
    await load(*shop())


async def test_the_first_answer_comes_again(write: Writer) -> None:
    first = await write("POST", "/v1/brands", {"name": "New"}, Idempotency_Key="a")
    again = await write("POST", "/v1/brands", {"name": "New"}, Idempotency_Key='"a"')

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    for name in ("ETag", "Location", "Content-Language", "Vary", "Content-Type"):
        assert again.headers[name] == first.headers[name]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers


async def test_it_comes_again_though_the_thing_has_changed_since(write: Writer) -> None:
    path = "/v1/brands/lumen"
    tag = await write.tag(path)
    first = await write("PATCH", path, {"name": "A"}, If_Match=tag, Idempotency_Key="a")
    await write.good("PATCH", path, {"name": "B"}, If_Match="*")
    again = await write("PATCH", path, {"name": "A"}, If_Match=tag, Idempotency_Key="a")

    assert again.json() == first.json()
    assert (await write.good("GET", path)).json()["name"] == "B"


async def test_a_deletion_comes_again(write: Writer) -> None:
    answers = [
        await write("DELETE", "/v1/brands/lumen", If_Match="*", Idempotency_Key="a")
        for _ in range(2)
    ]

    assert [(answer.status_code, answer.content) for answer in answers] == [(204, b"")] * 2


OTHERS: dict[str, tuple[str, str, dict[str, Any], dict[str, str]]] = {
    "body": ("PATCH", "/v1/brands/lumen", {"name": "B"}, {"If_Match": "*"}),
    "address": ("PATCH", "/v1/brands/slug:lumen", {"name": "A"}, {"If_Match": "*"}),
    "question": ("PATCH", "/v1/brands/lumen?lists=replace", {"name": "A"}, {"If_Match": "*"}),
    "method": ("PUT", "/v1/brands/lumen", {"name": "A"}, {"If_Match": "*"}),
    "version": ("PATCH", "/v1/brands/lumen", {"name": "A"}, {"If_Match": '"7-1"'}),
}


@pytest.mark.parametrize("what", OTHERS)
async def test_another_request_with_the_key_is_refused(what: str, write: Writer) -> None:
    await write.good("PATCH", "/v1/brands/lumen", {"name": "A"}, If_Match="*", Idempotency_Key="a")
    method, path, body, headers = OTHERS[what]
    other = await write(method, path, body, Idempotency_Key="a", **headers)

    assert (other.status_code, other.json()["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")
    assert (await write.good("GET", "/v1/brands/lumen")).json()["name"] == "A"


async def test_a_body_in_another_order_is_the_same_request(write: Writer) -> None:
    first = await write("POST", "/v1/brands", {"name": "N", "slug": "n"}, Idempotency_Key="a")
    again = await write("POST", "/v1/brands", {"slug": "n", "name": "N"}, Idempotency_Key="a")

    assert again.content == first.content


async def test_keys_are_each_token_s_own(write: Writer) -> None:
    other = Writer(write.client, await tokens.create("pim", scopes=["catalog:write"]))
    first = await write.good("POST", "/v1/brands", {"name": "New"}, Idempotency_Key="a")
    second = await other.good("POST", "/v1/brands", {"name": "New"}, Idempotency_Key="a")

    assert (first.json()["slug"], second.json()["slug"]) == ("new", "new-2")


async def test_a_refused_request_may_come_again_better(write: Writer) -> None:
    refused = await write("POST", "/v1/brands", {"slug": "new"}, Idempotency_Key="a")
    made = await write("POST", "/v1/brands", {"slug": "new", "name": "N"}, Idempotency_Key="a")

    assert (refused.status_code, made.status_code) == (422, 201)


async def test_a_dry_run_keeps_nothing(write: Writer) -> None:
    path = "/v1/brands?dry_run=true"
    first = await write.good("POST", path, {"name": "New"}, Idempotency_Key="a")
    again = await write.good("POST", path, {"name": "New"}, Idempotency_Key="a")

    assert "Idempotency-Replayed" not in again.headers
    assert again.json() == first.json()
    assert (await db.fetch("SELECT count(*) FROM idempotency_key"))[0]["count"] == 0
