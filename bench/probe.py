"""The application, served with a probe of its event loop: how long is it held, by whatever runs?"""

import asyncio
import time
from dataclasses import dataclass

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from catalog.app import from_environment

ADDRESS = "/held"
EVERY = 0.001


@dataclass(frozen=True, slots=True)
class Held:
    """Milliseconds that a timer came late, of so many timers since somebody asked; `busy_ms`: how
    much processor time the loop's thread took at most between two of them, which tells us from the
    machine and from other threads."""

    timers: int
    p50_ms: float
    p99_ms: float
    max_ms: float
    busy_ms: float


class Probed:
    """Answers its own address with what it found since it was asked last."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._late: list[float] = []
        self._busy = 0.0
        self._probe: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._probe is None:
            self._probe = asyncio.create_task(self._watch())
        if scope.get("path") != ADDRESS:
            await self._app(scope, receive, send)
            return
        late, self._late = sorted(self._late or [0.0]), []
        found = {
            "timers": len(late),
            "p50_ms": 1000 * late[len(late) // 2],
            "p99_ms": 1000 * late[len(late) * 99 // 100],
            "max_ms": 1000 * late[-1],
            "busy_ms": 1000 * self._busy,
        }
        self._busy = 0.0
        await JSONResponse(found)(scope, receive, send)

    async def _watch(self) -> None:
        while True:
            begun, used = time.perf_counter(), time.thread_time()
            await asyncio.sleep(EVERY)
            self._late.append(time.perf_counter() - begun - EVERY)
            self._busy = max(self._busy, time.thread_time() - used)


def probed() -> Probed:
    return Probed(from_environment())
