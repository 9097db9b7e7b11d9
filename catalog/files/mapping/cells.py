"""One value of a mapping at work: read from a line, checked against the lines before it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from catalog.files import naming
from catalog.files.mapping import expressions, transforms
from catalog.files.mapping.expressions import Get, Row, Tables
from catalog.files.mapping.language import Append, Place, Value
from catalog.files.mapping.transforms import Json, Unusable, is_empty
from catalog.writes.staging import Problem


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a CSV file, one line of JSONL, or one item of a JSON document; from 1."""

    number: int
    row: Row


class Skip(Exception):
    """The mapping says that a line without this value is none of ours."""


@dataclass(slots=True)
class Cell:
    """`found` turns true with the first line that has the value."""

    value: Value
    get: Get
    found: bool = False
    _first: dict[str, int] = field(default_factory=dict)

    def read(self, lines: Sequence[Line], at: Place, problems: list[Problem]) -> Json:
        """The value of the first line that has one, or None. Raises Skip."""
        for line in lines:
            try:
                found = self.get(line.row)
            except Unusable as error:
                problems.append(_problem(line, at, error.value, "UNUSABLE", error.message))
                return None
            if not is_empty(found):
                self.found = True
                return self._unrepeated(found, line, at, problems)
        self._missing(lines[0], at, problems)
        return None

    def _unrepeated(self, found: Json, line: Line, at: Place, problems: list[Problem]) -> Json:
        rule = self.value.repeated
        if rule is None:
            return found
        first = self._first.setdefault(transforms.text(found), line.number)
        if first == line.number:
            return found
        said = f"stands already on line {first}"
        if not isinstance(rule, Append):
            said += ", so it was left out here"
            problems.append(_problem(line, at, found, "REPEATED", said, warning=True))
            return None
        more = naming.slug(transforms.text(expressions.path(rule.append)(line.row)))
        longer = f"{transforms.text(found)}-{more}"
        said += f", so it became {longer} here"
        problems.append(_problem(line, at, found, "REPEATED", said, warning=True))
        return longer

    def _missing(self, line: Line, at: Place, problems: list[Problem]) -> None:
        rule = self.value.empty
        if rule == "skip":
            raise Skip
        if rule in ("warn", "error"):
            sources = " or ".join(expressions.sources(self.value))
            said = f"is missing: there is nothing at {sources}"
            problems.append(_problem(line, at, None, "MISSING", said, warning=rule == "warn"))


def _problem(
    line: Line, at: Place, value: Json, code: str, message: str, *, warning: bool = False
) -> Problem:
    shown = None if value is None else transforms.text(value)[:200]
    return Problem(line.number, at, shown, code, message, warning)


def cell(value: Value, tables: Tables) -> Cell:
    return Cell(value, expressions.compute(value, tables))


def groups(
    lines: Iterable[Line], key: Cell, *, adjacent: bool, problems: list[Problem]
) -> Iterator[list[Line]]:
    """Lines with the same key, wherever they stand; adjacent ones only need no memory."""
    held: dict[str, list[Line]] = {}
    gone: dict[str, int] = {}
    for line in lines:
        name = transforms.text(key.read([line], ("group_by",), problems))
        if not name:
            said = "is empty, so it cannot be told what this line belongs to"
            problems.append(_problem(line, ("group_by",), None, "MISSING", said))
            continue
        if adjacent and held and name not in held:
            gone |= {done: group[0].number for done, group in held.items()}
            yield from held.values()
            held = {}
        if name in gone:
            said = f"belongs to line {gone[name]}: sort the file by it, or take out `adjacent`"
            problems.append(_problem(line, ("group_by",), name, "NOT_ADJACENT", said))
            continue
        held.setdefault(name, []).append(line)
    yield from held.values()
