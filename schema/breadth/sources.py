"""Where the values of a field come from, for all objects of a level."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from inspect import isawaitable
from operator import attrgetter
from typing import Any, Protocol, TypeAlias

Arguments: TypeAlias = dict[str, Any]
Values: TypeAlias = Sequence[Any]
Later: TypeAlias = Callable[[], Awaitable[Values]]
"""Gives the values when it is called and awaited."""


class Source(Protocol):
    """`of` has a value for each object, in their order: at once, or `Later`. It is called for all
    fields of a level before the first of them is awaited, so that what they ask can be gathered;
    then they are awaited at the same time."""

    def of(self, objects: Values, arguments: Arguments, context: Any) -> Values | Later: ...


@dataclass(frozen=True, slots=True)
class Plain:
    """What `get` says of each object, whatever the arguments and the context are."""

    get: Callable[[Any], Any]

    def of(self, objects: Values, arguments: Arguments, context: Any) -> Values:
        return list(map(self.get, objects))


def attribute(name: str) -> Plain:
    return Plain(attrgetter(name))


@dataclass(frozen=True, slots=True)
class Constant:
    value: object

    def of(self, objects: Values, arguments: Arguments, context: Any) -> Values:
        return [self.value] * len(objects)


@dataclass(frozen=True, slots=True)
class Each:
    """What `resolve(object, arguments, context)` says of each object; with `waits` that may be an
    awaitable."""

    resolve: Callable[[Any, Arguments, Any], Any]
    waits: bool = False

    def of(self, objects: Values, arguments: Arguments, context: Any) -> Values | Later:
        if self.waits:
            return lambda: together([self._one(each, arguments, context) for each in objects])
        resolve = self.resolve
        return [resolve(each, arguments, context) for each in objects]

    async def _one(self, each: Any, arguments: Arguments, context: Any) -> Any:
        value = self.resolve(each, arguments, context)
        return await value if isawaitable(value) else value


@dataclass(frozen=True, slots=True)
class Level:
    """What `read(objects, arguments, context)` says of all of them."""

    read: Callable[[Values, Arguments, Any], Values | Later]

    def of(self, objects: Values, arguments: Arguments, context: Any) -> Values | Later:
        return self.read(objects, arguments, context)


async def together(several: Sequence[Awaitable[Any]]) -> list[Any]:
    """All of them, or the first error when the last is done: nothing is left under way."""
    if not several:
        return []
    if len(several) == 1:
        return [await several[0]]
    found = await asyncio.gather(*several, return_exceptions=True)
    for each in found:
        if isinstance(each, BaseException):
            raise each
    return found
