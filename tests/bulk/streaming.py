"""A real server, and requests whose parts are sent and read as a test likes."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import psutil

from bench.place import free_port
from catalog.settings import Settings

HERE = Path(__file__).parent


@dataclass
class Server:
    port: int
    process: psutil.Process
    bearer: dict[str, str]

    @property
    def rss(self) -> int:
        """Of its worker, in bytes."""
        return max(child.memory_info().rss for child in self.process.children())

    @asynccontextmanager
    async def post(self, target: str, **headers: str) -> AsyncIterator["Exchange"]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=2**20)
        try:
            exchange = Exchange(reader, writer)
            sent = {"Host": "shop.test", "Content-Type": "application/x-ndjson"}
            await exchange.begin(target, sent | self.bearer | headers)
            yield exchange
        finally:
            writer.transport.abort()


@dataclass
class Exchange:
    """One request, whose parts are sent and whose answer is read as the test likes."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def begin(self, target: str, headers: dict[str, str]) -> None:
        if "Content-Length" not in headers:
            headers["Transfer-Encoding"] = "chunked"
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self.writer.write(f"POST {target} HTTP/1.1\r\n{head}\r\n".encode())
        await self.writer.drain()

    async def send(self, content: bytes) -> None:
        self.writer.write(b"%x\r\n%b\r\n" % (len(content), content))
        await self.writer.drain()

    async def finish(self) -> None:
        self.writer.write(b"0\r\n\r\n")
        await self.writer.drain()

    async def all(self, content: bytes) -> None:
        for start in range(0, len(content), 65_536):
            await self.send(content[start : start + 65_536])
        await self.finish()

    async def drip(self, byte: bytes, *, every: float) -> None:
        while True:
            await self.send(byte)
            await asyncio.sleep(every)

    async def flood(self, size: int, *, chunked: bool) -> None:
        """Goes on until nobody takes it any more."""
        block = b" " * 65_535 + b"\n"
        with suppress(OSError):
            for _ in range(size // len(block)):
                if chunked:
                    await self.send(block)
                else:
                    self.writer.write(block)
                    await self.writer.drain()

    async def whole(self) -> list[dict[str, Any]]:
        assert await self.status() == 200
        return await self.results()

    async def status(self) -> int:
        head = await self.reader.readuntil(b"\r\n\r\n")
        return int(head.split()[1])

    async def chunk(self) -> bytes:
        size = int(await self.reader.readline(), 16)
        return (await self.reader.readexactly(size + 2))[:-2]

    async def results(self) -> list[dict[str, Any]]:
        content = b""
        while chunk := await self.chunk():
            content += chunk
        return [orjson.loads(line) for line in content.splitlines()]


@asynccontextmanager
async def serving(settings: Settings, log: Path, **environment: str) -> AsyncIterator[Server]:
    port = free_port()
    command = [
        *(sys.executable, "-m", "granian", "--interface", "asgi", "--factory", "--workers", "1"),
        *("--loop", "uvloop", "--port", str(port), "served:app"),
    ]
    added = {"DATABASE_URL": str(settings.database_url), "PYTHONPATH": str(HERE)} | environment
    process = _start(command, added, log)
    try:
        await _until_ready(port, process)
        yield Server(port, psutil.Process(process.pid), {})
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait, 30)


def _start(command: list[str], environment: dict[str, str], log: Path) -> "subprocess.Popen[bytes]":
    with log.open("wb") as output:
        return subprocess.Popen(command, env=os.environ | environment, stdout=output, stderr=output)


async def _until_ready(port: int, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(300):
        assert process.poll() is None
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return
    raise AssertionError("the server did not start")
