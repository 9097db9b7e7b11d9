"""Content codings of an answer: which of them a client takes, and how they are made."""

import asyncio
import gzip
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

import brotli

CODERS: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "br": lambda body: brotli.compress(body, quality=5),
    "gzip": lambda body: gzip.compress(body, 6, mtime=0),
}

# Bytes: what is smaller is not worth coding, what is larger is coded in a thread.
LEAST, MOST_AT_ONCE = 1_000, 32_000
# No client's list of codings is longer.
MOST_NAMED = 200


def accepted(header: bytes) -> str:
    """The best coding of ours that is accepted (RFC 9110, section 12.5.3); empty: as it is."""
    return _best(header[:MOST_NAMED])


@lru_cache(maxsize=256)
def _best(header: bytes) -> str:
    weights: dict[str, float] = {}
    for each in header.decode("latin-1").lower().split(","):
        name, _, rest = each.strip().partition(";")
        quality = rest.strip().removeprefix("q=") if rest else "1"
        try:
            weights[name.strip()] = float(quality)
        except ValueError:
            weights[name.strip()] = 0.0
    any_other = weights.get("*", 0.0)
    best = max(CODERS, key=lambda name: weights.get(name, any_other))
    return best if weights.get(best, any_other) > 0 else ""


async def made(coding: str, body: bytes) -> bytes:
    code = CODERS[coding]
    if len(body) <= MOST_AT_ONCE:
        return code(body)
    return await asyncio.to_thread(code, body)
