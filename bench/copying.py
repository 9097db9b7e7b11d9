"""A file loaded in a process of its own, and COPY of the rows that came of it."""

import asyncio
import io
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import asyncpg
import orjson

from bench.importer import Imported
from bench.place import database
from catalog.settings import Settings

# COPY is over so soon that one reading says little.
COPIES = 3


async def load(settings: Settings, file: Path) -> Imported:
    """In a process of its own, so that its memory is its own."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.importer", str(file)),
        stdout=subprocess.PIPE,
        env=os.environ | {"DATABASE_URL": str(settings.database_url)},
    )
    said, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"{file} was not imported")
    return Imported(**orjson.loads(said))


async def copied(settings: Settings, tables: Sequence[str], *, role: str = "origin") -> float:
    """Seconds for the rows that these tables have, into an empty database in one transaction. As
    the session replication role `replica` no foreign key is checked, and no trigger fires but those
    of the change log."""
    connection = await asyncpg.connect(settings.database_url)
    columns = {table: await _columns(connection, table) for table in tables}
    rows = {table: await _rows(connection, table, columns[table]) for table in tables}
    await connection.close()
    async with database("bench_copy") as empty:
        connection = await asyncpg.connect(empty.database_url)
        await connection.execute(f"SET session_replication_role = {role}")
        seconds = [await _copy(connection, rows, columns) for _ in range(COPIES)]
        await connection.close()
    return statistics.median(seconds)


async def _copy(
    connection: "asyncpg.Connection[asyncpg.Record]",
    rows: Mapping[str, bytes],
    columns: Mapping[str, Sequence[str]],
) -> float:
    await connection.execute(f"TRUNCATE {', '.join(rows)} CASCADE")
    begun = time.perf_counter()
    async with connection.transaction():
        for table, data in rows.items():
            await connection.copy_to_table(
                table, source=io.BytesIO(data), columns=columns[table], format="binary"
            )
    return time.perf_counter() - begun


async def _rows(
    connection: "asyncpg.Connection[asyncpg.Record]", table: str, columns: Sequence[str]
) -> bytes:
    out = io.BytesIO()
    await connection.copy_from_table(table, output=out, columns=columns, format="binary")
    return out.getvalue()


async def _columns(connection: "asyncpg.Connection[asyncpg.Record]", table: str) -> Sequence[str]:
    """Without those that the database computes."""
    rows = await connection.fetch(
        """
        SELECT attname FROM pg_attribute
        WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
        ORDER BY attnum
        """,
        table,
    )
    return [row["attname"] for row in rows]
