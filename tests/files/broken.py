"""Broken files of our own, and what is to be said of each: where, what, and what would be right.

The shop they are imported into sells in EUR and USD in the channel `eu`, has the type `lamp` with
the axis `color` (red, blue), the texts `material` and the number `power`, the location `main`, the
brand `lumen`, the category `home-lamps` and one product, `desk-lamp`, with the SKU `desk-lamp-red`.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

SHOWN = 80


@dataclass(frozen=True)
class Broken:
    """A file with one error. `value` is as reports show it; None where there is none to show."""

    name: str
    content: bytes
    line: int
    column: str
    value: str | None
    remedy: str
    mapping: str | None = None


@dataclass(frozen=True)
class Unreadable:
    """A file that cannot be read on at some point; `says` are parts of the one sentence."""

    name: str
    content: bytes
    says: tuple[str, ...]
    mapping: str | None = None
    encoding: str | None = None


def table(header: str, *rows: Mapping[str, str]) -> bytes:
    """Rows by column, quoted where they need to be."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, header.split(","), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def text(*lines: str) -> bytes:
    return "\n".join((*lines, "")).encode()


def cells(
    format: str,
    header: str,
    good: Mapping[str, str],
    other: Mapping[str, str],
    wrong: Iterable[tuple[str, str, str, str]],
) -> Iterable[Broken]:
    """A good row, which must not be written either, and another with one cell of it wrong.

    `wrong` is a name, the column, its cell, and what would be right.
    """
    for name, column, cell, remedy in wrong:
        full = header if column in header.split(",") else f"{header},{column}"
        content = table(full, good, {**other, column: cell})
        yield Broken(f"{format}: {name}", content, 3, column, shortened(cell), remedy)


def shortened(cell: str) -> str | None:
    return (cell if len(cell) <= SHOWN else f"{cell[: SHOWN - 1]}…") or None
