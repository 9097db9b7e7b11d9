"""Our own CSV: only the columns that something is in, in an order of their own.

Which those are is not known before the last record, so the records are read twice, in the same
snapshot: that costs time, not memory.
"""

import asyncio
import csv
import io
from collections.abc import AsyncIterator, Callable, Iterable

from catalog.files import cells
from catalog.files.writing import columns
from catalog.reads.stored import Record

Source = Callable[[], AsyncIterator[list[Record]]]


async def write(records: Source) -> AsyncIterator[bytes]:
    names: set[str] = set()
    async for page in records():
        names |= await asyncio.to_thread(_names, page)
    header = sorted(names, key=columns.place)
    yield _lines([header])
    async for page in records():
        yield await asyncio.to_thread(_table, header, page)


def _names(page: list[Record]) -> set[str]:
    return {name for record in page for row in columns.rows(record) for name in row}


def _table(header: list[str], page: list[Record]) -> bytes:
    rows = (row for record in page for row in columns.rows(record))
    return _lines([cells.inert(row.get(name, "")) for name in header] for row in rows)


def _lines(rows: Iterable[list[str]]) -> bytes:
    held = io.StringIO(newline="")
    csv.writer(held, lineterminator="\n").writerows(rows)
    return held.getvalue().encode()
