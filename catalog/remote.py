"""Redis, which the processes share: what they have kept, and the token of the last write. A server
that is away costs its time-out once, then nothing until it answers again."""

import asyncio
import secrets
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from aiocache.backends.redis import RedisCache
    from redis.asyncio.connection import AbstractConnection

T = TypeVar("T")

# Seconds for which a reader trusts what it has followed: a writer who cannot tell of a commit waits
# until nobody trusts what is older.
LEASE: Final = 0.1
# Seconds that Redis may take for one answer, and that pass between looks whether it is back.
PATIENCE: Final = 0.1
PROBED_EVERY: Final = 1.0
CONNECTIONS: Final = 20
HEAD: Final = "catalog:head"


class Away(Exception):
    """Redis does not answer."""


class Remote:
    """`number` counts the connections for `head`: what was read on another says nothing, for its
    server may have lost or regained something since."""

    def __init__(self, url: str, *, verify: bool) -> None:
        # Here, for it takes half a second, which a command that has no Redis need not wait.
        from redis.exceptions import RedisError

        self.number = 0
        # On a closed transport uvloop raises RuntimeError, which redis-py passes on.
        self._errors = (RedisError, OSError, RuntimeError, TimeoutError)
        self._entries = _cache(url, verify=verify, connections=CONNECTIONS)
        self._heads = _cache(url, verify=verify, connections=1, connected=self._counted)
        self._tokens = _cache(url, verify=verify, connections=2)
        self._probe: asyncio.Task[None] | None = None

    async def _counted(self, connection: "AbstractConnection") -> None:
        self.number += 1
        await connection.on_connect()

    @property
    def away(self) -> bool:
        return self._probe is not None and not self._probe.done()

    async def head(self) -> tuple[int, bytes]:
        """The token of the last write, and on which connection it was read. Raises `Away`."""
        found = await self._ask(lambda: self._heads.get(HEAD))
        while found is None:
            with suppress(ValueError):
                await self._ask(lambda: self._heads.add(HEAD, _token()))
            found = await self._ask(lambda: self._heads.get(HEAD))
        return self.number, found

    async def tell(self) -> None:
        """Sets a token that nobody has seen. Raises `Away`."""
        await self._ask(lambda: self._tokens.set(HEAD, _token()))

    async def get(self, key: str) -> bytes | None:
        found: bytes | None = await self._ask(lambda: self._entries.get(key))
        return found

    async def set(self, key: str, value: bytes, *, ttl: int) -> None:
        await self._ask(lambda: self._entries.set(key, value, ttl=ttl))

    async def _ask(self, command: Callable[[], Awaitable[T]]) -> T:
        if self.away:
            raise Away
        try:
            async with asyncio.timeout(PATIENCE):
                return await command()
        except self._errors as error:
            if not self.away:
                self._probe = asyncio.create_task(self._wait())
            raise Away from error

    async def _wait(self) -> None:
        """Until it answers again; nobody's request waits for that."""
        while True:
            await asyncio.sleep(PROBED_EVERY)
            with suppress(*self._errors):
                async with asyncio.timeout(PATIENCE):
                    await self._entries.exists(HEAD)
                return

    async def aclose(self) -> None:
        if self._probe is not None:
            self._probe.cancel()
        for cache in (self._entries, self._heads, self._tokens):
            with suppress(*self._errors):
                await cache.client.aclose()


async def tell(remote: Remote) -> None:
    """After a commit: when this ends, whoever begins to read sees it. Every try has a token of its
    own; one that is repeated, after a reader has met it, would hide another writer's."""
    began = clock()
    while (left := 1.05 * LEASE - (clock() - began)) > 0:
        try:
            async with asyncio.timeout(left):
                await remote.tell()
                return
        except (Away, TimeoutError):
            await asyncio.sleep(min(left, 0.01))


def clock() -> float:
    """Seconds, those of a suspended machine too."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def _token() -> bytes:
    return secrets.token_bytes(16)


def _cache(
    url: str,
    *,
    verify: bool,
    connections: int,
    connected: "Callable[[AbstractConnection], Awaitable[None]] | None" = None,
) -> "RedisCache":
    """aiocache's own reading of addresses knows neither rediss:// nor user names."""
    from aiocache.backends.redis import RedisCache
    from aiocache.serializers import NullSerializer
    from redis.asyncio import BlockingConnectionPool
    from redis.asyncio.connection import SSLConnection

    parts = urlsplit(url)
    kwargs: dict[str, Any] = {
        "username": unquote(parts.username) if parts.username else None,
        "socket_timeout": PATIENCE,
        # How long to wait for one of the connections.
        "timeout": PATIENCE,
        "redis_connect_func": connected,
    }
    if parts.scheme == "rediss":
        kwargs |= {"connection_class": SSLConnection, "ssl_cert_reqs": ssl.CERT_REQUIRED}
        if not verify:
            kwargs |= {"ssl_cert_reqs": ssl.CERT_NONE, "ssl_check_hostname": False}
    return RedisCache(
        serializer=NullSerializer(encoding=None),
        # aiocache's own time-out is a task for each command, whose errors are lost with it.
        timeout=None,
        endpoint=parts.hostname or "localhost",
        port=parts.port or 6379,
        db=int(parts.path.strip("/") or 0),
        password=unquote(parts.password) if parts.password else None,
        pool_max_size=connections,
        create_connection_timeout=PATIENCE,
        connection_pool_class=BlockingConnectionPool,
        connection_pool_kwargs=kwargs,
    )


@asynccontextmanager
async def connected(url: str | None, *, verify: bool) -> AsyncIterator[Remote | None]:
    if url is None:
        yield None
        return
    remote = Remote(url, verify=verify)
    try:
        yield remote
    finally:
        await remote.aclose()
