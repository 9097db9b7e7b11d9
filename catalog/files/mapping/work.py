"""What the building of records shares: values read for a record, and what the file mentioned."""

from collections.abc import Sequence

from catalog.files.mapping import cells
from catalog.files.mapping.cells import Cell, Line
from catalog.files.mapping.expressions import Tables
from catalog.files.mapping.language import Medium, Place, Value, Values
from catalog.files.mapping.transforms import Json, text
from catalog.files.nouns import Nouns
from catalog.writes.staging import Problem

Built = dict[str, Json]
_LISTS = {"tags", "collections", "products"}


class Work:
    """`problems` are those of the record at hand; cells and nouns live as long as the file."""

    def __init__(self, tables: Tables, nouns: Nouns) -> None:
        self.nouns = nouns
        self.problems: list[Problem] = []
        self.tables = tables
        self._cells: dict[int, Cell] = {}

    def cell(self, value: Value) -> Cell:
        """By identity: each value of the mapping remembers for itself what must not repeat."""
        known = self._cells.get(id(value))
        if known is None:
            known = self._cells[id(value)] = cells.cell(value, self.tables)
        return known

    def read(self, value: Value | None, lines: Sequence[Line], at: Place) -> Json:
        return self.cell(value).read(lines, at, self.problems) if value else None

    def text(self, value: Value | None, lines: Sequence[Line], at: Place) -> str:
        return text(self.read(value, lines, at)).strip()

    def fields(self, fields: Values, lines: Sequence[Line], at: Place) -> Built:
        """What has a value, as text; what has none only where the mapping wants it cleared."""
        built: Built = {}
        for name, value in fields.items():
            found = self.read(value, lines, (*at, *name.split(".")))
            if found is not None or value.empty == "clear":
                _put(built, name, found)
        return built

    def raw(self, values: Values, lines: Sequence[Line], at: Place) -> Built:
        """As the file has them, for metadata."""
        read = {name: self.read(value, lines, (*at, name)) for name, value in values.items()}
        return {name: found for name, found in read.items() if found is not None}

    def media(self, media: Sequence[Medium], lines: Sequence[Line], at: Place) -> list[Json]:
        """Every address once, in the order of the file."""
        built: dict[str, Json] = {}
        for line in lines:
            for medium in media:
                urls = self.read(medium.url, [line], (*at, len(built), "url"))
                alt = self.text(medium.alt, [line], (*at, len(built), "alt"))
                said = {"alt": alt[:500]} if alt else {}
                if medium.kind != "image":
                    said["kind"] = medium.kind
                for url in urls if isinstance(urls, list) else [urls]:
                    built.setdefault(text(url), {"url": text(url), **said})
        built.pop("", None)
        return list(built.values())


def _put(built: Built, name: str, found: Json) -> None:
    outer, _, inner = name.partition(".")
    if inner:
        nested = built.setdefault(outer, {})
        if isinstance(nested, dict):
            _put(nested, inner, found)
    elif found is None:
        built[name] = None
    elif name in _LISTS:
        built[name] = [text(item) for item in found] if isinstance(found, list) else [text(found)]
    else:
        built[name] = text(found)
