"""Records of one noun, a JSON object a line, as the API takes them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import orjson

from catalog.files import checking
from catalog.files.reading import Path
from catalog.files.uploads.lines import LIMIT, Line
from catalog.writes.staging import Lists, Problem, Sourced


class Records:
    """Of lines as they come. `record` may be left out of a line: the noun says it."""

    def __init__(self, noun: str, lists: Lists) -> None:
        self.noun, self.lists = noun, lists

    def feed(self, lines: Sequence[Line]) -> list[Sourced | Problem]:
        return [read for line in lines for read in self._read(line)]

    def end(self) -> list[Sourced | Problem]:
        return []

    def told(self, problem: Problem) -> tuple[Path, str]:
        return problem.path, problem.message

    def _read(self, line: Line) -> Iterator[Sourced | Problem]:
        if line.content is None:
            yield too_long(line.number)
        elif line.content.strip():
            yield from self._parsed(line.number, line.content)

    def _parsed(self, number: int, content: bytes) -> Iterator[Sourced | Problem]:
        try:
            raw = orjson.loads(content)
        except orjson.JSONDecodeError as error:
            said = f"line {number}, column {error.colno}: is not JSON: {error.msg}"
            yield Problem(number, (), None, "BAD_JSON", f"{said}; a line is one record")
            return
        if isinstance(raw, dict):
            raw = {"record": self.noun, **raw}
            if raw["record"] != self.noun:
                yield other_noun(number, raw["record"], self.noun)
                return
        yield from meant(checking.record(raw, number), self.lists)


def meant(read: Iterator[Sourced | Problem], lists: Lists) -> Iterator[Sourced | Problem]:
    for item in read:
        yield replace(item, lists=lists) if isinstance(item, Sourced) else item


def too_long(number: int) -> Problem:
    said = f"line {number} is longer than {LIMIT:,} bytes, which no record is"
    return Problem(number, (), None, "LINE_TOO_LONG", said)


def other_noun(number: int, found: object, noun: str) -> Problem:
    shown = checking.shortened(found)
    said = f"only a {noun} is taken here; send other records to their own address"
    return Problem(number, ("record",), shown, "OTHER_RECORD", said)
