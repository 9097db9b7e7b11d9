"""Keyset paging: an order, cursors that name a place in it, pages.

A cursor holds the sort keys of a row, so a page begins at a place and not at a count: rows that
come or go meanwhile make nothing appear twice or be left out.
"""

import base64
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

import orjson

from catalog.errors import BadCursor, BadPageSize

T = TypeVar("T")
Value = str | int | Decimal | date | datetime | None
Place = tuple[Value, ...]

_DECIMAL = re.compile(r"-?\d{1,20}(\.\d{1,10})?", re.ASCII)

MAX_FIRST, MAX_FIRST_WITH_TOKEN = 100, 250
DEFAULT_FIRST = 24


@dataclass(frozen=True, slots=True)
class Key:
    """One sort key: an SQL expression, its type, its direction. NULLs come last either way.

    `values` are all that it can be, where they are few, each with the condition that says so: each
    is then looked up by itself, so that an index on the keys behind it serves.
    """

    sql: str
    type: type[str] | type[int] | type[Decimal] | type[date] | type[datetime]
    descending: bool = False
    nullable: bool = False
    values: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Arm:
    """A part of what lies behind a place: conditions, and by which keys (their numbers) it is still
    to be sorted. With `filled` the first of these is not NULL."""

    conditions: tuple[str, ...]
    keys: tuple[int, ...]
    filled: bool = False

    def within(self, condition: str) -> "Arm":
        return Arm((condition, *self.conditions), self.keys, self.filled)


@dataclass(frozen=True, slots=True)
class Order:
    """Sort keys, of which the last is unique and never NULL.

    `name` says of what and how, and is part of the cursor: one of another list is refused. In SQL
    the keys are the columns `key_0` … and the place's values the parameters `:place_0` …; `joins`
    is what they need beside the list itself.
    """

    name: str
    keys: tuple[Key, ...]
    joins: str = ""

    @property
    def columns(self) -> str:
        return ", ".join(f"{key.sql} AS key_{n}" for n, key in enumerate(self.keys))

    def places(self, rows: Sequence[Any]) -> tuple[Place, ...]:
        """Where rows stand that were selected with `columns`."""
        names = [f"key_{n}" for n in range(len(self.keys))]
        return tuple(tuple([row[name] for name in names]) for row in rows)

    def order_by(self, *, backward: bool, arm: Arm | None = None) -> str:
        """`key_0 DESC, key_1 DESC`, or all the other way round. What is the same in a whole arm is
        left out, and nothing said of NULLs where there are none: an index would not serve else."""
        numbers = arm.keys if arm else range(len(self.keys))
        filled = numbers[0] if arm and arm.filled else None
        return ", ".join(
            f"key_{n} {'DESC' if key.descending != backward else 'ASC'}"
            + (f" NULLS {'FIRST' if backward else 'LAST'}" if key.nullable and n != filled else "")
            for n, key in ((n, self.keys[n]) for n in numbers)
        )

    def behind(self, place: Place | None, *, backward: bool) -> tuple[Arm, ...]:
        """All that lies behind a place, in parts of which an index on the keys answers each."""
        if place is None:
            return tuple(self._all(0, backward=backward))
        return tuple(self._behind(0, place, backward=backward))

    def _all(self, n: int, *, backward: bool) -> Iterator[Arm]:
        """Of those that are the same in the keys before."""
        key, rest = self.keys[n], tuple(range(n, len(self.keys)))
        if key.values:
            for _, condition in key.values:
                yield from self._same(n, condition, None, backward=backward)
        elif key.nullable:
            yield Arm((f"{key.sql} IS NOT NULL",), rest, filled=True)
            yield from self._same(n, f"{key.sql} IS NULL", None, backward=backward)
        else:
            yield Arm((), rest)

    def _behind(self, n: int, place: Place, *, backward: bool) -> Iterator[Arm]:
        key, rest = self.keys[n], tuple(range(n, len(self.keys)))
        sign = "<" if key.descending != backward else ">"
        if key.values:
            for value, condition in key.values:
                further = value < place[n] if sign == "<" else value > place[n]  # type: ignore[operator]
                if further or value == place[n]:
                    inner = None if further else place
                    yield from self._same(n, condition, inner, backward=backward)
            return
        if key.nullable and place[n] is None:
            yield from self._same(n, f"{key.sql} IS NULL", place, backward=backward)
            if backward:
                yield Arm((f"{key.sql} IS NOT NULL",), rest, filled=True)
            return
        if self._alike(n):
            columns = ", ".join(self.keys[m].sql for m in rest)
            parameters = ", ".join(f":place_{m}" for m in rest)
            yield Arm((f"({columns}) {sign} ({parameters})",), rest, filled=key.nullable)
        else:
            yield from self._same(n, f"{key.sql} = :place_{n}", place, backward=backward)
            yield Arm((f"{key.sql} {sign} :place_{n}",), rest, filled=key.nullable)
        if key.nullable and not backward:
            yield from self._same(n, f"{key.sql} IS NULL", None, backward=backward)

    def _same(
        self, n: int, condition: str, place: Place | None, *, backward: bool
    ) -> Iterator[Arm]:
        """Those of one value in this key, in the order of the keys behind it."""
        if n + 1 == len(self.keys):
            if place is None:
                yield Arm((condition,), (n,))
            return
        inner = (
            self._all(n + 1, backward=backward)
            if place is None
            else self._behind(n + 1, place, backward=backward)
        )
        yield from (arm.within(condition) for arm in inner)

    def _alike(self, n: int) -> bool:
        """Whether these keys compare as one row, which an index answers."""
        first, *others = self.keys[n:]
        return all(
            key.descending == first.descending and not key.nullable and not key.values
            for key in others
        )


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
    """One page, in the asked order whichever way it was read; cursors are made when asked for."""

    items: tuple[T, ...]
    places: tuple[Place, ...]
    order: Order
    has_next: bool
    has_previous: bool

    @property
    def cursors(self) -> tuple[str, ...]:
        return tuple(encode_cursor(place, self.order) for place in self.places)

    @property
    def start_cursor(self) -> str | None:
        return encode_cursor(self.places[0], self.order) if self.places else None

    @property
    def end_cursor(self) -> str | None:
        return encode_cursor(self.places[-1], self.order) if self.places else None


def make_page(
    items: Sequence[T], places: Sequence[Place], *, order: Order, paging: Paging, size: int
) -> Page[T]:
    """A page of what was read: one row more than `size` says whether there is another."""
    more = len(items) > size
    kept, kept_places = tuple(items[:size]), tuple(places[:size])
    continued = (paging.before if paging.backward else paging.after) is not None
    if paging.backward:
        kept, kept_places = kept[::-1], kept_places[::-1]
    return Page(
        items=kept,
        places=kept_places,
        order=order,
        has_next=continued if paging.backward else more,
        has_previous=more if paging.backward else continued,
    )


def encode_cursor(place: Place, order: Order) -> str:
    data = orjson.dumps([order.name, *place], default=str)
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
    if key.type is Decimal and isinstance(value, str) and _DECIMAL.fullmatch(value):
        return Decimal(value)
    if key.type is date and isinstance(value, str):
        return date.fromisoformat(value)
    if key.type is datetime and isinstance(value, str):
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    raise ValueError(value)
