"""What was written and when, and whether what was read may have been: the judge of every run."""

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from shopfront import Question, shown
from wire import Answered

# Figures of a run, for who wants to know them.
Tell = Callable[[object], None]


@dataclass(slots=True)
class Commit:
    """Somebody's who tells nobody. `late` is for how many seconds readers began that did not see
    it."""

    version: int
    at: float
    late: float = 0.0


@dataclass(frozen=True, slots=True)
class Begun:
    """A read: when, and what was acknowledged by then."""

    at: float
    acked: dict[str, int]


@dataclass(slots=True)
class History:
    """Times are of CLOCK_MONOTONIC, in seconds. Versions of one lamp are committed in their order,
    for nobody writes it while another does."""

    acked: dict[str, int] = field(default_factory=dict)
    foreign: dict[str, list[Commit]] = field(default_factory=lambda: defaultdict(list))
    undone: set[int] = field(default_factory=set)
    reads: int = 0
    hits: int = 0
    acknowledged: int = 0
    stale: list[str] = field(default_factory=list)
    torn: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    # Connections that ended before an answer.
    broken: int = 0
    slowest: float = 0.0

    def acknowledge(self, slug: str, version: int) -> None:
        self.acked[slug] = version
        self.acknowledged += 1

    def commit(self, slug: str, version: int) -> None:
        self.foreign[slug].append(Commit(version, time.monotonic()))

    def begin(self) -> Begun:
        return Begun(time.monotonic(), dict(self.acked))

    def end(self, begun: Begun, question: Question, answer: Answered) -> None:
        self.reads += 1
        self.hits += answer.how.startswith(b"catalog; hit")
        self.slowest = max(self.slowest, time.monotonic() - begun.at)
        if answer.status != 200:
            self.failed.append(f"{answer.status} {answer.body[:300]!r}")
            return
        self._judge(begun, question, answer)

    def _judge(self, begun: Begun, question: Question, answer: Answered) -> None:
        found = shown(answer.body)
        told = f"{answer.how.decode()} {question.sent[:60]!r} {found.numbers}"
        if found.torn(sorted_=question.sorted):
            self.torn.append(told)
        for slug in question.slugs:
            version = found.numbers.get(slug, [0])[0]
            if version < begun.acked[slug]:
                self.stale.append(f"{slug} of {begun.acked[slug]}: {told}")
            if version in self.undone:
                self.torn.append(f"never committed: {told}")
            self._delay(self.foreign[slug], version, begun.at)

    def _delay(self, commits: Sequence[Commit], version: int, at: float) -> None:
        for commit in reversed(commits):
            if commit.version <= version:
                return
            if commit.at < at:
                commit.late = max(commit.late, at - commit.at)

    @property
    def commits(self) -> list[Commit]:
        return [each for commits in self.foreign.values() for each in commits]

    def __str__(self) -> str:
        late = sorted(each.late for each in self.commits) or [0.0]
        p50, p99 = (1000 * late[len(late) * part // 100] for part in (50, 99))
        return (
            f"{self.reads} reads, {self.hits} from a cache, {self.acknowledged} acknowledged and"
            f" {len(self.commits)} foreign writes: {len(self.stale)} stale, {len(self.torn)} torn,"
            f" {len(self.failed)} failed, {self.broken} broken off; foreign commits not shown for"
            f" p50 {p50:.0f}, p99 {p99:.0f}, max {1000 * late[-1]:.0f} ms;"
            f" slowest read {1000 * self.slowest:.0f} ms"
        )
