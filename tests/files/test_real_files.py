"""Files that real shops exported: every row is imported or explained, and counted twice.

The second count is made of the raw rows with nothing but `csv`.
"""

import csv
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import pytest

from catalog import db
from catalog.files import importing
from catalog.files.importing import Order, Report
from catalog.settings import Settings

SHOPIFY = {
    "shopifypartners-apparel.csv": {},
    "shopifypartners-home-and-garden.csv": {},
    "gatsby-demo-odd-headers.csv": {"HANDLE_AGAIN": 1, "OPTIONS_AGAIN": 1},
    "egnition-sneakers-export.csv": {"SKU_MENDED": 11},
    "staches-metafields-export.csv": {"DUPLICATE_SKU": 3, "DUPLICATE_GTIN": 3},
    "shopify-official-template-2025.csv": {"COMPARE_AT_BELOW_PRICE": 3, "INVALID_GTIN": 14},
}
WOOCOMMERCE = {"sample_products.csv": {}}
FILES = [
    *((f"shopify/{name}", expected) for name, expected in SHOPIFY.items()),
    *((f"woocommerce/{name}", expected) for name, expected in WOOCOMMERCE.items()),
]


@dataclass(frozen=True)
class Count:
    products: int
    variants: int
    prices: int
    images: int
    stock: int


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [
            {str(column).casefold(): cell.strip() for column, cell in row.items()}
            for row in csv.DictReader(file)
        ]


def _count(path: Path) -> Count:
    rows = _rows(path)
    return _count_shopify(rows) if "handle" in rows[0] else _count_woocommerce(rows)


def _count_shopify(rows: list[dict[str, str]]) -> Count:
    variants: dict[tuple[str, ...], dict[str, str]] = {}
    for row in rows:
        options = [row[f"option{n} value"] for n in (1, 2, 3)]
        if any(options) or row["variant price"] or row["variant sku"]:
            variants.setdefault((row["handle"], *options), row)
    quantity = "variant inventory qty" if "variant inventory qty" in rows[0] else None
    return Count(
        products=len({row["handle"] for row in rows}),
        variants=len(variants),
        prices=sum(bool(row["variant price"]) for row in variants.values()),
        images=len(
            {
                (row["handle"], row["image src"], row["image alt text"])
                for row in rows
                if row["image src"]
            }
        ),
        stock=sum(bool(row[quantity or "variant inventory quantity"]) for row in variants.values()),
    )


def _count_woocommerce(rows: list[dict[str, str]]) -> Count:
    kinds = defaultdict(list)
    for row in rows:
        kinds[row["type"].partition(",")[0]].append(row)
    variants = kinds["simple"] + kinds["external"] + kinds["variation"]
    products = [row for row in rows if row["type"] != "variation"]
    return Count(
        products=len(products),
        variants=len(variants),
        prices=sum(bool(row["regular price"]) for row in variants),
        images=sum(len(row["images"].split(", ")) for row in products if row["images"]),
        stock=sum(bool(row["stock"]) for row in variants),
    )


_STORED = """
SELECT (SELECT count(*) FROM product)::int AS products,
    (SELECT count(*) FROM variant)::int AS variants,
    (SELECT count(*) FROM price)::int AS prices,
    (SELECT count(*) FROM product_media)::int AS images,
    (SELECT count(*) FROM stock_level)::int AS stock
"""


async def _import(path: Path, settings: Settings) -> Report:
    return await importing.load(path, Order(currency="USD"), settings, lambda *_: None)


@pytest.mark.usefixtures("clean")
@pytest.mark.parametrize(("name", "expected"), FILES, ids=[name for name, _ in FILES])
async def test_a_real_file_is_imported_whole(
    real_data: Path, settings: Settings, name: str, expected: dict[str, int]
) -> None:
    path = real_data / name
    first = await _import(path, settings)
    assert (first.written, first.errors) == (True, ())
    codes = [finding.code for finding in first.findings]
    assert {code: codes.count(code) for code in codes} == expected
    assert all(finding.line and finding.column for finding in first.findings)

    (stored,) = await db.fetch(_STORED)
    assert Count(**dict(stored)) == _count(path)

    again = await _import(path, settings)
    assert again.findings == first.findings
    changed = {
        noun: counts
        for noun, counts in again.counts.items()
        if counts.created or counts.updated or counts.skipped
    }
    assert (again.written, changed) == (True, {})


@pytest.mark.usefixtures("clean")
async def test_all_real_shops_live_in_one_catalog(real_data: Path, settings: Settings) -> None:
    for _ in range(2):
        reports = [await _import(real_data / name, settings) for name, _ in FILES]
        assert [finding for report in reports for finding in report.errors] == []
    changed = sum(
        counts.created + counts.updated for report in reports for counts in report.counts.values()
    )
    assert changed == 0
    (stored,) = await db.fetch(_STORED)
    assert stored["products"] == sum(_count(real_data / name).products for name, _ in FILES)
