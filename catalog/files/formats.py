"""The formats that are read, and which of them a file is: by what is in it, never by its name."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import orjson

from catalog.errors import FileRefused
from catalog.files import native, shopify, woocommerce
from catalog.files.mapping import loading as mappings
from catalog.files.mapping import reading as mapped
from catalog.files.reading import Defaults, Reading, needed
from catalog.files.table import open_table
from catalog.files.text import TextFile

Format = Literal["csv", "ndjson", "shopify", "woocommerce"]


def read(
    file: TextFile, defaults: Defaults | None, *, mapped_by: Path | None, format: Format | None
) -> Reading:
    """The records of a file: by its mapping, as `format`, or as what its header shows it to be.

    Raises FileRefused for a file that is nothing we know.
    """
    if mapped_by is not None:
        rules = mappings.load(mapped_by)
        return mapped.read(file, rules, beside=mapped_by.parent, defaults=defaults)
    start = _first(file)
    if format == "ndjson" or (format is None and start.startswith(("{", "["))):
        if format is None and not native.is_lines(_json(start)):
            raise _unknown(file, "it holds JSON of other people's making")
        return native.read_lines(file)
    source = open_table(file)
    format = format or _recognised(source.header)
    if format == "csv":
        return native.read_table(source)
    if format == "shopify":
        return shopify.read(source, needed(defaults, file.name))
    if format == "woocommerce":
        return woocommerce.read(source, needed(defaults, file.name))
    raise _unknown(file, f"its columns are {', '.join(source.header[:12])}")


def _recognised(header: Sequence[str]) -> Format | None:
    if native.is_table(header):
        return "csv"
    if woocommerce.recognise(header):
        return "woocommerce"
    return "shopify" if shopify.recognise(header) else None


def _first(file: TextFile) -> str:
    """The first line that is not blank."""
    return next((line.strip() for line in file.lines() if not line.isspace()), "")


def _json(line: str) -> object:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        return None


def _unknown(file: TextFile, what: str) -> FileRefused:
    return FileRefused(
        f"{file.name}: is none of the formats we know (Shopify, WooCommerce, our own CSV and "
        f"NDJSON): {what}. Describe it with --mapping; --suggest-mapping writes a first one"
    )
