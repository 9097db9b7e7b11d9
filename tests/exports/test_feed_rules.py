"""Feeds keep the rules that those publish who read them, as far as they can be told of the file.

Google: https://support.google.com/merchants/answer/7052112, and /answer/6324461 and following.
Shopify: https://help.shopify.com/en/manual/products/import-export/using-csv.
"""

import csv
import io
import re
from collections.abc import Callable
from decimal import Decimal
from itertools import groupby
from xml.etree import ElementTree

import pytest
from exporting import export
from factories import lamp, load, shop, variant
from stdnum import ean

from catalog import sample
from catalog.writes.inputs import MediaInput, PriceInput

G = "{http://base.google.com/ns/1.0}"
Rule = Callable[[str], object]


def one_of(*words: str) -> Rule:
    return lambda text: text in words


def up_to(length: int) -> Rule:
    return lambda text: 0 < len(text) <= length and text == text.strip()


def like(pattern: str) -> Rule:
    return re.compile(pattern, re.ASCII).fullmatch


MONEY = like(r"\d+(\.\d{1,2})? [A-Z]{3}")
ADDRESS = like(r"https?://[^\s<>]{1,1990}")
MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:?\d\d)"
GOOGLE: dict[str, Rule] = {
    "id": up_to(50),
    "title": up_to(150),
    "description": up_to(5000),
    "link": ADDRESS,
    "image_link": ADDRESS,
    "additional_image_link": ADDRESS,
    "availability": one_of("in_stock", "out_of_stock", "preorder", "backorder"),
    "price": MONEY,
    "sale_price": MONEY,
    "sale_price_effective_date": like(f"{MOMENT}/{MOMENT}"),
    "brand": up_to(70),
    "gtin": lambda text: len(text) in (8, 12, 13, 14) and ean.is_valid(text),
    "identifier_exists": one_of("yes", "no"),
    "condition": one_of("new", "refurbished", "used"),
    "item_group_id": up_to(50),
    "product_type": up_to(750),
    "shipping_weight": like(r"\d+(\.\d+)? (lb|oz|g|kg)"),
    "color": up_to(100),
    "size": up_to(100),
    "material": up_to(200),
    "pattern": up_to(100),
    "gender": one_of("male", "female", "unisex"),
    "age_group": one_of("newborn", "infant", "toddler", "kids", "adult"),
}
NEEDED = {"id", "title", "description", "link", "availability", "price", "condition"}
TRUTH = one_of("TRUE", "FALSE")
SHOPIFY: dict[str, Rule] = {
    "Handle": like(r"[a-z0-9][a-z0-9_-]*"),
    "Title": up_to(255),
    "Published": TRUTH,
    "Status": one_of("active", "draft", "archived"),
    "Variant Grams": like(r"\d+"),
    "Variant Inventory Policy": one_of("deny", "continue"),
    "Variant Fulfillment Service": one_of("manual"),
    "Variant Price": like(r"\d+(\.\d{1,2})?"),
    "Variant Compare At Price": like(r"\d+(\.\d{1,2})?"),
    "Image Src": ADDRESS,
    "Variant Image": ADDRESS,
    "Image Position": like(r"[1-9]\d*"),
    "Image Alt Text": up_to(512),
    "SEO Title": up_to(70),
    "SEO Description": up_to(320),
}
FIRST = {"Handle", "Title", "Published", "Status", "Option1 Name", "Option1 Value"}


@pytest.fixture(params=["sample", "odd"])
async def stocked(request: pytest.FixtureRequest, clean: None) -> str:
    """The sample shop, or products at the limits of what a record may hold."""
    if request.param == "sample":
        await sample.load()
    else:
        await load(*shop())
        await load(*_odd())
    return str(request.param)


def _odd() -> list[object]:
    long = variant(
        "s" * 200,
        "red",
        weight="226.796",
        barcode="4006381333931",
        prices=(PriceInput(amount="0", currency="EUR"),),
    )
    seo = {"title": "t" * 200, "description": "d" * 900}
    return [
        {"record": "brand", "slug": "lumen", "name": "B" * 300},
        {"record": "attribute", "code": "gender", "kind": "text"},
        {"record": "type", "code": "lamp", "attributes": [{"attribute": "gender"}]},
        lamp(
            "l" * 200,
            name="n" * 500,
            description="<p>" + "w" * 9_000 + "</p>",
            seo=seo,
            media=tuple(MediaInput(url=f"/{n}.svg", alt="a" * 500) for n in range(15)),
            attributes={"material": {"en": "m" * 400}, "gender": "Women"},
            variants=(long, variant("b", "blue", weight="0.4")),
        ),
        lamp("bare", description=None, variants=(variant("c", "red", weight="12"),)),
    ]


@pytest.mark.usefixtures("stocked")
async def test_a_merchant_feed_keeps_googles_rules() -> None:
    feed = ElementTree.fromstring(await export("merchant"))
    items = list(feed.iter("item"))
    assert items
    for item in items:
        told = [(child.tag.removeprefix(G), child.text or "") for child in item]
        assert [(name, text) for name, text in told if not GOOGLE[name](text)] == []
        names = [name for name, _ in told]
        assert set(names) >= NEEDED
        assert all(names.count(name) == 1 for name in names if name != "additional_image_link")
        assert names.count("additional_image_link") <= 10
        _check_offer(dict(told))
    ids = [item.findtext(f"{G}id") for item in items]
    assert len(ids) == len(set(ids))


def _check_offer(item: dict[str, str]) -> None:
    """A price above zero, a sale below it, and something to tell the product by."""
    price = Decimal(item["price"].split()[0])
    assert price > 0
    assert Decimal(item.get("sale_price", "0 ").split()[0]) < price
    assert {"gtin", "brand", "identifier_exists"} & item.keys()


@pytest.mark.usefixtures("stocked")
async def test_shopifys_csv_keeps_its_rules() -> None:
    table = await export("shopify")
    assert table.isascii() or table.decode("utf-8")
    rows = list(csv.DictReader(io.StringIO(table.decode())))
    for row in rows:
        wrong = [(n, row[n]) for n, rule in SHOPIFY.items() if row[n] and not rule(row[n])]
        assert wrong == []
    handles = [handle for handle, _ in groupby(row["Handle"] for row in rows)]
    assert len(handles) == len(set(handles))
    for _, grouped in groupby(rows, key=lambda row: row["Handle"]):
        first, *others = grouped
        assert [name for name in FIRST if not first[name]] == []
        assert [row["Title"] for row in others if row["Title"]] == []
        variants = [row for row in (first, *others) if row["Option1 Value"]]
        options = [tuple(row[f"Option{n} Value"] for n in (1, 2, 3)) for row in variants]
        assert len(options) == len(set(options))
        assert all(row["Variant Price"] for row in variants)
