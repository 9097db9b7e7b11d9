"""A process that imports one file into the database of its environment, and says what that took."""

import asyncio
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import orjson

from catalog import db
from catalog.files import importing
from catalog.files.importing import Order, Report
from catalog.settings import Settings


@dataclass(frozen=True, slots=True)
class Imported:
    """`changed` counts products that were created or updated."""

    seconds: float
    cpu_seconds: float
    rss_mb: float
    changed: int


async def load(file: Path) -> Report:
    settings = Settings()
    async with db.connected(settings, statement_timeout=0):
        order = Order(currency=None if file.suffix == ".ndjson" else "EUR")
        return await importing.load(file, order, settings, lambda stage, done, total: None)


def main(file: Path) -> Imported:
    begun, cpu = time.perf_counter(), time.process_time()
    report = asyncio.run(load(file))
    if not report.written:
        raise SystemExit(f"{file}: {report.errors[0]}")
    products = report.counts["product"]
    return Imported(
        seconds=time.perf_counter() - begun,
        cpu_seconds=time.process_time() - cpu,
        rss_mb=_peak_mb(),
        changed=products.created + products.updated,
    )


def _peak_mb() -> float:
    """Of this program alone: what getrusage(2) tells counts whoever started it too."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


if __name__ == "__main__":
    print(orjson.dumps(main(Path(sys.argv[1]))).decode())
