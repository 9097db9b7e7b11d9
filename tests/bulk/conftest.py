"""A shop to write to, and how these tests send uploads to it."""

from typing import Any

import httpx
import orjson
import pytest
from factories import load, shop
from uploading import Answer, Send, lines

from catalog.writes import tokens


@pytest.fixture
async def stocked(clean: None) -> None:
    """The shop, without a product."""
    await load(*shop())


@pytest.fixture
async def bearer(clean: None) -> dict[str, str]:
    secret = await tokens.create("erp", scopes=["catalog:write", "prices:write", "stock:write"])
    return {"Authorization": f"Bearer {secret}"}


@pytest.fixture
def send(client: httpx.AsyncClient, bearer: dict[str, str]) -> Send:
    async def send(
        noun: str,
        content: Any,
        *,
        form: str = "application/x-ndjson",
        headers: dict[str, str] | None = None,
        **query: str,
    ) -> Answer:
        response = await client.post(
            f"/v1/{noun}:bulk",
            params=query,
            content=content if isinstance(content, bytes) else lines(content),
            headers={"Content-Type": form} | bearer | (headers or {}),
            timeout=120,
        )
        assert response.headers["content-type"] == "application/x-ndjson", response.text
        return Answer(response.status_code, [orjson.loads(line) for line in response.iter_lines()])

    return send
