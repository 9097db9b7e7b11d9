"""Uploads through a real server: answers while more is coming, and clients that misbehave."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from factories import lamp
from streaming import Server, serving
from uploading import lines

from catalog import db
from catalog.settings import Settings

pytestmark = pytest.mark.usefixtures("stocked")


def upload(first: int, last: int, **fields: Any) -> bytes:
    """A line for each lamp of these numbers."""
    lamps = (lamp(f"lamp-{n:05}", **fields) for n in range(first, last))
    return lines(each.model_dump(mode="json", exclude_unset=True) for each in lamps)


@pytest.fixture(scope="module")
async def running(
    database: Settings, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Server]:
    log = tmp_path_factory.mktemp("server") / "log"
    async with serving(database, log, TEST_IDLE="1", TEST_TOTAL="3") as server:
        yield server


@pytest.fixture
def granian(running: Server, bearer: dict[str, str]) -> Server:
    running.bearer = bearer
    return running


@pytest.fixture
def show(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Figures, which are to be seen and not asserted."""

    def show(text: str) -> None:
        with capsys.disabled():
            sys.stdout.write(f"\n{text}\n")

    return show


async def products() -> int:
    return int((await db.fetch("SELECT count(*) AS n FROM product"))[0]["n"])


WRITING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_xid IS NOT NULL
"""


async def idle() -> None:
    """The server has not been writing for a second: what a client has left behind is done with,
    however busy the machine."""
    looks = 0
    while looks < 20:
        await asyncio.sleep(0.05)
        writing = (await db.fetch(WRITING))[0]["count"]
        looks = 0 if writing else looks + 1


SKIP = "/v1/products:bulk?on_error=skip"


async def test_results_come_while_more_is_being_sent(
    granian: Server, show: Callable[[str], None]
) -> None:
    async with granian.post(SKIP) as exchange:
        await exchange.send(upload(0, 100))
        begun = time.perf_counter()
        assert await exchange.status() == 200
        first = await exchange.chunk()
        seconds = time.perf_counter() - begun
        assert first.count(b"created") == 100
        assert await products() == 100
        await exchange.send(upload(100, 110))
        second = await exchange.chunk()
        assert second.count(b"created") == 10
        await exchange.finish()
        assert await exchange.results() == []
    show(f"first results {seconds:.2f} s after the first hundred lines")


async def test_who_pauses_gets_the_results_so_far(granian: Server) -> None:
    async with granian.post(SKIP) as exchange:
        await exchange.send(upload(0, 3))
        assert await exchange.status() == 200
        assert (await exchange.chunk()).count(b"created") == 3
        await asyncio.sleep(0.5)
        await exchange.send(upload(3, 5) + b'{"slug": ')
        assert (await exchange.chunk()).count(b"created") == 2
        await exchange.finish()
        assert [result["status"] for result in await exchange.results()] == ["failed"]


@pytest.mark.parametrize("target", [SKIP, "/v1/products:bulk"])
async def test_a_byte_at_a_time_is_given_up(granian: Server, target: str) -> None:
    async with granian.post(target) as exchange:
        begun = time.perf_counter()
        dripping = asyncio.create_task(exchange.drip(b" ", every=0.1))
        assert await exchange.status() == 408
        assert 2.5 < time.perf_counter() - begun < 4
        dripping.cancel()


async def test_who_stops_sending_gets_what_was_sent_answered(granian: Server) -> None:
    async with granian.post(SKIP) as exchange:
        await exchange.send(upload(0, 2) + b'{"slug": ')
        assert await exchange.status() == 200
        results = await asyncio.wait_for(exchange.results(), 3)
    assert [result["line"] for result in results] == [1, 2, None]
    assert results[2]["errors"][0]["code"] == "BODY_TOO_SLOW"
    assert await products() == 2


@pytest.mark.parametrize("length", [None, "200000000"])
async def test_200_megabytes_are_refused_early_and_not_kept(
    granian: Server, length: str | None
) -> None:
    before = granian.rss
    declared = {"Content-Length": length} if length else {}
    async with granian.post("/v1/products:bulk", **declared) as exchange:
        flooding = asyncio.create_task(exchange.flood(200_000_000, chunked=length is None))
        assert await exchange.status() == 413
        flooding.cancel()
        await asyncio.wait([flooding])
    assert granian.rss - before < 20_000_000


async def test_who_goes_away_leaves_whole_slices(granian: Server) -> None:
    async with granian.post(SKIP) as exchange:
        await exchange.send(upload(0, 100))
        assert await exchange.status() == 200
        await exchange.chunk()
        await exchange.send(upload(100, 3900))
    await asyncio.sleep(3)
    await idle()
    assert await products() in (100, 1100, 2100, 3100)


async def test_who_goes_away_before_the_end_of_a_whole_upload_leaves_nothing(
    granian: Server,
) -> None:
    async with granian.post("/v1/products:bulk") as exchange:
        await exchange.send(upload(0, 500))
    await asyncio.sleep(0.5)
    await idle()
    assert await products() == 0


async def test_who_reads_slowly_gets_everything(granian: Server) -> None:
    async with granian.post(SKIP) as exchange:
        sending = asyncio.create_task(exchange.all(b'{"slug": "x", "nonsense": 1}\n' * 30_000))
        assert await exchange.status() == 200
        await asyncio.sleep(2)
        results = await exchange.results()
        await sending
    assert [result["line"] for result in results] == list(range(1, 30_001))


@pytest.mark.parametrize("on_error", ["abort", "skip"])
async def test_memory_is_bounded(
    granian: Server, on_error: str, show: Callable[[str], None]
) -> None:
    content = b"".join(
        upload(n, n + 1, associations=[{"product": f"lamp-{(n + 1) % 5000:05}", "kind": "related"}])
        for n in range(5000)
    )
    before = peak = granian.rss
    begun = time.perf_counter()
    async with granian.post(f"/v1/products:bulk?on_error={on_error}") as exchange:
        sending = asyncio.create_task(exchange.all(content))
        answering = asyncio.create_task(exchange.whole())
        while not answering.done():
            peak = max(peak, granian.rss)
            await asyncio.sleep(0.05)
        await sending
        results = await answering
    seconds = time.perf_counter() - begun
    assert sorted(result["line"] for result in results) == list(range(1, 5001))
    assert {result["status"] for result in results} == {"created"}
    show(
        f"5,000 products, {on_error}: {seconds:.1f} s, "
        f"{(peak - before) / 1e6:.0f} MB more than {before / 1e6:.0f} MB"
    )
    assert peak - before < 150_000_000


async def test_a_database_that_goes_away_is_told_in_the_last_line(granian: Server) -> None:
    first, second = upload(0, 100), upload(100, 1100)
    async with granian.post(SKIP) as exchange:
        await exchange.send(first)
        assert await exchange.status() == 200
        await exchange.chunk()
        async with db.unit_of_work() as connection:
            await connection.execute("LOCK TABLE product IN ACCESS EXCLUSIVE MODE")
            await exchange.send(second)
            await exchange.finish()
            await connection.execute(KILL)
        results = await asyncio.wait_for(exchange.results(), 10)
    assert [(result["line"], result["status"]) for result in results] == [(None, "failed")]
    assert results[0]["errors"][0]["code"] == "UNAVAILABLE"
    assert await products() == 100


# Whoever waits for a lock, once somebody does.
KILL = """
DO $$ BEGIN
    LOOP
        PERFORM pg_sleep(0.05), pg_stat_clear_snapshot();
        PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock';
        EXIT WHEN FOUND;
    END LOOP;
END $$
"""
