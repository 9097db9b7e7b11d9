"""A process that loads in chunks of ten and is killed in the middle of one: `CHUNKS SIZE`."""

import asyncio
import os
import signal
import sys

from factories import lamps, load

from catalog import db
from catalog.settings import Settings
from catalog.writes import products, rows


async def main(chunks: int, size: int) -> None:
    rows.CHUNK = 10
    execute = products._execute

    async def dying(connection: db.Connection, statement: str, chunk: int) -> None:
        await execute(connection, statement, chunk)
        if chunk == chunks and "INSERT INTO price" in statement:
            os.kill(os.getpid(), signal.SIGKILL)

    products._execute = dying
    async with db.connected(Settings()):
        await load(*lamps(size))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
