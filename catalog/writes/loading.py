"""A load: records by the stream, staged, checked as a whole, then written chunk by chunk.

With `abort` any error means that nothing is written; with `skip` the records that have errors are
left out. Nouns are written first, in the transaction of the checks; then each chunk of products in
one of its own. A kill leaves whole chunks, and the same load again changes only the rest.
"""

import asyncio
from collections.abc import AsyncIterable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import asyncpg

from catalog.db import Connection, session, unit_of_work
from catalog.errors import Conflict
from catalog.writes import (
    attributes,
    brands,
    categories,
    channels,
    checks,
    collections,
    product_types,
    products,
    references,
    staging,
    stock,
    translations,
    variants,
)
from catalog.writes.counts import Counts
from catalog.writes.flattening import flatten
from catalog.writes.rows import Rows
from catalog.writes.staging import Problem, Sourced

Progress = Callable[[str, int, int], None]

# In this order: each refers to those before it.
_NOUNS = (
    ("channel", "stage_channel", channels.write),
    ("stock_location", "stage_location", stock.write_locations),
    ("attribute", "stage_attribute", attributes.write),
    ("product_type", "stage_type", product_types.write),
    ("brand", "stage_brand", brands.write),
    ("category", "stage_category", categories.write),
    ("collection", "stage_collection", collections.write),
)


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
    problems: list[Problem] = field(default_factory=list)
    counts: dict[str, Counts] = field(default_factory=dict)
    products: int = 0
    left_out: int = 0

    @property
    def failed(self) -> bool:
        return self.on_error == "abort" and any(not p.warning for p in self.problems)


class _Undo(Exception):
    """Takes back the transaction it leaves."""


# A unique key or a lock that another writer was quicker to get.
_COLLISIONS = (
    asyncpg.UniqueViolationError,
    asyncpg.ExclusionViolationError,
    asyncpg.ForeignKeyViolationError,
    asyncpg.LockNotAvailableError,
    asyncpg.DeadlockDetectedError,
)


async def load(
    batches: AsyncIterable[Sequence[Sourced | Problem]],
    *,
    on_error: Literal["abort", "skip"] = "abort",
    dry_run: bool = False,
    progress: Progress = lambda stage, done, total: None,
) -> Outcome:
    """Problems among the batches are the reader's: records it could not make sense of.

    Lines must be unique within a load. Raises `Conflict` when somebody else wrote the same things
    at the same time; then whole chunks may be written, and the same load again completes it.
    """
    run = _Load(on_error, dry_run, progress)
    async with session() as connection:
        # A load is long by nature; the limits for requests are not meant for it.
        await connection.execute("SET statement_timeout = 0; SET lock_timeout = '30s'")
        try:
            await staging.prepare(connection)
            await _stage(connection, batches, run)
            written = await _write(connection, run)
        except _COLLISIONS as error:
            raise Conflict(
                f"somebody else wrote the same thing meanwhile ({error.constraint_name or error}); "
                "load the file again"
            ) from error
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
    async for batch in batches:
        await staging.copy(connection, await asyncio.to_thread(flatten, rows, batch))
        run.progress("read", rows.products, 0)
    run.products = rows.products
    run.problems += rows.problems
    await staging.analyze(connection)


async def _write(connection: Connection, run: _Load) -> bool:
    refused = [problem for problem in run.problems if not problem.warning]
    run.left_out = len({problem.line for problem in refused})
    await staging.leave_out(connection, refused)
    while errors := await _attempt(connection, run):
        if run.on_error == "abort":
            break
        run.left_out += await staging.leave_out(connection, errors)
    if run.failed or run.dry_run:
        return False
    await _write_products(connection, run)
    return True


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
            if run.dry_run:
                await _write_products(connection, run)
                raise _Undo
    except _Undo:
        pass
    return errors


async def _nouns_and_checks(connection: Connection, run: _Load) -> list[Problem]:
    run.progress("check", 0, run.products)
    await connection.execute("TRUNCATE stage_ref, stage_touched")
    run.counts = {}
    for noun, stage, write in _NOUNS:
        problems = await write(connection)
        if problems:
            return problems
        run.counts[noun] = await _count(connection, noun, stage)
    await references.collect(connection, references.ALL_SOURCES)
    await references.resolve(connection, references.TARGETS)
    for statement in _RESOLVE:
        await connection.execute(statement)
    return await checks.find(connection)


# What has just been written has no statistics yet, and joins of it would be taken for tiny.
_ANALYZE_NOUNS = f"""
    ANALYZE stage_ref, attribute_option, product_type_attribute,
        {", ".join(noun for noun, _, _ in _NOUNS)}
"""


_RESOLVE = (
    *attributes.OPTION_REFS,
    references.MEMBERSHIPS,
    _ANALYZE_NOUNS,
    products.MATCH,
    variants.OPTION_KEYS,
    variants.MATCH_ALL,
    # Resolved columns had no statistics when the stage was analysed.
    "ANALYZE stage_product, stage_variant, stage_membership",
)


async def _count(connection: Connection, noun: str, stage: str) -> Counts:
    row = await connection.fetchrow(
        f"""
        SELECT count(*) FILTER (WHERE s.fresh)::int AS created,
            count(*) FILTER (WHERE NOT s.fresh AND w.id IS NOT NULL)::int AS updated,
            count(*) FILTER (WHERE NOT s.fresh AND w.id IS NULL)::int AS unchanged
        FROM {stage} s LEFT JOIN stage_touched w ON w.kind = '{noun}' AND w.id = s.id
        """
    )
    return Counts(**dict(row)) if row else Counts()


async def _write_products(connection: Connection, run: _Load) -> None:
    numbers = await connection.fetch("SELECT DISTINCT chunk FROM stage_product ORDER BY chunk")
    for chunk in (row["chunk"] for row in numbers):
        await products.write_chunk(chunk)
        run.progress("write", min((chunk + 1) * staging.CHUNK, run.products), run.products)
    await references.resolve(connection, ["product", "variant"])
    for row in await connection.fetch(_LINKED_CHUNKS):
        await products.link_chunk(row["chunk"])
    async with unit_of_work():
        await connection.execute("TRUNCATE stage_touched")
        await connection.execute(collections.ORDER.sql)
        run.counts["translation"] = await translations.write(connection)
    run.counts["product"] = await products.count(connection, skipped=run.left_out)
    if run.counts["product"].created >= staging.CHUNK:
        # Autovacuum would get there within minutes; the next load's plans need it at once.
        await connection.execute(f"ANALYZE {products.WRITTEN_TABLES}")


_LINKED_CHUNKS = """
SELECT chunk FROM stage_association
UNION SELECT s.chunk FROM stage_value s
JOIN attribute a ON a.code = s.attribute AND a.deleted_at IS NULL AND a.kind = 'reference'
ORDER BY chunk
"""
