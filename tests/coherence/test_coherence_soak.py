"""The same for longer, and how long things take. Seconds a run: SOAK_SECONDS (60); the history
without faults goes on until SOAK_READS (1,000,000), ten times as long at most."""

import asyncio
import os
import time

import asyncpg
import hurting
import pytest
from fleet import Fleet, Worker
from history import Tell
from hurting import DEATHS, HURTS, WAYS, everywhere
from load import BOTH, Load, versions
from shopfront import products
from wire import Connection

pytestmark = pytest.mark.soak

SECONDS = float(os.environ.get("SOAK_SECONDS", "60"))
READS = int(os.environ.get("SOAK_READS", "1000000"))
COMMITS = 1_000
KILLS = 20
# Found in a history sooner or later: what needs no order that never comes of itself.
SEEN = (
    *("stamp_after_reading", "memory_unchecked", "changed_head_ignored", "highest_xid"),
    *("rows_before_snapshot", "read_committed"),
)


async def test_a_long_history(fleet: Fleet, tell: Tell) -> None:
    history = await Load(fleet).run(seconds=SECONDS, reads=READS)

    tell(history)
    assert (history.stale, history.torn, history.failed, history.broken) == ([], [], [], 0)


@pytest.mark.parametrize("hurt", HURTS.values(), ids=HURTS)
async def test_a_long_history_of_a_hurt_shop(hurt: hurting.Hurt, fleet: Fleet, tell: Tell) -> None:
    history = await Load(fleet).run(seconds=SECONDS, hurt=hurt)

    tell(history)
    assert (history.stale, history.torn, history.failed, history.broken) == ([], [], [], 0)


@pytest.mark.parametrize("way", WAYS)
async def test_a_long_history_of_a_worker_that_does_not_reach_redis(
    way: str, fleet: Fleet, tell: Tell
) -> None:
    async with hurting.reached_by(way, fleet):
        history = await Load(fleet).run(seconds=SECONDS)

    tell(history)
    assert (history.stale, history.torn, history.failed, history.broken) == ([], [], [], 0)


@pytest.mark.parametrize("point", DEATHS)
async def test_how_soon_the_writes_of_processes_that_die_are_shown(
    point: str, fleet: Fleet, tell: Tell
) -> None:
    took = [await hurting.death(fleet, point) for _ in range(KILLS)]

    tell(f"{KILLS} killed {point}: {_spread(took)}")
    assert len(took) == KILLS


@pytest.mark.parametrize("mutant", SEEN)
async def test_a_mistake_is_seen_in_a_long_history(mutant: str, fleet: Fleet, tell: Tell) -> None:
    await fleet.told(("mutant", mutant))

    history = await Load(fleet).run(
        seconds=SECONDS, until=lambda found: bool(found.stale or found.torn)
    )

    tell(history)
    assert history.stale or history.torn


async def test_how_soon_all_workers_show_a_commit_that_nobody_tells_of(
    fleet: Fleet, tell: Tell
) -> None:
    connection = await asyncpg.connect(fleet.database_url)
    slug, delays = fleet.slugs[0], []
    for _ in range(COMMITS):
        version = next(versions)
        await connection.execute(BOTH, slug, version)
        began = time.monotonic()
        await everywhere(fleet, slug, version)
        delays.append(time.monotonic() - began)
    await connection.close()

    tell(f"{COMMITS} commits shown by all {len(fleet.workers)} after {_spread(delays)}")
    assert len(delays) == COMMITS


async def test_what_a_kept_answer_costs_without_redis(fleet: Fleet, tell: Tell) -> None:
    worker, redis = fleet.workers[0], fleet.redis
    await fleet.told(("write", (BOTH, fleet.slugs[0], next(versions))))
    tell(f"with Redis {_spread(await _asked(worker, fleet.slugs[0]))}")
    redis.pause()
    tell(f"Redis hangs {_spread(await _asked(worker, fleet.slugs[0]))}")
    redis.resume()
    redis.kill()
    tell(f"Redis is gone {_spread(await _asked(worker, fleet.slugs[0]))}")


async def _asked(worker: Worker, slug: str) -> list[float]:
    """Seconds of each of many answers, one after the other."""
    connection, question, took = await Connection.open(worker.port), products(slug)[0], []
    for _ in range(1_000):
        began = time.monotonic()
        assert (await connection.ask(question.sent)).status == 200
        took.append(time.monotonic() - began)
        await asyncio.sleep(0.002)
    connection.close()
    return took


def _spread(seconds: list[float]) -> str:
    ordered = [1000 * each for each in sorted(seconds)]
    p50, p99 = (ordered[len(ordered) * part // 100] for part in (50, 99))
    return f"p50 {p50:.1f}, p99 {p99:.1f}, max {ordered[-1]:.1f} ms"
