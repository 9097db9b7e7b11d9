"""An unknown file looked at: its format, and what its columns hold in the first records."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

import orjson

from catalog.errors import FileRefused
from catalog.files.mapping import documents, expressions
from catalog.files.mapping.cells import Line
from catalog.files.mapping.expressions import Row
from catalog.files.mapping.language import Source
from catalog.files.mapping.survey import is_nested, leaves
from catalog.files.mapping.transforms import Json, text
from catalog.files.text import TextFile

SAMPLE = 5_000
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_ADDRESS = re.compile(r"https?://\S+")


@dataclass(slots=True)
class Column:
    """A path of the records, and the values that the sample has of it, as text."""

    path: str
    values: list[str] = field(default_factory=list)
    lists: bool = False
    nested: bool = False

    @property
    def words(self) -> str:
        """The last part of the path in lower case: `metadata.partNumbers` is `part numbers`."""
        last = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", self.path.rpartition(".")[2])
        return re.sub(r"[\W_]+", " ", last).strip().casefold()

    @property
    def distinct(self) -> int:
        return len(set(self.values))

    def all_match(self, pattern: re.Pattern[str]) -> bool:
        return bool(self.values) and all(pattern.fullmatch(value) for value in self.values)

    @property
    def numeric(self) -> bool:
        return self.all_match(_NUMBER)

    @property
    def addresses(self) -> bool:
        return self.all_match(_ADDRESS)


@dataclass(frozen=True, slots=True)
class Profile:
    """`rows` is how many records were looked at; `lists` the columns inside lists of objects."""

    source: Source
    rows: int
    columns: tuple[Column, ...]
    lists: dict[str, tuple[Column, ...]]

    def is_key(self, column: Column) -> bool:
        """Every record has one of its own."""
        return len(column.values) == column.distinct == self.rows


def profile(file: TextFile) -> Profile:
    source = _source(file)
    found = (line.row for line in documents.rows(file, source) if isinstance(line, Line))
    rows = list(islice(found, SAMPLE))
    if not rows:
        raise FileRefused(f"{file.name}: has no record to learn from")
    columns = _columns(rows)
    lists = {
        path: _columns([item for item in items if isinstance(item, dict)])
        for path, items in _items(rows, [column.path for column in columns if column.nested])
    }
    return Profile(source, len(rows), columns, lists)


def _columns(rows: Sequence[Row]) -> tuple[Column, ...]:
    columns: dict[str, Column] = {}
    for row in rows:
        for path, value in leaves(row, frozenset()):
            column = columns.setdefault(path, Column(path))
            column.lists |= isinstance(value, list)
            column.nested |= is_nested(value)
            column.values.append(text(value).strip())
    return tuple(columns.values())


def _items(rows: Sequence[Row], paths: Sequence[str]) -> Iterator[tuple[str, list[Json]]]:
    for path in paths:
        held = expressions.path(path)
        found = (items for row in rows if isinstance(items := held(row), list))
        yield path, [item for items in found for item in items]


def _source(file: TextFile) -> Source:
    start = list(islice(file.lines(), 2))
    if not start[0].lstrip().startswith(("{", "[")):
        return Source(format="csv")
    if all(map(_is_object, start)) and (len(start) > 1 or not _longest(orjson.loads(start[0]))):
        return Source(format="jsonl")
    try:
        document = orjson.loads("".join(file.lines()))
    except orjson.JSONDecodeError as error:
        raise FileRefused(f"{file.name}: is not JSON: {error}") from None
    return Source(format="json", items=_longest(document))


def _is_object(line: str) -> bool:
    try:
        return isinstance(orjson.loads(line), dict)
    except orjson.JSONDecodeError:
        return False


def _longest(document: Json) -> str | None:
    """The path to the list of objects that are the records, None where that is the document.

    The outermost one, unless one inside it is far longer: shelves hold categories, and products
    hold variants.
    """
    sizes: dict[str, int] = {}
    for path, size in _lists(document, ""):
        sizes[path] = sizes.get(path, 0) + size
    found = min(sizes, key=lambda path: path.count("."), default=None)
    for path, size in sizes.items():
        if found is not None and size > 20 * sizes[found]:
            found = path
    return found or None


def _lists(value: Json, path: str) -> Iterator[tuple[str, int]]:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        yield path.removesuffix(".*"), len(value)
        inner = f"{path}.*" if path else "*"
        for item in value:
            yield from _lists(item, inner)
    elif isinstance(value, dict):
        for key, held in value.items():
            yield from _lists(held, f"{path}.{key}" if path else key)
