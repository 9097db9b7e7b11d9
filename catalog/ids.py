"""Global ids: opaque outside, a type's name and a row's number inside."""

import base64
from collections.abc import Sequence

from catalog.errors import BadReference

MAX_ROW = 2**31 - 1


def encode(kind: str, row: int) -> str:
    return base64.b64encode(f"{kind}:{row}".encode()).decode()


def decode(value: str, *, path: tuple[str | int, ...] = ("id",)) -> tuple[str, int]:
    """The type's name and the row's number; refuses what `encode` cannot have made."""
    try:
        kind, _, digits = base64.b64decode(value, validate=True).decode().partition(":")
        row = int(digits)
    except ValueError:
        raise _unknown(path) from None
    if not 0 < row <= MAX_ROW or encode(kind, row) != value:
        raise _unknown(path)
    return kind, row


def row_of(kind: str, value: str, *, path: tuple[str | int, ...] = ("id",)) -> int:
    """The row's number where only an id of that type will do."""
    found, row = decode(value, path=path)
    if found != kind:
        raise BadReference(f"this is the id of a {found}; give that of a {kind}", path=path)
    return row


def rows_of(
    kind: str, values: Sequence[str] | None, *, path: tuple[str | int, ...]
) -> tuple[int, ...] | None:
    if not values:
        return None if values is None else ()
    return tuple(row_of(kind, value, path=(*path, n)) for n, value in enumerate(values))


def _unknown(path: tuple[str | int, ...]) -> BadReference:
    return BadReference("this is no id; give one that an answer of this API held", path=path)
