"""Edges: fields that lead from the objects of a level to others, by one batch read for all.

An edge is declared once. The breadth-first executor takes a whole level at a time (`level`), the
resolver that graphql-core calls goes object by object through the answer's loaders (`follow`).
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from enum import Enum
from functools import partial
from itertools import chain
from operator import attrgetter
from typing import Any

from strawberry import UNSET
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField

from catalog.views import Facet
from schema.answer import Answer, Batch, Info
from schema.types.paging import Listing

LISTED = ("where", "search", "unavailable")
"""Those arguments that say which objects a list is of, on whichever page."""


class EdgeField(StrawberryField):
    """A field without a resolver of its own: its declaration says where its values come from."""

    is_basic_field = False

    batch: Batch[..., Any]
    key: str
    empty: object
    pick: Callable[[Any], object] | None
    count: Batch[..., int] | None
    facets: Batch[..., Sequence[Facet]] | None
    read: Callable[..., Mapping[str, Any]]

    def get_result(
        self, source: Any, info: Info | None, args: list[Any], kwargs: Mapping[str, Any]
    ) -> Any:
        assert info is not None, "only basic fields are resolved without one"
        return self.follow(source, info.context, kwargs)

    async def follow(self, source: object, answer: Answer, arguments: Mapping[str, Any]) -> object:
        """The value for one object; the arguments as Strawberry converted them."""
        key = getattr(source, self.key)
        if key is None:
            return self.empty
        asked = self.read(**arguments)
        load: Callable[[int], Awaitable[Any]] = partial(answer.load, self.batch, **asked)
        if isinstance(key, tuple):
            several = await asyncio.gather(*map(load, key))
            return self._shown([one for one in several if one is not None], key, answer, asked)
        return self._shown(await load(key), key, answer, asked)

    def level(
        self, sources: Sequence[object], answer: Answer, arguments: Mapping[str, Any]
    ) -> Callable[[], Awaitable[list[Any]]]:
        """The values for all objects of a level, to be awaited when every edge of it has asked."""
        asked = self.read(**arguments)
        reads = answer.reads(self.batch, **asked)
        keys = list(map(attrgetter(self.key), sources))
        several = tuple in set(map(type, keys))
        reads.want(chain.from_iterable(keys) if several else keys)

        async def values() -> list[Any]:
            found = await reads.all()
            ones: list[Any]
            ones = [_those(key, found) for key in keys] if several else list(map(found.get, keys))
            if self.count is None and self.pick is None:
                empty = self.empty
                return [empty if one is None else one for one in ones]
            return [self._shown(*one, answer, asked) for one in zip(ones, keys, strict=True)]

        return values

    def _shown(self, found: Any, key: Any, answer: Answer, asked: Mapping[str, Any]) -> object:
        """The field's value, from what was found for the key."""
        if found is None:
            return self.empty
        if self.count is not None:
            listed = {name: value for name, value in asked.items() if name in LISTED}
            count = partial(answer.load, self.count, key, **listed)
            return Listing(found, count, self._facets(answer, key, listed))
        return self.pick(found) if self.pick else found

    def _facets(
        self, answer: Answer, key: int, listed: Mapping[str, Any]
    ) -> Callable[[Sequence[str] | None], Awaitable[Sequence[Facet] | None]] | None:
        batch = self.facets
        if batch is None:
            return None
        return lambda codes: answer.load(batch, key, codes=codes, **listed)


def _those(keys: tuple[int, ...], found: Mapping[int | None, Any]) -> list[Any]:
    return [found[key] for key in keys if found[key] is not None]


def edge(
    batch: Batch[..., Any],
    *arguments: StrawberryArgument,
    description: str,
    key: str = "id",
    empty: object = None,
    pick: Callable[[Any], object] | None = None,
    count: Batch[..., int] | None = None,
    facets: Batch[..., Sequence[Facet]] | None = None,
    read: Callable[..., Mapping[str, Any]] | None = None,
) -> Any:
    """The field whose value is what `batch` says of the object's attribute `key`: of one id, or of
    each in a tuple of them.

    `empty` stands for nothing; `pick` takes the shown part of what was found; `count` makes a
    connection of the page that was found: it is the batch read of its total, as `facets` is that of
    what it may be narrowed by, and both are told what is `LISTED`. `read` turns the arguments as
    the client gave them into those of the batch function.
    """
    field = EdgeField(description=description)
    field.batch, field.key, field.empty, field.pick = batch, key, empty, pick
    field.count, field.facets, field.read = count, facets, read or plain
    field.arguments = list(arguments)
    return field


def argument(
    name: str, type_: object, description: str, *, default: object = UNSET
) -> StrawberryArgument:
    """An argument of an edge, handed to its batch function under the same name."""
    return StrawberryArgument(
        name, None, StrawberryAnnotation(type_), description=description, default=default
    )


def plain(**arguments: Any) -> dict[str, Any]:
    """As reads take them: tuples for lists, their values for enums; what was not given left out."""
    return {name: _value(value) for name, value in arguments.items() if value is not UNSET}


def _value(value: object) -> object:
    if isinstance(value, list):
        return tuple(_value(item) for item in value)
    return value.value if isinstance(value, Enum) else value
