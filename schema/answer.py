"""What the fields of one answer share: who asks, in which context, and the reads they gather."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Concatenate, ParamSpec, Self, TypeAlias, TypeVar

import strawberry

from catalog import db
from catalog.context import Context, Principal
from catalog.errors import CatalogError
from schema.reading import Reads

P = ParamSpec("P")
V = TypeVar("V")

Batch: TypeAlias = Callable[Concatenate[Context, Sequence[int], P], Awaitable[Mapping[int, V]]]
"""A read for many at once: of each id that has one, the value."""


class Answer:
    """Strawberry's `info.context`. `ctx`, and `resolve` which finds it out anew, are set before the
    first resolver runs.

    Leaving it ends the reads that no field waits for any more: where one field's error is the end
    of the others too, theirs are still under way, on the connection of this answer.
    """

    ctx: Context
    resolve: Callable[[], Awaitable[Context]]

    def __init__(self, principal: Principal, *, accept_language: str | None = None) -> None:
        self.principal = principal
        self.accept_language = accept_language
        self._reads: dict[Hashable, Reads] = {}
        self._under_way: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if not self._under_way:
            return
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def pause(self) -> None:
        """Before a write: its answer's reader need not wait for it with a connection in hand."""
        async with db.snapshot() as current:
            await current.renew()

    async def renew(self) -> None:
        """After a write: what is asked from here on shows a later moment."""
        await self.begin_again()
        try:
            self.ctx = await self.resolve()
        except CatalogError:
            # The write has taken the channel away. What it has left is shown as it was asked for.
            self.ctx = replace(self.ctx, at=datetime.now(UTC))

    def forget(self) -> None:
        """What was read so far."""
        self._reads.clear()

    async def begin_again(self) -> None:
        """As if nothing had been read: an error in a statement ends its snapshot, too."""
        self.forget()
        await self.pause()

    def reads(self, batch: Batch[P, V], *args: P.args, **arguments: P.kwargs) -> Reads:
        """What the batch function says, asked with these arguments in this answer."""
        question = (batch, args, frozenset(arguments.items()))
        if question not in self._reads:
            self._reads[question] = Reads(
                lambda keys: batch(self.ctx, keys, *args, **arguments), self._under_way
            )
        return self._reads[question]

    def load(
        self, batch: Batch[P, V], key: int, *args: P.args, **arguments: P.kwargs
    ) -> Awaitable[V | None]:
        """What the batch function says of the key, or None; all keys that the fields of a level
        ask of the same function with the same arguments make one call of it."""
        return self.reads(batch, *args, **arguments).load(key)


Info: TypeAlias = strawberry.Info[Answer, None]
