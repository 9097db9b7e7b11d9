"""Whether the answers that a process has kept are those that it would give now."""

import asyncio
from dataclasses import dataclass
from typing import Final

from catalog.asgi import App
from catalog.cache import Cache
from catalog.http_cache import Answer, HttpCache, ask
from catalog.recent import Asked

# Seconds after which a difference is looked at once more: what a moment has changed that has come
# is told of by then.
SETTLED_AFTER: Final = 1.0


@dataclass(frozen=True, slots=True)
class Compared:
    """How many there were, and the questions of those that differ."""

    count: int
    differing: tuple[str, ...]


async def compare(cached: HttpCache, cache: Cache[Answer], *, most: int) -> Compared:
    """Some of what was asked last and is kept. Raises `Unavailable`."""
    await cache.fresh()
    held = [each for each in cached.recent.sample(most) if cache.held(each.key) is not None]
    suspect = [each for each in held if await _differs(cached.app, cache, each)]
    if suspect:
        await asyncio.sleep(SETTLED_AFTER)
    found = [str(each) for each in suspect if await _differs(cached.app, cache, each)]
    return Compared(len(held), tuple(found))


async def _differs(app: App, cache: Cache[Answer], asked: Asked) -> bool:
    """Whether another answer would be given than is kept, and still holds."""
    fresh = await ask(app, asked.scope, asked.body)
    await cache.fresh()
    kept = cache.held(asked.key)
    return kept is not None and kept.says != fresh.says
