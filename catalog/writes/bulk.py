"""Uploads: loaded as one, or slice by slice while they come; every record is answered once.

A record comes out of the load with its line. What it refers to may stand on a later line, also
where slices are committed one by one: what lacks only that is put by and loaded again in the end.
"""

import asyncio
import pickle
import random
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass
from functools import partial
from typing import IO, Final, Literal, TypeAlias

from catalog import db
from catalog.errors import Conflict
from catalog.writes import loading, results
from catalog.writes.loading import Answered
from catalog.writes.staging import Problem, Result, Sourced

Read: TypeAlias = Sourced | Problem

# What is committed and answered together: records, or sooner as many bytes of the upload.
SLICE: Final = 1_000
# The first of them is so much shorter that its answers come at once.
FIRST_SLICE: Final = 100
WEIGHT: Final = 4_000_000
# Seconds without anything new after which what is there is loaded.
PAUSE: Final = 0.2
# Pieces that are read before they are asked for.
_AHEAD: Final = 4
_BATCH: Final = 500
# Two uploads of the same products get in each other's way; the later one finds them there.
_ATTEMPTS: Final = 5


@dataclass(frozen=True, slots=True)
class Piece:
    """Records as they were read, all that there is of each, out of so many bytes."""

    records: Sequence[Read]
    size: int


_NOTHING: Final = Piece((), 0)


@dataclass(slots=True)
class Work:
    """Whether a slice is being loaded right now: who sent it may be waiting for its results."""

    busy: bool = False


class Abandoned(Exception):
    """Raised by pieces and by `answered` when nobody waits for answers any more: what is committed
    stays, nothing else is begun."""


async def at_once(
    pieces: Callable[[], AsyncGenerator[Piece]],
    *,
    on_error: Literal["abort", "skip"],
    dry_run: bool,
    answered: Answered,
) -> None:
    """Everything checked before anything is written. `pieces` can be had again, from the first.

    Raises Conflict when others keep writing the same things; whole chunks may be written then.
    """

    async def batches() -> AsyncIterator[Sequence[Read]]:
        async with aclosing(pieces()) as found:
            async for piece in found:
                yield piece.records

    await _persist(_Once(answered), batches, on_error=on_error, dry_run=dry_run)


async def in_slices(pieces: AsyncGenerator[Piece], *, answered: Answered, work: Work) -> None:
    """Each slice committed and answered as soon as it is there; what has errors is left out.

    Raises what `pieces` raises, once all that came before it is answered.
    """
    with tempfile.TemporaryFile() as file:
        put_by, slices = _PutBy(file), _Slices(pieces)
        async with aclosing(slices.all()) as found:
            async for records in found:
                work.busy = True
                await answered(await put_by.waiting(records, await _loaded(records)))
                work.busy = False
        await _late(put_by, answered)
        if slices.error is not None:
            raise slices.error


async def _late(put_by: "_PutBy", answered: Answered) -> None:
    if put_by.lines:
        once = _Once(answered)
        try:
            await _persist(once, put_by.batches, on_error="skip")
        except Conflict as error:
            await answered(_conflicting(put_by.lines - once.lines, error))


async def _loaded(records: Sequence[Read]) -> list[Result]:
    """What became of a slice. The session is given back before anybody is told: they may be slow
    to listen."""
    if not any(isinstance(record, Sourced) for record in records):
        return results.failed(results.by_line([r for r in records if isinstance(r, Problem)]))
    found: list[Result] = []

    async def keep(answers: Sequence[Result]) -> None:
        found.extend(answers)

    async def batches() -> AsyncIterator[Sequence[Read]]:
        yield records

    once = _Once(keep)
    try:
        await _persist(once, batches, on_error="skip")
    except Conflict as error:
        found += _conflicting({record.line for record in records} - once.lines, error)
    return found


def _conflicting(lines: Iterable[int], error: Conflict) -> list[Result]:
    return [
        Result(
            line, "record", "failed", problems=(Problem(line, (), None, error.code, error.message),)
        )
        for line in sorted(lines)
    ]


