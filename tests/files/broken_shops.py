"""Other people's formats, broken: Shopify, WooCommerce, and files with a mapping."""

import json

from broken import Broken, Unreadable, cells, text

NUMBER, ONE = "such as 1299.00", "stands already on line 2; keep one of them"
TAKEN = "belongs to a variant of the product desk-lamp"

SHOPIFY = cells(
    "Shopify",
    "Handle,Title,Vendor,Variant SKU,Variant Price,Published",
    {"Handle": "mug", "Title": "Mug", "Variant SKU": "M-1", "Variant Price": "9.50"},
    {"Handle": "hat", "Title": "Hat", "Variant SKU": "H-1", "Variant Price": "5"},
    [
        ("a thousands separator", "Variant Price", "1,299.00", NUMBER),
        ("a price below zero", "Variant Price", "-5", "must be 0 or more"),
        ("stock in words", "Variant Inventory Qty", "many", NUMBER),
        ("a weight in words", "Variant Grams", "heavy", NUMBER),
        ("an unknown policy", "Variant Inventory Policy", "perhaps", "must be deny or continue"),
        ("an unknown status", "Status", "online", "must be one of 'draft'"),
        ("neither published nor not", "Published", "soon", "must be TRUE or FALSE"),
        ("a handle with spaces", "Handle", "a hat", "may not hold spaces"),
        ("no handle", "Handle", "", "it says which product the row belongs to"),
        ("no title", "Title", "", "a new product needs it"),
        ("an address that is none", "Image Src", "hat.jpg", "must begin with https://"),
        ("a SKU of another product", "Variant SKU", "desk-lamp-red", TAKEN),
        ("NUL in a cell", "Title", "H\0t", "remove it"),
        ("a vendor too long", "Vendor", "v" * 600, "longer than 500 characters"),
    ],
)

WOO = cells(
    "WooCommerce",
    "ID,Type,SKU,Name,Published,Is featured?,Short description,Regular price,Sale price",
    {"ID": "1", "Type": "simple", "SKU": "M-1", "Name": "Mug", "Regular price": "9.50"},
    {"ID": "2", "Type": "simple", "SKU": "H-1", "Name": "Hat", "Regular price": "5"},
    [
        ("a thousands separator", "Regular price", "1,299.00", NUMBER),
        ("a decimal comma", "Sale price", "4,50", NUMBER),
        ("stock in words", "Stock", "few", NUMBER),
        ("a weight in words", "Weight (kg)", "heavy", NUMBER),
        ("an address that is none", "Images", "hat.jpg", "must begin with https://"),
        ("neither published nor not", "Published", "soon", "must be 1 (published)"),
        ("an ID twice", "ID", "1", ONE),
        ("a SKU of another product", "SKU", "desk-lamp-red", TAKEN),
    ],
)
WOO_ROWS = (
    Broken(
        "WooCommerce: a sale until some day",
        text(
            "ID,Type,SKU,Name,Regular price,Sale price,Date sale price ends,Upsells",
            "2,simple,H-1,Hat,5,4,31/12/26,",
        ),
        2,
        "Date sale price ends",
        "31/12/26",
        "must be a day such as 2026-05-01",
    ),
    Broken(
        "WooCommerce: a variation of nothing",
        text("ID,Type,SKU,Name,Regular price,Parent,Upsells", "2,variation,H-1,Hat,5,id:77,"),
        2,
        "Parent",
        "id:77",
        "needs its parent's row too",
    ),
)

MAPPED = """
source: {format: FORMAT}
channels: [{code: eu, currencies: EUR, locale: en}]
fields: {external_id: id, name: title, type: {value: lamp}}
variants:
  fields: {sku: id}
  prices: [{amount: cost, currency: {value: EUR}}]
  stock: [{location: {value: main}, on_hand: {from: stock, number: true}}]
"""
CSV, JSON, LINES = (MAPPED.replace("FORMAT", name) for name in ("csv", "json", "jsonl"))
MUG, HAT = {"id": "m-1", "title": "Mug", "cost": 9.5}, {"id": "h-1", "title": "Hat", "cost": 5}


def rows(name: str, column: str, value: str | None, remedy: str, row: str) -> Broken:
    content = text("id,title,cost,stock", "m-1,Mug,9.50,1", row)
    return Broken(f"mapped CSV: {name}", content, 3, column, value, remedy, CSV)


def line(name: str, column: str, value: str | None, remedy: str, line: str) -> Broken:
    content = text(json.dumps(MUG), line)
    return Broken(f"mapped lines: {name}", content, 2, column, value, remedy, LINES)


def item(name: str, column: str, value: str | None, remedy: str, item: object) -> Broken:
    content = json.dumps([MUG, item]).encode()
    return Broken(f"mapped document: {name}", content, 2, column, value, remedy, JSON)


MAPPED_FILES = (
    rows("a thousands separator", "cost", "1,299.00", NUMBER, 'h-1,Hat,"1,299.00",1'),
    rows("stock in words", "stock", "few", "number", "h-1,Hat,5,few"),
    rows("no key", "", None, "to be found by", ",Hat,5,1"),
    rows("no name", "title", None, "a new product needs it", "h-1,,5,1"),
    rows("a cell too many", "", "2", "in double quotes", "h-1,Hat,5,1,2"),
    rows("a SKU of another product", "id", "desk-lamp-red", TAKEN, "desk-lamp-red,Hat,5,1"),
    line("one cut off", "", '{"id": "h-1", "ti', "is not JSON", '{"id": "h-1", "ti'),
    line(
        "not a number",
        "",
        '{"id": "h-1", "cost": NaN}',
        "is not JSON",
        '{"id": "h-1", "cost": NaN}',
    ),
    line("an array", "", "[1,2]", "is not an object", "[1,2]"),
    line("a list for a price", "cost", "5, 6", NUMBER, json.dumps(HAT | {"cost": [5, 6]})),
    item("a text for an item", "", "hat", "is not an object", "hat"),
    item("a price in words", "cost", "cheap", NUMBER, HAT | {"cost": "cheap"}),
)
SHOPS = (*SHOPIFY, *WOO, *WOO_ROWS, *MAPPED_FILES)

ITEMS = json.dumps([MUG, HAT]).encode()
UNREADABLE = (
    Unreadable(
        "Shopify: two spellings of one column",
        text("Handle,Title,Body (HTML),Body HTML", "hat,Hat,a,b"),
        ("mean the same", "remove or rename one of them"),
    ),
    Unreadable(
        "Shopify: a quote never closed",
        text("Handle,Title,Vendor", 'hat,"Hat,Acme'),
        ("opened on line 2 is never closed",),
    ),
    Unreadable(
        "WooCommerce: a quote never closed",
        text("ID,Name,Regular price,Upsells", '1,"Hat,5,'),
        ("opened on line 2 is never closed",),
    ),
    Unreadable(
        "mapped CSV: a column that is not there",
        text("id,title,costs,stock", "h-1,Hat,5,1"),
        ("has no column 'cost'", "did you mean 'costs'?"),
        CSV,
    ),
    Unreadable("mapped document: broken off", ITEMS[:-20], ("is not JSON", "line 1"), JSON),
    Unreadable("mapped document: no list", b'{"all": []}', ("set source.items to where",), JSON),
    Unreadable("mapped document: nested without end", b"[" * 100_000, ("is not JSON",), JSON),
)
