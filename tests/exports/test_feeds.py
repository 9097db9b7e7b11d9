"""What is made for others: Merchant feed, Shopify's CSV, sitemap, JSON-LD; only what is public."""

import csv
import io
from pathlib import Path
from xml.etree import ElementTree

import httpx
import pytest
import servers
from exporting import export

from catalog import db
from catalog.files import importing
from catalog.files.importing import Order
from catalog.files.writing import sitemap
from catalog.settings import Settings

G = "{http://base.google.com/ns/1.0}"
LOC = ".//{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


@pytest.mark.usefixtures("shown_lamps")
async def test_a_merchant_feed_tells_everything_of_a_variant() -> None:
    feed = ElementTree.fromstring(await export("merchant"))
    items = [{child.tag.removeprefix(G): child.text for child in i} for i in feed.iter("item")]
    assert [item["id"] for item in items] == ["desk-red", "desk-blue"]
    red, blue = items
    assert red == {
        "id": "desk-red",
        "title": "Desk & <lamp> Red",
        "description": "For desks & more.\nBright.",
        "link": "https://shop.test/products/desk-lamp?variant=0",
        "image_link": "https://shop.test/desk.svg",
        "additional_image_link": "https://cdn.test/b.jpg",
        "availability": "in_stock",
        "price": "19.90 EUR",
        "sale_price": "15.00 EUR",
        "sale_price_effective_date": red["sale_price_effective_date"],
        "brand": "Lumen",
        "gtin": "04006381333931",
        "condition": "new",
        "item_group_id": "desk-lamp",
        "product_type": "Home > Lamps",
        "color": "Red",
        "material": "Brass",
    }
    assert red["sale_price_effective_date"].count("/") == 1
    assert (blue["availability"], "sale_price" in blue) == ("out_of_stock", False)


@pytest.mark.usefixtures("shown_lamps")
async def test_shopify_imports_its_csv(tmp_path: Path, settings: Settings) -> None:
    table = await export("shopify")
    rows = list(csv.DictReader(io.StringIO(table.decode())))
    assert [row["Variant SKU"] for row in rows] == ["desk-red", "desk-blue"]
    assert (rows[0]["Variant Price"], rows[0]["Variant Compare At Price"]) == ("15.00", "19.90")
    assert (rows[0]["Option1 Name"], rows[1]["Option1 Value"]) == ("Colour", "Blue")

    await servers.empty()
    (tmp_path / "shopify.csv").write_bytes(table)
    order = Order(currency="EUR")
    report = await importing.load(tmp_path / "shopify.csv", order, settings, lambda *_: None)
    assert (report.format, report.errors, report.written) == ("Shopify", (), True)
    assert (await db.fetch("SELECT count(*) AS n FROM variant"))[0]["n"] == 2


@pytest.mark.usefixtures("shown_lamps")
async def test_a_sitemap_past_its_limit_is_an_index(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = [loc.text for loc in ElementTree.fromstring(await export("sitemap")).iterfind(LOC)]
    assert whole == [
        "https://shop.test/categories/home",
        "https://shop.test/categories/home-lamps",
        "https://shop.test/products/desk-lamp",
    ]
    monkeypatch.setattr(sitemap, "LIMIT", 2)
    index = ElementTree.fromstring((await client.get("/v1/sitemap.xml")).content)
    parts = [str(loc.text) for loc in index.iterfind(LOC)]
    assert parts == [f"http://shop.test/v1/sitemap.xml?number={n}" for n in (1, 2)]
    found = []
    for part in parts:
        content = (await client.get(part)).content
        found += [str(loc.text) for loc in ElementTree.fromstring(content).iterfind(LOC)]
    assert [loc.removeprefix("http://shop.test") for loc in found] == [
        str(loc).removeprefix("https://shop.test") for loc in whole
    ]


@pytest.mark.usefixtures("shown_lamps")
async def test_json_ld_of_a_product(client: httpx.AsyncClient) -> None:
    headers = {"Accept": "application/ld+json"}
    response = await client.get("/v1/products/desk-lamp", headers=headers)
    assert response.headers["Content-Type"] == "application/ld+json"
    assert "Accept" in response.headers["Vary"]
    told = response.json()
    assert (told["@type"], told["variesBy"]) == ("ProductGroup", ["color"])
    red = told["hasVariant"][0]
    assert (red["sku"], red["gtin"], red["color"]) == ("desk-red", "04006381333931", "Red")
    assert red["offers"]["price"] == "15.00"
    assert red["offers"]["availability"] == "https://schema.org/InStock"
    missing = await client.get("/v1/products/draft-lamp", headers=headers)
    assert missing.status_code == 404
