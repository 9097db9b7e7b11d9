"""The sample shop: complete in both languages, no two texts alike, one of everything."""

import re
from collections.abc import Iterator
from itertools import chain
from xml.etree import ElementTree

import httpx
import nh3
import pytest

from catalog import sample
from catalog.writes import gtin
from catalog.writes.counts import Counts
from catalog.writes.inputs import (
    AttributeDefinition,
    BrandInput,
    CategoryInput,
    ChannelInput,
    CollectionInput,
    MediaInput,
    ProductInput,
    VariantInput,
)

RECORDS = sample.records()
PRODUCTS = [record for record in RECORDS if isinstance(record, ProductInput)]
VARIANTS = [variant for product in PRODUCTS for variant in product.variants or ()]
CATEGORIES = [record for record in RECORDS if isinstance(record, CategoryInput)]
COLLECTIONS = [record for record in RECORDS if isinstance(record, CollectionInput)]


def sentences(html: str | None) -> int:
    text = re.sub(r"<li>.*?</li>", "", html or "")
    return len(re.findall(r"[.!?](?=\s|<|$)", text))


def pictures() -> Iterator[MediaInput]:
    for owner in (*PRODUCTS, *VARIANTS):
        yield from owner.media or ()
    yield from (record.image for record in (*CATEGORIES, *COLLECTIONS) if record.image)


def test_it_is_a_shop_of_about_sixty_products_in_eight_categories() -> None:
    used = set(chain.from_iterable(product.categories or () for product in PRODUCTS))
    assert 55 <= len(PRODUCTS) <= 70
    assert len(used) == 8
    assert isinstance(RECORDS[0], ChannelInput)
    assert sum(isinstance(record, ChannelInput) for record in RECORDS) == 2


def test_every_description_is_its_own_and_clean() -> None:
    texts = [
        text
        for product in PRODUCTS
        for text in (product.description, (product.translations or {})["de"].description)
    ]
    assert len(set(texts)) == len(texts)
    assert [text for text in texts if not 2 <= sentences(text) <= 5] == []
    assert [text for text in texts if nh3.clean(text or "") != text] == []


def test_german_is_complete() -> None:
    for record in (*PRODUCTS, *CATEGORIES, *COLLECTIONS):
        german = (record.translations or {})["de"]
        assert german.name, record
        assert german.slug, record
        assert german.description, record
        assert bool(german.seo) == bool(record.seo), record
    for record in RECORDS:
        if isinstance(record, BrandInput):
            assert (record.translations or {})["de"].description
        if isinstance(record, AttributeDefinition):
            assert (record.translations or {})["de"].name
            assert all((option.translations or {})["de"].name for option in record.options)


def test_barcodes_are_of_those_that_every_company_may_use_within_itself() -> None:
    barcodes = [variant.barcode for variant in VARIANTS if variant.barcode]
    assert len(set(barcodes)) == len(barcodes) > 100
    assert [code for code in barcodes if not code.startswith("2") or not gtin.normalise(code)] == []


def test_it_has_one_of_everything_that_a_frontend_must_cope_with() -> None:
    prices = [price for variant in VARIANTS for price in variant.prices or ()]
    kinds = {link.kind for product in PRODUCTS for link in product.associations or ()}
    assert {price.currency for price in prices} == {"EUR", "USD"}
    assert any(price.channel for price in prices)
    assert any(price.compare_at for price in prices)
    assert any(price.min_quantity > 1 for price in prices)
    assert any(price.valid_until for price in prices)
    assert {"component", "related", "accessory", "replacement"} <= kinds
    assert {product.status for product in PRODUCTS} == {"active", "draft", "archived"}
    assert any(len(product.listings or ()) == 1 for product in PRODUCTS)
    assert any(not product.categories for product in PRODUCTS)
    assert any(variant.backorder for variant in VARIANTS)
    assert any(not variant.tracked for variant in VARIANTS)
    assert any(sold_out(variant) for variant in VARIANTS)


def sold_out(variant: VariantInput) -> bool:
    stock = variant.stock or ()
    return variant.tracked and not variant.backorder and not any(level.on_hand for level in stock)


def test_every_picture_is_ours_small_and_drawn() -> None:
    for picture in {picture.url: picture for picture in pictures()}.values():
        file = sample.PICTURES / picture.url.removeprefix("/media/")
        assert file.stat().st_size < 3_000
        root = ElementTree.parse(file).getroot()
        assert root.tag.endswith("svg")
        assert (root.get("width"), root.get("height")) == (str(picture.width), str(picture.height))
        assert "http" not in file.read_text().replace("http://www.w3.org/2000/svg", "")
    shown = {picture.url for picture in pictures()}
    assert {f"/media/{file.name}" for file in sample.PICTURES.iterdir()} == shown


async def test_loading_it_twice_changes_nothing(clean: None) -> None:
    first = await sample.load()
    assert first.written
    assert first.problems == ()
    assert first.counts["product"] == Counts(created=len(PRODUCTS))

    second = await sample.load()
    assert second.counts["product"] == Counts(unchanged=len(PRODUCTS))
    assert all(not counts.created and not counts.updated for counts in second.counts.values())


SHOP = """
query Shop($locale: String) @inContext(channel: "eu", locale: $locale) {
  categories(depth: 2) { name level }
  products(first: 100) {
    nodes { name available priceRange { min { currency } } media(first: 1) { url } }
  }
}
"""


@pytest.mark.parametrize(("locale", "name"), [("en", "Kitchen"), ("de", "Küche")])
async def test_everybody_sees_a_shop(
    clean: None, client: httpx.AsyncClient, locale: str, name: str
) -> None:
    await sample.load()
    asked = {"query": SHOP, "variables": {"locale": locale}}
    data = (await client.post("/graphql", json=asked)).json()["data"]

    assert name in [category["name"] for category in data["categories"]]
    nodes = data["products"]["nodes"]
    assert len(nodes) == sum(
        product.status == "active" and "eu" in [x.channel for x in product.listings or ()]
        for product in PRODUCTS
    )
    assert all(node["priceRange"]["min"]["currency"] == "EUR" for node in nodes)
    picture = await client.get(nodes[0]["media"][0]["url"])
    assert picture.headers["content-type"].startswith("image/svg+xml")
