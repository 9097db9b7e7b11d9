"""Reads of one answer, gathered: a batch function is asked for many keys at once, each key once."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

Read: TypeAlias = Callable[[Sequence[int]], Awaitable[Mapping[int, Any]]]


class Reads:
    """What one batch function says, asked with the same arguments. Whoever knows all keys of a
    level uses `want` and `all`; whoever knows one at a time, `load`.

    `under_way` keeps the tasks that `load` has started.
    """

    def __init__(self, read: Read, under_way: set[asyncio.Task[None]]) -> None:
        self._read, self._under_way = read, under_way
        self._turn = asyncio.Lock()
        self._found: dict[int | None, Any] = {}
        self._wanted: dict[int | None, None] = {}
        self._loaded: dict[int, asyncio.Future[Any]] = {}
        self._gathering: dict[int, asyncio.Future[Any]] = {}

    def want(self, keys: Iterable[int | None]) -> None:
        self._wanted |= dict.fromkeys(keys)

    async def all(self) -> Mapping[int | None, Any]:
        """The value of each key that was wanted until now, None where there is none."""
        async with self._turn:
            keys = [key for key in self._wanted if key is not None and key not in self._found]
            self._wanted = {}
            if keys:
                self._note(keys, await self._read(keys))
        return self._found

    def load(self, key: int) -> Awaitable[Any]:
        """The value or None; all keys that are loaded in the same turn of the loop make one call
        of the batch function."""
        future = self._loaded.get(key)
        if future is None:
            future = self._loaded[key] = asyncio.get_running_loop().create_future()
            if key in self._found:
                future.set_result(self._found[key])
            else:
                self._gather(key, future)
        # Several fields may wait for it: one that is given up must not take it from the others.
        return asyncio.shield(future)

    def _gather(self, key: int, future: asyncio.Future[Any]) -> None:
        if not self._gathering:
            task = asyncio.create_task(self._read_gathered())
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        self._gathering[key] = future

    async def _read_gathered(self) -> None:
        # By the next turn of the loop all fields of the level have asked.
        await asyncio.sleep(0)
        asked, self._gathering = self._gathering, {}
        try:
            self._note(asked, await self._read(list(asked)))
        except Exception as error:
            for future in asked.values():
                future.set_exception(error)
        else:
            for key, future in asked.items():
                future.set_result(self._found[key])

    def _note(self, keys: Iterable[int], found: Mapping[int, Any]) -> None:
        self._found |= dict.fromkeys(keys)
        self._found.update((key, found[key]) for key in found)
