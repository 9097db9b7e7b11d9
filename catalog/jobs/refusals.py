"""The rows of a job that were refused or doubted, kept for whoever mends them."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from catalog import db
from catalog.errors import FileRefused
from catalog.files import inputs
from catalog.files.importing import Finding, Order

MOST = 10_000

_COLUMNS = ("job_id", "line", "column", "value", "code", "message", "warning", "input")


async def keep(job: int, findings: Sequence[Finding], *, file: Path, order: Order) -> None:
    """The first `MOST`, errors before warnings, each with its row as the file has it."""
    kept = sorted(findings, key=lambda finding: (finding.warning, finding.line))[:MOST]
    rows = await asyncio.to_thread(_rows, file, order, kept)
    async with db.unit_of_work() as connection:
        await connection.execute("DELETE FROM import_row_error WHERE job_id = $1", job)
        await connection.copy_records_to_table(
            "import_row_error",
            records=[
                (job, f.line, f.column or None, f.value, f.code, f.message, f.warning, row)
                for f, row in zip(kept, rows, strict=True)
            ],
            columns=_COLUMNS,
        )


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
