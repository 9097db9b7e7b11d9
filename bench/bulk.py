"""What a bulk write takes, beside COPY of the same rows into the same tables.

A product comes with 4 variants, 8 prices, 4 stock levels, 3 pictures and 5 attributes. COPY runs
with `session_replication_role = replica`: no foreign key is checked and no trigger fires but those
of the change log, so that it takes what writing the rows and their indexes takes, and little else.
"""

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import orjson

from bench import files
from bench.copying import copied, load
from bench.importer import Imported
from bench.place import Place, database
from bench.results import Findings, Ratio, Result
from catalog import db
from catalog.settings import Settings
from catalog.writes.synthetic.records import Size

SUITE = "bulk"
PRODUCTS = "bulk upsert of products"
PRICES = "bulk upsert of prices"
# Each refers to those before it.
TABLES = (
    *("media", "product", "product_category", "product_listing", "product_media"),
    *("collection_product", "variant", "variant_media", "price", "stock_level"),
    *("attribute_value", "translation"),
)


async def run(place: Place) -> Findings:
    with tempfile.TemporaryDirectory() as folder:
        native = Path(folder) / "products.ndjson"
        async with db.connected(place.settings, statement_timeout=0):
            await files.write_native(native, Size(place.products))
        async with database("bench_bulk") as settings:
            return await _measured(place, settings, native)


async def _measured(place: Place, settings: Settings, native: Path) -> Findings:
    changed, prices = native.with_name("changed.ndjson"), native.with_name("prices.ndjson")
    count = _write(changed, _changed(native)) and _write(prices, _prices(native))
    first = await load(settings, native)
    bare = await copied(settings, TABLES, role="replica")
    again = await load(settings, native)
    tenth = await load(settings, changed)
    priced = await load(settings, prices)
    bare_prices = await copied(settings, ["price"], role="replica")
    _expect(first, place.products)
    _expect(again, 0)
    _expect(tenth, len(range(0, place.products, 10)))
    results = [
        _result(PRODUCTS, "first", place.products, first.seconds, first),
        _result(PRODUCTS, "unchanged", place.products, again.seconds, again),
        _result(PRODUCTS, "10 % changed", place.products, tenth.seconds, tenth),
        _result(PRODUCTS, "COPY", place.products, bare),
        _result(PRICES, "changed", count, priced.seconds, priced),
        _result(PRICES, "COPY", count, bare_prices),
    ]
    return Findings(
        results,
        [
            Ratio(f"{PRODUCTS}: first / COPY", first.seconds / bare),
            Ratio(f"{PRODUCTS}: unchanged / first", again.seconds / first.seconds),
            Ratio(f"{PRODUCTS}: 10 % changed / first", tenth.seconds / first.seconds),
            Ratio(f"{PRICES}: changed / COPY", priced.seconds / bare_prices),
        ],
    )


def _expect(imported: Imported, products: int) -> None:
    if imported.changed != products:
        raise RuntimeError(f"{imported.changed} products changed, not {products}")


def _products(native: Path) -> Iterator[files.Product]:
    with native.open("rb") as file:
        for line in file:
            record = orjson.loads(line)
            if record.get("record", "product") == "product":
                yield record


def _changed(native: Path) -> Iterator[files.Product]:
    """Every tenth has another name and other prices."""
    for number, product in enumerate(_products(native)):
        if number % 10 == 0:
            product["name"] += " II"
            for variant in product["variants"]:
                for price in variant["prices"]:
                    price["amount"] = _raised(price["amount"])
        yield product


def _prices(native: Path) -> Iterator[Mapping[str, object]]:
    """All of them, each a record that raises the price."""
    for product in _products(native):
        for variant in product["variants"]:
            for price in variant["prices"]:
                told = {key: price[key] for key in ("currency", "compare_at")}
                amount = _raised(_raised(price["amount"]))
                yield {"record": "price", "variant": variant["sku"], "amount": amount} | told


def _raised(amount: str) -> str:
    return f"{float(amount) + 1:.2f}"


def _write(file: Path, records: Iterable[Mapping[str, object]]) -> int:
    count = 0
    with file.open("wb") as out:
        for record in records:
            out.write(orjson.dumps(record) + b"\n")
            count += 1
    return count


def _result(
    workload: str, variant: str, count: int, seconds: float, imported: Imported | None = None
) -> Result:
    return Result(
        SUITE,
        workload,
        variant,
        concurrency=1,
        rps=count / seconds,
        cpu_ms=1000 * imported.cpu_seconds / count if imported else None,
        rss_mb=imported.rss_mb if imported else None,
    )
