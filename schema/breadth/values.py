"""Values completed in bulk: lists opened, nulls let through or refused, leaves serialised (GraphQL
specification, section 6.4.3). What the specification makes an error raises `Unfit`."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import chain, islice
from types import NoneType
from typing import Any, TypeAlias

from graphql import (
    GraphQLBoolean,
    GraphQLID,
    GraphQLInt,
    GraphQLList,
    GraphQLNonNull,
    GraphQLOutputType,
    GraphQLString,
    Undefined,
    UndefinedType,
)
from graphql.type import GraphQLLeafType

Values: TypeAlias = Sequence[Any]
Restore: TypeAlias = Callable[[Values], list[Any]]
"""Puts what became of the values inside back to where they were taken from."""
Step: TypeAlias = Callable[[Values], tuple[Values, Restore | None]]

INT32 = 2**31


class Unfit(Exception):
    """Something that graphql-core has to answer, or has to say what is wrong with."""


@lru_cache(maxsize=256)
def _is_value(kind: type) -> bool:
    """Whether it is no error, nothing to wait for, and not what stands for an absent value."""
    return not (issubclass(kind, BaseException | UndefinedType) or hasattr(kind, "__await__"))


def kinds(values: Values) -> set[type]:
    """Their classes, every one that of a value."""
    found = set(map(type, values))
    for kind in found:
        if not _is_value(kind):
            raise Unfit(f"a {kind.__name__} is no value")
    return found


def steps(type_: GraphQLOutputType) -> tuple[tuple[Step, ...], bool, GraphQLOutputType]:
    """How values of the type are opened, from outside in; of what the values inside are, and
    whether none of those may be null."""
    found: list[Step] = []
    while True:
        required = isinstance(type_, GraphQLNonNull)
        inner = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
        if not isinstance(inner, GraphQLList):
            return tuple(found), required, inner
        found += [filled if required else without_nulls, _listed]
        type_ = inner.of_type


def filled(values: Values) -> tuple[Values, Restore | None]:
    if NoneType in set(map(type, values)):
        raise Unfit("null where it may not be")
    return values, None


def without_nulls(values: Values) -> tuple[Values, Restore | None]:
    if NoneType not in set(map(type, values)):
        return values, None

    def restore(completed: Values) -> list[Any]:
        rest = iter(completed)
        return [None if value is None else next(rest) for value in values]

    return [value for value in values if value is not None], restore


def _listed(values: Values) -> tuple[Values, Restore | None]:
    if not kinds(values) <= {list, tuple}:
        raise Unfit("no list where there should be one")

    def restore(completed: Values) -> list[Any]:
        rest = iter(completed)
        return [list(islice(rest, len(value))) for value in values]

    return list(chain.from_iterable(values)), restore


# What these are made of is shown as it is.
PLAIN: dict[GraphQLOutputType, type] = {
    GraphQLString: str,
    GraphQLID: str,
    GraphQLBoolean: bool,
    GraphQLInt: int,
}


class Leaf:
    """Values of a scalar or an enum, all at once."""

    def __init__(self, type_: GraphQLLeafType, *, required: bool) -> None:
        self._type, self._required = type_, required
        self._plain = PLAIN.get(type_)

    def completed(self, values: Values) -> Values:
        found = set(map(type, values))
        if self._required and NoneType in found:
            raise Unfit("null where it may not be")
        found.discard(NoneType)
        if found <= {self._plain} and (self._plain is not int or _are_int32(values)):
            return values
        kinds(values)
        return [None if value is None else self._one(value) for value in values]

    def _one(self, value: object) -> object:
        completed = self._type.coerce_output_value(value)
        if completed is None or completed is Undefined:
            raise Unfit(f"{self._type} has no form for a value")
        return completed


def _are_int32(values: Values) -> bool:
    return all(value is None or -INT32 <= value < INT32 for value in values)
