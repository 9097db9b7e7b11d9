"""What became of the records of a job, each counted once however often the job was begun.

A record is known by its noun, its line and its row: a foreign file mentions several categories on
one line. What was written before a kill is unchanged in the attempt after it, and stays counted as
what it was.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import TypeAlias

from catalog import db
from catalog.writes.staging import Result

Counted: TypeAlias = dict[str, dict[str, int]]
_Key: TypeAlias = tuple[str, int, int]

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
        self._earlier: set[_Key] = set()
        self._counts: defaultdict[str, Counter[str]] = defaultdict(Counter)

    async def restore(self) -> None:
        """What attempts before this one have noted."""
        async with db.session() as connection:
            for row in await connection.fetch(_EARLIER, self._job):
                places = zip(row["lines"], row["ids"], strict=True)
                keys = {(row["noun"], line, id) for line, id in places}
                self._earlier |= keys
                self._counts[row["noun"]][row["status"]] += len(keys)

    @property
    def counts(self) -> Counted:
        """By noun: how many were created, updated, unchanged, failed."""
        return {noun: dict(found) for noun, found in self._counts.items()}

    def try_out(self, results: Sequence[Result]) -> None:
        """Count what nothing was written of."""
        for result in results:
            self._counts[result.noun][result.status] += 1

    async def add(self, results: Sequence[Result]) -> None:
        """Count, and note for a later attempt what was written; in the caller's unit of work."""
        fresh = [result for result in results if self._key(result) not in self._earlier]
        self.try_out(fresh)
        noted = [(each.noun, each.status, each.line, each.id) for each in fresh if each.id]
        if noted:
            async with db.unit_of_work() as connection:
                await connection.execute(_NOTE, self._job, *map(list, zip(*noted, strict=True)))

    def _key(self, result: Result) -> _Key:
        return (result.noun, result.line, result.id or 0)
