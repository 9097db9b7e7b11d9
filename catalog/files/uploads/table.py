"""A CSV as it comes: its header first, and then its rows to whoever makes records of them."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path as FilePath
from typing import Protocol

from catalog.errors import FileRefused
from catalog.files import naming
from catalog.files.reading import Path
from catalog.files.table import Row, Table
from catalog.files.text import TextFile
from catalog.files.uploads.cells import Cells, Rows
from catalog.files.uploads.lines import Line
from catalog.writes.staging import Problem, Sourced

NAME = "the upload"
# It is never opened: messages call it by its name.
_FILE = TextFile(FilePath(NAME), "utf-8")


class Meaning(Protocol):
    """What rows mean under one header."""

    def row(self, row: Row | Problem) -> Iterator[Sourced | Problem]: ...

    def end(self) -> Iterator[Sourced | Problem]: ...

    def told(self, problem: Problem) -> tuple[Path, str]:
        """Its column instead of the path into a record, and what it is."""


class TableRecords:
    """Of lines as they come. Raises FileRefused for a header that `meaning` refuses."""

    def __init__(self, meaning: Callable[[Sequence[str]], Meaning]) -> None:
        self._open = meaning
        self._rows = Rows()
        self._table: Table | None = None
        self._meaning: Meaning | None = None

    def feed(self, lines: Sequence[Line]) -> list[Sourced | Problem]:
        rows = (cells for line in lines for cells in self._rows.feed(line))
        return [read for cells in rows for read in self._read(cells)]

    def end(self) -> list[Sourced | Problem]:
        found = [read for cells in self._rows.end() for read in self._read(cells)]
        return [*found, *self._meaning.end()] if self._meaning else found

    def told(self, problem: Problem) -> tuple[Path, str]:
        return self._meaning.told(problem) if self._meaning else ((), problem.message)

    def _read(self, cells: Cells) -> Iterator[Sourced | Problem]:
        line, found = cells
        if self._table is None or self._meaning is None:
            self._header(line, found)
            return
        row = found if isinstance(found, Problem) else self._table.row(line, found)
        if row is not None:
            yield from self._meaning.row(row)

    def _header(self, line: int, found: list[str] | Problem) -> None:
        if isinstance(found, Problem):
            raise FileRefused(f"{NAME}: the header cannot be read: {found.message}")
        header = tuple(map(naming.squeezed, found))
        if any(header):
            self._table = Table(_FILE, self._rows.delimiter, header, (), line).named(header)
            self._meaning = self._open(header)
