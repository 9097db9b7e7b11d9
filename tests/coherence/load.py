"""Readers and writers at once, on all processes of a fleet."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import count
from typing import TypeAlias

import asyncpg
from fleet import Fleet, Worker
from history import History
from shopfront import Question, lists, products
from wire import Connection, request

READERS, WRITERS, FOREIGNERS = 4, 3, 3
# Seconds that a transaction may stay open, so that others end before it which have begun later.
OPEN = 0.2
# Seconds between one writer's writes: with none, nothing would ever be kept.
PAUSE = 0.5

RENAME = "UPDATE product SET name = 'Lamp v' || $2::int, version = version + 1 WHERE slug = $1"
REPRICE = """
UPDATE price SET amount = $2::int FROM variant AS v JOIN product AS p ON p.id = v.product_id
WHERE price.variant_id = v.id AND p.slug = $1
"""
BOTH = f"WITH renamed AS ({RENAME}) {REPRICE}"

Psql: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
# Of all runs: a shop that is used again has higher ones already.
versions = count(1)


class Load:
    """One run. What is not foreseen in one of its tasks ends it."""

    def __init__(self, fleet: Fleet) -> None:
        self.fleet = fleet
        self.history = History()
        self.over = False
        self._turns = {slug: asyncio.Lock() for slug in fleet.slugs}
        self._products = [each for slug in fleet.slugs for each in products(slug)]
        self._lists = lists(fleet.slugs)

    async def run(
        self,
        *,
        seconds: float,
        reads: int = 0,
        hurt: "Callable[[Load], Awaitable[None]] | None" = None,
        until: Callable[[History], bool] = lambda _: False,
    ) -> History:
        """For that long, and until there were as many reads, but never longer than ten times that;
        or until something was found. `hurt` is to end when all is over."""
        history = self.history
        await self._begin()
        async with asyncio.TaskGroup() as group:
            for number in range(len(self.fleet.workers)):
                for _ in range(READERS):
                    group.create_task(self._read(number))
            for _ in range(WRITERS):
                group.create_task(self._write(self._told))
            group.create_task(self._write(self._patch))
            for _ in range(FOREIGNERS):
                group.create_task(self._write_unasked())
            if hurt:
                group.create_task(hurt(self))
            began = time.monotonic()
            while (elapsed := time.monotonic() - began) < 10 * seconds and not until(history):
                if elapsed > seconds and history.reads >= reads:
                    break
                await asyncio.sleep(0.05)
            self.over = True
        return history

    async def _begin(self) -> None:
        """Every lamp has a version that all must see."""
        for slug in self.fleet.slugs:
            version = next(versions)
            await self._told(self.fleet.workers[0], slug, version)
            self.history.acknowledge(slug, version)

    async def _read(self, number: int) -> None:
        connection: Connection | None = None
        while not self.over:
            question = self._question()
            try:
                connection = connection or await Connection.open(self.fleet.workers[number].port)
                begun = self.history.begin()
                answer = await connection.ask(question.sent)
                self.history.end(begun, question, answer)
            except OSError:
                self.history.broken += 1
                connection = None
                await asyncio.sleep(0.02)
        if connection:
            connection.close()

    def _question(self) -> Question:
        return random.choice(self._products if random.random() < 0.75 else self._lists)

    @asynccontextmanager
    async def _lamp(self) -> AsyncIterator[tuple[str, int]]:
        """One that nobody else is writing, and its next version."""
        slug = random.choice(self.fleet.slugs)
        async with self._turns[slug]:
            yield slug, next(versions)

    async def _write(self, write: Callable[[Worker, str, int], Awaitable[None]]) -> None:
        """Acknowledged writes, one after the other."""
        while not self.over:
            async with self._lamp() as (slug, version):
                try:
                    await write(random.choice(self.fleet.workers), slug, version)
                    self.history.acknowledge(slug, version)
                except OSError:
                    self.history.broken += 1
            await self._look(slug)
            await asyncio.sleep(random.random() * PAUSE)

    async def _look(self, slug: str) -> None:
        """At once at all workers: who is not told of a write is most likely to be wrong now."""
        question = random.choice(products(slug))
        await asyncio.gather(*(self._look_at(worker, question) for worker in self.fleet.workers))

    async def _look_at(self, worker: Worker, question: Question) -> None:
        try:
            connection = await Connection.open(worker.port)
            begun = self.history.begin()
            self.history.end(begun, question, await connection.ask(question.sent))
            connection.close()
        except OSError:
            self.history.broken += 1

    async def _told(self, worker: Worker, slug: str, version: int) -> None:
        """A write with nothing of a face before it: many of them."""
        await worker.told(("write", (BOTH, slug, version)))

    async def _patch(self, worker: Worker, slug: str, version: int) -> None:
        prices = [{"amount": str(version), "currency": "EUR"}]
        changed = {
            "name": f"Lamp v{version}",
            "variants": [{"sku": f"{slug}-{color}", "prices": prices} for color in ("red", "blue")],
        }
        headers = {"Authorization": f"Bearer {self.fleet.token}", "If-Match": "*"}
        connection = await Connection.open(worker.port)
        path = f"/v1/products/{slug}?lists=merge"
        answer = await connection.ask(request("PATCH", path, changed, headers))
        connection.close()
        assert answer.status == 200, answer

    async def _write_unasked(self) -> None:
        """As from psql: nobody is told of these commits."""
        connection = await asyncpg.connect(self.fleet.database_url)
        try:
            while not self.over:
                async with self._lamp() as (slug, version):
                    write = random.choice((_at_once, _at_once, _open, _undone))
                    if await write(connection, slug, version):
                        self.history.commit(slug, version)
                    else:
                        self.history.undone.add(version)
                await asyncio.sleep(random.random() * PAUSE)
        finally:
            await connection.close()


async def _at_once(connection: Psql, slug: str, version: int) -> bool:
    await connection.execute(BOTH, slug, version)
    return True


async def _open(connection: Psql, slug: str, version: int) -> bool:
    """In parts, some of them taken back; it ends after others that have begun later."""
    async with connection.transaction():
        await connection.execute(RENAME, slug, version)
        await asyncio.sleep(random.random() * OPEN)
        taken_back = connection.transaction()
        await taken_back.start()
        await connection.execute(REPRICE, slug, version + 1_000_000)
        await taken_back.rollback()
        async with connection.transaction():
            await connection.execute(REPRICE, slug, version)
    return True


async def _undone(connection: Psql, slug: str, version: int) -> bool:
    transaction = connection.transaction()
    await transaction.start()
    await connection.execute(BOTH, slug, version)
    await asyncio.sleep(random.random() * OPEN)
    await transaction.rollback()
    return False
