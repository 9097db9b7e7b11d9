"""The queue of imports in PostgreSQL: handed in, begun by one process, given back, ended.

Jobs run one after the other in the order they came, like the files of one `catalog import`: a file
may need what the one before it brings. Whoever runs them holds the advisory lock `TURN` on the
connection that does the writing. So nobody else can begin before its last statement is over,
and PostgreSQL gives the turn on when the connection ends, however the process died.
"""

import asyncio
import os
from dataclasses import dataclass
from typing import Any, BinaryIO

from catalog import db
from catalog.db import Connection
from catalog.errors import Conflict, NotFound
from catalog.jobs import parts
from catalog.jobs.options import Options

# "jobs" in ASCII; the second key says what is locked.
LOCKS = int.from_bytes(b"jobs")
TURN, WORKER = 1, 2

# A process that is killed again and again by the same file would never get to the next one.
MAX_ATTEMPTS = 5
KEPT_DAYS = 30


@dataclass(frozen=True, slots=True)
class Job:
    """One that this process has begun."""

    id: int
    file_name: str
    options: Options
    attempts: int
    cancel_requested: bool


_ADD = """
INSERT INTO import_job (token_id, file_name, size, options) VALUES ($1, $2, $3, $4) RETURNING id
"""


async def add(file: BinaryIO, options: Options, *, name: str, token_id: int | None) -> int:
    """The new job's id. The file is in the database afterwards."""
    async with db.unit_of_work() as connection:
        size = await asyncio.to_thread(file.seek, 0, os.SEEK_END)
        job: int = await connection.fetchval(_ADD, token_id, name, size, options.kept)
        await parts.keep(job, file)
    return job


# Served by import_job_state_id_idx.
_NEXT = """
UPDATE import_job
SET state = 'running', attempts = attempts + 1, updated_at = now(),
    started_at = coalesce(started_at, now())
WHERE id = (
    SELECT id FROM import_job WHERE state IN ('queued', 'running') ORDER BY id LIMIT 1 FOR UPDATE
)
RETURNING id, file_name, options, attempts, cancel_requested
"""


async def begin(connection: Connection) -> Job | None:
    """The next job, with the turn until `rest`; None where there is none, or another has it."""
    if not await connection.fetchval("SELECT pg_try_advisory_lock($1, $2)", LOCKS, TURN):
        return None
    row = await connection.fetchrow(_NEXT)
    if row is None:
        await rest(connection)
        return None
    return Job(**{**dict(row), "options": Options(**row["options"])})


async def rest(connection: Connection) -> None:
    """Give the turn to whoever wants it."""
    await connection.execute("SELECT pg_advisory_unlock($1, $2)", LOCKS, TURN)


# The jobs are served by import_job_state_id_idx.
_STANDING = """
WITH held AS (
    SELECT objid::int AS what FROM pg_locks
    WHERE locktype = 'advisory' AND classid = $1::int AND objsubid = 2
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
)
SELECT EXISTS (SELECT FROM held WHERE what = $2) AS worked,
    EXISTS (SELECT FROM import_job WHERE state IN ('queued', 'running'))
    AND NOT EXISTS (SELECT FROM held WHERE what = $3) AS waiting
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether there is a worker, busy or not; and whether a job waits while nobody has the turn."""

    worked: bool
    waiting: bool


async def standing() -> Standing:
    return Standing(**dict((await db.fetch(_STANDING, LOCKS, WORKER, TURN))[0]))


async def work(connection: Connection) -> None:
    """Let others know that there is a worker, for as long as the connection lives."""
    await connection.execute("SELECT pg_advisory_lock_shared($1, $2)", LOCKS, WORKER)


_PROGRESS = """
UPDATE import_job SET stage = $2, done = $3, total = $4, updated_at = now()
WHERE id = $1 RETURNING cancel_requested
"""


async def tell(job: int, stage: str, done: int, total: int) -> bool:
    """Write down how far it is; returns whether it is to stop. On a connection of its own."""
    async with db.session() as connection:
        return bool(await connection.fetchval(_PROGRESS, job, stage, done, total))


_COUNTED = """
UPDATE import_job SET counts = $2, updated_at = now() WHERE id = $1 RETURNING cancel_requested
"""


async def count(job: int, counts: dict[str, Any]) -> bool:
    """Returns whether it is to stop."""
    async with db.unit_of_work() as connection:
        return bool(await connection.fetchval(_COUNTED, job, counts))


_CANCEL = """
UPDATE import_job
SET cancel_requested = true, updated_at = now(),
    state = CASE state WHEN 'queued' THEN 'cancelled' ELSE state END,
    finished_at = CASE state WHEN 'queued' THEN now() END
WHERE id = $1 AND state IN ('queued', 'running')
RETURNING state
"""


async def cancel(job: int) -> None:
    """A queued one at once, a running one at its next chunk. Raises `NotFound`, or `Conflict` where
    it is over already."""
    async with db.unit_of_work() as connection:
        state = await connection.fetchval(_CANCEL, job)
        if state == "cancelled":
            await _forget(connection, job)
        if state is not None:
            return
        state = await connection.fetchval("SELECT state FROM import_job WHERE id = $1", job)
    if state is None:
        raise NotFound("there is no such import", path=("id",))
    if state != "cancelled":
        raise Conflict(f"the import is over already: it is {state}")


@dataclass(frozen=True, slots=True)
class Ending:
    """How a job ended. `code` and `error` say why one failed."""

    state: str
    counts: dict[str, Any]
    format: str | None = None
    errors: int = 0
    warnings: int = 0
    code: str | None = None
    error: str | None = None


_END = """
UPDATE import_job
SET state = $2, counts = $3, format = $4, errors_total = $5, warnings_total = $6,
    error_code = $7, error = $8, finished_at = now(), updated_at = now()
WHERE id = $1
"""


async def end(job: int, ending: Ending) -> None:
    async with db.unit_of_work() as connection:
        await connection.execute(
            _END,
            *(job, ending.state, ending.counts, ending.format, ending.errors, ending.warnings),
            *(ending.code, ending.error),
        )
        await _forget(connection, job)


async def _forget(connection: Connection, job: int) -> None:
    """What only running it needed."""
    await connection.execute("DELETE FROM import_file_part WHERE job_id = $1", job)
    await connection.execute("DELETE FROM import_result WHERE job_id = $1", job)


# An attempt that ended in good order is none to be counted.
_RELEASE = """
UPDATE import_job SET state = 'queued', updated_at = now(), attempts = attempts - $2::int
WHERE id = $1
"""


async def release(job: int, *, counted: bool) -> None:
    """Back to the head of the queue; what it has written stays."""
    async with db.unit_of_work() as connection:
        await connection.execute(_RELEASE, job, 0 if counted else 1)


_PRUNE = f"DELETE FROM import_job WHERE finished_at < now() - interval '{KEPT_DAYS} days'"


async def prune() -> None:
    async with db.session() as connection:
        await connection.execute(_PRUNE)
