"""What it takes to load catalog files, beside COPY of the rows that came of it.

COPY checks, indexes and resolves nothing that is not in the tables themselves: it is what a load
cannot be faster than.
"""

import asyncio
import io
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import asyncpg
import orjson

from bench import files
from bench.importer import Imported
from bench.place import Place, database
from bench.results import Findings, Ratio, Result
from catalog import db
from catalog.settings import Settings
from catalog.writes.synthetic.records import Size

SUITE = "imports"

# Each refers to those before it.
TABLES = (
    "channel",
    "stock_location",
    "stock_location_channel",
    "brand",
    "attribute",
    "attribute_option",
    "product_type",
    "product_type_attribute",
    "media",
    "category",
    "collection",
    "product",
    "product_category",
    "product_listing",
    "product_media",
    "collection_product",
    "variant",
    "variant_media",
    "price",
    "stock_level",
    "attribute_value",
    "translation",
)


async def run(place: Place) -> Findings:
    with tempfile.TemporaryDirectory() as folder:
        native, shopify = Path(folder) / "products.ndjson", Path(folder) / "products.csv"
        async with db.connected(place.settings, statement_timeout=0):
            await files.write_native(native, Size(place.products))
            await files.write_shopify(shopify)
        found = [
            await _imported(place, "native NDJSON", native),
            await _imported(place, "Shopify CSV", shopify),
        ]
    return Findings(
        [result for each in found for result in each.results],
        [ratio for each in found for ratio in each.ratios],
    )


async def _imported(place: Place, workload: str, file: Path) -> Findings:
    async with database("bench_import") as settings:
        first = await _load(settings, file)
        again = await _load(settings, file)
        if (first.changed, again.changed) != (place.products, 0):
            raise RuntimeError(f"{file}: {first.changed} products changed, then {again.changed}")
        rows = await _rows(settings)
    copied = await _copy(rows)
    results = [
        _result(place, workload, "first", first.seconds, first),
        _result(place, workload, "unchanged", again.seconds, again),
        _result(place, workload, "COPY", copied),
    ]
    return Findings(
        results,
        [
            Ratio(f"{workload}: first / COPY", first.seconds / copied),
            Ratio(f"{workload}: unchanged / COPY", again.seconds / copied),
        ],
    )


async def _load(settings: Settings, file: Path) -> Imported:
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


async def _rows(settings: Settings) -> Mapping[str, bytes]:
    connection = await asyncpg.connect(settings.database_url)
    rows: dict[str, bytes] = {}
    for table in TABLES:
        out = io.BytesIO()
        await connection.copy_from_table(table, output=out, format="binary")
        rows[table] = out.getvalue()
    await connection.close()
    return rows


async def _copy(rows: Mapping[str, bytes]) -> float:
    """Seconds for all rows, in one transaction, with every index and constraint in place."""
    async with database("bench_copy") as settings:
        connection = await asyncpg.connect(settings.database_url)
        columns = {table: await _columns(connection, table) for table in TABLES}
        begun = time.perf_counter()
        async with connection.transaction():
            for table, data in rows.items():
                await connection.copy_to_table(
                    table, source=io.BytesIO(data), columns=columns[table], format="binary"
                )
        seconds = time.perf_counter() - begun
        await connection.close()
    return seconds


async def _columns(connection: "asyncpg.Connection[asyncpg.Record]", table: str) -> Sequence[str]:
    """Without those that the database computes, which COPY leaves out too."""
    rows = await connection.fetch(
        """
        SELECT attname FROM pg_attribute
        WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
        ORDER BY attnum
        """,
        table,
    )
    return [row["attname"] for row in rows]


def _result(
    place: Place, workload: str, variant: str, seconds: float, imported: Imported | None = None
) -> Result:
    return Result(
        SUITE,
        workload,
        variant,
        concurrency=1,
        rps=place.products / seconds,
        cpu_ms=1000 * imported.cpu_seconds / place.products if imported else None,
        rss_mb=imported.rss_mb if imported else None,
    )
