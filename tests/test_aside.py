"""Work beside the event loop: one at a time, in the context of whoever asks for it."""

import asyncio
import time
from contextvars import ContextVar

import pytest

from catalog import aside

asked_by = ContextVar("asked_by", default="nobody")


async def test_two_works_take_turns() -> None:
    events = []

    def work() -> None:
        events.append("begun")
        time.sleep(0.01)
        events.append("done")

    await asyncio.gather(aside.run(work), aside.run(work))

    assert events == ["begun", "done", "begun", "done"]


async def test_work_knows_for_whom_it_is() -> None:
    asked_by.set("an import")

    assert await aside.run(asked_by.get) == "an import"


async def test_records_come_as_they_are_where_requests_are_served(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(aside, "_served", True)

    assert await aside.run(list, aside.spared(range(1_000))) == list(range(1_000))
