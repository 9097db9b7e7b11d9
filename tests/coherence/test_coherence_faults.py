"""Whatever happens to Redis, to a worker or to its connections: no read fails for that, and none is
older than what was acknowledged."""

import time

import asyncpg
import hurting
import pytest
from fleet import Fleet
from history import History, Tell
from hurting import HURTS, everywhere
from load import BOTH, Load, versions

TRUE = "SELECT substr(name, 7)::int FROM product WHERE slug = $1"


def well(history: History, *, broken: bool = False) -> None:
    assert (history.stale, history.torn, history.failed) == ([], [], [])
    assert broken or history.broken == 0
    assert history.hits > 0
    assert history.acknowledged > len(history.acked)


@pytest.mark.parametrize("hurt", HURTS.values(), ids=HURTS)
async def test_a_hurt_shop_stays_coherent(hurt: hurting.Hurt, fleet: Fleet, tell: Tell) -> None:
    history = await Load(fleet).run(seconds=3, reads=200, hurt=hurt)

    tell(history)
    well(history)


async def test_a_worker_that_is_cut_off_from_redis_stays_coherent(fleet: Fleet, tell: Tell) -> None:
    async with hurting.cut_off(fleet):
        history = await Load(fleet).run(seconds=3, reads=200)

    tell(history)
    well(history)


async def test_a_worker_that_begins_stays_coherent(fleet: Fleet, tell: Tell) -> None:
    history = await Load(fleet).run(seconds=3, reads=200, hurt=hurting.kill_a_worker)

    tell(history)
    well(history, broken=True)
    assert history.broken > 0


@pytest.mark.parametrize(
    ("point", "written"), [("before commit", False), ("before head", True), ("after head", True)]
)
async def test_a_write_whose_process_dies_is_shown_everywhere_or_nowhere(
    point: str, written: bool, fleet: Fleet, tell: Tell
) -> None:
    slug, before, after = fleet.slugs[0], next(versions), next(versions)
    await fleet.workers[0].told(("write", (BOTH, slug, before)))
    await everywhere(fleet, slug, before)
    dying = await fleet.start()
    await dying.told(("die", point))

    with pytest.raises(OSError, match="closed"):
        await dying.told(("write", (BOTH, slug, after)))
    began = time.monotonic()
    await everywhere(fleet, slug, after if written else before)
    tell(f"{point}: shown everywhere after {1000 * (time.monotonic() - began):.0f} ms")
    await dying.kill()

    connection = await asyncpg.connect(fleet.database_url)
    assert await connection.fetchval(TRUE, slug) == (after if written else before)
    await connection.close()
