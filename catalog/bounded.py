"""Memory that holds so many bytes at most: what has not been asked for longest makes room."""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from functools import lru_cache, wraps
from typing import Generic, TypeVar

V = TypeVar("V")


class Bounded(Generic[V]):
    """`size` is about how many bytes a value takes, and stays as it is."""

    def __init__(self, most: int, size: Callable[[V], int]) -> None:
        self.most = most
        self._size = size
        self.bytes = self.evicted = 0
        self._values: OrderedDict[str, V] = OrderedDict()

    def __len__(self) -> int:
        return len(self._values)

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __getitem__(self, key: str) -> V:
        return self._values[key]

    def look(self, key: str) -> V | None:
        """Without asking for it."""
        return self._values.get(key)

    def get(self, key: str) -> V | None:
        value = self._values.get(key)
        if value is not None:
            self._values.move_to_end(key)
        return value

    def keep(self, key: str, value: V) -> None:
        self.drop(key)
        self._values[key] = value
        self.bytes += self._size(value)
        while self.bytes > self.most:
            self.drop(next(iter(self._values)))
            self.evicted += 1

    def clear(self) -> None:
        self._values.clear()
        self.bytes = 0

    def drop(self, key: str) -> None:
        value = self._values.pop(key, None)
        if value is not None:
            self.bytes -= self._size(value)


def kept_of_texts(most: int, *, longest: int) -> Callable[[Callable[[str], V]], Callable[[str], V]]:
    """An `lru_cache` of what is made of one text, for texts that strangers may make longer than
    `longest`: of those nothing is kept."""

    def keeping(make: Callable[[str], V]) -> Callable[[str], V]:
        kept = lru_cache(maxsize=most)(make)

        @wraps(make)
        def made(text: str) -> V:
            return make(text) if len(text) > longest else kept(text)

        return made

    return keeping
