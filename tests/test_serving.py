"""The server as a process: it starts, answers, and leaves nothing behind."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from bench.place import free_port
from catalog import db
from catalog.settings import Settings

CHANNEL = """
INSERT INTO channel (code, name, default_currency, currencies, default_locale, locales, is_default)
VALUES ('web', 'Web', 'EUR', '{EUR}', 'en', '{en}', true)
"""


@asynccontextmanager
async def serving(log: Path, **environment: str) -> AsyncIterator[httpx.AsyncClient]:
    """`catalog serve` until the block ends, and then told to stop as a platform does."""
    port = free_port()
    process = _start(log, environment | {"PORT": str(port)})
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            await _until_ready(client, process)
            yield client
    finally:
        process.send_signal(signal.SIGTERM)
        code = await asyncio.to_thread(process.wait, 30)
    assert code == 0


def _start(log: Path, environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    with log.open("wb") as output:
        return subprocess.Popen(
            [sys.executable, "-c", "from catalog.cli import main; main()", "serve"],
            env=os.environ | environment,
            stdout=output,
            stderr=output,
        )


async def _until_ready(client: httpx.AsyncClient, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(300):
        assert process.poll() is None
        try:
            if (await client.get("/healthz")).status_code == 200:
                return
        except httpx.TransportError:
            await asyncio.sleep(0.1)
    raise AssertionError("the server did not start")


async def test_several_workers_answer_from_one_database(
    clean: None, settings: Settings, tmp_path: Path
) -> None:
    async with db.unit_of_work() as connection:
        await connection.execute(CHANNEL)
    environment = {"DATABASE_URL": str(settings.database_url), "WEB_CONCURRENCY": "2"}
    async with serving(tmp_path / "log", **environment) as client:
        assert (await client.get("/readyz")).status_code == 200
        assert (await client.get("/v1/channels")).json()["items"][0]["code"] == "web"


async def test_without_a_database_an_embedded_one_is_started_and_stopped(
    tmp_path: Path, open_folder: Path
) -> None:
    lock = open_folder / "postgresql" / "postmaster.pid"
    environment = {"DATABASE_URL": "", "CATALOG_DATA_DIR": str(open_folder)}
    async with serving(tmp_path / "log", **environment) as client:
        assert (await client.get("/readyz")).status_code == 200
        assert lock.exists()
    assert not lock.exists()
