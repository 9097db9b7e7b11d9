"""A load: records by the stream, staged, checked as a whole, then written chunk by chunk.

With `abort` any error means that nothing is written; with `skip` the records that have errors are
left out. Nouns are written first, in the transaction of the checks; then each chunk of products in
one of its own, then prices and stock that came without their product. A kill leaves whole chunks,
and the same load again changes only the rest.
"""

import asyncio
from collections.abc import (
    AsyncGenerator,
    AsyncIterable,
    Awaitable,
    Callable,
    Iterable,
    Sequence,
)
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from catalog import aside
from catalog.db import Connection, session, unit_of_work
from catalog.writes import (
    applying,
    collections,
    dependents,
    nouns,
    offers,
    products,
    references,
    results,
    staging,
    translations,
)
from catalog.writes.collisions import told
from catalog.writes.counts import Counts
from catalog.writes.flattening import flatten
from catalog.writes.rows import Row, Rows
from catalog.writes.staging import Problem, Result, Sourced

Progress = Callable[[str, int, int], None]
Answered = Callable[[Sequence[Result]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Counts by noun; `written` is false where errors or a dry run kept all of it out."""

    counts: dict[str, Counts]
    problems: tuple[Problem, ...]
    written: bool

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if not problem.warning)


@dataclass(slots=True)
class _Load:
    on_error: Literal["abort", "skip"]
    dry_run: bool
    progress: Progress
    answered: Answered | None
    committing: Answered | None
    filled: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    counts: dict[str, Counts] = field(default_factory=dict)
    pending: list[Result] = field(default_factory=list)
    products: int = 0
    left_out: int = 0

    @property
    def failed(self) -> bool:
        return self.on_error == "abort" and any(not p.warning for p in self.problems)

    def note(self, found: Iterable[Result]) -> None:
        """What became of records, to be answered once it is committed."""
        if self.answered is not None:
            self.pending += map(_untold, found) if self.dry_run else found

    async def commit(self, found: Sequence[Result]) -> None:
        if self.committing is not None and not self.dry_run:
            await self.committing(found)

    async def answer(self) -> None:
        pending, self.pending = self.pending, []
        if self.answered is None or not pending:
            return
        warnings = results.by_line([p for p in self.problems if p.warning])
        await self.answered(
            [
                replace(result, problems=tuple(warnings[result.line]))
                if result.line in warnings and not result.problems
                else result
                for result in pending
            ]
        )


# A load is long by nature; the limits for requests are not meant for it.
_PATIENT = """
SET lock_timeout = '30s';
SELECT set_config('statement_timeout', '60s', false)
WHERE current_setting('statement_timeout') <> '0'
"""


def _untold(result: Result) -> Result:
    """Without the id of what a dry run would have created; a new price is of a variant, which is
    there."""
    if result.status != "created" or result.noun in ("price", "stock"):
        return result
    return replace(result, id=None)


class _Undo(Exception):
    """Takes back the transaction it leaves."""


async def load(
    batches: AsyncIterable[Sequence[Sourced | Problem]],
    *,
    on_error: Literal["abort", "skip"] = "abort",
    dry_run: bool = False,
    progress: Progress = lambda stage, done, total: None,
    answered: Answered | None = None,
    committing: Answered | None = None,
) -> Outcome:
    """Problems among the batches are the reader's: records it could not make sense of.

    `answered` is told what became of each record, once that is committed; `committing` what each
    transaction has written, within it, and again of a record that a later one links. Lines must be
    unique within a load. Raises `Conflict` when somebody else wrote the same things at the same
    time; then whole chunks may be written, and the same load again completes it.
    """
    run = _Load(on_error, dry_run, progress, answered, committing)
    async with session() as connection:
        await connection.execute(_PATIENT)
        try:
            with told("load the file again"):
                await staging.prepare(connection)
                await _stage(connection, batches, run)
                written = await _write(connection, run)
        finally:
            if not connection.is_closed():
                await connection.execute("RESET statement_timeout; RESET lock_timeout")
                await staging.prepare(connection)
    problems = sorted(set(run.problems), key=lambda problem: (problem.line, str(problem.path)))
    return Outcome(run.counts, tuple(problems), written)


async def _stage(
    connection: Connection, batches: AsyncIterable[Sequence[Sourced | Problem]], run: _Load
) -> None:
    rows = Rows()
    async with aclosing(_flattened(rows, batches)) as found:
        async for tables in found:
            await staging.copy(connection, tables)
            run.progress("read", rows.products, 0)
    run.products = rows.products
    run.problems += rows.problems
    run.filled = rows.filled
    await staging.analyze(connection)


# Rows, of all tables: a COPY of fewer costs mostly its own round trip.
_COPIED: Final = 2_000


async def _flattened(
    rows: Rows, batches: AsyncIterable[Sequence[Sourced | Problem]]
) -> AsyncGenerator[dict[str, list[Row]]]:
    """Batches are read and taken apart while those before them are copied."""
    source = aiter(batches)

    async def taken() -> dict[str, list[Row]]:
        async for batch in source:
            await aside.run(flatten, rows, aside.spared(batch))
            if rows.count >= _COPIED:
                break
        return rows.take()

    ahead = asyncio.create_task(taken())
    try:
        while tables := await ahead:
            ahead = asyncio.create_task(taken())
            yield tables
    finally:
        # A thread cannot be stopped, and must not outlive what it reads from.
        await asyncio.wait([ahead])


async def _write(connection: Connection, run: _Load) -> bool:
    refused = [problem for problem in run.problems if not problem.warning]
    left = {problem.line for problem in refused}
    run.left_out = len(left)
    await staging.leave_out(connection, refused)
    while errors := await _attempt(connection, run):
        lines = {problem.line for problem in errors}
        if lines <= left:
            # What is wrong is not theirs alone: nothing is written rather than that for ever.
            run.on_error = "abort"
        if run.on_error == "abort":
            break
        left |= lines
        run.left_out += await staging.leave_out(connection, errors)
    if run.failed:
        run.note(await results.of_refused(connection, run.problems, applying.STAGES))
    elif not run.dry_run:
        run.note(results.failed(results.by_line(run.problems)))
        await run.answer()
        await _write_products(connection, run)
    await run.answer()
    return not run.failed and not run.dry_run


async def _attempt(connection: Connection, run: _Load) -> list[Problem]:
    """Write the nouns and check the rest; takes all back, and returns the errors, if there are
    any. A dry run goes on to write everything before it takes it back."""
    errors: list[Problem] = []
    try:
        async with unit_of_work():
            found = await _nouns_and_checks(connection, run)
            run.problems += found
            errors = [problem for problem in found if not problem.warning]
            if errors or run.failed:
                raise _Undo
            nouns = await applying.finish_nouns(connection, run.filled)
            run.note(nouns)
            await run.commit(nouns)
            run.counts = await applying.count_nouns(connection, run.filled)
            if run.dry_run:
                run.note(results.failed(results.by_line(run.problems)))
                await _write_products(connection, run)
                raise _Undo
    except _Undo:
        pass
    return errors


async def _nouns_and_checks(connection: Connection, run: _Load) -> list[Problem]:
    run.progress("check", 0, run.products)
    await connection.execute("TRUNCATE stage_ref, stage_touched")
    problems = await applying.write_nouns(connection, run.filled)
    problems = problems or await applying.check(connection, run.filled, many=True)
    if run.on_error == "skip" and "stage_product" in run.filled:
        problems += await dependents.find(connection, problems)
    return problems


async def _write_products(connection: Connection, run: _Load) -> None:
    linked = {row["chunk"] for row in await connection.fetch(products.LINKED_CHUNKS)}
    numbers = await connection.fetch("SELECT DISTINCT chunk FROM stage_product ORDER BY chunk")
    for chunk in (row["chunk"] for row in numbers):
        async with unit_of_work():
            await connection.execute(_EMPTY)
            await products.write_chunk(connection, chunk, run.filled)
            done = await results.of_chunk(connection, chunk)
            if chunk not in linked:
                run.note(done)
            await run.commit(done)
        await _committed(run)
        if not run.dry_run and await connection.fetchval(products.OUTGROWN):
            await staging.sampled(connection, products.ANALYZE)
        run.progress("write", min((chunk + 1) * staging.CHUNK, run.products), run.products)
    await _link(connection, run, linked)
    await _write_offers(connection, run)
    run.counts["product"] = await products.count(connection, skipped=run.left_out)
    if run.counts["product"].created > staging.CHUNK and not run.dry_run:
        # Autovacuum would get there within minutes; the next load's plans need it at once.
        await connection.execute(products.ANALYZE)


# Thousands of rows, which a mere DELETE would leave behind for the next chunk to look through.
_EMPTY = "TRUNCATE stage_resolved, stage_touched"


async def _committed(run: _Load) -> None:
    if not run.dry_run:
        await run.answer()


async def _link(connection: Connection, run: _Load, linked: Iterable[int]) -> None:
    """What may lead to any product of the load, now that all are there."""
    await references.resolve(connection, ["product", "variant"])
    for chunk in sorted(linked):
        async with unit_of_work():
            await connection.execute(_EMPTY)
            await products.link_chunk(connection, chunk, run.filled)
            done = await results.of_chunk(connection, chunk)
            run.note(done)
            await run.commit(done)
        await _committed(run)
    async with unit_of_work():
        await connection.execute("TRUNCATE stage_touched")
        if "stage_product" in run.filled:
            await connection.execute(collections.ORDER.sql)
            await nouns.bump(connection, nouns.COLLECTION)
        await translations.write(connection)
        run.counts["translation"] += await translations.count(connection, of_products=True)
        done = await results.of_translations(connection, of_products=True)
        run.note(done)
        await run.commit(done)
    await _committed(run)


async def _write_offers(connection: Connection, run: _Load) -> None:
    if "stage_offer" not in run.filled:
        return
    await connection.execute(offers.RESOLVE)
    for row in await connection.fetch(offers.CHUNKS):
        async with unit_of_work():
            found = await offers.write_chunk(connection, row["chunk"])
            await run.commit(found)
        offers.add(run.counts, found)
        run.note(found)
        await _committed(run)
