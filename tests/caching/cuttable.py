"""A line to the database that can be cut, and mended."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from catalog import dsn
from catalog.settings import Settings


class Line:
    """`settings` have the database at the other end of it."""

    def __init__(self, settings: Settings) -> None:
        self._target = dsn.parse(str(settings.database_url))
        self._ends: set[asyncio.StreamWriter] = set()
        self._cut = False

    def cut(self) -> None:
        """Whatever is open breaks, and what comes new is turned away."""
        self._cut = True
        for each in self._ends:
            each.transport.abort()

    def mend(self) -> None:
        self._cut = False

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._cut:
            writer.transport.abort()
            return
        far_reader, far_writer = await self._connect()
        self._ends |= {writer, far_writer}
        await asyncio.gather(_pump(reader, far_writer), _pump(far_reader, writer))
        self._ends -= {writer, far_writer}

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        target = self._target
        if target.host.startswith("/"):
            return await asyncio.open_unix_connection(f"{target.host}/.s.PGSQL.{target.port}")
        return await asyncio.open_connection(target.host, target.port)

    @asynccontextmanager
    async def laid(self) -> AsyncIterator[Settings]:
        target = self._target
        server = await asyncio.start_server(self.carry, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        password = f":{target.password}" if target.password else ""
        url = f"postgresql://{target.user}{password}@127.0.0.1:{port}/{target.database}"
        try:
            yield Settings(database_url=f"{url}?sslmode=disable")
        finally:
            self.cut()
            server.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while chunk := await reader.read(65_536):
            writer.write(chunk)
            await writer.drain()
    writer.close()
