"""An export, imported into an empty database and exported again, is the same to the byte."""

from pathlib import Path

import pytest
from exporting import export, import_, truncate

from catalog import sample
from catalog.files import importing
from catalog.files.exporting import Target
from catalog.files.importing import Order
from catalog.settings import Settings

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
    await truncate()
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
    await truncate()
    await import_(tmp_path / f"first.{target}", first, settings)
    assert await export(target) == first
