"""A process that imports a file in small chunks, for others to kill: `FILE CHUNK`."""

import asyncio
import sys
from pathlib import Path

from catalog import db
from catalog.files import importing
from catalog.files.importing import Order
from catalog.settings import Settings
from catalog.writes import rows


async def main(file: Path, chunk: int) -> None:
    rows.CHUNK = chunk
    settings = Settings()
    async with db.connected(settings, statement_timeout=0):
        print("begun", flush=True)  # noqa: T201
        report = await importing.load(file, Order(), settings, lambda *_: None)
    if not report.written:
        raise SystemExit(str(report.errors[:3]))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
