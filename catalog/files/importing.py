"""Catalog files into the database: read in a thread, loaded as they are read."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Literal

from catalog import aside, db
from catalog.errors import CurrencyNotSold
from catalog.files import formats
from catalog.files.formats import Format
from catalog.files.reading import Defaults, Reading
from catalog.files.text import open_text
from catalog.settings import Settings
from catalog.writes import loading
from catalog.writes.counts import Counts
from catalog.writes.loading import Outcome, Progress
from catalog.writes.staging import Lists, Problem, Result, Sourced

# Few: garbage is looked for among all that is being loaded, and the event loop waits meanwhile.
_BATCH = 100


@dataclass(frozen=True, slots=True)
class Order:
    """What to do with every file. `currency` and `channel` are for files that name none."""

    mapping: Path | None = None
    format: Format | None = None
    encoding: str | None = None
    currency: str | None = None
    channel: str | None = None
    on_error: Literal["abort", "skip"] = "abort"
    dry_run: bool = False
    lists: Lists = "merge"


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem where the file has it: by the file's own column."""

    line: int
    column: str
    value: str | None
    code: str
    message: str
    warning: bool


@dataclass(frozen=True, slots=True)
class Report:
    """What became of one file. `counts` are by noun."""

    file: Path
    format: str
    counts: dict[str, Counts]
    findings: tuple[Finding, ...]
    written: bool
    seconds: float

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if not finding.warning)


Answered = Callable[[Sequence[Result], Sequence[Finding]], Awaitable[None]]


async def load(
    path: Path,
    order: Order,
    settings: Settings,
    progress: Progress,
    answered: Answered | None = None,
    committing: loading.Answered | None = None,
) -> Report:
    """Raises FileRefused for a file that cannot be read, at whatever line that turns out.

    `answered` is told what became of the records, once each, and what was found in them;
    `committing` is as of a load.
    """
    begun = time.perf_counter()
    defaults = await _defaults(order, settings)
    reading, guessed = await asyncio.to_thread(_open, path, order, defaults)

    async def told(results: Sequence[Result]) -> None:
        problems = [problem for result in results for problem in result.problems]
        if answered is not None:
            await answered(results, await asyncio.to_thread(_findings, problems, reading))

    outcome = await loading.load(
        _batches(reading.records, order.lists),
        on_error=order.on_error,
        dry_run=order.dry_run,
        progress=progress,
        answered=told if answered else None,
        committing=committing,
    )
    problems = (*guessed, *outcome.problems, *_nothing(outcome))
    findings = await asyncio.to_thread(_findings, problems, reading)
    seconds = time.perf_counter() - begun
    return Report(path, reading.format, outcome.counts, findings, outcome.written, seconds)


def _open(path: Path, order: Order, defaults: Defaults | None) -> tuple[Reading, Sequence[Problem]]:
    file = open_text(path, encoding=order.encoding)
    reading = formats.read(file, defaults, mapped_by=order.mapping, format=order.format)
    if not file.guessed:
        return reading, ()
    said = "is likely, not certain: look at names with accents, or say --encoding"
    return reading, [Problem(1, ("encoding",), file.encoding, "GUESSED", said, warning=True)]


def _nothing(outcome: Outcome) -> Sequence[Problem]:
    if outcome.problems or any(counts != Counts() for counts in outcome.counts.values()):
        return ()
    said = "the file has no record below its header; was it exported with a filter?"
    return [Problem(1, (), None, "NO_RECORDS", said, warning=True)]


async def _batches(
    records: Iterator[Sourced | Problem], lists: Lists
) -> AsyncIterator[Sequence[Sourced | Problem]]:
    def read() -> list[Sourced | Problem]:
        return [_meant(record, lists) for record in aside.spared(islice(records, _BATCH))]

    while batch := await aside.run(read):
        yield batch


def _meant(record: Sourced | Problem, lists: Lists) -> Sourced | Problem:
    """`merge` is what records say themselves."""
    if lists == "merge" or isinstance(record, Problem):
        return record
    return replace(record, lists=lists)


def _findings(problems: Sequence[Problem], reading: Reading) -> tuple[Finding, ...]:
    """A column that fills two fields, as an ID of product and variant, is told of once."""
    return tuple(dict.fromkeys(_finding(problem, reading) for problem in problems))


def _finding(problem: Problem, reading: Reading) -> Finding:
    return Finding(
        problem.line,
        reading.column(problem.path, problem.value) if problem.path else "",
        problem.value,
        problem.code,
        problem.message,
        problem.warning,
    )


_CHANNEL = """
SELECT code, default_currency, default_locale, currencies FROM channel
WHERE deleted_at IS NULL AND CASE WHEN $1::text IS NULL THEN is_default ELSE code = $1 END
"""

_KINDS = "SELECT code, kind FROM attribute WHERE deleted_at IS NULL"


async def _defaults(order: Order, settings: Settings) -> Defaults | None:
    """Of the channel that was asked for, or of the default one; a new one needs a currency."""
    kinds = {row["code"]: row["kind"] for row in await db.fetch(_KINDS)}
    rows = await db.fetch(_CHANNEL, order.channel)
    if not rows:
        if order.currency is None:
            return None
        code = order.channel or "default"
        return Defaults(code, order.currency, settings.catalog_locale, kinds)
    row = rows[0]
    if order.currency is not None and order.currency not in row["currencies"]:
        raise CurrencyNotSold(
            f"the channel {row['code']} does not sell in {order.currency} but in "
            f"{', '.join(row['currencies'])}; add the currency to it, or say another --channel"
        )
    currency = order.currency or row["default_currency"]
    return Defaults(row["code"], currency, row["default_locale"], kinds)
