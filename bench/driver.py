"""The other side: a process that asks again and again, `concurrency` at once, and notes how long.

It reads a pickled `Task` and says `begin` when it is warm, at the end the numbers as JSON.
Ready-made HTTP clients take as long to ask as the application to answer, so this one sends the same
bytes over kept connections and looks at nothing but the status and the length of what comes back.
"""

import asyncio
import pickle
import resource
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import cycle
from typing import cast

import asyncpg
import orjson
import uvloop

Ask = Callable[[], Awaitable[None]]
Statement = tuple[str, tuple[object, ...]]

WARM_UP = 1.0


@dataclass(frozen=True, slots=True)
class Http:
    """Each of the requests in its turn."""

    port: int
    requests: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Sql:
    """The statements of each answer in its turn, with their arguments, in one snapshot as the
    application's."""

    url: str
    answers: Sequence[Sequence[Statement]]


@dataclass(frozen=True, slots=True)
class Task:
    target: Http | Sql
    concurrency: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Measured:
    """`cpu_seconds` are this process's own, which count only for SQL."""

    answers: int
    seconds: float
    p50_ms: float
    p99_ms: float
    cpu_seconds: float


class Answers(asyncio.Protocol):
    """One kept connection with one question at a time."""

    def __init__(self) -> None:
        self._buffer = b""
        self._waiting: asyncio.Future[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are no subclasses of what they stand for.
        self._transport = cast(asyncio.WriteTransport, transport)

    async def ask(self, request: bytes) -> None:
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        await self._waiting

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, end, body = self._buffer.partition(b"\r\n\r\n")
        if not end or (not head.startswith(b"HTTP/1.1 304") and len(body) < _length(head)):
            return
        self._buffer = b""
        assert self._waiting
        if head.startswith((b"HTTP/1.1 200", b"HTTP/1.1 304")):
            self._waiting.set_result(None)
        else:
            self._waiting.set_exception(RuntimeError((head + body[:500]).decode()))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._waiting and not self._waiting.done():
            self._waiting.set_exception(exc or ConnectionResetError("closed before the answer"))


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise RuntimeError("an answer without a length")


async def _http(target: Http, turns: Iterator[bytes], stack: AsyncExitStack) -> Ask:
    loop = asyncio.get_running_loop()
    transport, answers = await loop.create_connection(Answers, "127.0.0.1", target.port)
    stack.callback(transport.close)
    return lambda: answers.ask(next(turns))


async def _sql(target: Sql, turns: Iterator[Sequence[Statement]], stack: AsyncExitStack) -> Ask:
    connection = await asyncpg.connect(target.url)
    stack.push_async_callback(connection.close)

    async def ask() -> None:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            for statement, arguments in next(turns):
                await connection.fetch(statement, *arguments)

    return ask


async def measure(task: Task) -> Measured:
    async with AsyncExitStack() as stack:
        asks = [await each for each in _asks(task, stack)]
        await _for(WARM_UP, asks)
        print("begin", flush=True)
        begun, cpu = time.perf_counter(), _cpu_seconds()
        times = sorted(await _for(task.seconds, asks))
        seconds = time.perf_counter() - begun
        return Measured(
            answers=len(times),
            seconds=seconds,
            p50_ms=1000 * times[len(times) // 2],
            p99_ms=1000 * times[len(times) * 99 // 100],
            cpu_seconds=_cpu_seconds() - cpu,
        )


def _asks(task: Task, stack: AsyncExitStack) -> Iterator[Awaitable[Ask]]:
    """The connections take turns: no two ask the same at once where there is more to ask."""
    target = task.target
    if isinstance(target, Http):
        requests = cycle(target.requests)
        return (_http(target, requests, stack) for _ in range(task.concurrency))
    answers = cycle(target.answers)
    return (_sql(target, answers, stack) for _ in range(task.concurrency))


async def _for(seconds: float, asks: Sequence[Ask]) -> list[float]:
    until = time.perf_counter() + seconds
    times: list[float] = []
    await asyncio.gather(*(_again(ask, until, times) for ask in asks))
    return times


async def _again(ask: Ask, until: float, times: list[float]) -> None:
    now = time.perf_counter()
    while now < until:
        await ask()
        begun, now = now, time.perf_counter()
        times.append(now - begun)


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    # Under `-m` this module is called __main__; pickle knows its classes by their home.
    from bench import driver

    task = pickle.load(sys.stdin.buffer)
    print(orjson.dumps(uvloop.run(driver.measure(task))).decode())
