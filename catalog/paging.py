"""Keyset paging: an order, cursors that name a place in it, pages.

A cursor holds the sort keys of a row, so a page begins at a place and not at a count: rows that
come or go meanwhile make nothing appear twice or be left out.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Generic, TypeVar

import orjson

from catalog.errors import BadCursor, BadPageSize

T = TypeVar("T")
Value = str | int | Decimal | datetime | date | bool | None

MAX_FIRST, MAX_FIRST_WITH_TOKEN = 100, 250
DEFAULT_FIRST = 24


@dataclass(frozen=True, slots=True)
class Key:
    """One sort key: an SQL expression, its type, its direction. NULLs come last either way."""

    sql: str
    type: type
    descending: bool = False
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """Sort keys, of which the last is unique; `name` is part of the cursor."""

    name: str
    keys: tuple[Key, ...]

    def order_by(self, *, backward: bool) -> str:
        return ", ".join(_direction(key, backward=backward) for key in self.keys)

    def beyond(self, place: Sequence[Value], *, backward: bool, first_parameter: int) -> str:
        """The condition on rows behind a place, its values bound from `first_parameter` on.

        Where all keys run the same way and none is NULL it is one row comparison, which an index
        on the keys answers; else key by key, ties first.
        """
        parameters = [f"${first_parameter + n}" for n in range(len(self.keys))]
        directions = {key.descending != backward for key in self.keys}
        if len(directions) == 1 and not any(key.nullable for key in self.keys):
            columns = ", ".join(key.sql for key in self.keys)
            sign = "<" if directions.pop() else ">"
            return f"({columns}) {sign} ({', '.join(parameters)})"
        cases = []
        for n, key in enumerate(self.keys):
            ties = [
                f"{tied.sql} IS NOT DISTINCT FROM {parameters[m]}"
                for m, tied in enumerate(self.keys[:n])
            ]
            behind = _behind(key, parameters[n], place[n], backward=backward)
            cases.append(" AND ".join([*ties, behind]))
        return "(" + " OR ".join(f"({case})" for case in cases) + ")"


def _direction(key: Key, *, backward: bool) -> str:
    descending = key.descending != backward
    nulls = ""
    if key.nullable:
        nulls = " NULLS FIRST" if backward else " NULLS LAST"
    return f"{key.sql} {'DESC' if descending else 'ASC'}{nulls}"


def _behind(key: Key, parameter: str, value: Value, *, backward: bool) -> str:
    """The parameter stays in the text even where it is not compared, so that each is bound."""
    sign = "<" if key.descending != backward else ">"
    if value is None:
        return f"({parameter} IS NULL AND {key.sql} IS NOT NULL)" if backward else "false"
    or_null = f" OR {key.sql} IS NULL" if key.nullable and not backward else ""
    return f"({key.sql} {sign} {parameter}{or_null})"


@dataclass(frozen=True, slots=True)
class Paging:
    """Which page: `first` after a cursor, or `last` before one."""

    first: int | None = None
    after: str | None = None
    last: int | None = None
    before: str | None = None

    @property
    def backward(self) -> bool:
        return self.last is not None or (self.before is not None and self.first is None)

    def size(self, *, limit: int = MAX_FIRST) -> int:
        """How many rows; refuses what Relay's connection specification forbids and our limit."""
        if self.first is not None and self.last is not None:
            raise BadPageSize("first and last exclude each other", path=("last",))
        if self.after is not None and self.before is not None:
            raise BadPageSize("after and before exclude each other", path=("before",))
        if self.last is not None and self.after is not None:
            raise BadPageSize("last goes with before, not with after", path=("after",))
        if self.first is not None and self.before is not None:
            raise BadPageSize("first goes with after, not with before", path=("before",))
        name, count = ("last", self.last) if self.backward else ("first", self.first)
        if count is None:
            return min(DEFAULT_FIRST, limit)
        if not 0 <= count <= limit:
            raise BadPageSize(f"{name} must be from 0 to {limit}, not {count}", path=(name,))
        return count

    def place(self, order: Order) -> tuple[Value, ...] | None:
        """The place that the cursor names, or None at the start."""
        name, cursor = ("before", self.before) if self.backward else ("after", self.after)
        return None if cursor is None else decode_cursor(cursor, order, path=(name,))


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page, in the asked order whichever way it was read."""

    items: tuple[T, ...]
    cursors: tuple[str, ...]
    has_next: bool
    has_previous: bool

    @property
    def start_cursor(self) -> str | None:
        return self.cursors[0] if self.cursors else None

    @property
    def end_cursor(self) -> str | None:
        return self.cursors[-1] if self.cursors else None


def make_page(
    items: Sequence[T],
    places: Sequence[Sequence[Value]],
    *,
    order: Order,
    paging: Paging,
    size: int,
) -> Page[T]:
    """A page of what was read: one row more than `size` says whether there is another."""
    more = len(items) > size
    kept, kept_places = list(items[:size]), list(places[:size])
    continued = (paging.before if paging.backward else paging.after) is not None
    if paging.backward:
        kept.reverse()
        kept_places.reverse()
    return Page(
        items=tuple(kept),
        cursors=tuple(encode_cursor(place, order) for place in kept_places),
        has_next=continued if paging.backward else more,
        has_previous=more if paging.backward else continued,
    )


def encode_cursor(place: Sequence[Value], order: Order) -> str:
    data = orjson.dumps([order.name, *(_plain(value) for value in place)])
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _plain(value: Value) -> str | int | bool | None:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def decode_cursor(
    cursor: str, order: Order, *, path: tuple[str | int, ...] = ()
) -> tuple[Value, ...]:
    refusal = BadCursor(
        "the cursor is not one of this list in this order; start without a cursor", path=path
    )
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        name, *values = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if name != order.name or len(values) != len(order.keys):
            raise refusal
        return tuple(_typed(value, key) for value, key in zip(values, order.keys, strict=True))
    except (ValueError, TypeError, AttributeError, OverflowError, InvalidOperation):
        raise refusal from None


def _typed(value: object, key: Key) -> Value:
    if value is None and key.nullable:
        return None
    if key.type in (int, bool) and type(value) is key.type:
        if key.type is int and not -(2**31) <= value < 2**31:  # type: ignore[operator]
            raise ValueError(value)
        return value  # type: ignore[return-value]
    if not isinstance(value, str):
        raise TypeError(value)
    if key.type is datetime:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError(value)
        return moment
    if key.type is date:
        return date.fromisoformat(value)
    if key.type is Decimal:
        number = Decimal(value)
        if not number.is_finite():
            raise ValueError(value)
        return number
    if key.type is not str or "\x00" in value:
        raise ValueError(value)
    value.encode()  # a lone surrogate cannot be sent to the database
    return value
