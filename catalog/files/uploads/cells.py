"""Rows of a CSV out of lines as they come: a quoted cell may go on over several."""

import csv
from collections.abc import Iterator

from catalog.files.table import CELL_LIMIT
from catalog.files.uploads.lines import LIMIT, Line
from catalog.files.uploads.records import too_long
from catalog.writes.staging import Problem

Cells = tuple[int, list[str] | Problem]


class Rows:
    """Each with its first line, and what is wrong with one that cannot be read.

    A quote that is never closed ends the reading: nothing after it can be told apart.
    """

    def __init__(self) -> None:
        self.delimiter = ""
        self._first = 0
        self._parts: list[str] = []
        self._size = 0
        self._bad: Problem | None = None
        self._lost = False

    def feed(self, line: Line) -> Iterator[Cells]:
        if self._lost:
            return
        self._first = self._first or line.number
        text = self._text(line)
        self.delimiter = self.delimiter or _delimiter(text)
        inside = _open(text, self.delimiter or ",", inside=bool(self._parts))
        self._parts.append(text)
        self._size += len(text)
        if self._size > LIMIT:
            yield self._unclosed()
        elif not inside:
            yield self._taken()

    def end(self) -> Iterator[Cells]:
        if self._parts and not self._lost:
            yield self._unclosed()

    def _text(self, line: Line) -> str:
        if line.content is None:
            self._bad = self._bad or too_long(line.number)
            return ""
        try:
            return line.content.decode()
        except UnicodeDecodeError as error:
            at = error.start + 1
            said = f"line {line.number}, byte {at}: is not UTF-8; encode the whole upload as that"
            self._bad = self._bad or Problem(self._first, (), None, "BAD_ENCODING", said)
            return line.content.decode(errors="replace")

    def _taken(self) -> Cells:
        first, parts, bad = self._first, self._parts, self._bad
        self._first, self._parts, self._size, self._bad = 0, [], 0, None
        if bad is not None:
            return first, bad
        csv.field_size_limit(CELL_LIMIT)
        try:
            return first, next(csv.reader(parts, delimiter=self.delimiter or ",", strict=True), [])
        except csv.Error as error:
            said = f"line {first} cannot be read as CSV: {error}; a quote within a cell is doubled"
            return first, Problem(first, (), None, "BAD_QUOTE", said)

    def _unclosed(self) -> Cells:
        self._lost = True
        said = f"a quote opened on line {self._first} is never closed; nothing after it was read"
        return self._first, Problem(self._first, (), None, "BAD_QUOTE", said)


def _delimiter(header: str) -> str:
    """That of the first line that is not blank."""
    return max(",;\t|", key=header.count) if header.strip() else ""


def _open(text: str, delimiter: str, *, inside: bool) -> bool:
    """Whether a quoted cell goes on after the line. A quote opens one only where a cell begins."""
    if not inside and '"' not in text:
        return False
    at = 0
    while True:
        if inside:
            at = text.find('"', at) + 1
            if at == 0:
                return True
            if text.startswith('"', at):
                at += 1
                continue
        elif text.startswith('"', at):
            inside, at = True, at + 1
            continue
        inside = False
        at = text.find(delimiter, at) + 1
        if at == 0:
            return False
