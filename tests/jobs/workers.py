"""`catalog worker` as a process, to be stopped and killed."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from catalog.jobs import queue
from catalog.settings import Settings

Process = subprocess.Popen[bytes]


@contextmanager
def started(settings: Settings, log: Path) -> Iterator[Process]:
    """One that is killed in the end, if it still runs."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-c", "from catalog.cli import main; main()", "worker"],
            env=os.environ | {"DATABASE_URL": str(settings.database_url)},
            stdout=output,
            stderr=output,
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@asynccontextmanager
async def working(settings: Settings, log: Path) -> AsyncIterator[Process]:
    """One that is there already."""
    with started(settings, log) as process:
        for _ in range(600):
            if (await queue.standing()).worked:
                break
            await asyncio.sleep(0.1)
        yield process


async def end(process: Process, number: signal.Signals) -> int:
    process.send_signal(number)
    return await asyncio.to_thread(process.wait, 30)
