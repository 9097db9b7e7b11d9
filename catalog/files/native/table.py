"""Our own CSV: a record a row, a variant for each further row of a product.

Rows that continue the record above them: those of the same product, or with an empty key, as
variants; `option` rows as options of an attribute; `assignment` rows as attributes of a type.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from catalog.files import checking
from catalog.files.native import columns, filling, places
from catalog.files.native.columns import Column
from catalog.files.native.filling import Part
from catalog.files.reading import Reading
from catalog.files.table import Row, Table
from catalog.writes.staging import Problem, Sourced

KEYS = ("external_id", "slug")
INSIDE = {"option": ("attribute", "options"), "assignment": ("type", "attributes")}


@dataclass
class _Draft:
    """A record while its rows come in; `lists` are lines of the rows inside it, by list."""

    record: str
    row: Row
    part: Part
    inner: list[Part] = field(default_factory=list)
    inner_lines: list[int] = field(default_factory=list)


def read(source: Table) -> Reading:
    known = columns.parse(source.header, file=source.file.name)
    return Reading("our CSV", records(source.rows(), known), places.columns(source.header))


def records(
    rows: Iterable[Row | Problem], known: Mapping[str, Column], noun: str = "product"
) -> Iterator[Sourced | Problem]:
    """`noun` is what a row is that does not say it."""
    draft: _Draft | None = None
    for row in rows:
        if isinstance(row, Problem):
            yield row
            continue
        record = row["record"] or noun
        if draft is not None and _continues(draft, row, record):
            yield from _continue(draft, row, known)
            continue
        if record in INSIDE:
            above, _ = INSIDE[record]
            said = f"must stand below the row of its {above}, with nothing between them"
            yield Problem(row.line, ("record",), record, "MISPLACED", said)
            continue
        if draft is not None:
            yield from _finished(draft)
        draft = _begun(row, record, known)
    if draft is not None:
        yield from _finished(draft)


def continues(first: Row, row: Row, noun: str) -> bool:
    """Whether the row belongs to the record that begins with `first`."""
    return _continues(_Draft(noun, first, Part()), row, row["record"] or noun)


def _continues(draft: _Draft, row: Row, record: str) -> bool:
    if record in INSIDE:
        return INSIDE[record][0] == draft.record
    if record != "product" or draft.record != "product":
        return False
    said = [(row[key], draft.row[key]) for key in KEYS if row[key]]
    return all(value == first for value, first in said)


def _begun(row: Row, record: str, known: Mapping[str, Column]) -> _Draft:
    own, variant = _parts(row, known)
    own.raw["record"] = record
    draft = _Draft(record, row, own)
    if variant:
        draft.inner.append(variant)
        draft.inner_lines.append(row.line)
    return draft


def _continue(draft: _Draft, row: Row, known: Mapping[str, Column]) -> Iterator[Problem]:
    own, variant = _parts(row, known)
    own.raw.pop("record", None)
    inner = variant if draft.record == "product" else own
    if inner:
        draft.inner.append(inner)
        draft.inner_lines.append(row.line)
    if draft.record != "product":
        return
    for name, cell in row.cells.items():
        if known[name].owner == "record" and cell != draft.row[name] and name != "record":
            said = (
                f"is another value than on line {draft.row.line}, where the product begins; "
                "leave it empty, or repeat that"
            )
            shown = checking.shortened(cell)
            yield Problem(row.line, (name,), shown, "CONTRADICTION", said)


def _parts(row: Row, known: Mapping[str, Column]) -> tuple[Part, Part]:
    own, variant = Part(), Part()
    for name, cell in row.cells.items():
        column = known[name]
        (own if column.owner == "record" else variant).put(column, cell)
    return own, variant


def _finished(draft: _Draft) -> Iterator[Sourced | Problem]:
    raw, origins = draft.part.raw, dict(draft.part.origins)
    inside = {"attribute": "options", "type": "attributes"}.get(draft.record, "variants")
    if draft.inner:
        raw[inside] = [part.raw for part in draft.inner]
    for index, part in enumerate(draft.inner):
        origins |= {(inside, index, *path): name for path, name in part.origins.items()}
    checked = (
        checking.product(raw, draft.row.line, draft.inner_lines)
        if draft.record == "product"
        else checking.record(raw, draft.row.line)
    )
    for item in checked:
        yield filling.located(item, origins) if isinstance(item, Problem) else item
