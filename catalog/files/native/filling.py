"""Cells put where they belong in a record or variant, remembering the column each came from."""

import re
from collections.abc import Iterator

from catalog.files import cells
from catalog.files.native.columns import LINKS, Column, Entry
from catalog.writes.staging import Problem

Path = tuple[str | int, ...]
Raw = dict[str, object]

_SETS = (*("tags", "categories", "collections", "currencies", "locales", "channels", "products"),)
_NO = ("no", "false", "0")
# A listing that is over: one that was there before has to go.
_UNLISTED = "1970-01-01T00:00:00Z"
_QUANTITY = re.compile(r"(\d+) *x +(.+)")


class Part:
    """A record or a variant. `origins` leads from paths in `raw` to columns."""

    def __init__(self) -> None:
        self.raw: Raw = {}
        self.origins: dict[Path, str] = {}
        self._entries: dict[Entry, tuple[Path, Raw]] = {}

    def __bool__(self) -> bool:
        return bool(self.raw)

    def put(self, column: Column, cell: str) -> None:
        """`null` empties what is there; an empty cell never comes here."""
        name = column.path[0]
        text = None if cell == "null" else cells.plain(cell)
        if column.entry is not None:
            self._put_entry(column, column.entry, text)
        elif name in ("images", "images.alt", "image", "image.alt"):
            self._put_picture(column, text)
        elif name in LINKS:
            self._append("associations", column, _links(name, text or ""))
        else:
            self._put_value(column, None if text is None else _value(column, text))

    def _put_value(self, column: Column, value: object) -> None:
        inner = self.raw
        for part in column.path[:-1]:
            nested = inner.setdefault(part, {})
            assert isinstance(nested, dict)
            inner = nested
        inner[column.path[-1]] = value
        self.origins[column.path] = column.name

    def _put_entry(self, column: Column, entry: Entry, text: str | None) -> None:
        if entry not in self._entries:
            name = "prices" if entry.list == "sale" else entry.list
            fixed: Raw = dict(entry.fixed)
            index = self._append(name, column, iter([fixed]))
            self._entries[entry] = (name, index), fixed
        place, held = self._entries[entry]
        field, value = column.path[0], text
        if field == "listed":
            field, value = "published_until", _UNLISTED if (text or "").lower() in _NO else None
        held[field] = value
        self.origins[*place, field] = column.name

    def _append(self, name: str, column: Column, items: Iterator[Raw]) -> int:
        """Where in the list the last of them stands."""
        held = self.raw.setdefault(name, [])
        assert isinstance(held, list)
        for item in items:
            self.origins[name, len(held)] = column.name
            held.append(item)
        return len(held) - 1

    def _put_picture(self, column: Column, text: str | None) -> None:
        """Addresses come before their texts, whatever the order of the columns."""
        name, _, alt = column.path[0].partition(".")
        items = [] if text is None else cells.texts(text)
        field = "alt" if alt else "url"
        if name == "image":
            image = self.raw.setdefault("image", {})
            assert isinstance(image, dict)
            image[field] = text
            self.origins["image", field] = column.name
            return
        media = self.raw.setdefault("media", [])
        assert isinstance(media, list)
        media += [{} for _ in range(len(items) - len(media))]
        for index, item in enumerate(items):
            media[index][field] = item
            self.origins["media", index, field] = column.name


def column_of(path: Path, origins: dict[Path, str]) -> str | None:
    """The column that filled the place, or what is around it, or the nearest beside it."""
    for end in range(len(path), 0, -1):
        if path[:end] in origins:
            return origins[path[:end]]
        beside = (name for place, name in origins.items() if place[:end] == path[:end])
        if (column := next(beside, None)) is not None:
            return column
    return None


def located(problem: Problem, origins: dict[Path, str]) -> Problem:
    """The same problem with the column in place of the path."""
    column = column_of(problem.path, origins)
    if column is None:
        return problem
    return Problem(
        problem.line, (column,), problem.value, problem.code, problem.message, problem.warning
    )


def _value(column: Column, text: str) -> object:
    if column.name in _SETS:
        return cells.words(text)
    if column.path[0] == "attributes" and "|" in text:
        several = cells.texts(text)
        return several if len(several) > 1 else several[0]
    return text


def _links(kind: str, cell: str) -> Iterator[Raw]:
    """`socks | 2 x laces`."""
    for item in cells.words(cell):
        match = _QUANTITY.fullmatch(item)
        ref, quantity = (match[2], int(match[1])) if match else (item, 1)
        yield {"product": ref, "kind": kind, "quantity": quantity}
