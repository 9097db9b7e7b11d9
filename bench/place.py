"""Where it is measured: databases on an embedded server, the application in its own process."""

import asyncio
import os
import pickle
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import IO
from urllib.parse import urlsplit
from urllib.request import urlopen

import asyncpg
import orjson

from bench.driver import Measured, Task
from bench.results import TURNS
from catalog import db, embedded, migrate
from catalog import serving as server
from catalog.settings import Settings
from catalog.writes import generate
from catalog.writes.synthetic.command import Shown

DATA = Path(__file__).parents[1] / ".data" / "bench"
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Place:
    """A database with `products` made-up products, and how long to look at each workload."""

    settings: Settings
    products: int
    seconds: float


def in_turns(place: Place) -> Place:
    """Where each of the turns has its part of the time."""
    return replace(place, seconds=place.seconds / TURNS)


@asynccontextmanager
async def database(name: str) -> AsyncIterator[Settings]:
    """An empty one with the schema, for as long as the block runs; on the embedded server, or on
    that of BENCH_DATABASE_URL."""
    url = os.environ.get("BENCH_DATABASE_URL") or embedded.start(DATA)
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        await connection.execute(f'CREATE DATABASE "{name}"')
        settings = Settings(database_url=urlsplit(url)._replace(path=f"/{name}").geturl())
        await migrate.migrate(settings)
        yield settings
        await connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    finally:
        await connection.close()


@asynccontextmanager
async def filled(products: int, *, seconds: float) -> AsyncIterator[Place]:
    async with generated("bench", products) as settings:
        yield Place(settings, products, seconds)


@asynccontextmanager
async def generated(name: str, products: int) -> AsyncIterator[Settings]:
    async with database(name) as settings:
        # Half a million take many minutes, in which somebody wonders whether anything happens.
        with Shown() as shown:
            async with db.connected(settings, statement_timeout=0):
                await generate.generate(products=products, seed=1, progress=shown.progress)
        yield settings


@dataclass(frozen=True, slots=True)
class Server:
    """What listens there: the application behind Granian with one worker, or another program."""

    port: int
    process: subprocess.Popen[bytes]

    def cpu_seconds(self) -> float:
        return sum(map(_cpu_seconds, _family(self.process.pid)))

    def rss_mb(self) -> float:
        return sum(map(_rss_mb, _family(self.process.pid)))


@contextmanager
def serving(
    settings: Settings,
    application: str | None = None,
    *,
    cached: bool = False,
    environment: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Server]:
    """Another `application` than what is served, where that is named as Granian names it. Answers
    are kept only where it is said so: else all but the first would measure nothing else."""
    port = free_port()
    quiet = settings.model_copy(update={"port": port, "log_level": "warning"})
    command = server.command(quiet, host="127.0.0.1")
    if application is not None:
        command[-1] = application
    memory = {} if cached else {"CACHE_MEMORY": "0"}
    given = {"DATABASE_URL": str(settings.database_url), **memory, **environment}
    with running(command, port, given, ready="/readyz") as served:
        yield served


@contextmanager
def running(
    command: Sequence[str],
    port: int,
    environment: Mapping[str, str],
    *,
    ready: str,
    output: IO[bytes] | None = None,
) -> Iterator[Server]:
    """Any server, as soon as it answers GET `ready` with success; what it says goes to `output`."""
    process = subprocess.Popen(command, env=os.environ | environment, stdout=output, stderr=output)
    served = Server(port, process)
    try:
        _wait(served, ready)
        yield served
    finally:
        process.terminate()
        process.wait(timeout=30)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait(served: Server, ready: str) -> None:
    until = time.monotonic() + 120
    while True:
        try:
            with urlopen(f"http://127.0.0.1:{served.port}{ready}", timeout=1):
                return
        except OSError:
            if time.monotonic() > until or served.process.poll() is not None:
                raise
            time.sleep(0.1)


def _family(pid: int) -> Iterator[int]:
    """A process and those it started; Linux tells."""
    yield pid
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        yield from _family(int(child))


def _cpu_seconds(pid: int) -> float:
    """User and system time (proc(5): fields 14 and 15 of stat, counted behind the name)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _rss_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


async def drive(
    task: Task, cpu_seconds: Callable[[], float] = lambda: 0.0
) -> tuple[Measured, float]:
    """What the driver measured, and how far the processor clock went on meanwhile."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.driver", stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin
    assert process.stdout
    process.stdin.write(pickle.dumps(task))
    process.stdin.close()
    begin = await process.stdout.readline()
    before = cpu_seconds()
    said = await process.stdout.readline()
    used = cpu_seconds() - before
    if await process.wait() or begin != b"begin\n":
        raise RuntimeError("the driver failed")
    return Measured(**orjson.loads(said)), used
