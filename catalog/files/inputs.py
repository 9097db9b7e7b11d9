"""Rows of a file once more, as they stand in it: for whoever has to be shown what was refused."""

from collections.abc import Collection, Mapping
from pathlib import Path

import orjson

from catalog.files import formats
from catalog.files.formats import Format
from catalog.files.text import open_text

# Of the text of a cell, and of what is kept of a row that is no table's.
_CELL, _ROW = 1_000, 50_000


def by_line(
    path: Path,
    lines: Collection[int],
    *,
    mapping: Path | None = None,
    format: Format | None = None,
    encoding: str | None = None,
) -> dict[int, str]:
    """Each of those lines as a JSON object, its columns in their order; long cells are cut. Lines
    that are no row are left out.

    Raises FileRefused where the file breaks off before them.
    """
    wanted, found = set(lines), dict[int, str]()
    if not wanted:
        return found
    file = open_text(path, encoding=encoding)
    for line, row in formats.rows(file, mapped_by=mapping, format=format):
        if line in wanted and (text := _text(row)) is not None:
            found[line] = text
        if line >= max(wanted):
            break
    return found


def _text(row: Mapping[str, object]) -> str | None:
    cut = {
        name: value[:_CELL] + "…" if isinstance(value, str) and len(value) > _CELL else value
        for name, value in row.items()
    }
    text = orjson.dumps(cut, default=str).decode()
    return text if len(text) <= _ROW else None
