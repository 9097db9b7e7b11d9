"""Whatever happens to Redis, to a worker or to its connections: no read fails for that, and none is
older than what was acknowledged."""

import hurting
import pytest
from fleet import Fleet
from history import History, Tell
from hurting import DEATHS, HURTS, WAYS, death
from load import Load


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


@pytest.mark.parametrize("way", WAYS)
async def test_a_worker_that_does_not_reach_redis_stays_coherent(
    way: str, fleet: Fleet, tell: Tell
) -> None:
    async with hurting.reached_by(way, fleet):
        history = await Load(fleet).run(seconds=3, reads=200)

    tell(history)
    well(history)


async def test_a_worker_that_begins_stays_coherent(fleet: Fleet, tell: Tell) -> None:
    history = await Load(fleet).run(seconds=3, reads=200, hurt=hurting.kill_a_worker)

    tell(history)
    well(history, broken=True)
    assert history.broken > 0


@pytest.mark.parametrize("point", DEATHS)
async def test_a_write_whose_process_dies_is_shown_everywhere_or_nowhere(
    point: str, fleet: Fleet, tell: Tell
) -> None:
    tell(f"{point}: shown everywhere after {1000 * await death(fleet, point):.0f} ms")
