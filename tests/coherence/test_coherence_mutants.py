"""The tests of coherence can fail: each mistake that a cache like this can have is found, and the
cache that has none passes the same."""

import asyncio
from collections.abc import Awaitable, Callable

import interleavings
import mutants
import pytest
import worlds
from mutants import Mutant
from worlds import Stale, World

from catalog.settings import Settings

Story = Callable[[World], Awaitable[None]]

# Which story shows which mistake.
MUTANTS: dict[Mutant, Story] = {
    mutants.stamp_after_reading: interleavings.a_write_while_an_answer_is_read,
    mutants.filling_believed: interleavings.a_reader_who_waits_for_a_filling,
    mutants.memory_unchecked: interleavings.a_plain_write,
    mutants.changed_head_ignored: interleavings.a_plain_write,
    mutants.told_before_commit: interleavings.a_reader_when_all_are_told,
    mutants.head_after_log: interleavings.a_write_while_the_log_is_read,
    mutants.missing_head_unchanged: interleavings.a_flush_before_and_after,
    mutants.head_kept_across_connections: interleavings.an_old_token_after_a_reconnect,
    mutants.token_repeated: interleavings.a_token_whose_answer_was_lost,
    mutants.no_wait_without_redis: interleavings.a_writer_without_redis,
    mutants.no_lease: interleavings.a_commit_that_nobody_tells_of,
    mutants.highest_xid: interleavings.a_commit_between_others,
    mutants.rows_before_snapshot: interleavings.a_late_commit_while_the_log_is_read,
    mutants.no_cut: interleavings.an_xid_that_comes_again,
    mutants.no_floor: interleavings.a_sleep_past_the_retention,
    mutants.no_epoch: interleavings.another_history,
    mutants.joined_follow: interleavings.a_reader_while_a_follow_is_under_way,
    mutants.joined_get: interleavings.a_reader_while_the_head_is_read,
    mutants.new_rows_only: interleavings.a_product_that_leaves_a_list,
    mutants.read_committed: interleavings.a_write_between_two_statements,
}

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
