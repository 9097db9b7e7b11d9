"""Connections: one moment an answer, all or nothing a write, and a database that is away."""

import asyncio
import time
from collections.abc import AsyncIterator

import asyncpg
import pytest
from tortoise.connection import get_connection

from catalog import db
from catalog.errors import Unavailable
from catalog.settings import Settings

INSERT = "INSERT INTO product_type (code, name) VALUES ($1, 'A type')"
COUNT = "SELECT count(*) FROM product_type"


async def test_an_answer_shows_one_moment(clean: None) -> None:
    async with db.snapshot() as answer:
        before = (await db.fetch(COUNT))[0][0]
        async with db.unit_of_work() as connection:
            await connection.execute(INSERT, "late")
        after = (await db.fetch(COUNT))[0][0]
    assert (before, after, answer.statements) == (0, 0, 2)
    assert (await db.fetch(COUNT))[0][0] == 1


async def test_what_is_asked_once_is_asked_again_of_a_later_moment(clean: None) -> None:
    async with db.snapshot() as answer:
        before = [(await db.fetch_once(COUNT))[0][0] for _ in range(2)]
        async with db.unit_of_work() as connection:
            await connection.execute(INSERT, "late")
        await answer.renew()
        after = (await db.fetch_once(COUNT))[0][0]

    assert (before, after, answer.statements) == ([0, 0], 1, 2)


async def test_what_a_unit_of_work_has_written_is_asked_anew(clean: None) -> None:
    async with db.unit_of_work() as connection, db.uncommitted():
        before = (await db.fetch_once(COUNT))[0][0]
        await connection.execute(INSERT, "fresh")

        assert (before, (await db.fetch_once(COUNT))[0][0]) == (0, 1)


async def test_a_read_cannot_write(clean: None) -> None:
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        await db.fetch(INSERT, "stray")


async def test_a_unit_of_work_is_all_or_nothing_and_nested_ones_join(clean: None) -> None:
    async def fail_in_the_end() -> None:
        async with db.unit_of_work() as outer:
            await outer.execute(INSERT, "first")
            async with db.unit_of_work() as inner:
                assert inner is outer
                await inner.execute(INSERT, "second")
            raise LookupError

    with pytest.raises(LookupError):
        await fail_in_the_end()
    assert (await db.fetch(COUNT))[0][0] == 0


async def test_sessions_begin_with_the_limits_of_the_settings(database: Settings) -> None:
    rows = await db.fetch(
        "SELECT current_setting('statement_timeout'), current_setting('lock_timeout'),"
        " current_setting('transaction_isolation'), current_setting('application_name')"
    )
    assert tuple(rows[0]) == ("1min", "2s", "repeatable read", "catalog")


@pytest.mark.parametrize("value", [{"a": [1, "zwei", None]}, [], "text", 1.5])
async def test_jsonb_comes_back_as_it_went(database: Settings, value: object) -> None:
    sent = f'"{value}"' if isinstance(value, str) else value
    assert (await db.fetch("SELECT $1::jsonb", sent))[0][0] == value


@pytest.fixture
async def narrow(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """One reading connection, and a fifth of a second to wait for it."""
    monkeypatch.setattr(db, "_acquire_timeout", 0.2)
    pool = get_connection(db.READER)
    async with pool.acquire_connection():
        pass
    held = [await pool._pool.acquire() for _ in range(settings.database_read_pool)]
    yield
    for connection in held:
        await pool._pool.release(connection)


async def test_waiting_for_a_connection_ends_in_time(database: Settings, narrow: None) -> None:
    begun = time.monotonic()
    with pytest.raises(Unavailable):
        await db.fetch("SELECT 1")
    assert 0.15 < time.monotonic() - begun < 1.0


async def test_a_statement_that_takes_too_long_is_given_up(database: Settings) -> None:
    async with db.snapshot():
        await db.fetch("SELECT set_config('statement_timeout', '50', true)")
        with pytest.raises(Unavailable):
            await db.fetch("SELECT pg_sleep(5)")


async def test_reads_of_one_answer_take_turns_on_its_connection(database: Settings) -> None:
    async with db.snapshot():
        rows = await asyncio.gather(*(db.fetch("SELECT pg_backend_pid()") for _ in range(5)))
    assert len({row[0][0] for row in rows}) == 1


async def test_a_connection_that_breaks_within_an_answer_is_the_database_away(
    database: Settings,
) -> None:
    async def broken() -> None:
        async with db.snapshot():
            (row,) = await db.fetch("SELECT pg_backend_pid() AS pid")
            async with db.unit_of_work() as connection:
                await connection.execute("SELECT pg_terminate_backend($1)", row["pid"])
            await db.fetch("SELECT 1")

    with pytest.raises(Unavailable):
        await broken()
    assert (await db.fetch("SELECT 1 AS one"))[0]["one"] == 1


async def test_a_reader_is_given_back_as_its_rollback_left_it(database: Settings) -> None:
    """What a pool usually sends then (RESET ALL …) is one way more to the database."""
    (reader,) = await db.fetch("SELECT pg_backend_pid() AS pid")
    async with db.session() as connection:
        said = await connection.fetchval(
            "SELECT query FROM pg_stat_activity WHERE pid = $1", reader["pid"]
        )

    assert said == "ROLLBACK;"
