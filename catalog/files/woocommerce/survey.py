"""A first reading of the file: what rows say about each other, wherever they stand."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from catalog.files import naming
from catalog.files.table import Row, Table
from catalog.files.woocommerce import header
from catalog.files.woocommerce.header import Header
from catalog.writes.staging import Problem

FLAGS = ("downloadable", "virtual")


@dataclass(frozen=True, slots=True)
class Survey:
    """`keys` leads from `id:44` and from SKUs to the product's external id, also those of its
    variations. `axes` are codes of attributes that tell variations apart somewhere in the file:
    only those have to be selects."""

    keys: dict[str, str] = field(default_factory=dict)
    variations: dict[str, list[Row]] = field(default_factory=dict)
    orphans: list[Row] = field(default_factory=list)
    axes: set[str] = field(default_factory=set)


def survey(source: Table, known: Header) -> Survey:
    found = Survey()
    variations: list[Row] = []
    for row in source.rows():
        if isinstance(row, Problem):
            continue
        if is_variation(row):
            variations.append(row)
            found.axes.update(map(naming.code, header.attributes(row, known)))
        elif key := external_id(row):
            _remember(found, row, key)
    for row in variations:
        parent = found.keys.get(row["parent"])
        if parent is None:
            found.orphans.append(row)
            continue
        found.variations.setdefault(parent, []).append(row)
        _remember(found, row, parent)
    for rows in found.variations.values():
        rows.sort(key=_position)
    return found


def kinds(row: Row) -> tuple[str, Sequence[str]]:
    """`simple, downloadable, virtual` is a kind and flags."""
    words = [word.lower() for word in header.listed(row["type"])]
    kind = next((word for word in words if word not in FLAGS), "simple")
    return kind, [word for word in words if word in FLAGS]


def is_variation(row: Row) -> bool:
    return kinds(row)[0].endswith("variation")


def external_id(row: Row) -> str:
    return row["id"] or naming.squeezed(row["sku"])


def _remember(found: Survey, row: Row, key: str) -> None:
    for name in (f"id:{row['id']}" if row["id"] else "", row["sku"]):
        if name:
            found.keys.setdefault(name, key)


def _position(row: Row) -> tuple[int, int]:
    position = row["position"]
    return (int(position) if position.isdecimal() else 0, row.line)
