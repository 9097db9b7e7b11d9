"""Who may set stock or prices gets nothing else through by those doors."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import orjson
import pytest
from factories import lamp, load, shop

from catalog import db
from catalog.writes import tokens

Send = Callable[..., Awaitable[list[dict[str, Any]]]]

STATE = """
SELECT (SELECT count(*) FROM product), (SELECT max(on_hand) FROM stock_level),
    (SELECT max(amount) FROM price), (SELECT name FROM product ORDER BY id LIMIT 1)
"""
STOCK = {"variant": "desk-lamp-red", "location": "main", "on_hand": 7}
PRICE = {"variant": "desk-lamp-red", "currency": "EUR", "amount": "29.90"}
OTHERS = [
    {"record": "product", "slug": "desk-lamp", "name": "Stolen"},
    {"record": "product", "slug": "other", "type": "lamp", "name": "Other"},
    {"slug": "desk-lamp", "name": "Stolen"},
]


@pytest.fixture
async def send(clean: None, client: httpx.AsyncClient) -> Send:
    """A draft to write at, and who may do this one thing."""
    await load(*shop(), lamp(status="draft"))

    async def send(noun: str, *lines: dict[str, Any]) -> list[dict[str, Any]]:
        secret = await tokens.create(noun, scopes=[f"{noun}:write"])
        response = await client.post(
            f"/v1/{noun}:bulk",
            content=b"\n".join(map(orjson.dumps, lines)),
            headers={"Authorization": f"Bearer {secret}", "Content-Type": "application/x-ndjson"},
        )
        return [orjson.loads(line) for line in response.text.splitlines()]

    return send


async def state() -> tuple[Any, ...]:
    return tuple((await db.fetch(STATE))[0])


async def test_they_do_what_they_may_for_drafts_too(send: Send) -> None:
    (stock,) = await send("stock", STOCK)
    (price,) = await send("prices", PRICE)

    assert (stock["status"], price["status"]) == ("updated", "updated")
    count, on_hand, amount, _ = await state()
    assert (count, on_hand, str(amount)) == (1, 7, "29.9000")


@pytest.mark.parametrize("noun", ["stock", "prices"])
@pytest.mark.parametrize("record", OTHERS)
async def test_a_record_of_another_kind_is_refused(
    send: Send, noun: str, record: dict[str, Any]
) -> None:
    before = await state()

    (result,) = await send(noun, record)

    assert result["status"] == "failed"
    assert await state() == before


@pytest.mark.parametrize(
    ("noun", "record"),
    [("stock", STOCK | {"amount": "0.01"}), ("prices", PRICE | {"on_hand": 9}), ("prices", STOCK)],
)
async def test_a_field_of_another_kind_is_refused(
    send: Send, noun: str, record: dict[str, Any]
) -> None:
    before = await state()

    (result,) = await send(noun, record)

    assert result["status"] == "failed"
    assert await state() == before
