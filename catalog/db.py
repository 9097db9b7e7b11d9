"""The database: Tortoise's configuration, the snapshot that an answer reads, the unit of work.

Reads run on connections whose transactions are REPEATABLE READ READ ONLY by default, so that all
statements of one answer see one moment. Writes have a pool of their own, and so has the one job
that a process may be running: it takes no connection from requests.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from contextvars import ContextVar
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

import asyncpg
import orjson
from tortoise import Tortoise
from tortoise.connection import get_connection
from tortoise.exceptions import DBConnectionError

from catalog import dsn, remote, tags
from catalog.errors import Unavailable
from catalog.settings import Settings

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy
    from asyncpg.transaction import Transaction

Connection: TypeAlias = "PoolConnectionProxy[asyncpg.Record]"
Record = asyncpg.Record

READER, WRITER, JOBS = "reader", "default", "jobs"

# Seconds that a statement of a job may take.
JOB_STATEMENT_TIMEOUT = 60

APPS = {
    "catalog": {
        "models": ["catalog.models"],
        "default_connection": WRITER,
        "migrations": "migrations",
    }
}


def config(settings: Settings, *, statement_timeout: float | None = None) -> dict[str, Any]:
    """Tortoise's configuration. `statement_timeout` in seconds overrules the setting: a worker's
    statements may take longer than a request's; 0 sets no limit."""
    if settings.database_url is None:
        raise Unavailable("DATABASE_URL is unset and no embedded PostgreSQL was started")
    target = dsn.parse(settings.database_url)
    timeouts = {
        "statement_timeout": _milliseconds(
            settings.database_statement_timeout if statement_timeout is None else statement_timeout
        ),
        "lock_timeout": _milliseconds(settings.database_lock_timeout),
        "idle_in_transaction_session_timeout": "60000",
    }
    credentials = {
        "host": target.host,
        "port": target.port,
        "user": target.user,
        "password": target.password,
        "database": target.database,
        "ssl": target.ssl,
        "init": _prepare,
        "timeout": target.connect_timeout or 10,
    }
    session = {"application_name": "catalog"} | timeouts | target.options
    reading = {
        "default_transaction_isolation": "repeatable read",
        "default_transaction_read_only": "on",
        # How much of its letters a misspelt word still has in common with what was meant.
        "pg_trgm.similarity_threshold": "0.2",
        # What lists read again and again is in memory: a page costs as much as a few rows. Dear
        # as a disk's, reading 50,000 entries of an index would pay to be spared 2,000 pages.
        "seq_page_cost": "0.1",
        "random_page_cost": "0.2",
    }
    working = {"statement_timeout": _milliseconds(JOB_STATEMENT_TIMEOUT)}
    return {
        "connections": {
            WRITER: {
                "engine": "tortoise.backends.asyncpg",
                "credentials": credentials
                # A write is some hundred statements, of which planning is most of the work.
                | {"minsize": 0, "maxsize": settings.database_write_pool}
                | {"statement_cache_size": 500}
                | {"server_settings": session},
            },
            READER: {
                "engine": "tortoise.backends.asyncpg",
                "credentials": credentials
                | {"minsize": 0, "maxsize": settings.database_read_pool, "reset": _as_it_was}
                | {"server_settings": session | reading},
            },
            JOBS: {
                "engine": "tortoise.backends.asyncpg",
                "credentials": credentials
                | {"minsize": 0, "maxsize": 1}
                | {"server_settings": session | working},
            },
        },
        "apps": APPS,
        "use_tz": True,
        "timezone": "UTC",
    }


def _milliseconds(seconds: float) -> str:
    return str(int(seconds * 1000))


async def _prepare(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """jsonb as Python objects, by orjson; text is taken as JSON already (Tortoise sends that)."""
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        encoder=_jsonb,
        decoder=lambda data: orjson.loads(data[1:]),
        format="binary",
    )


