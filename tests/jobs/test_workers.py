"""Workers as processes: killed, stopped, several at once, and none."""

import asyncio
import signal
import time
from itertools import pairwise
from pathlib import Path

import httpx
import pytest
from handing import (
    Headers,
    hand_in,
    imported,
    lamp,
    lamps,
    locked,
    stored,
    until,
    until_over,
    waiting,
    written,
)
from workers import end, started, working

from catalog import db
from catalog.jobs import loop, queue
from catalog.jobs.loop import Loop
from catalog.settings import Settings

# Eight chunks: three kills within one, before each of which two may be written.
SIZE = 8_000
# What is known of a shop from before makes room for the same import once more.
TAKEN_BACK = """
TRUNCATE product, product_type, channel, import_job RESTART IDENTITY CASCADE
"""


async def test_an_import_goes_on_after_kills_and_counts_each_record_once(
    client: httpx.AsyncClient, writer: Headers, settings: Settings, tmp_path: Path, worker: Loop
) -> None:
    file = lamps(SIZE) + lamp("broken", price="cheap")
    undisturbed = await imported(client, writer, file, on_error="skip")
    shop = await stored()
    worker.stop()
    async with db.unit_of_work() as connection:
        await connection.execute(TAKEN_BACK)
    job = await hand_in(client, writer, file, on_error="skip")
    # As soon as it is begun, and within a chunk after others.
    for more in (0, 1, 1, 1):
        before = await written(0)
        with started(settings, tmp_path / "log") as process:
            await until(client, writer, job, "running")
            await written(before + more)
            async with locked(settings):
                if more:
                    await waiting()
                assert await end(process, signal.SIGKILL) == -signal.SIGKILL
    with started(settings, tmp_path / "log"):
        job = await until_over(client, writer, job)
    assert (job["state"], job["errors_total"]) == ("done", 1)
    assert job["counts"] == undisturbed["counts"]
    assert job["counts"]["product"] == {
        "created": SIZE, "updated": 0, "unchanged": 0, "failed": 1
    }  # fmt: skip
    assert await stored() == shop


async def test_a_worker_that_is_stopped_gives_back_what_it_runs(
    client: httpx.AsyncClient, writer: Headers, settings: Settings, tmp_path: Path
) -> None:
    job = await hand_in(client, writer, lamps(SIZE))
    with started(settings, tmp_path / "log") as process:
        await written(1)
        begun = time.monotonic()
        assert await end(process, signal.SIGTERM) == 0
        assert time.monotonic() - begun < 25
    job = await until(client, writer, job, "queued")
    left = await written(1)
    assert job["counts"]["product"]["created"] == left < SIZE
    with started(settings, tmp_path / "log"):
        job = await until_over(client, writer, job)
    assert job["counts"]["product"]["created"] == SIZE, job


async def test_workers_run_one_import_after_the_other(
    client: httpx.AsyncClient, writer: Headers, settings: Settings, tmp_path: Path
) -> None:
    """The later ones need what the first brings."""
    files = [lamps(300), *(lamp(f"more-{n}") for n in range(4))]
    jobs = [await hand_in(client, writer, file) for file in files]
    with started(settings, tmp_path / "one"), started(settings, tmp_path / "other"):
        found = [await until_over(client, writer, job) for job in jobs]
    assert [job["state"] for job in found] == ["done"] * 5
    assert all(one["finished_at"] <= next["started_at"] for one, next in pairwise(found))
    rows = await db.fetch("SELECT max(attempts), count(*) FROM import_job")
    assert tuple(rows[0]) == (1, 5)


async def test_a_web_process_stands_in_while_there_is_no_worker(
    client: httpx.AsyncClient,
    writer: Headers,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(loop, "ALONE", 0.5)
    async with loop.beside_requests(settings):
        first = await imported(client, writer, lamps(10))
        async with working(settings, tmp_path / "log") as process:
            await asyncio.sleep(2 * loop.EVERY)
            process.send_signal(signal.SIGSTOP)
            second = await hand_in(client, writer, lamp("more"))
            await asyncio.sleep(3 * loop.EVERY)
            assert (await until(client, writer, second, "queued"))["started_at"] is None
            assert (await queue.standing()).waiting
        second = await until_over(client, writer, second)
    assert (first["state"], second["state"]) == ("done", "done")
