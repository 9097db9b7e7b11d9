"""An export, imported into an empty database and exported again, is the same to the byte."""

import lzma
from itertools import islice
from pathlib import Path

import pytest
import servers
from exporting import export, import_

from catalog import sample
from catalog.files import importing
from catalog.files.exporting import Target
from catalog.files.importing import Order
from catalog.settings import Settings

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
SHOPIFY = (
    "shopifypartners-apparel.csv",
    "shopifypartners-home-and-garden.csv",
    "gatsby-demo-odd-headers.csv",
    "egnition-sneakers-export.csv",
    "staches-metafields-export.csv",
    "shopify-official-template-2025.csv",
)


@pytest.mark.usefixtures("clean")
@pytest.mark.parametrize("target", ["ndjson", "csv"])
async def test_the_sample_shop(tmp_path: Path, settings: Settings, target: Target) -> None:
    await sample.load()
    first = await export(target)
    await servers.empty()
    await import_(tmp_path / f"first.{target}", first, settings)
    assert await export(target) == first


REAL = (
    *(("shopify", name) for name in SHOPIFY),
    ("woocommerce", "sample_products.csv"),
)


@pytest.mark.usefixtures("clean")
@pytest.mark.parametrize("target", ["ndjson", "csv"])
@pytest.mark.parametrize(("folder", "name"), REAL, ids=[name for _, name in REAL])
async def test_a_real_file(
    real_data: Path, tmp_path: Path, settings: Settings, folder: str, name: str, target: Target
) -> None:
    order = Order(currency="USD")
    report = await importing.load(real_data / folder / name, order, settings, lambda *_: None)
    assert report.written
    first = await export(target)
    await servers.empty()
    await import_(tmp_path / f"first.{target}", first, settings)
    assert await export(target) == first


SPREE = (
    ("spree/products.csv", "spree-products"),
    ("spree/product_translations.csv", "spree-translations"),
)
LEGO = (
    ("lego/themes.csv", "lego-themes"),
    ("lego/colors.csv", "lego-colors"),
    ("lego/sets.csv.xz", "lego-sets"),
)
TAXONOMY = tuple((f"taxonomy/{tag}.json.xz", f"taxonomy-{tag}") for tag in ("en", "de", "fr"))
MAPPED = {
    "spree": SPREE,
    "bestbuy": (("bestbuy/typesense-ecommerce.json.xz", "bestbuy"),),
    "lego": LEGO,
    "buildcores": (("buildcores/products.jsonl.xz", "buildcores"),),
    "taxonomy": TAXONOMY,
}


@pytest.mark.usefixtures("clean")
@pytest.mark.parametrize("target", ["ndjson", "csv"])
@pytest.mark.parametrize("catalog", MAPPED)
async def test_a_mapped_catalog(
    real_data: Path, tmp_path: Path, settings: Settings, catalog: str, target: Target
) -> None:
    """The first lines of files that are long."""
    for name, example in MAPPED[catalog]:
        order = Order(mapping=EXAMPLES / f"{example}.yaml")
        path = _beginning(real_data / name, tmp_path)
        report = await importing.load(path, order, settings, lambda *_: None)
        assert report.written
    first = await export(target)
    await servers.empty()
    await import_(tmp_path / f"first.{target}", first, settings)
    assert await export(target) == first


def _beginning(path: Path, folder: Path) -> Path:
    if not path.name.endswith((".csv.xz", ".jsonl.xz")):
        return path
    begun = folder / path.name.removesuffix(".xz")
    with lzma.open(path, "rt", encoding="utf-8-sig", newline="") as file:
        begun.write_text("".join(islice(file, 1_000)), encoding="utf-8", newline="")
    return begun
