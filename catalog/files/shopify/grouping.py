"""The rows of a product: those of one handle, together or not."""

from collections import Counter
from collections.abc import Iterator, Sequence

from catalog.files import checking
from catalog.files.table import Row, Table
from catalog.writes.staging import Problem

# Said on a product's first row; said otherwise further down, it is perhaps another product's.
_TEXTS = ("title", "body html", "vendor", "type", "product category")


def products(source: Table) -> Iterator[list[Row] | Problem]:
    """The rows of each handle, held back only where a handle comes again after others."""
    scattered = _scattered(source)
    held: dict[str, list[Row]] = {}
    group: list[Row] = []
    for row in source.rows():
        if isinstance(row, Problem):
            yield row
            continue
        handle = row["handle"]
        if not handle:
            said = "is missing: it says which product the row belongs to"
            yield Problem(row.line, ("slug",), None, "MISSING", said)
            continue
        if handle in scattered:
            rows = held.setdefault(handle, [])
            rows.append(row)
            if len(rows) == scattered[handle]:
                yield held.pop(handle)
            continue
        if group and group[0]["handle"] != handle:
            yield group
            group = []
        group.append(row)
    if group:
        yield group


def _scattered(source: Table) -> dict[str, int]:
    """How many rows each handle has whose rows do not stand together."""
    rows: Counter[str] = Counter()
    scattered: set[str] = set()
    previous = ""
    for row in source.rows():
        if isinstance(row, Problem) or not row["handle"]:
            continue
        handle = row["handle"]
        if handle != previous and handle in rows:
            scattered.add(handle)
        rows[handle] += 1
        previous = handle
    return {handle: rows[handle] for handle in scattered}


def strayed(rows: Sequence[Row]) -> Iterator[Problem]:
    """Warnings of rows that say something else about the product than its first."""
    first = rows[0]
    for row in rows[1:]:
        others = [name for name in _TEXTS if row[name] and row[name] != first[name]]
        if others:
            said = (
                f"the handle {first['handle']} has another {', '.join(others)} on line "
                f"{first.line}, which is kept; give another product a handle of its own"
            )
            value = checking.shortened(row[others[0]])
            yield Problem(row.line, (others[0],), value, "HANDLE_AGAIN", said, warning=True)
