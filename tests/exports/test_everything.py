"""All real catalogs together in one shop: exported, imported into an empty database and exported
again, the files are the same to the byte.
"""

import json
import lzma
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
import servers
from exporting import export, import_
from test_round_trip import EXAMPLES, SHOPIFY

from catalog import db
from catalog.files import importing
from catalog.files.importing import Order
from catalog.settings import Settings

pytestmark = pytest.mark.usefixtures("clean")

# Spree's come first: they make the channel, which the others then sell in.
MAPPED = (
    ("spree/products.csv", "spree-products"),
    ("spree/product_translations.csv", "spree-translations"),
    ("bestbuy/typesense-ecommerce.json.xz", "bestbuy"),
    ("lego/themes.csv", "lego-themes"),
    ("lego/colors.csv", "lego-colors"),
    ("lego/sets.csv.xz", "lego-sets"),
    ("lego/elements.csv.xz", "lego-elements"),
    ("taxonomy/en.json.xz", "taxonomy-en"),
    ("taxonomy/de.json.xz", "taxonomy-de"),
    ("taxonomy/fr.json.xz", "taxonomy-fr"),
    ("buildcores/products.jsonl.xz", "buildcores"),
)
SHOPS = (*(f"shopify/{name}" for name in SHOPIFY), "woocommerce/sample_products.csv")
SLICE = 1_000
TREES = 3


def _sources(folder: Path, work: Path, *, lines: int | None) -> Iterator[tuple[Path, Order]]:
    """Every file, or the beginning of those that are long."""
    # Elements look the names of their colours up beside them.
    (work / "colors.csv").write_bytes((folder / "lego/colors.csv").read_bytes())
    for name, example in MAPPED:
        order = Order(mapping=EXAMPLES / f"{example}.yaml")
        yield _beginning(folder / name, work, lines), order
    for name in SHOPS:
        yield folder / name, Order(currency="USD")


def _beginning(path: Path, work: Path, lines: int | None) -> Path:
    if lines is None or path.suffix != ".xz":
        return path
    begun = work / path.name.removesuffix(".xz")
    with lzma.open(path, "rt", encoding="utf-8-sig", newline="") as file:
        text = "".join(islice(file, lines if begun.suffix != ".json" else None))
    if begun.suffix == ".json":
        text = json.dumps(_beginning_of_document(json.loads(text), lines))
    begun.write_text(text, encoding="utf-8", newline="")
    return begun


def _beginning_of_document(document: Any, items: int) -> Any:
    """Of a list its first items, of the taxonomy its first trees."""
    if isinstance(document, list):
        return document[:items]
    return document | {"verticals": document["verticals"][:TREES]}


async def _there_and_back(
    real_data: Path, work: Path, settings: Settings, lines: int | None
) -> int:
    """The number of products that went there and back."""
    for path, order in _sources(real_data, work, lines=lines):
        report = await importing.load(path, order, settings, lambda *_: None)
        assert (report.file, report.errors, report.written) == (path, (), True)
    products = (await db.fetch("SELECT count(*) AS n FROM product"))[0]["n"]
    records, table = await export("ndjson"), await export("csv")
    await servers.empty()
    await import_(work / "all.ndjson", records, settings)
    assert await export("ndjson") == records
    assert await export("csv") == table
    await servers.empty()
    await import_(work / "all.csv", table, settings)
    assert await export("csv") == table
    return int(products)


async def test_the_beginning_of_everything(
    real_data: Path, tmp_path: Path, settings: Settings
) -> None:
    assert await _there_and_back(real_data, tmp_path, settings, SLICE) > 3_500


@pytest.mark.soak
async def test_everything(real_data: Path, tmp_path: Path, settings: Settings) -> None:
    assert await _there_and_back(real_data, tmp_path, settings, None) > 60_000
