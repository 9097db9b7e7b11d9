"""The tests of coherence can fail: each mistake that a cache like this can have is found, and the
cache that has none passes the same."""

import asyncio

import pytest
import worlds
from interleavings import MUTANTS
from mutants import Mutant
from worlds import Stale

from catalog.settings import Settings

EACH = pytest.mark.parametrize("mutant", MUTANTS, ids=[each.__name__ for each in MUTANTS])


async def told(settings: Settings, redis_url: str, mutant: Mutant) -> None:
    async with asyncio.timeout(60), worlds.world(settings, redis_url) as world:
        await MUTANTS[mutant](world)


@EACH
async def test_a_mistake_is_found(
    mutant: Mutant, clean: None, settings: Settings, redis_url: str
) -> None:
    with mutant(), pytest.raises(Stale):
        await told(settings, redis_url, mutant)


@EACH
async def test_without_the_mistake_all_is_well(
    mutant: Mutant, clean: None, settings: Settings, redis_url: str
) -> None:
    await told(settings, redis_url, mutant)
