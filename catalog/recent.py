"""The questions that were answered last, as they came: asked again when somebody wants to know
whether what is kept of them is true."""

import random
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from catalog.asgi import Scope

# How many, and the bytes of the longest of them.
MOST, LONGEST = 1_000, 4_000

# What an application may look at of a request that is asked again.
KEPT: Final = (
    *("type", "asgi", "http_version", "method", "scheme", "path", "raw_path", "root_path"),
    *("query_string", "headers", "client", "server"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """`key` is what its answer is kept under."""

    key: str
    scope: Scope
    body: bytes

    def __str__(self) -> str:
        query = self.scope["query_string"].decode("latin-1")
        address = self.scope["path"] + (f"?{query}" if query else "")
        told = f" {self.body.decode(errors='replace')}" if self.body else ""
        return f"{self.scope['method']} {address}{told}"[:300]


class Recent:
    """Keyed by what their answers are kept under."""

    def __init__(self) -> None:
        self._asked: OrderedDict[str, Asked] = OrderedDict()

    def remember(self, key: str, scope: Scope, body: bytes) -> None:
        size = len(body) + len(scope["query_string"])
        if size + sum(len(name) + len(value) for name, value in scope["headers"]) > LONGEST:
            return
        kept = {name: scope[name] for name in KEPT if name in scope}
        self._asked[key] = Asked(key, kept, body)
        if len(self._asked) > MOST:
            self._asked.popitem(last=False)

    def sample(self, most: int) -> Sequence[Asked]:
        return random.sample([*self._asked.values()], min(most, len(self._asked)))
