"""The columns of WooCommerce's product CSV, and how its cells are written.

https://woocommerce.com/document/product-csv-importer-exporter/
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from catalog.files import amounts, naming, table
from catalog.files.reading import Path
from catalog.files.table import Row, Table
from catalog.writes.staging import Problem

_ALIASES = {
    "gtin": "gtin upc ean or isbn",
    "global unique id": "gtin upc ean or isbn",
    "brand": "brands",
}
_KNOWN = {
    *("id", "type", "sku", "gtin upc ean or isbn", "name", "published", "is featured", "parent"),
    *("visibility in catalog", "short description", "description", "regular price", "sale price"),
    *("date sale price starts", "date sale price ends", "tax status", "tax class", "in stock"),
    *("stock", "low stock amount", "backorders allowed", "sold individually", "shipping class"),
    *("allow customer reviews", "purchase note", "categories", "tags", "brands", "images"),
    *("download limit", "download expiry days", "grouped products", "upsells", "cross sells"),
    *("external url", "button text", "position"),
}
_TELLING = {"regular price", "is featured", "visibility in catalog", "short description", "upsells"}
_META = re.compile(r"meta: *(.+)", re.IGNORECASE)
_NUMBERED = re.compile(r"(attribute|download) (\d+) (name|value s|visible|global|default|id|url)")
_MEASURE = re.compile(r"(weight|length|width|height) (\w+)")
_GRAMS = {
    "kg": Decimal(1000),
    "g": Decimal(1),
    "lbs": Decimal("453.59237"),
    "lb": Decimal("453.59237"),
    "oz": Decimal("28.349523125"),
}
_COMMA = re.compile(r"(?<!\\),")
# By which the exporter keeps a spreadsheet from taking a cell for a formula.
_GUARDED = re.compile(r"'(?=[=+\-@\t\r])")

_PATHS: dict[Path, str] = {
    ("external_id",): "id",
    ("brand",): "brands",
    ("media",): "images",
    ("attributes",): "attribute 1 value s",
    ("variants", "external_id"): "id",
    ("variants", "sku"): "sku",
    ("variants", "name"): "name",
    ("variants", "barcode"): "gtin upc ean or isbn",
    ("variants", "gtin"): "gtin upc ean or isbn",
    ("variants", "options"): "attribute 1 value s",
    ("variants", "media"): "images",
    ("variants", "prices", "amount"): "regular price",
    ("variants", "prices", "compare_at"): "regular price",
    ("variants", "prices", "valid_from"): "date sale price starts",
    ("variants", "prices", "valid_until"): "date sale price ends",
    ("variants", "stock"): "stock",
    ("status",): "published",
    ("tax_class",): "tax class",
}


@dataclass(frozen=True, slots=True)
class Measure:
    """`what` is weight, length, width or height."""

    column: str
    what: str
    unit: str


@dataclass(frozen=True, slots=True)
class Header:
    names: frozenset[str]
    attributes: tuple[int, ...]
    downloads: tuple[int, ...]
    measures: tuple[Measure, ...]
    meta: dict[str, str]

    def has(self, column: str) -> bool:
        return column in self.names


def recognise(header: Sequence[str]) -> bool:
    names = set(map(name, header))
    return "name" in names and len(names & _TELLING) > 1


def name(column: str) -> str:
    """What the column is called here; a meta column keeps its name, which holds a key."""
    if _META.fullmatch(column):
        return column
    key = table.key(column)
    return _ALIASES.get(key, key)


def header(source: Table) -> Header:
    def numbers(kind: str) -> tuple[int, ...]:
        found = (match for name in source.names if (match := _NUMBERED.fullmatch(name)))
        return tuple(sorted({int(match[2]) for match in found if match[1] == kind}))

    measures = (
        Measure(name, match[1], match[2])
        for name in source.names
        if (match := _MEASURE.fullmatch(name))
    )
    meta = {name: match[1] for name in source.names if (match := _META.fullmatch(name))}
    return Header(
        frozenset(source.names),
        numbers("attribute"),
        numbers("download"),
        tuple(measures),
        meta,
    )


def paths(known: Header) -> dict[Path, str]:
    """Paths into the input, and the column each comes from."""
    weights = (measure.column for measure in known.measures if measure.what == "weight")
    return _PATHS | {("variants", "weight"): next(weights, "weight")}


def unknown(source: Table, known: Header) -> Iterator[Problem]:
    """A warning for every column whose content goes nowhere."""
    special = {*known.meta, *(measure.column for measure in known.measures)}
    for column in source.names:
        if column in _KNOWN | special | {""} or _NUMBERED.fullmatch(column):
            continue
        said = "is no column of WooCommerce's product CSV that we know; it was left out"
        yield Problem(source.first_line, (column,), None, "UNKNOWN_COLUMN", said, warning=True)
    for measure in known.measures:
        if measure.what == "weight" and measure.unit not in _GRAMS:
            said = f"is a weight in {measure.unit}; we know {', '.join(_GRAMS)}; it was left out"
            yield Problem(
                source.first_line, (measure.column,), None, "UNKNOWN_UNIT", said, warning=True
            )


def plain(cell: str) -> str:
    """A cell as it was before the export."""
    return _GUARDED.sub("", cell, count=1) if _GUARDED.match(cell) else cell


def listed(cell: str) -> list[str]:
    """`A, B\\, C` is two items."""
    items = (plain(item.strip()).replace("\\,", ",") for item in _COMMA.split(cell))
    return list(dict.fromkeys(naming.squeezed(item) for item in items if item))


def text(cell: str) -> str:
    """Longer texts: the exporter writes line breaks as a backslash and an n."""
    return re.sub(r"(?<!\\)\\n", "\n", plain(cell))


def grams(row: Row, known: Header) -> str | None:
    """What is no number is handed on as it is."""
    for measure in known.measures:
        cell = row[measure.column]
        if measure.what == "weight" and cell and measure.unit in _GRAMS:
            weight = amounts.number(cell)
            return cell if weight is None else amounts.grams(weight * _GRAMS[measure.unit])
    return None


def dimensions(row: Row, known: Header) -> dict[str, object]:
    sizes = [measure for measure in known.measures if measure.what != "weight"]
    held: dict[str, object] = {m.what: row[m.column] for m in sizes if row[m.column]}
    return held | {"unit": sizes[0].unit} if held else {}


def attributes(row: Row, known: Header) -> dict[str, str]:
    """Cells of values, by the attribute's name."""
    cells = {
        naming.squeezed(plain(row[f"attribute {n} name"])): row[f"attribute {n} value s"]
        for n in known.attributes
    }
    return {name: cell for name, cell in cells.items() if name and cell}
