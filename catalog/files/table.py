"""Tables of text: delimiter found out, header and rows by the name of their column."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice

from catalog.errors import FileRefused
from catalog.files import naming
from catalog.files.text import TextFile
from catalog.writes.staging import Problem

CELL_LIMIT = 4 * 1024 * 1024
_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_LINES = 200
_NO_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one record that hold something, without padding; `line` is its first."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class Table:
    """`names` are what rows call the columns of `header`, which stands on `first_line`."""

    file: TextFile
    delimiter: str
    header: tuple[str, ...]
    names: tuple[str, ...]
    first_line: int = 1

    def named(self, names: Sequence[str]) -> "Table":
        """The same table with its columns called otherwise. Two of one name are refused."""
        first: dict[str, str] = {}
        for name, column in zip(names, self.header, strict=True):
            if name and name in first:
                raise FileRefused(
                    f"{self.file.name}: the columns “{first[name]}” and “{column}” mean the same; "
                    "remove or rename one of them"
                )
            first[name] = column
        return replace(self, names=tuple(names))

    def column(self, name: str) -> str:
        """How the file spells the column of that name, else the name itself."""
        return self.header[self.names.index(name)] if name in self.names else name

    def rows(self) -> Iterator[Row | Problem]:
        """Every row that is not blank, from the first one each time that it is called.

        Raises FileRefused where a quote is never closed: nothing after it can be told apart.
        """
        records = _records(self.file, self.delimiter)
        for line, record in records:
            if isinstance(record, Problem):
                yield record
            elif line > self.first_line:
                row = self.row(line, record)
                if row is not None:
                    yield row

    def row(self, line: int, record: Sequence[str]) -> Row | Problem | None:
        """None for a blank one."""
        cells = [cell.strip() for cell in record]
        if any(cells[len(self.names) :]):
            return Problem(
                line,
                (),
                _first(cells[len(self.names) :]),
                "TOO_MANY_CELLS",
                f"the row has {len(cells)} cells and the header {len(self.names)}; "
                f"put cells that hold “{self.delimiter}” in double quotes",
            )
        held = {name: cell for name, cell in zip(self.names, cells, strict=False) if cell and name}
        return Row(line, held) if held else None


def open_table(file: TextFile, *, delimiter: str | None = None) -> Table:
    """The header, and how to read on. Raises FileRefused for what has no header of columns."""
    sample = list(islice(file.lines(), _SAMPLE_LINES))
    if "\x00" in sample[0]:
        raise FileRefused(f"{file.name}: is no text file: it holds NUL bytes")
    delimiter = delimiter or _announced(sample[0]) or _delimiter(sample)
    for line, record in _records(file, delimiter):
        if isinstance(record, Problem):
            raise FileRefused(
                f"{file.name}: line {line}: the header cannot be read; {record.message}"
            )
        header = tuple(map(naming.squeezed, record))
        if any(header) and not _announced(delimiter.join(record)):
            last = max(index for index, column in enumerate(header) if column)
            return Table(file, delimiter, header[: last + 1], (), line).named(header[: last + 1])
    raise FileRefused(f"{file.name}: has no header row")


def key(column: str) -> str:
    """What spellings of a column's name share: `Body (HTML)` and `body_html` are `body html`."""
    return _NO_WORD.sub(" ", column.casefold()).strip()


def _records(file: TextFile, delimiter: str) -> Iterator[tuple[int, list[str] | Problem]]:
    """Records with their first line. Numbers lines as an editor does."""
    csv.field_size_limit(CELL_LIMIT)
    reader = csv.reader(file.lines(), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, _broken(file, line, reader.line_num, str(error))
        else:
            yield line, record


def _broken(file: TextFile, line: int, last: int, error: str) -> Problem:
    if "unexpected end" in error:
        raise FileRefused(
            f"{file.name}: a double quote opened on line {line} is never closed; close it, "
            "or double it where it belongs to the text"
        )
    if "field limit" in error:
        raise FileRefused(
            f"{file.name}: a cell that begins on line {line} is longer than {CELL_LIMIT:,} "
            "characters; probably its double quote is never closed"
        )
    return Problem(
        line,
        (),
        None,
        "BAD_QUOTE",
        f"a double quote on line {last} stands inside a quoted cell; "
        'write it twice ("") where it belongs to the text',
    )


def _announced(line: str) -> str | None:
    """Excel's first line `sep=;`."""
    match = re.fullmatch(r'"?sep=(.)"?', line.strip(), re.IGNORECASE)
    return match[1] if match else None


def _delimiter(sample: Sequence[str]) -> str:
    """The one that gives most columns of those under which the rows agree with the header."""

    def merit(delimiter: str) -> tuple[bool, int]:
        rows = _begun(sample, delimiter)
        width = len(rows[0]) if rows else 0
        agreeing = sum(len(row) == width for row in rows)
        return (width > 1 and agreeing * 2 > len(rows), width)

    return max(_DELIMITERS, key=merit)


def _begun(sample: Sequence[str], delimiter: str) -> list[list[str]]:
    """Up to 50 rows; what cannot be read is told when the file is."""
    rows: list[list[str]] = []
    with suppress(csv.Error):
        for row in csv.reader(sample, delimiter=delimiter):
            if any(row):
                rows.append(row)
            if len(rows) == 50:
                break
    return rows


def _first(cells: Sequence[str]) -> str:
    return next(cell for cell in cells if cell)
