"""Our own NDJSON: everything there is, a record a line."""

from collections.abc import AsyncIterator

import orjson

from catalog.reads.stored import Record


async def write(records: AsyncIterator[list[Record]]) -> AsyncIterator[bytes]:
    async for page in records:
        yield b"".join(orjson.dumps(record) + b"\n" for record in page)
