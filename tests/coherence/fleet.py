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

from bench.place import free_port

HERE = Path(__file__).parent
WORKERS = 3
LAMPS = 10
# Seconds at most between the reading of an answer and its keeping.
DELAY = 0.01


@dataclass(frozen=True, slots=True)
class Worker:
    port: int
    pid: int

    async def told(self, *commands: tuple[str, Any]) -> list[Any]:
        """What `mistaken.Mistaken` answers to them. Raises OSError when it is gone."""
        connection = await Connection.open(self.port)
        answer = await connection.ask(request("POST", "/test", commands))
        connection.close()
        assert answer.status == 200, answer
        return list(orjson.loads(answer.body))

    async def kill(self) -> None:
        """At once, with nothing tidied up."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
            while True:
                await asyncio.sleep(0.01)
                os.kill(self.pid, 0)


@dataclass(slots=True)
class Fleet:
    database_url: str
    redis: RedisServer
    nursery: asyncio.subprocess.Process
    token: str = ""
    workers: list[Worker] = field(default_factory=list)

    @property
    def slugs(self) -> list[str]:
        return [f"lamp-{number:04}" for number in range(LAMPS)]

    async def start(self, *, redis_url: str | None = None) -> Worker:
        """One process more."""
        port = free_port()
        told, answered = self.nursery.stdin, self.nursery.stdout
        assert told is not None
        assert answered is not None
        told.write(orjson.dumps([port, redis_url or self.redis.url]) + b"\n")
        worker = Worker(port, int(await answered.readline()))
        async with asyncio.timeout(60):
            while True:
                with suppress(OSError):
                    await worker.told(("delay", DELAY))
                    return worker
                os.kill(worker.pid, 0)
                await asyncio.sleep(0.02)

    async def told(self, *commands: tuple[str, Any]) -> None:
        await asyncio.gather(*(worker.told(*commands) for worker in self.workers))


@asynccontextmanager
async def sailing(database_url: str) -> AsyncIterator[Fleet]:
    """The shop is in it."""
    with redis_servers.serving() as redis:
        nursery = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "nursery"),
            env=os.environ | _environment(database_url, redis.url),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
        fleet = Fleet(database_url, redis, nursery)
        try:
            fleet.workers = [await fleet.start() for _ in range(WORKERS)]
            (fleet.token,) = await fleet.workers[0].told(("fill", LAMPS))
            yield fleet
        finally:
            os.killpg(nursery.pid, signal.SIGKILL)
            await nursery.wait()


def _environment(database_url: str, redis_url: str) -> dict[str, str]:
    return {
        "PYTHONPATH": f"{HERE}{os.pathsep}{HERE.parent}{os.pathsep}{HERE.parent.parent}",
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        # A busy machine makes a test slow, not red.
        "DATABASE_ACQUIRE_TIMEOUT": "30",
        "DATABASE_STATEMENT_TIMEOUT": "60",
        "DATABASE_LOCK_TIMEOUT": "30",
    }
