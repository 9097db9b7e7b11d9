"""What became of the records of a job, each counted once however often the job was begun.

A record is known by its noun, its line and its row: a foreign file mentions several categories on
one line. What was written before a kill is unchanged in the attempt after it, and stays counted as
what it was.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from catalog import db
from catalog.writes.staging import Result

Counted: TypeAlias = dict[str, dict[str, int]]
_Key: TypeAlias = tuple[str, int, int]

# What a record is that was noted more than once: in the attempt that was killed and in the next
# one, or when it was written and again when it was linked to others.
_RANKS = ("unchanged", "updated", "created")

# Served by import_result_job_id_idx.
_EARLIER = "SELECT noun, status, lines, ids FROM import_result WHERE job_id = $1"

_NOTE = """
INSERT INTO import_result (job_id, noun, status, lines, ids)
SELECT $1, noun, status, array_agg(line), array_agg(id)
FROM unnest($2::text[], $3::text[], $4::int[], $5::int[]) AS t (noun, status, line, id)
GROUP BY noun, status
"""


class Tally:
    """`failed` is of this attempt only: whoever lacked something may find it the next time."""

    def __init__(self, job: int) -> None:
        self._job = job
        self._known: dict[_Key, str] = {}
        self._counts: defaultdict[str, Counter[str]] = defaultdict(Counter)

    @property
    def counts(self) -> Counted:
        """By noun: how many were created, updated, unchanged, failed."""
        return {noun: {**found} for noun, found in self._counts.items() if any(found.values())}

    async def restore(self) -> None:
        """What attempts before this one have noted."""
        async with db.session() as connection:
            for row in await connection.fetch(_EARLIER, self._job):
                for line, id in zip(row["lines"], row["ids"], strict=True):
                    self._count(Result(line, row["noun"], row["status"], id), known=True)

    def try_out(self, results: Iterable[Result]) -> None:
        """Count what nothing was written of."""
        for result in results:
            self._counts[result.noun][result.status] += 1

    def leave_out(self, numbers: Mapping[str, int]) -> None:
        for noun, number in numbers.items():
            self._counts[noun]["failed"] += number

    async def add(self, results: Sequence[Result]) -> None:
        """Count what was written, and note it for a later attempt; in the caller's unit of work."""
        news = [(each.noun, each.status, each.line, each.id) for each in results if self._new(each)]
        if news:
            async with db.unit_of_work() as connection:
                await connection.execute(_NOTE, self._job, *map(list, zip(*news, strict=True)))

    def _new(self, result: Result) -> bool:
        # Of these there may be a million, and none is told twice within an attempt.
        return self._count(result, known=result.noun not in ("price", "stock"))

    def _count(self, result: Result, *, known: bool) -> bool:
        """Whether it was not counted before, or as less than it is."""
        key = (result.noun, result.line, result.id or 0)
        before = self._known.get(key)
        if before is not None and _RANKS.index(before) >= _RANKS.index(result.status):
            return False
        if before is not None:
            self._counts[result.noun][before] -= 1
        self._counts[result.noun][result.status] += 1
        if known or before is not None:
            self._known[key] = result.status
        return True
