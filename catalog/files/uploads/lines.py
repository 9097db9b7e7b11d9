"""An upload cut into lines as it comes, piece by piece."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

LIMIT: Final = 1_000_000
_MARK: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Line:
    """`number` is 1-based; the content has its end, and is None where it is past the limit."""

    number: int
    content: bytes | None


class Lines:
    """Never keeps more than one line that is not complete."""

    def __init__(self) -> None:
        self._number = 0
        self._parts: list[bytes] = []
        self._size = 0

    def feed(self, piece: bytes) -> list[Line]:
        """The lines that are complete with it."""
        return list(self._complete(piece))

    def end(self) -> list[Line]:
        """The last line, where it has no end."""
        return [self._taken()] if self._size else []

    def _complete(self, piece: bytes) -> Iterator[Line]:
        for part in _split(piece):
            self._add(part)
            if part.endswith(b"\n"):
                yield self._taken()

    def _add(self, part: bytes) -> None:
        self._size += len(part)
        if self._size <= LIMIT:
            self._parts.append(part)
        else:
            self._parts.clear()

    def _taken(self) -> Line:
        content = b"".join(self._parts) if self._size <= LIMIT else None
        self._parts, self._size, self._number = [], 0, self._number + 1
        if content and self._number == 1:
            content = content.removeprefix(_MARK)
        return Line(self._number, content)


def _split(piece: bytes) -> list[bytes]:
    """At `\\n` only: `splitlines` would take a lone `\\r` for an end, too."""
    *whole, rest = piece.split(b"\n")
    return [*(line + b"\n" for line in whole), *([rest] if rest else [])]
