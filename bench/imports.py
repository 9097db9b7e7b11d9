"""What it takes to load catalog files, beside COPY of the rows that came of it.

COPY checks, indexes and resolves nothing that is not in the tables themselves: it is what a load
cannot be faster than.
"""

import tempfile
from pathlib import Path

from bench import files
from bench.copying import copied, load
from bench.importer import Imported
from bench.place import Place, database
from bench.results import Findings, Ratio, Result
from catalog import db
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
        first = await load(settings, file)
        again = await load(settings, file)
        if (first.changed, again.changed) != (place.products, 0):
            raise RuntimeError(f"{file}: {first.changed} products changed, then {again.changed}")
        bare = await copied(settings, TABLES)
    results = [
        _result(place, workload, "first", first.seconds, first),
        _result(place, workload, "unchanged", again.seconds, again),
        _result(place, workload, "COPY", bare),
    ]
    return Findings(
        results,
        [
            Ratio(f"{workload}: first / COPY", first.seconds / bare),
            Ratio(f"{workload}: unchanged / COPY", again.seconds / bare),
        ],
    )


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
