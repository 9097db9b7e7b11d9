"""Scalars, as they are written on the wire."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from graphql import GraphQLError
from strawberry.scalars import JSON
from strawberry.types.scalar import ScalarDefinition, scalar

T = TypeVar("T")


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None or "T" not in text.upper():
        raise ValueError(text)
    return moment


def _number(text: str) -> Decimal:
    number = Decimal(text)
    if not number.is_finite():
        raise ValueError(text)
    return number


def _from_text(parse: Callable[[str], T], example: str) -> Callable[[object], T]:
    """A parser that refuses everything but a string that `parse` takes."""

    def parsed(value: object) -> T:
        if isinstance(value, str):
            try:
                return parse(value)
            except (ValueError, OverflowError, InvalidOperation):
                pass
        raise GraphQLError(f"{value!r} is not of the form {example}")

    return parsed


SCALARS: dict[object, ScalarDefinition] = {
    datetime: scalar(
        name="DateTime",
        description="A moment (RFC 3339), with its offset: `2026-03-01T08:00:00Z`.",
        specified_by_url="https://scalars.graphql.org/andimarek/date-time",
        serialize=lambda moment: moment.isoformat().replace("+00:00", "Z"),
        parse_value=_from_text(_moment, '"2026-03-01T08:00:00Z"'),
    ),
    date: scalar(
        name="Date",
        description="A day (RFC 3339): `2026-03-01`.",
        serialize=date.isoformat,
        parse_value=_from_text(date.fromisoformat, '"2026-03-01"'),
    ),
    Decimal: scalar(
        name="Decimal",
        description='An exact decimal number as a string: `"9.90"`.',
        serialize=lambda number: format(number, "f"),
        parse_value=_from_text(_number, '"9.90"'),
    ),
    JSON: scalar(
        name="JSON",
        description="Any value of JSON.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc8259",
        serialize=lambda value: value,
        parse_value=lambda value: value,
    ),
}
