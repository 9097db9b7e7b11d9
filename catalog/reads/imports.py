"""Imports that were handed in, and the rows they refused."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime

from catalog import db
from catalog.context import Context, Principal
from catalog.paging import Key, Order, Page, Paging
from catalog.reads import query
from catalog.views import JsonObject

NEWEST = Order("import.newest", (Key("j.id", int, descending=True),))
_PAGE = 500


@dataclass(frozen=True, slots=True)
class Import:
    """`counts` are by noun: how many records were created, updated, unchanged, failed."""

    id: int
    state: str
    file_name: str
    size: int
    format: str | None
    options: JsonObject
    stage: str
    done: int
    total: int
    counts: dict[str, dict[str, int]]
    errors_total: int
    warnings_total: int
    error_code: str | None
    error: str | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class RowError:
    """`input` is the row as the file has it, as JSON text, where it could be told apart."""

    id: int
    line: int
    column: str | None
    value: str | None
    code: str
    message: str
    warning: bool
    input: str | None


_COLUMNS = ", ".join(f"j.{name}" for name in Import.__dataclass_fields__)


def _select(_: Context, found: str) -> str:
    return f"""
        SELECT {_COLUMNS}, found.key_0
        FROM ({found}) AS found JOIN import_job AS j ON j.id = found.id"""


def _view(row: db.Record) -> Import:
    return Import(**{name: row[name] for name in Import.__dataclass_fields__})


_SHAPE = query.Shape("j", _select, _view)


async def page(principal: Principal, *, paging: Paging) -> Page[Import]:
    """The newest first; served by the primary key. There are imports before there is a channel."""
    ctx = Context(principal, 0, "", "", "", (), datetime.now(UTC))
    return await query.page(ctx, _SHAPE, "import_job AS j WHERE true", order=NEWEST, paging=paging)


async def count() -> int:
    return int((await db.fetch("SELECT count(*) FROM import_job"))[0][0])


async def by_id(job: int) -> Import | None:
    rows = await db.fetch(f"SELECT {_COLUMNS} FROM import_job AS j WHERE j.id = $1", job)
    return _view(rows[0]) if rows else None


# Served by import_row_error_job_id_line_idx.
_ROW_ERRORS = f"""
SELECT {", ".join(f'"{name}"' for name in RowError.__dataclass_fields__)} FROM import_row_error
WHERE job_id = $1 AND (line, id) > ($2, $3) ORDER BY line, id LIMIT {_PAGE}
"""


async def row_errors(job: int) -> AsyncIterator[list[RowError]]:
    """In the order of the file, page by page; no connection is held in between."""
    line, last = 0, 0
    while rows := await db.fetch(_ROW_ERRORS, job, line, last):
        page = [RowError(**dict(row)) for row in rows]
        yield page
        line, last = page[-1].line, page[-1].id
