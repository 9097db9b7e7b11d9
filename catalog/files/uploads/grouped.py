"""Rows of our own CSV: a record a row, a variant for each further row of a product."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from catalog.files.native import columns, places, table
from catalog.files.reading import Path
from catalog.files.table import Row
from catalog.files.uploads.records import meant, other_noun
from catalog.files.uploads.table import NAME
from catalog.writes.staging import Lists, Problem, Sourced


class Grouped:
    """Rows that belong together are kept until a row of another record comes. All that is wrong
    with a record is said of its first line."""

    def __init__(self, header: Sequence[str], noun: str, lists: Lists) -> None:
        self.noun, self.lists = noun, lists
        self._known = columns.parse(header, file=NAME)
        self._column = places.columns(header)
        # Of the rows below the first, for records of several.
        self._inner_lines: dict[int, tuple[int, ...]] = {}
        self._group: list[Row] = []
        self._broken = False

    def row(self, row: Row | Problem) -> Iterator[Sourced | Problem]:
        if isinstance(row, Problem):
            yield from self._unread(row)
        elif self._group and table.continues(self._group[0], row, self.noun):
            self._group.append(row)
        else:
            yield from self.end()
            yield from self._begun(row)

    def end(self) -> Iterator[Sourced | Problem]:
        group, self._group = self._group, []
        for read in meant(table.records(group, self._known, self.noun), self.lists):
            if isinstance(read, Problem):
                yield _of(group[0].line, read)
                continue
            if len(group) > 1:
                self._inner_lines[read.line] = read.variant_lines
            yield replace(read, variant_lines=())

    def told(self, problem: Problem) -> tuple[Path, str]:
        path = (self._column(problem.path, problem.value),) if problem.path else ()
        match problem.path:
            case ("variants", int(index), *_) if lines := self._inner_lines.get(problem.line):
                return path, f"{problem.message} (line {lines[index]})"
        return path, problem.message

    def _begun(self, row: Row) -> Iterator[Problem]:
        record = row["record"] or self.noun
        if record != self.noun and record not in table.INSIDE:
            yield other_noun(row.line, record, self.noun)
        elif self._broken and not any(row[key] for key in table.KEYS):
            said = "follows a row that cannot be read; say in slug or external_id whose row it is"
            yield Problem(row.line, (), None, "BROKEN_ROW", said)
        else:
            self._group, self._broken = [row], False

    def _unread(self, row: Problem) -> Iterator[Sourced | Problem]:
        """Whose row it was nobody knows, nor whose are those below it that do not say so; and a
        record that replaces lists must not lack one."""
        if self._group and self.lists == "replace":
            first = self._group[0].line
            self._group = []
            said = f"line {row.line} below it cannot be read, and may be of the same record"
            yield Problem(first, (), None, "BROKEN_ROW", said)
        yield from self.end()
        self._broken = True
        yield row


def _of(line: int, problem: Problem) -> Problem:
    if problem.line == line:
        return problem
    said = f"{problem.message} (line {problem.line})"
    return Problem(line, problem.path, problem.value, problem.code, said, problem.warning)