async def _as_it_was(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Reads end by ROLLBACK, which leaves nothing behind that a RESET would have to find."""


def _jsonb(value: object) -> bytes:
    return b"\x01" + (value.encode() if isinstance(value, str) else orjson.dumps(value))


# Seconds; the process's own, as the pools are.
_acquire_timeout = 1.0


@asynccontextmanager
async def connected(
    settings: Settings, *, statement_timeout: float | None = None
) -> AsyncIterator["remote.Remote | None"]:
    """The pools, open for as long as the block runs, for every task of the process; and Redis,
    where commits are told of, if there is one."""
    global _acquire_timeout
    _acquire_timeout = settings.database_acquire_timeout
    await Tortoise.init(
        config=config(settings, statement_timeout=statement_timeout),
        _enable_global_fallback=True,
    )
    try:
        async with remote.connected(settings.redis_url, verify=settings.redis_verify) as redis:
            with telling(partial(remote.tell, redis) if redis else None):
                yield redis
    finally:
        await Tortoise.close_connections()


async def connect(settings: Settings, **session: str) -> "asyncpg.Connection[asyncpg.Record]":
    """A connection of the caller's own, outside the pools. Raises what asyncpg raises."""
    credentials = dict(config(settings)["connections"][WRITER]["credentials"])
    for pooled in ("minsize", "maxsize", "init"):
        del credentials[pooled]
    credentials["server_settings"] = credentials["server_settings"] | session
    return await asyncpg.connect(**credentials)


@asynccontextmanager
async def _acquire(name: str) -> AsyncIterator[Connection]:
    """A connection of that pool, or `Unavailable` when none can be had in time."""
    async with AsyncExitStack() as stack:
        with answering():
            async with asyncio.timeout(_acquire_timeout):
                connection = await stack.enter_async_context(
                    get_connection(name).acquire_connection()
                )
        yield connection


AWAY = (
    TimeoutError,
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.TooManyConnectionsError,
    asyncpg.OperatorInterventionError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InternalClientError,
    # Somebody holds a whole table, as a migration may; a row that is held is told of as a conflict.
    asyncpg.LockNotAvailableError,
    DBConnectionError,
)


@contextmanager
def answering() -> Iterator[None]:
    """What a database raises that is away, lets nobody in or gives up: as `Unavailable`."""
    try:
        yield
    except AWAY as error:
        raise Unavailable("the database does not answer; try again shortly") from error
    except asyncpg.InterfaceError as error:
        # Its own class is what a connection says that broke meanwhile; DataError is our mistake.
        if type(error) is not asyncpg.InterfaceError:
            raise
        raise Unavailable("the database does not answer; try again shortly") from error


class Snapshot:
    """The one moment that an answer shows. Its connection is taken at the first read."""

    def __init__(self) -> None:
        self.statements = 0
        self._known: dict[tuple[str, str], list[Record]] = {}
        self._turn = asyncio.Lock()
        self._stack = AsyncExitStack()
        self._connection: Connection | None = None
        self._unavailable: Unavailable | None = None

    async def fetch(self, sql: str, *args: object) -> list[Record]:
        """Once the database has not answered, it is not waited for again."""
        async with self._turn:
            if self._unavailable is not None:
                raise self._unavailable
            try:
                return await self._fetch(sql, *args)
            except Unavailable as error:
                self._unavailable = error
                raise

    async def _fetch(self, sql: str, *args: object) -> list[Record]:
        connection = self._connection or await self._begin()
        self.statements += 1
        with answering():
            return await connection.fetch(sql, *args)

    async def fetch_once(self, sql: str, *args: object) -> list[Record]:
        """The same to the same question: it is asked the first time only."""
        asked = sql, repr(args)
        if asked not in self._known:
            self._known[asked] = await self.fetch(sql, *args)
        return self._known[asked]

    async def _begin(self) -> Connection:
        connection = await self._stack.enter_async_context(_acquire(READER))
        transaction = connection.transaction()
        with answering():
            await transaction.start()
        tags.began()
        self._stack.push_async_callback(_end, transaction)
        self._connection = connection
        return connection

    async def aclose(self) -> None:
        await self._stack.aclose()
        self._connection = self._unavailable = None

    async def renew(self) -> None:
        """What is read from here on shows a later moment: that of the next read."""
        async with self._turn:
            self._known.clear()
            await self.aclose()


class Uncommitted(Snapshot):
    """What the unit of work has written so far, which nobody else sees yet."""

    def __init__(self, connection: Connection) -> None:
        super().__init__()
        self._connection = connection

    async def fetch_once(self, sql: str, *args: object) -> list[Record]:
        """Anew each time: meanwhile more may have been written."""
        return await self.fetch(sql, *args)

    async def aclose(self) -> None:
        """The connection is the unit of work's."""


async def _end(transaction: "Transaction") -> None:
    """All has been read and nothing written: of a connection that broke there is nothing to end."""
    with suppress(asyncpg.InterfaceError, *AWAY):
        await transaction.rollback()


_snapshot: ContextVar[Snapshot | None] = ContextVar("snapshot", default=None)


@asynccontextmanager
async def snapshot() -> AsyncIterator[Snapshot]:
    """Every `fetch` inside reads the same moment; nested ones join the outer."""
    outer = _snapshot.get()
    if outer is not None:
        yield outer
        return
    current = Snapshot()
    token = _snapshot.set(current)
    try:
        yield current
    finally:
        _snapshot.reset(token)
        await current.aclose()


@asynccontextmanager
async def uncommitted() -> AsyncIterator[Snapshot]:
    """Inside a unit of work: every `fetch` reads on its connection, and so what it has written."""
    async with session() as connection:
        current = Uncommitted(connection)
        token = _snapshot.set(current)
        try:
            yield current
        finally:
            _snapshot.reset(token)


async def fetch(sql: str, *args: object) -> list[Record]:
    """Rows of a SELECT, in the answer's snapshot, or in one of its own where there is none."""
    async with snapshot() as current:
        return await current.fetch(sql, *args)


async def fetch_once(sql: str, *args: object) -> list[Record]:
    """The same, of what an answer may need to know more than once."""
    async with snapshot() as current:
        return await current.fetch_once(sql, *args)


_session: ContextVar["Connection | None"] = ContextVar("session", default=None)


@asynccontextmanager
async def session(pool: str = WRITER) -> AsyncIterator[Connection]:
    """One writing connection, kept over several units of work; nested ones join the outer."""
    outer = _session.get()
    if outer is not None:
        yield outer
        return
    async with _acquire(pool) as connection:
        token = _session.set(connection)
        try:
            yield connection
        finally:
            _session.reset(token)


# What tells the readers of all processes of a commit, before whoever made it is answered.
Tell: TypeAlias = Callable[[], Awaitable[None]]
_tell: Tell | None = None


@contextmanager
def telling(tell: Tell | None) -> Iterator[None]:
    """Every unit of work that ends inside tells so."""
    global _tell
    outer, _tell = _tell, tell
    try:
        yield
    finally:
        _tell = outer


# Who writes, for the log of changes.
ACT = "SELECT set_config('catalog.actor', $1, true)"
_actor: ContextVar[str | None] = ContextVar("actor", default=None)


def act_as(actor: str) -> None:
    """What this task writes from here on is logged as that of the `actor`."""
    _actor.set(actor)


@asynccontextmanager
async def unit_of_work(*, told: bool = True) -> AsyncIterator[Connection]:
    """All of the block or nothing of it; nested ones join the outer. `told`: readers that ask after
    it has ended see what it has written; else they do within a tenth of a second."""
    async with session() as connection:
        if connection.is_in_transaction():
            yield connection
            return
        async with connection.transaction():
            if (actor := _actor.get()) is not None:
                await connection.execute(ACT, actor)
            yield connection
    if told and _tell is not None:
        await _tell()
