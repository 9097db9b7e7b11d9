"""The rows of a job that were refused or doubted, kept for whoever mends them."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from catalog import db
from catalog.errors import FileRefused
from catalog.files import inputs
from catalog.files.importing import Finding, Order
from catalog.jobs import words

MOST = 10_000
# Rows that are encoded at a time: a web process has requests to answer in between.
_SLICE = 250

_COLUMNS = ("job_id", "line", "column", "value", "code", "message", "warning", "input")


async def keep(job: int, findings: Sequence[Finding], *, file: Path, order: Order) -> None:
    """The first `MOST`, errors before warnings, each with its row as the file has it."""
    records = await asyncio.to_thread(_records, job, findings, file, order)
    async with db.unit_of_work() as connection:
        await connection.execute("DELETE FROM import_row_error WHERE job_id = $1", job)
        for first in range(0, len(records), _SLICE):
            await connection.copy_records_to_table(
                "import_row_error", records=records[first : first + _SLICE], columns=_COLUMNS
            )


def _records(
    job: int, findings: Sequence[Finding], file: Path, order: Order
) -> list[tuple[object, ...]]:
    kept = sorted(findings, key=lambda finding: (finding.warning, finding.line))[:MOST]
    return [
        (
            *(job, each.line, each.column or None, each.value, each.code),
            *(words.told(each.message, file.parent.parent), each.warning, row),
        )
        for each, row in zip(kept, _rows(file, order, kept), strict=True)
    ]


def _rows(file: Path, order: Order, findings: Sequence[Finding]) -> list[str | None]:
    """Of a file that breaks off, none: what was refused is told all the same."""
    lines = {finding.line for finding in findings}
    try:
        found = inputs.by_line(
            file, lines, mapping=order.mapping, format=order.format, encoding=order.encoding
        )
    except FileRefused:
        found = {}
    return [found.get(finding.line) for finding in findings]
