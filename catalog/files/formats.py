"""The formats that are read, and which of them a file is: by what is in it, never by its name."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal

import orjson

from catalog.errors import FileRefused
from catalog.files import native, shopify, woocommerce
from catalog.files.mapping import documents
from catalog.files.mapping import loading as mappings
from catalog.files.mapping import reading as mapped
from catalog.files.mapping.expressions import OUTER
from catalog.files.reading import Defaults, Reading, needed
from catalog.files.table import open_table
from catalog.files.text import TextFile, open_text
from catalog.writes.staging import Problem

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


def rows(
    file: TextFile, *, mapped_by: Path | None, format: Format | None
) -> Iterator[tuple[int, Mapping[str, object]]]:
    """The rows of a file that `read` takes, by their lines: as they stand there, and only those
    that can be told apart."""
    if mapped_by is not None:
        source = mappings.load(mapped_by).source
        if source.encoding:
            file = open_text(file.path, encoding=source.encoding)
        for found in documents.rows(file, source):
            if not isinstance(found, Problem):
                yield found.number, _inner(found.row)
    elif format == "ndjson" or (format is None and _first(file).startswith(("{", "["))):
        for number, line in enumerate(file.lines(), 1):
            if isinstance(held := _json(line), dict):
                yield number, held
    else:
        table = open_table(file)
        for row in table.rows():
            if not isinstance(row, Problem):
                yield row.line, {name: row[name] for name in table.names if name}


def _inner(row: Mapping[str, object]) -> Mapping[str, object]:
    """Without what is around it in its document."""
    return {name: value for name, value in row.items() if name != OUTER}


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
