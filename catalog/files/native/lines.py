"""Our own NDJSON: a record a line, as the API takes it; `record` names its noun."""

from collections.abc import Iterator

import orjson

from catalog.files import checking
from catalog.files.reading import Path, Reading
from catalog.files.text import TextFile
from catalog.writes.inputs import ProductInput
from catalog.writes.staging import Problem, Sourced

_FIELDS = frozenset(ProductInput.model_fields)


def recognise(first: object) -> bool:
    """Of the first line: a record that says so, or a product with fields of ours only."""
    if not isinstance(first, dict):
        return False
    ours = bool({"slug", "external_id"} & first.keys()) and first.keys() <= _FIELDS
    return "record" in first or ours


def read(file: TextFile) -> Reading:
    return Reading("our NDJSON", _records(file), _column)


def _column(path: Path, value: str | None = None) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(
        "."
    )


def _records(file: TextFile) -> Iterator[Sourced | Problem]:
    for number, line in enumerate(file.lines(), 1):
        if line.isspace():
            continue
        try:
            raw = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            shown = checking.shortened(line.strip())
            said = f"is not JSON at character {error.colno}: {error.msg}; a line is one record"
            yield Problem(number, (), shown, "BAD_JSON", said)
            continue
        yield from checking.record(raw, number)
