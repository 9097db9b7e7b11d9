"""The file of a job in the database, where whichever process runs the job finds it."""

import asyncio
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from catalog import db

_PART = 1024 * 1024

_KEEP = "INSERT INTO import_file_part (job_id, position, content) VALUES ($1, $2, $3)"

# Served by import_file_part_job_id_position_key.
_GET = "SELECT content FROM import_file_part WHERE job_id = $1 AND position = $2"


async def keep(job: int, file: BinaryIO) -> None:
    """All of a file, a packed megabyte at a time; within the caller's unit of work."""
    parts = _packed(file)
    async with db.unit_of_work() as connection:
        position = 0
        while part := await asyncio.to_thread(next, parts, None):
            await connection.execute(_KEEP, job, position, part)
            position += 1


async def restore(job: int, file: Path) -> None:
    async with db.session() as connection:
        position = 0
        while (part := await connection.fetchval(_GET, job, position)) is not None:
            await asyncio.to_thread(_append, file, part)
            position += 1


def _packed(file: BinaryIO) -> Iterator[bytes]:
    """Fast rather than small: the file is read once more and then deleted."""
    file.seek(0)
    while block := file.read(_PART):
        yield zlib.compress(block, level=1)


def _append(file: Path, part: bytes) -> None:
    with file.open("ab") as stream:
        stream.write(zlib.decompress(part))
