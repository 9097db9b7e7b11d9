"""What the fields of one answer share: who asks, in which context, and the reads they gather."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Concatenate, ParamSpec, Self, TypeAlias, TypeVar

import strawberry

from catalog import db
from catalog.context import Context, Principal
from catalog.errors import CatalogError

P = ParamSpec("P")
V = TypeVar("V")

Batch: TypeAlias = Callable[Concatenate[Context, Sequence[int], P], Awaitable[Mapping[int, V]]]
"""A read for many at once: of each id that has one, the value."""
Read: TypeAlias = Callable[[Sequence[int]], Awaitable[Mapping[int, Any]]]


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
        self._asked: dict[Hashable, asyncio.Future[Any]] = {}
        self._gathering: dict[Hashable, dict[int, asyncio.Future[Any]]] = {}
        self._reading: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._reading:
            task.cancel()
        await asyncio.gather(*self._reading, return_exceptions=True)

    async def pause(self) -> None:
        """Before a write: its answer's reader need not wait for it with a connection in hand."""
        async with db.snapshot() as current:
            await current.renew()

    async def renew(self) -> None:
        """After a write: what is asked from here on shows a later moment."""
        self._asked.clear()
        await self.pause()
        try:
            self.ctx = await self.resolve()
        except CatalogError:
            # The write has taken the channel away. What it has left is shown as it was asked for.
            self.ctx = replace(self.ctx, at=datetime.now(UTC))

    def load(
        self, batch: Batch[P, V], key: int, *args: P.args, **arguments: P.kwargs
    ) -> Awaitable[V | None]:
        """What the batch function says of the key, or None; all keys that the fields of a level
        ask of the same function with the same arguments make one call of it."""
        question = (batch, args, frozenset(arguments.items()))
        future = self._asked.get((question, key))
        if future is None:
            if question not in self._gathering:
                self._gathering[question] = {}
                self._start(question, lambda keys: batch(self.ctx, keys, *args, **arguments))
            future = asyncio.get_running_loop().create_future()
            self._asked[question, key] = self._gathering[question][key] = future
        # Several fields may wait for it: one that is given up must not take it from the others.
        return asyncio.shield(future)

    def _start(self, question: Hashable, read: Read) -> None:
        task = asyncio.create_task(self._read(question, read))
        self._reading.add(task)
        task.add_done_callback(self._reading.discard)

    async def _read(self, question: Hashable, read: Read) -> None:
        # By the next turn of the loop all fields of the level have asked.
        await asyncio.sleep(0)
        asked = self._gathering.pop(question)
        try:
            found = await read(list(asked))
        except Exception as error:
            for future in asked.values():
                future.set_exception(error)
        else:
            for key, future in asked.items():
                future.set_result(found.get(key))


Info: TypeAlias = strawberry.Info[Answer, None]
