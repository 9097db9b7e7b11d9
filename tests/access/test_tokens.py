"""Tokens in use: where their secrets are to be found, and how soon a revoked one is refused."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from factories import load, shop
from test_serving import serving

from catalog import db, secrets
from catalog.context import SCOPES
from catalog.reads.tokens import everything
from catalog.settings import Settings
from catalog.writes import tokens

TABLES = (
    "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
)
QUERY = {"query": "{ products { nodes { privateMetadata } } }"}


@pytest.fixture
async def processes(
    clean: None, settings: Settings, tmp_path: Path
) -> AsyncIterator[tuple[httpx.AsyncClient, httpx.AsyncClient]]:
    """Two servers of one database, each with its own log, which tells all it can."""
    await load(*shop())
    environment = {"DATABASE_URL": str(settings.database_url), "LOG_LEVEL": "debug"}
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(serving(tmp_path / "one.log", **environment))
        two = await stack.enter_async_context(serving(tmp_path / "two.log", **environment))
        yield one, two


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


async def test_a_revoked_token_is_refused_by_every_process_within_a_second(
    processes: tuple[httpx.AsyncClient, httpx.AsyncClient], settings: Settings
) -> None:
    secret = await tokens.create("erp", scopes=["catalog:read"])
    assert await statuses(processes, secret) == {200}

    await tokens.revoke(1)
    revoked = time.monotonic()

    assert await statuses(processes, secret) == {401}
    assert time.monotonic() - revoked < 1


async def statuses(processes: tuple[httpx.AsyncClient, httpx.AsyncClient], secret: str) -> set[int]:
    """Of both processes and both faces."""
    accepted = {"Accept": "application/graphql-response+json"}
    return {
        response.status_code
        for client in processes
        for response in (
            await client.get("/v1/stock", headers=bearer(secret)),
            await client.post("/graphql", json=QUERY, headers=bearer(secret) | accepted),
        )
    }


async def test_a_secret_is_neither_in_the_database_nor_in_a_log(
    processes: tuple[httpx.AsyncClient, httpx.AsyncClient], settings: Settings, tmp_path: Path
) -> None:
    told = [await made_by_command(settings, tmp_path), await tokens.create("erp", scopes=SCOPES)]
    typing_mistake = told[0][:-1] + ("x" if told[0][-1] != "x" else "y")
    shown = [*told, secrets.make(), typing_mistake]
    for secret in shown:
        await use(processes, secret)
    await tokens.revoke(1)
    await use(processes, told[0])

    kept = await dump() + logged(tmp_path)
    assert b"erp" in kept
    assert b"Starting granian" in kept
    for secret in shown:
        assert not [form for form in forms(secret) if form in kept]


async def made_by_command(settings: Settings, folder: Path) -> str:
    """What the command prints to its caller is the one place where the secret is."""
    with (folder / "command.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", "from catalog.cli import main; main()"),
            *("token", "create", "command", "--scope", "admin"),
            env=os.environ | {"DATABASE_URL": str(settings.database_url), "LOG_LEVEL": "debug"},
            stdout=asyncio.subprocess.PIPE,
            stderr=log,
        )
        output, _ = await process.communicate()
    return output.decode().strip()


async def use(processes: tuple[httpx.AsyncClient, httpx.AsyncClient], secret: str) -> None:
    await statuses(processes, secret)
    for client in processes:
        await client.post("/v1/brands", json={"name": 1}, headers=bearer(secret))
        await client.get("/v1/stock", headers={"Authorization": f"Basic {secret}"})
        await client.get("/v1/nothing", headers=bearer(secret))


def logged(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("*.log"))


async def dump() -> bytes:
    """Every row of every table, as text."""
    text = BytesIO()
    async with db.session() as connection:
        for row in await connection.fetch(TABLES):
            await connection.copy_from_table(row["relname"], output=text)
    return text.getvalue()


def forms(secret: str) -> list[bytes]:
    """As text and as bytea; whole, and the end of it."""
    tails = (
        secret.encode(),
        secret[len(secrets.recognisable(secret)) :].encode(),
        secret[-8:].encode(),
    )
    return [*tails, *(tail.hex().encode() for tail in tails)]


async def test_the_list_says_how_each_token_stands(clean: None) -> None:
    now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    for name, days in (("forever", None), ("good", 1), ("over", -1), ("revoked", None)):
        until = days and now + timedelta(days=days)
        await tokens.create(name, expires_at=until or None)
    await tokens.revoke(4)

    states = [token.state(now) for token in await everything()]
    assert states[:3] == ["good", "good until 2026-03-02", "expired 2026-02-28"]
    assert states[3].startswith("revoked ")
