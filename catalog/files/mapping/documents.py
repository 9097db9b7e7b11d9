"""The lines of a file: CSV and JSON Lines as streams, a JSON document as a whole."""

from collections.abc import Iterator

import orjson

from catalog.errors import FileRefused
from catalog.files import table
from catalog.files.mapping import expressions
from catalog.files.mapping.cells import Line
from catalog.files.mapping.expressions import Row
from catalog.files.mapping.language import Source
from catalog.files.mapping.transforms import Json, text
from catalog.files.text import TextFile
from catalog.writes.staging import Problem


def rows(file: TextFile, source: Source) -> Iterator[Line | Problem]:
    if source.format == "csv":
        for row in table.open_table(file, delimiter=source.delimiter).rows():
            yield row if isinstance(row, Problem) else Line(row.line, {**row.cells})
    elif source.format == "jsonl":
        yield from _json_lines(file)
    else:
        yield from _items(file, source.items)


def _json_lines(file: TextFile) -> Iterator[Line | Problem]:
    for number, line in enumerate(file.lines(), 1):
        if line.isspace():
            continue
        try:
            row = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            yield Problem(number, (), line.strip()[:80], "BAD_JSON", f"is not JSON: {error}")
            continue
        if isinstance(row, dict):
            yield Line(number, row)
        else:
            yield Problem(number, (), line.strip()[:80], "BAD_JSON", "is not an object {…}")


def _items(file: TextFile, items: str | None) -> Iterator[Line | Problem]:
    try:
        document: Json = orjson.loads("".join(file.lines()))
    except orjson.JSONDecodeError as error:
        raise FileRefused(f"{file.name}: is not JSON: {error}") from None
    found = list(_found(document, tuple(items.split(".")) if items else (), {}))
    if not found:
        place = f"at {items}" if items else "as a whole"
        raise FileRefused(f"{file.name}: {place} is no list; set source.items to where it is")
    for number, row in enumerate(found, 1):
        if isinstance(row, dict):
            yield Line(number, row)
        else:
            yield Problem(number, (), text(row)[:80], "BAD_JSON", "is not an object {…}")


def _found(value: Json, parts: tuple[str, ...], outer: Row) -> Iterator[Json]:
    """The elements of the list at `parts`; `^` of each is what is around its list."""
    if not parts or parts == ("*",):
        for item in value if isinstance(value, list) else []:
            yield {**item, expressions.OUTER: outer} if isinstance(item, dict) else item
    elif isinstance(value, list):
        for item in value:
            yield from _found(item, parts[1:] if parts[0] == "*" else parts, outer)
    elif isinstance(value, dict):
        yield from _found(value.get(parts[0]), parts[1:], {**value, expressions.OUTER: outer})
