"""Reading records in a thread beside the event loop, which meanwhile serves whoever asks.

Python runs one thread at a time, so that a request waits for a thread that reads at each of the
dozen places where it comes back to the event loop.
"""

import asyncio
import gc
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import Final, ParamSpec, TypeVar

_P = ParamSpec("_P")
_T = TypeVar("_T")

# Seconds: after which a thread gives way to another, and of work between two rests.
_TURN: Final = 0.0005
_LONGEST_REST: Final = 0.02
# Objects more than before until garbage is looked for. Records refer to nothing that refers back,
# so there is none: of the usual 700 that looking was a fifth of the reading.
_YOUNG: Final = 20_000


def _begin() -> None:
    """Of the usual turns, ten times as long, the event loop would wait for one at each of the
    answers that a load, too, gets from the database."""
    sys.setswitchinterval(_TURN)
    gc.set_threshold(_YOUNG)


# One for all loads: two would outnumber the event loop.
_thread: Final = ThreadPoolExecutor(1, "records", _begin)
_served = False


def serve() -> None:
    """This process answers requests: reading records takes half of its time at most."""
    global _served
    _served = True


async def run(work: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
    """As `asyncio.to_thread`, one work at a time."""
    called = partial(copy_context().run, work, *args, **kwargs)
    return await asyncio.get_running_loop().run_in_executor(_thread, called)


def spared(records: Iterable[_T]) -> Iterator[_T]:
    """To be gone through in that thread: between records it rests as long as it has worked, where
    there are requests to be served."""
    begun = time.perf_counter()
    for record in records:
        yield record
        worked = time.perf_counter() - begun
        if _served and worked > _TURN:
            time.sleep(min(worked, _LONGEST_REST))
            begun = time.perf_counter()
