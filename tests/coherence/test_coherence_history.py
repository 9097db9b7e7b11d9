"""Nobody is shown what is older than what was acknowledged before he asked, nor two moments in one
answer, whatever is written, by whom, and in which order it ends."""

import pytest
from fleet import Fleet
from history import Tell
from load import Load


async def test_no_answer_is_older_than_an_acknowledged_write(fleet: Fleet, tell: Tell) -> None:
    history = await Load(fleet).run(seconds=20, reads=1_000)

    tell(history)
    assert (history.stale, history.torn, history.failed, history.broken) == ([], [], [], 0)
    assert history.reads >= 1_000
    assert history.hits >= history.reads // 10
    assert len(history.commits) >= len(fleet.slugs)


@pytest.mark.parametrize("mutant", ["memory_unchecked", "changed_head_ignored", "highest_xid"])
async def test_a_mistake_is_seen_in_a_history(mutant: str, fleet: Fleet, tell: Tell) -> None:
    """Those that show in any; the others need an order of their own."""
    await fleet.told(("mutant", mutant))

    history = await Load(fleet).run(seconds=20, until=lambda found: bool(found.stale))

    tell(f"{mutant}: {history}")
    assert history.stale
