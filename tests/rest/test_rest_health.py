"""Whether the process lives, and whether it can answer."""

import asyncio
import os
import socket
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest


async def test_a_process_with_its_database_is_ready(client: httpx.AsyncClient) -> None:
    for address in ("/healthz", "/readyz"):
        response = await client.get(address)
        assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.fixture
async def silence() -> AsyncIterator[int]:
    """Port of something that takes connections and never says a word."""
    held: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(lambda _, writer: held.append(writer), "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    for writer in held:
        writer.close()
    server.close()
    await server.wait_closed()


@pytest.fixture
async def waiting(silence: int) -> AsyncIterator[str]:
    """URL of a catalog whose database does not answer."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        Path(sys.executable).with_name("catalog"),
        "serve",
        env=os.environ
        | {"DATABASE_URL": f"postgres://shop@127.0.0.1:{silence}/shop", "PORT": str(port)},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        await process.wait()


async def test_without_a_database_a_process_lives_but_is_not_ready(waiting: str) -> None:
    async with httpx.AsyncClient(base_url=waiting) as client, asyncio.timeout(60):
        await _alive(client)
        begun = time.monotonic()
        ready = await client.get("/readyz")
        products = await client.get("/v1/products")

    assert time.monotonic() - begun < 10
    assert (ready.status_code, ready.json()["code"]) == (503, "UNAVAILABLE")
    assert products.status_code == 503
    assert products.headers["Retry-After"] == "1"


async def _alive(client: httpx.AsyncClient) -> None:
    while True:
        try:
            (await client.get("/healthz")).raise_for_status()
        except httpx.TransportError:
            await asyncio.sleep(0.1)
        else:
            return
