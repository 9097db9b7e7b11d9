"""The columns of Shopify's product CSV, in the spellings that files have them in.

https://help.shopify.com/en/manual/products/import-export/using-csv
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from catalog.files import table
from catalog.files.reading import Path
from catalog.files.table import Table
from catalog.writes.staging import Problem

# Other spellings, and what the column is called here: the header of 2025, and misspellings met.
_ALIASES = {
    "url handle": "handle",
    "body": "body html",
    "description": "body html",
    "category": "product category",
    "standard product type": "product category",
    "custom product type": "type",
    "product type": "type",
    "published on online store": "published",
    "sku": "variant sku",
    "barcode": "variant barcode",
    "price": "variant price",
    "compare at price": "variant compare at price",
    "charge tax": "variant taxable",
    "tax code": "variant tax code",
    "inventory tracker": "variant inventory tracker",
    "inventory quantity": "variant inventory qty",
    "variant inventory quantity": "variant inventory qty",
    "inventory policy": "variant inventory policy",
    "continue selling when out of stock": "variant inventory policy",
    "weight value grams": "variant grams",
    "weight unit for display": "variant weight unit",
    "requires shipping": "variant requires shipping",
    "fulfillment service": "variant fulfillment service",
    "variant fullfilment service": "variant fulfillment service",
    "variant fulfilment service": "variant fulfillment service",
    "product image url": "image src",
    "variant image url": "variant image",
}
_KNOWN = {
    *("handle", "title", "body html", "vendor", "product category", "type", "tags", "published"),
    *("status", "gift card", "seo title", "seo description", "cost per item"),
    *("image src", "image position", "image alt text", "variant image"),
    *("variant sku", "variant barcode", "variant price", "variant compare at price"),
    *("variant grams", "variant weight unit", "variant taxable", "variant tax code"),
    *("variant inventory tracker", "variant inventory qty", "variant inventory policy"),
    *("variant requires shipping", "variant fulfillment service"),
    *(f"option{n} {part}" for n in (1, 2, 3) for part in ("name", "value", "linked to")),
}
# Beside a handle; the inventory CSV has a handle too, but says nothing about products.
_TELLING = {"variant price", "body html", "image src", "vendor"}
_GOOGLE = re.compile(r"google shopping (.+)")
_METAFIELD = re.compile(r"(.*)\((product|variant)\.metafields\.([^.]+)\.(.+)\)")
_MARKET = re.compile(r"(included|price|compare[ -]at price) / (.+)", re.IGNORECASE)

# Option axes are told of as attributes.
_PATHS: dict[Path, str] = {
    ("slug",): "handle",
    ("name",): "title",
    ("description",): "body html",
    ("brand",): "vendor",
    ("categories",): "product category",
    ("listings",): "published",
    ("media", "url"): "image src",
    ("media", "alt"): "image alt text",
    ("seo", "title"): "seo title",
    ("seo", "description"): "seo description",
    ("variants", "sku"): "variant sku",
    ("variants", "barcode"): "variant barcode",
    ("variants", "gtin"): "variant barcode",
    ("variants", "weight"): "variant grams",
    ("variants", "options"): "option1 value",
    ("variants", "prices", "amount"): "variant price",
    ("variants", "prices", "compare_at"): "variant compare at price",
    ("variants", "stock", "on_hand"): "variant inventory qty",
    ("variants", "backorder"): "variant inventory policy",
    ("variants", "media", "url"): "variant image",
    ("variants", "private_metadata"): "cost per item",
    ("attributes",): "option1 value",
}


@dataclass(frozen=True, slots=True)
class Metafield:
    """`owner` is product or variant; `key` is namespace.key."""

    column: str
    name: str
    owner: str
    key: str


@dataclass(frozen=True, slots=True)
class Market:
    """A market and its columns; one that the file lacks is empty."""

    name: str
    included: str
    price: str
    compare_at: str


@dataclass(frozen=True, slots=True)
class Header:
    """`google` and what it is kept under, by column."""

    names: frozenset[str]
    google: dict[str, str]
    metafields: tuple[Metafield, ...]
    markets: tuple[Market, ...]

    def has(self, column: str) -> bool:
        return column in self.names


def recognise(header: Sequence[str]) -> bool:
    names = set(map(name, header))
    return "handle" in names and bool(names & _TELLING)


def name(column: str) -> str:
    """What the column is called here. Metafields and markets keep theirs: those hold keys."""
    if _METAFIELD.fullmatch(column) or _MARKET.fullmatch(column):
        return column
    key = table.key(column)
    return _ALIASES.get(key, key)


def header(source: Table) -> Header:
    google = {name: match[1] for name in source.names if (match := _GOOGLE.fullmatch(name))}
    return Header(
        frozenset(source.names),
        {name: key.replace(" ", "_") for name, key in google.items()},
        tuple(_metafields(source.names)),
        tuple(_markets(source.names)),
    )


def paths(known: Header) -> dict[Path, str]:
    """Paths into the input, and the column each comes from."""
    own: dict[Path, str] = {}
    for field in known.metafields:
        of_variant = field.owner == "variant"
        path = ("variants", "attributes", f"variant.{field.key}")
        own[path if of_variant else ("attributes", field.key)] = field.column
    return _PATHS | own


def unknown(source: Table, known: Header) -> Iterator[Problem]:
    """A warning for every column whose content goes nowhere."""
    special = {*known.google, *(metafield.column for metafield in known.metafields)}
    special |= {column for column in source.names if _MARKET.fullmatch(column)}
    for column in source.names:
        if column and column not in _KNOWN and column not in special:
            said = "is no column of Shopify's product CSV that we know; it was left out"
            yield Problem(source.first_line, (column,), None, "UNKNOWN_COLUMN", said, warning=True)


def _metafields(names: Sequence[str]) -> Iterator[Metafield]:
    for column in names:
        if match := _METAFIELD.fullmatch(column):
            label, owner, namespace, key = match.groups()
            yield Metafield(column, label.strip() or key, owner, f"{namespace}.{key}")


def _markets(names: Sequence[str]) -> Iterator[Market]:
    columns: dict[str, dict[str, str]] = {}
    for column in names:
        if match := _MARKET.fullmatch(column):
            columns.setdefault(match[2].strip(), {})[table.key(match[1])] = column
    for market, of in columns.items():
        included, price = of.get("included", ""), of.get("price", "")
        yield Market(market, included, price, of.get("compare at price", ""))
