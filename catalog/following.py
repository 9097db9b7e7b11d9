"""What a serving process opens to follow the log of changes, and to keep answers by it."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import lru_cache
from pathlib import Path

from catalog.cache import Cache
from catalog.change_log import Log
from catalog.changes import Follower
from catalog.http_cache import Answer, HttpCache
from catalog.remote import Remote
from catalog.settings import Settings


@asynccontextmanager
async def opened(
    settings: Settings, cached: HttpCache, redis: Remote | None = None
) -> AsyncIterator[Follower]:
    """Answers are kept for as long as the block runs, unless there is no memory for them."""
    follower = Follower(Log(settings))
    async with AsyncExitStack() as stack:
        stack.push_async_callback(follower.aclose)
        if settings.cache_memory:
            cached.cache = Cache(
                follower,
                Answer.unpack,
                remote=redis,
                most=settings.cache_memory * 1_000_000,
                prefix=f"catalog:{edition(settings)}",
                stale=settings.cache_stale_if_error,
            )
            stack.push_async_callback(cached.cache.aclose)
        yield follower
    cached.cache = None


def edition(settings: Settings) -> str:
    """What other code, or the same with other settings, might have answered is not ours."""
    told = (
        *(settings.catalog_locale, settings.catalog_shop_url, settings.catalog_env),
        *(settings.graphql_introspection, settings.graphql_trusted_documents),
    )
    return hashlib.sha256(f"{_code()} {told}".encode()).hexdigest()[:16]


@lru_cache(maxsize=1)
def _code() -> str:
    here = Path(__file__).parent
    each = hashlib.sha256()
    for folder in (here, here.parent / "schema"):
        for file in sorted(folder.rglob("*.py")):
            each.update(file.read_bytes())
    return each.hexdigest()
