"""Rows of a file once more, as they stand in it: for whoever has to be shown what was refused."""

from collections.abc import Collection, Mapping
from pathlib import Path

import orjson

from catalog.files import formats
from catalog.files.formats import Format
from catalog.files.text import open_text

# Characters of a cell, of a row, and of all rows together.
_CELL, _ROW, _ALL = 1_000, 50_000, 20_000_000


def by_line(
    path: Path,
    lines: Collection[int],
    *,
    mapping: Path | None = None,
    format: Format | None = None,
    encoding: str | None = None,
) -> dict[int, str]:
    """Each of those lines as a JSON object, its columns in their order; long cells are cut. Lines
    that are no row are left out, and those that would be too much altogether.

    Raises FileRefused where the file breaks off before them.
    """
    wanted, found = set(lines), dict[int, str]()
    if not wanted:
        return found
    file, left, last = open_text(path, encoding=encoding), _ALL, max(wanted)
    for line, row in formats.rows(file, mapped_by=mapping, format=format):
        if line in wanted and len(text := _text(row)) <= min(_ROW, left):
            found[line] = text
            left -= len(text)
        if line >= last:
            break
    return found


def _text(row: Mapping[str, object]) -> str:
    cut = {
        name: value[:_CELL] + "…" if isinstance(value, str) and len(value) > _CELL else value
        for name, value in row.items()
    }
    return orjson.dumps(cut, default=str).decode()
