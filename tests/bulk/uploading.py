"""How these tests send uploads, and what comes back."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

import orjson


@dataclass(frozen=True)
class Answer:
    """The results by their lines; in `order` as they came."""

    status: int
    results: list[dict[str, Any]]

    @property
    def order(self) -> list[tuple[int, str]]:
        return [(result["line"], result["status"]) for result in self.results]

    @property
    def statuses(self) -> dict[int, str]:
        assert len({line for line, _ in self.order}) == len(self.results), "a line answered twice"
        return dict(sorted(self.order))

    def codes(self, line: int) -> list[str]:
        (result,) = [result for result in self.results if result["line"] == line]
        return [error["code"] for error in result["errors"]]


class Send(Protocol):
    async def __call__(
        self, noun: str, content: Any, *, form: str = ..., headers: Any = ..., **query: str
    ) -> Answer: ...


def lines(records: Iterable[object]) -> bytes:
    """A record a line; what is bytes already is a line as it is."""
    return b"".join(
        record + b"\n" if isinstance(record, bytes) else orjson.dumps(record) + b"\n"
        for record in records
    )
