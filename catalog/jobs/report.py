"""The rows that an import refused, as files: what stood there, what is wrong with it."""

import csv
import io
from collections.abc import AsyncIterator
from typing import Any, Literal

import orjson

from catalog.files import cells
from catalog.reads import imports
from catalog.reads.imports import RowError

Target = Literal["csv", "ndjson"]

MEDIA_TYPES: dict[Target, str] = {
    "csv": "text/csv; charset=utf-8; header=present",
    "ndjson": "application/x-ndjson",
}
# Prefixed, so that a file's own columns can stand beside them.
HEADER = (
    *("error_line", "error_column", "error_value", "error_severity", "error_code"),
    "error_message",
)


async def pieces(target: Target, job: int) -> AsyncIterator[bytes]:
    if target == "csv":
        columns = await _columns(job)
        yield _line([*HEADER, *map(cells.inert, columns)])
        async for page in imports.row_errors(job):
            yield b"".join(_line(_cells(error, columns)) for error in page)
    else:
        async for page in imports.row_errors(job):
            yield b"".join(map(_record, page))


async def _columns(job: int) -> list[str]:
    """Those of the file, in the order in which rows have them."""
    found: dict[str, None] = {}
    async for page in imports.row_errors(job):
        for error in page:
            found.update(dict.fromkeys(_input(error)))
    return list(found)


def _input(error: RowError) -> dict[str, Any]:
    held: dict[str, Any] = orjson.loads(error.input) if error.input else {}
    return held


def _record(error: RowError) -> bytes:
    record = {
        "line": error.line,
        "column": error.column,
        "value": error.value,
        "severity": _severity(error),
        "code": error.code,
        "message": error.message,
        "input": orjson.Fragment(error.input) if error.input else None,
    }
    return orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE)


def _cells(error: RowError, columns: list[str]) -> list[str]:
    told = (error.column or "", error.value or "", _severity(error), error.code, error.message)
    row = _input(error)
    held = (_cell(row.get(column)) for column in columns)
    return [str(error.line), *map(cells.inert, (*told, *held))]


def _cell(value: object) -> str:
    """A text as it is, nothing as an empty cell, anything else as JSON."""
    if value is None or isinstance(value, str):
        return value or ""
    return orjson.dumps(value).decode()


def _line(row: list[str]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerow(row)
    return buffer.getvalue().encode()


def _severity(error: RowError) -> str:
    return "warning" if error.warning else "error"
