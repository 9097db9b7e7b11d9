"""Nobody is shown what is older than what was acknowledged before he asked (and nobody two moments
in one answer), whatever is written, by whom, and in which order it ends."""

from fleet import Fleet
from load import Load


async def test_no_answer_is_older_than_an_acknowledged_write(fleet: Fleet) -> None:
    history = await Load(fleet).run(seconds=20, reads=2_000, hits=500)

    print(history)
    assert (history.stale, history.torn, history.failed, history.broken) == ([], [], [], 0)
    assert history.reads >= 2_000
    assert history.hits >= 500
    assert all(len(commits) > 0 for commits in history.foreign.values())
