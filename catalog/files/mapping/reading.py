"""Foreign files read by a mapping, a record at a time."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path

from catalog.errors import FileRefused
from catalog.files import table
from catalog.files.mapping import cells, expressions, origins, survey
from catalog.files.mapping.cells import Line
from catalog.files.mapping.documents import rows
from catalog.files.mapping.expressions import Tables
from catalog.files.mapping.language import Channel, Mapping, Rest, Table, Value, values
from catalog.files.mapping.records import Builder, used_paths
from catalog.files.mapping.survey import Survey
from catalog.files.mapping.work import Work
from catalog.files.nouns import Nouns
from catalog.files.reading import Defaults, Reading, needed
from catalog.files.text import TextFile, open_text
from catalog.writes.staging import Problem, Sourced

_TYPE = Value.model_validate({"value": "default"})


def read(file: TextFile, mapping: Mapping, *, beside: Path, defaults: Defaults | None) -> Reading:
    """Records and problems, each as it is come to. Tables are looked for in the folder `beside`,
    then beside the file.

    Raises FileRefused where the file is not what the mapping says.
    """
    if mapping.source.encoding:
        file = open_text(file.path, encoding=mapping.source.encoding)
    if mapping.record == "product" and "channels" not in mapping.model_fields_set:
        channel = _channel(needed(defaults, file.name))
        mapping = mapping.model_copy(update={"channels": (channel,)})
    folders = (beside, file.path.parent)
    tables = {name: _table(given, name, folders) for name, given in mapping.tables.items()}
    _check_columns(file, mapping)
    work = Work(tables, Nouns(defaults.kinds if defaults else {}))
    return Reading("mapping", _records(file, mapping, work), origins.columns(mapping))


def _channel(defaults: Defaults) -> Channel:
    return Channel(code=defaults.channel, currencies=(defaults.currency,), locale=defaults.locale)


def _records(file: TextFile, mapping: Mapping, work: Work) -> Iterator[Sourced | Problem]:
    found = _surveyed(file, mapping, mapping.rest, work.tables) if mapping.rest else None
    builder = Builder(mapping, work, found)
    problems: list[Problem] = []
    for lines in _groups(_lines(file, mapping, work, problems), mapping, work, problems):
        yield from _taken(problems)
        yield from builder.build(lines)
    yield from _taken(problems)
    yield from _never_found(mapping, work)


def _taken(problems: list[Problem]) -> Iterator[Problem]:
    yield from problems
    problems.clear()


def _lines(file: TextFile, mapping: Mapping, work: Work, problems: list[Problem]) -> Iterator[Line]:
    """Lines that the mapping wants, with what it derives."""
    for line in rows(file, mapping.source):
        if isinstance(line, Problem):
            problems.append(line)
        elif _derived(line, mapping, work, problems) and _wanted(line, mapping, work, problems):
            yield line


def _derived(line: Line, mapping: Mapping, work: Work, problems: list[Problem]) -> bool:
    before = len(problems)
    for name, value in mapping.derive.items():
        line.row[name] = work.cell(value).read([line], ("derive", name), problems)
    return all(problem.warning for problem in problems[before:])


def _wanted(line: Line, mapping: Mapping, work: Work, problems: list[Problem]) -> bool:
    when = mapping.when
    return when is None or work.cell(when).read([line], ("when",), problems) is not None


def _groups(
    lines: Iterator[Line], mapping: Mapping, work: Work, problems: list[Problem]
) -> Iterator[list[Line]]:
    if mapping.group_by is None:
        return ([line] for line in lines)
    key = work.cell(mapping.group_by)
    return cells.groups(lines, key, adjacent=mapping.adjacent, problems=problems)


def _surveyed(file: TextFile, mapping: Mapping, rest: Rest, tables: Tables) -> Survey:
    """A first reading of the file, with cells of its own: what may not repeat is met twice."""
    work = Work(tables, Nouns())
    lines = _lines(file, mapping, work, [])
    type_of = work.cell(mapping.fields.get("type", _TYPE)).get
    return survey.survey(
        (line.row for line in lines),
        used_paths(mapping),
        type_of=type_of,
        limit=rest.options_up_to,
        typed=mapping.source.format != "csv",
    )


def _table(given: Table, name: str, folders: Sequence[Path]) -> dict[str, str | None]:
    if given.file is None:
        return given.rows
    path = next((path for folder in folders if (path := folder / given.file).is_file()), None)
    if path is None:
        looked = " nor in ".join(str(folder) for folder in dict.fromkeys(folders))
        raise FileRefused(f"tables.{name}: there is no {given.file} in {looked}")
    opened = table.open_table(open_text(path))
    for column in (given.key, given.value):
        if column not in opened.names:
            raise FileRefused(f"tables.{name}: {given.file} has no column {column!r}")
    found = (row for row in opened.rows() if isinstance(row, table.Row))
    return {row[given.key or ""]: row[given.value or ""] for row in found}


def _check_columns(file: TextFile, mapping: Mapping) -> None:
    if mapping.source.format != "csv":
        return
    columns = table.open_table(file, delimiter=mapping.source.delimiter).names
    known = {*columns, *mapping.derive}
    for place, value in values(mapping):
        for source in expressions.sources(value):
            if source not in known:
                close = get_close_matches(source, columns, n=1, cutoff=0.4)
                hint = f"; did you mean {close[0]!r}?" if close else f": {', '.join(columns)}"
                raise FileRefused(
                    f"{'.'.join(map(str, place))}: {file.name} has no column {source!r}{hint}"
                )


def _never_found(mapping: Mapping, work: Work) -> Iterator[Problem]:
    for place, value in values(mapping):
        sources = expressions.sources(value)
        if sources and not work.cell(value).found:
            said = (
                f"no line has anything at {' or '.join(sources)}; correct the path in the mapping"
            )
            yield Problem(1, place, None, "NEVER_FOUND", said, warning=True)