class _Once:
    """Tells of each line once, though a load that is begun again tells of all of them."""

    def __init__(self, answered: Answered) -> None:
        self.lines: set[int] = set()
        self._answered = answered

    async def __call__(self, answers: Sequence[Result]) -> None:
        new = [answer for answer in answers if answer.line not in self.lines]
        self.lines.update(answer.line for answer in new)
        if new:
            await self._answered(new)


async def _persist(
    once: _Once,
    batches: Callable[[], AsyncIterator[Sequence[Read]]],
    *,
    on_error: Literal["abort", "skip"],
    dry_run: bool = False,
) -> None:
    """The same load again where another writer was quicker."""
    load = partial(loading.load, on_error=on_error, dry_run=dry_run, answered=once)
    for attempt in range(1, _ATTEMPTS):
        with suppress(Conflict), db.answering():
            await load(batches())
            return
        await asyncio.sleep(random.uniform(0, 0.1 * 2**attempt))
    with db.answering():
        await load(batches())


class _PutBy:
    """Records that refer to what is not there yet, kept on disk: they may be most of an upload."""

    def __init__(self, file: IO[bytes]) -> None:
        self.lines: set[int] = set()
        self._file = file

    async def waiting(self, records: Sequence[Read], found: Sequence[Result]) -> list[Result]:
        """Those of the results that are final; the records of the others are kept."""
        early = {result.line for result in found if _lacks_only_references(result)}
        if early:
            self.lines |= early
            await asyncio.to_thread(self._keep, [r for r in records if r.line in early])
        return [result for result in found if result.line not in early]

    async def batches(self) -> AsyncIterator[Sequence[Read]]:
        await asyncio.to_thread(self._file.seek, 0)
        stored = self._stored()
        while batch := await asyncio.to_thread(next, stored, None):
            yield batch

    def _keep(self, records: Sequence[Read]) -> None:
        for start in range(0, len(records), _BATCH):
            pickle.dump(records[start : start + _BATCH], self._file, pickle.HIGHEST_PROTOCOL)

    def _stored(self) -> Iterator[Sequence[Read]]:
        with suppress(EOFError):
            while True:
                yield pickle.load(self._file)


def _lacks_only_references(result: Result) -> bool:
    errors = [problem for problem in result.problems if not problem.warning]
    return result.status == "failed" and all(p.code == "REFERENCE_NOT_FOUND" for p in errors)


class _Slices:
    """Cut from pieces, which are read ahead while slices are loaded. `error` is what ended them."""

    def __init__(self, pieces: AsyncGenerator[Piece]) -> None:
        self.error: Exception | None = None
        self._pieces = pieces
        self._queue: asyncio.Queue[Piece | None] = asyncio.Queue(_AHEAD)

    async def all(self) -> AsyncGenerator[list[Read]]:
        ahead = asyncio.create_task(self._read())
        held: list[Read] = []
        size, most = 0, min(FIRST_SLICE, SLICE)
        try:
            while (piece := await self._next(patient=not held)) is not None:
                self._check()
                held += piece.records
                size += piece.size
                while len(held) >= most or (held and (size >= WEIGHT or piece is _NOTHING)):
                    end = _end(held, most)
                    yield held[:end]
                    held, size, most = held[end:], 0, SLICE
            self._check()
            while held:
                end = _end(held, most)
                yield held[:end]
                held = held[end:]
        finally:
            ahead.cancel()
            await asyncio.wait([ahead])

    def _check(self) -> None:
        if isinstance(self.error, Abandoned):
            raise self.error

    async def _read(self) -> None:
        try:
            async with aclosing(self._pieces) as pieces:
                async for piece in pieces:
                    if piece.records:
                        await self._queue.put(piece)
        except Exception as error:
            self.error = error
        await self._queue.put(None)

    async def _next(self, *, patient: bool) -> Piece | None:
        """None after the last; nothing, when that takes longer than a client should wait who has
        sent something."""
        try:
            async with asyncio.timeout(None if patient else PAUSE):
                return await self._queue.get()
        except TimeoutError:
            return _NOTHING


def _end(held: Sequence[Read], most: int) -> int:
    """A slice has all that was read of a line."""
    end = min(most, len(held))
    while end < len(held) and held[end].line == held[end - 1].line:
        end += 1
    return end
