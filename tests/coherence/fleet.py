"""Several processes that serve one shop, each on a port of its own, and the Redis they share."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import redis_servers
from redis_servers import RedisServer
from wire import Connection, request

HERE = Path(__file__).parent
WORKERS = 3
LAMPS = 10


@dataclass(frozen=True, slots=True)
class Worker:
    port: int
    process: asyncio.subprocess.Process

    async def told(self, *commands: tuple[str, Any]) -> list[Any]:
        """What `mistaken.Mistaken` answers to them. Raises OSError when it is gone."""
        connection = await Connection.open(self.port)
        answer = await connection.ask(request("POST", "/test", commands))
        connection.close()
        assert answer.status == 200, answer
        return list(orjson.loads(answer.body))

    async def kill(self) -> None:
        """Every process of it, at once, with nothing tidied up."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        await self.process.wait()


@dataclass(slots=True)
class Fleet:
    database_url: str
    redis: RedisServer
    token: str = ""
    workers: list[Worker] = field(default_factory=list)

    @property
    def slugs(self) -> list[str]:
        return [f"lamp-{number:04}" for number in range(LAMPS)]

    async def start(self, *, redis_url: str | None = None) -> Worker:
        """One process more."""
        port = redis_servers.free_port()
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "granian", "--interface", "asgi", "--factory"),
            *("--loop", "uvloop", "--workers", "1", "--log-level", "warning"),
            *("--host", "127.0.0.1", "--port", str(port), "mistaken:app"),
            env=os.environ | self._environment(redis_url or self.redis.url),
            start_new_session=True,
        )
        worker = Worker(port, process)
        async with asyncio.timeout(60):
            while True:
                assert process.returncode is None, "the server has ended"
                with suppress(OSError):
                    await worker.told()
                    return worker
                await asyncio.sleep(0.1)

    def _environment(self, redis_url: str) -> dict[str, str]:
        return {
            "PYTHONPATH": f"{HERE}{os.pathsep}{HERE.parent}{os.pathsep}{HERE.parent.parent}",
            "DATABASE_URL": self.database_url,
            "REDIS_URL": redis_url,
            # A busy machine makes a test slow, not red.
            "DATABASE_ACQUIRE_TIMEOUT": "30",
            "DATABASE_STATEMENT_TIMEOUT": "60",
            "DATABASE_LOCK_TIMEOUT": "30",
        }

    async def told(self, *commands: tuple[str, Any]) -> None:
        await asyncio.gather(*(worker.told(*commands) for worker in self.workers))


@asynccontextmanager
async def sailing(database_url: str) -> AsyncIterator[Fleet]:
    """The shop is in it."""
    with redis_servers.serving() as redis:
        fleet = Fleet(database_url, redis)
        try:
            async with asyncio.TaskGroup() as group:
                starting = [group.create_task(fleet.start()) for _ in range(WORKERS)]
            fleet.workers = [each.result() for each in starting]
            (fleet.token,) = await fleet.workers[0].told(("fill", LAMPS))
            yield fleet
        finally:
            for worker in fleet.workers:
                await worker.kill()
