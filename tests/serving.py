"""Real servers for the tests: `catalog serve`, in processes that can be killed."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from bench.place import free_port
from catalog.settings import Settings

COMMAND = Path(sys.executable).with_name("catalog")


@dataclass(frozen=True, slots=True)
class Server:
    process: asyncio.subprocess.Process
    client: httpx.AsyncClient

    def kill(self) -> None:
        """Every process of it, at once, with nothing tidied up."""
        os.killpg(self.process.pid, signal.SIGKILL)


@asynccontextmanager
async def serving(settings: Settings, *, workers: int, **environment: str) -> AsyncIterator[Server]:
    port = free_port()
    added = {
        "DATABASE_URL": str(settings.database_url),
        "DATABASE_ACQUIRE_TIMEOUT": "30",
        "DATABASE_STATEMENT_TIMEOUT": "60",
        "DATABASE_LOCK_TIMEOUT": "30",
        "PORT": str(port),
        "WEB_CONCURRENCY": str(workers),
        **environment,
    }
    process = await asyncio.create_subprocess_exec(
        *(COMMAND, "serve"),
        env=os.environ | added,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    limits = httpx.Limits(max_connections=100)
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{port}", limits=limits, timeout=60
    ) as client:
        server = Server(process, client)
        try:
            await _until_ready(process, client)
            yield server
        finally:
            with suppress(ProcessLookupError):
                server.kill()
            await process.wait()


async def _until_ready(process: asyncio.subprocess.Process, client: httpx.AsyncClient) -> None:
    """A busy machine makes it slow, not red."""
    async with asyncio.timeout(180):
        while True:
            assert process.returncode is None, "the server has ended"
            with suppress(httpx.TransportError):
                await client.get("/healthz")
                return
            await asyncio.sleep(0.1)
