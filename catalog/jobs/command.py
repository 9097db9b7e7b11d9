"""`catalog worker`: the process that runs imports."""

import asyncio
import logging
import signal

from catalog import db, embedded, settings
from catalog.jobs import sweep
from catalog.jobs.loop import Loop, left
from catalog.settings import Settings

_HELP = "\n\n".join(
    (
        "Run the imports that come through POST /v1/imports, one after the other in the order "
        "they came.",
        "Start one worker, or several: the others take over at once when the first is stopped or "
        "killed, and go on with its import where it was; nothing is written or counted twice. "
        "Without any worker the web processes run the imports beside their requests.",
        "SIGTERM and Ctrl-C finish the chunk that is being written, give the import back to the "
        "queue and end with exit code 0, after 25 seconds at most. A database that goes away is "
        "waited for.",
        "\b\ncatalog worker\nDATABASE_URL=postgres://… LOG_LEVEL=debug catalog worker",
    )
)


def worker() -> None:
    target = embedded.ensured(settings.load())
    logging.basicConfig(
        level=target.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    asyncio.run(_work(target))


worker.__doc__ = _HELP


async def _work(target: Settings) -> None:
    async with (
        db.connected(target, statement_timeout=db.JOB_STATEMENT_TIMEOUT),
        sweep.beside(),
    ):
        loop, told = Loop(target), asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, told.set)
        task = asyncio.create_task(loop.work())
        waiting = asyncio.create_task(told.wait())
        await asyncio.wait([task, waiting], return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        loop.stop()
        await left(task)
