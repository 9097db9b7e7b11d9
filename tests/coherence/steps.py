"""Points that code under test reaches, and what a test does there, once."""

import asyncio
from collections.abc import Callable, Coroutine
from contextvars import Context
from typing import Any

Step = Callable[[], Coroutine[Any, Any, object]]
_planned: dict[str, Step] = {}


def plan(point: str, step: Step) -> None:
    _planned[point] = step


async def reach(point: str) -> None:
    """What is done there is somebody else's doing, outside any answer that is being made."""
    step = _planned.pop(point, None)
    if step is not None:
        await asyncio.create_task(step(), context=Context())


def left() -> list[str]:
    """Points that nobody has reached."""
    return list(_planned)


def forget() -> None:
    _planned.clear()
