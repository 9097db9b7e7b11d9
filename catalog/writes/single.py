"""One record written as both faces write it: in one transaction, joined to the caller's."""

import random
from collections.abc import Sequence

from catalog.db import Connection, unit_of_work
from catalog.errors import Flaw, Invalid, VersionConflict
from catalog.writes import (
    applying,
    offers,
    products,
    references,
    results,
    staging,
    translations,
)
from catalog.writes.collisions import told
from catalog.writes.flattening import flatten
from catalog.writes.inputs import PriceRecord, ProductInput, Record, StockRecord, TranslationRecord
from catalog.writes.rows import Rows
from catalog.writes.staging import Lists, Mode, Problem, Result, Sourced


async def write(
    record: Record,
    *,
    target: int | None = None,
    variant: int | None = None,
    mode: Mode = "upsert",
    if_version: int | None = None,
    lists: Lists = "merge",
) -> Result:
    """Raises `Invalid` with all that is wrong, `VersionConflict`, or `Conflict` when somebody else
    wrote the same thing at the same time; then the caller's unit of work must end too. See
    `Sourced` for the arguments.
    """
    sourced = Sourced(
        record,
        1,
        target=target,
        variant=variant,
        mode=mode,
        if_version=if_version,
        lists=lists,
    )
    rows = Rows()
    flatten(rows, [sourced])
    tables = rows.take()
    _refuse(rows.problems)
    async with unit_of_work() as connection:
        with told("repeat the change"):
            await _ready(connection)
            await staging.copy(connection, tables)
            await _lock(connection, sourced)
            warnings = await _checked(connection, rows.filled)
            result = await _apply(connection, record, rows.filled)
            await staging.clear(connection, rows.filled)
    warned = (*rows.problems, *warnings)
    return Result(1, result.noun, result.status, result.id, result.external_id, warned)


async def _ready(connection: Connection) -> None:
    """Stage tables that are empty. What is deleted from temporary tables no vacuum takes away, so
    now and then they are made anew."""
    there = await connection.fetchval("SELECT to_regclass('pg_temp.stage_product') IS NOT NULL")
    if not there or random.random() < 0.01:
        await staging.prepare(connection)


async def _lock(connection: Connection, sourced: Sourced) -> None:
    """Before anything of the product is compared: of two writers with one version one finds another
    version after its wait."""
    if isinstance(sourced.record, ProductInput):
        await connection.execute(products.MATCH)
        await connection.execute(products.LOCK, 0)


async def _checked(connection: Connection, filled: set[str]) -> list[Problem]:
    problems = await applying.write_nouns(connection, filled)
    problems = problems or await applying.check(connection, filled, many=False)
    _refuse(problems)
    return problems


def _refuse(problems: Sequence[Problem]) -> None:
    errors = [problem for problem in problems if not problem.warning]
    for problem in errors:
        if problem.code == VersionConflict.code:
            raise VersionConflict(problem.message)
    if errors:
        raise Invalid([Flaw(p.code, p.path, p.message, p.value) for p in errors])


async def _apply(connection: Connection, record: Record, filled: set[str]) -> Result:
    if isinstance(record, PriceRecord | StockRecord):
        return (await offers.write_chunk(connection, -1))[0]
    if isinstance(record, ProductInput):
        await products.write_chunk(connection, 0, filled)
        if await connection.fetch(products.LINKED_CHUNKS):
            await references.resolve(connection, ["product"])
            await products.link_chunk(connection, 0, filled)
        return (await results.of_chunk(connection, 0))[0]
    if isinstance(record, TranslationRecord):
        await translations.write(connection)
        of_products = await results.of_translations(connection, of_products=True)
        return (of_products or await applying.finish_nouns(connection, filled))[0]
    return (await applying.finish_nouns(connection, filled))[-1]
