"""Keyset paging: an order, cursors that name a place in it, pages.

A cursor holds the sort keys of a row, so a page begins at a place and not at a count: rows that
come or go meanwhile make nothing appear twice or be left out.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, TypeVar

import orjson

from catalog.errors import BadCursor, BadPageSize

T = TypeVar("T")
Value = str | int | datetime | None
Place = tuple[Value, ...]

MAX_FIRST, MAX_FIRST_WITH_TOKEN = 100, 250
DEFAULT_FIRST = 24


@dataclass(frozen=True, slots=True)
class Key:
    """One sort key: an SQL expression, its type, its direction. NULLs come last either way."""

    sql: str
    type: type[str] | type[int] | type[datetime]
    descending: bool = False
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """Sort keys, of which the last is unique and only the first may be NULL.

    `name` says of what and how, and is part of the cursor: one of another list is refused. In SQL
    the keys are the columns `key_0` … and the place's values the parameters `:place_0` ….
    """

    name: str
    keys: tuple[Key, ...]

    @property
    def columns(self) -> str:
        return ", ".join(f"{key.sql} AS key_{n}" for n, key in enumerate(self.keys))

    def place(self, row: object) -> Place:
        """Where a row stands that was selected with `columns`."""
        return tuple(row[f"key_{n}"] for n in range(len(self.keys)))  # type: ignore[index]

    def order_by(self, *, backward: bool) -> str:
        """`key_0 DESC, key_1 DESC`, or all the other way round."""
        return ", ".join(
            f"key_{n} {'DESC' if key.descending != backward else 'ASC'}"
            + (f" NULLS {'FIRST' if backward else 'LAST'}" if key.nullable else "")
            for n, key in enumerate(self.keys)
        )

    def behind(self, place: Place | None, *, backward: bool) -> tuple[str, ...]:
        """Conditions on the rows behind a place: all that meet the first come before any that meets
        the second. NULLs are a condition of their own, so that an index on the keys answers each.
        """
        if place is None:
            return ("true",)
        first = self.keys[0]
        if not first.nullable:
            return (self._compared(0, backward=backward),)
        if place[0] is None:
            among_nulls = f"{first.sql} IS NULL AND {self._compared(1, backward=backward)}"
            return (among_nulls, f"{first.sql} IS NOT NULL") if backward else (among_nulls,)
        compared = self._compared(0, backward=backward)
        return (compared,) if backward else (compared, f"{first.sql} IS NULL")

    def _compared(self, start: int, *, backward: bool) -> str:
        """The keys from `start` on, none NULL: one row comparison where all run the same way, which
        an index answers; else key by key, ties first."""
        keys = list(enumerate(self.keys))[start:]
        signs = {n: "<" if key.descending != backward else ">" for n, key in keys}
        if len(set(signs.values())) == 1:
            columns = ", ".join(key.sql for _, key in keys)
            parameters = ", ".join(f":place_{n}" for n, _ in keys)
            return f"({columns}) {signs[start]} ({parameters})"
        cases = []
        ties = ""
        for n, key in keys:
            cases.append(f"({ties}{key.sql} {signs[n]} :place_{n})")
            ties += f"{key.sql} = :place_{n} AND "
        return f"({' OR '.join(cases)})"


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

    def place(self, order: Order) -> Place | None:
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
    items: Sequence[T], places: Sequence[Place], *, order: Order, paging: Paging, size: int
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


def encode_cursor(place: Place, order: Order) -> str:
    data = orjson.dumps([order.name, *place])
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def decode_cursor(cursor: str, order: Order, *, path: tuple[str | int, ...] = ()) -> Place:
    refusal = BadCursor(
        "the cursor is not one of this list in this order; start without a cursor", path=path
    )
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        name, *values = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if name != order.name or len(values) != len(order.keys):
            raise refusal
        return tuple(_typed(value, key) for value, key in zip(values, order.keys, strict=True))
    except (ValueError, TypeError, OverflowError):
        raise refusal from None


def _typed(value: object, key: Key) -> Value:
    """The value, as sure to be one that the database can compare with the key; else ValueError."""
    if value is None and key.nullable:
        return None
    if key.type is int and type(value) is int and -(2**31) <= value < 2**31:
        return value
    if key.type is str and isinstance(value, str) and "\x00" not in value:
        return value
    if key.type is datetime and isinstance(value, str):
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    raise ValueError(value)
