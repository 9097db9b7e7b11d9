"""The shop that these tests ask about, and how they ask."""

from typing import Any

import httpx
import pytest
import servers
from factories import load, shop
from speaking import Answer, Ask, Refused, bearer

from catalog.settings import Settings
from catalog.writes import tokens


@pytest.fixture
async def open_shop(clean: None) -> None:
    """Channels, types, a brand and categories, but no product yet."""
    await load(*shop())


@pytest.fixture(scope="module")
async def standing_shop(database: Settings) -> None:
    """The same, once for a module whose tests only ask."""
    await servers.empty()
    await load(*shop())


@pytest.fixture
def ask(client: httpx.AsyncClient) -> Ask:
    async def ask(query: str, *, token: str | None = None, **variables: Any) -> Answer:
        response = await client.post(
            "/graphql", json={"query": query, "variables": variables}, headers=bearer(token)
        )
        payload: Answer = response.json()
        assert "errors" not in payload, payload["errors"]
        data: Answer = payload["data"]
        return data

    return ask


@pytest.fixture
def refused(client: httpx.AsyncClient) -> Refused:
    async def refused(query: str, *, token: str | None = None, **variables: Any) -> list[Answer]:
        response = await client.post(
            "/graphql", json={"query": query, "variables": variables}, headers=bearer(token)
        )
        assert response.status_code in (200, 400), response.text
        errors: list[Answer] = response.json()["errors"]
        return errors

    return refused


@pytest.fixture
async def writer(open_shop: None) -> str:
    """A secret whose holder may change the shop."""
    return await tokens.create("writer", scopes=["catalog:write"])
