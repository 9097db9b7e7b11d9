"""What the fields of one answer share: who asks, in which context, and the reads they gather."""

from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from typing import Concatenate, ParamSpec, TypeAlias, TypeVar

import strawberry
from strawberry.dataloader import DataLoader

from catalog.context import Context, Principal

P = ParamSpec("P")
V = TypeVar("V")

Batch: TypeAlias = Callable[Concatenate[Context, Sequence[int], P], Awaitable[Mapping[int, V]]]
"""A read for many at once: of each id that has one, the value."""


class Answer:
    """Strawberry's `info.context`. `ctx` is set before the first resolver runs."""

    ctx: Context

    def __init__(self, principal: Principal, *, accept_language: str | None = None) -> None:
        self.principal = principal
        self.accept_language = accept_language
        self._loaders: dict[Hashable, DataLoader[int, object]] = {}

    def load(
        self, batch: Batch[P, V], key: int, *args: P.args, **arguments: P.kwargs
    ) -> Awaitable[V | None]:
        """What the batch function says of the key, or None; all keys that the fields of a level
        ask of the same function with the same arguments make one call of it."""
        identity = (batch, args, frozenset(arguments.items()))
        loader = self._loaders.get(identity)
        if loader is None:

            async def gather(keys: list[int]) -> list[object]:
                found = await batch(self.ctx, keys, *args, **arguments)
                return [found.get(key) for key in keys]

            loader = self._loaders[identity] = DataLoader(gather)
        return loader.load(key)  # type: ignore[return-value]  # one loader holds one batch's values


Info: TypeAlias = strawberry.Info[Answer, None]
