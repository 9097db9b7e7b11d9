"""Rows of prices or stock: each is one price of a variant, or one stock level."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Final

from catalog.errors import FileRefused
from catalog.files import cells, checking
from catalog.files.reading import Path
from catalog.files.table import Row
from catalog.files.uploads.records import meant
from catalog.files.uploads.table import NAME
from catalog.writes.inputs import PriceRecord, StockRecord
from catalog.writes.staging import Lists, Problem, Sourced

# `sku` and `variant` both say whose it is; `variant` takes `ext:` and an external id, too.
_COLUMNS: Final[Mapping[str, frozenset[str]]] = {
    "price": frozenset(PriceRecord.model_fields) - {"record"} | {"sku"},
    "stock": frozenset(StockRecord.model_fields) - {"record"} | {"sku"},
}


class Offers:
    def __init__(self, header: Sequence[str], noun: str, lists: Lists) -> None:
        self.noun, self.lists = noun, lists
        self._header = header
        _check(header, _COLUMNS[noun])

    def row(self, row: Row | Problem) -> Iterator[Sourced | Problem]:
        if isinstance(row, Problem):
            yield row
            return
        raw = {_field(name): _value(cell) for name, cell in row.cells.items()}
        yield from meant(checking.record({"record": self.noun, **raw}, row.line), self.lists)

    def end(self) -> Iterator[Sourced | Problem]:
        return iter(())

    def told(self, problem: Problem) -> tuple[Path, str]:
        sku = problem.path == ("variant",) and "sku" in self._header
        return ("sku",) if sku else problem.path, problem.message


def _check(header: Sequence[str], taken: frozenset[str]) -> None:
    for name in header:
        if name and name not in taken:
            close = get_close_matches(name, taken, n=1)
            hint = f"did you mean {close[0]}?" if close else f"take {', '.join(sorted(taken))}"
            raise FileRefused(f"{NAME}: there is no column “{name}”; {hint}")
    if ("sku" in header) == ("variant" in header):
        raise FileRefused(f"{NAME}: needs one column sku or variant, which says whose each row is")


def _field(column: str) -> str:
    return "variant" if column == "sku" else column


def _value(cell: str) -> str | None:
    return None if cell == "null" else cells.plain(cell)
