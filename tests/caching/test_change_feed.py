"""`/v1/changes`: every change once, whoever commits when, and nothing that is not known."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeAlias

import asyncpg
import httpx
import pytest
from factories import lamp, load, shop
from hypothesis import given
from hypothesis import strategies as st

from catalog import db, ids, tags
from catalog.change_log import Position
from catalog.reads.changes import NOUNS, Cursor
from catalog.settings import Settings

Psql: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
Feed: TypeAlias = Callable[..., Awaitable[Any]]


@pytest.fixture
def feed(client: httpx.AsyncClient, token: str) -> Feed:
    async def feed(since: str | None = None, **asked: Any) -> Any:
        params = asked if since is None else {"since": since, **asked}
        answer = await client.get(
            "/v1/changes", params=params, headers={"Authorization": f"Bearer {token}"}
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    return feed


@pytest.fixture
async def now(feed: Feed) -> str:
    """A cursor behind all that has made the shop."""
    await load(*shop(), lamp("desk-lamp", external_id="DL-1"), lamp("floor-lamp"))
    page = await feed()
    assert page["items"] == []
    cursor: str = page["page"]["next"]
    return cursor


async def execute(sql: str) -> None:
    async with db.unit_of_work() as connection:
        await connection.execute(sql)


def said(page: Any) -> list[tuple[str, str | None, str]]:
    return [(each["kind"], each["external_id"], each["op"]) for each in page["items"]]


async def test_what_has_changed_is_told_with_what_is_so_now(feed: Feed, now: str) -> None:
    await execute("UPDATE price SET amount = 3 WHERE variant_id = 1")
    await execute("UPDATE brand SET external_id = 'B-1'")
    page = await feed(now)

    assert set(said(page)) == {("product", "DL-1", "upsert"), ("brand", "B-1", "upsert")}
    assert {each["id"] for each in page["items"]} == {
        ids.encode("Product", 1),
        ids.encode("Brand", 1),
    }


@pytest.mark.parametrize(
    "sql",
    ["UPDATE product SET deleted_at = now() WHERE id = 1", "DELETE FROM product WHERE id = 1"],
)
async def test_what_is_gone_is_told_as_deleted(feed: Feed, now: str, sql: str) -> None:
    await execute(sql)

    assert said(await feed(now)) == [("product", None, "delete")]


async def test_after_the_last_page_there_is_nothing_new(feed: Feed, now: str) -> None:
    await execute("UPDATE product SET name = 'A lamp' WHERE id = 1")
    page = await feed(now)
    again = await feed(page["page"]["next"])

    assert again["items"] == []
    await execute("UPDATE product SET name = 'Another' WHERE id = 2")
    assert [each["id"] for each in (await feed(again["page"]["next"]))["items"]] == [
        ids.encode("Product", 2)
    ]


async def test_very_many_at_once_are_told_as_a_kind(feed: Feed, now: str) -> None:
    await execute("INSERT INTO brand (name, slug) SELECT n, n FROM generate_series(1, 10001) AS n")

    assert said(await feed(now)) == [("brand", None, "reset")]


async def test_an_emptied_table_is_told_as_the_kinds_it_was_of(feed: Feed, now: str) -> None:
    await execute("TRUNCATE slug_history")

    assert sorted(said(await feed(now))) == [
        (kind, None, "reset") for kind in ("brand", "category", "collection", "product")
    ]


async def test_what_only_lists_hang_on_is_not_told(feed: Feed, now: str) -> None:
    await execute("INSERT INTO search_word (word) VALUES ('moon')")

    assert (await feed(now))["items"] == []


async def test_a_page_may_end_within_a_statement(feed: Feed, now: str) -> None:
    await execute("INSERT INTO brand (name, slug) SELECT n, n FROM generate_series(1, 25) AS n")
    told: list[str] = []
    sizes: list[int] = []
    while (page := await feed(now, limit=10))["items"]:
        told += [each["id"] for each in page["items"]]
        sizes.append(len(page["items"]))
        now = page["page"]["next"]

    assert sizes == [10, 10, 5]
    assert len(set(told)) == 25


@pytest.fixture
async def writers(database: Settings) -> AsyncIterator[list[Psql]]:
    connections = [await asyncpg.connect(database.database_url) for _ in range(6)]
    yield connections
    for each in connections:
        await each.close()


async def test_whoever_commits_when_every_change_is_told_once(
    feed: Feed, now: str, writers: list[Psql]
) -> None:
    """Transactions that overlap, of one, two and three statements, while somebody reads on."""
    writing = asyncio.gather(*(_write(each, n) for n, each in enumerate(writers)))
    told: Counter[str] = Counter()
    over = False
    while True:
        page = await feed(now, limit=3)
        now = page["page"]["next"]
        told.update(each["id"] for each in page["items"])
        if not page["items"] and over:
            break
        over = writing.done()
    await writing

    made = await db.fetch("SELECT id FROM brand WHERE slug LIKE 'w%'")
    assert len(made) == 6 * 30
    assert told == Counter(ids.encode("Brand", row["id"]) for row in made)


async def _write(psql: Psql, writer: int) -> None:
    """The later ones begin, and get their xid, before the earlier ones end."""
    for n in range(0, 30, 3):
        async with psql.transaction():
            for each in range(n, n + 3):
                await psql.execute(
                    "INSERT INTO brand (name, slug) VALUES ('W', $1)", f"w{writer}-{each}"
                )
                await asyncio.sleep(0.002 * ((writer + each) % 4))


async def _refused(client: httpx.AsyncClient, token: str | None, since: str) -> tuple[int, str]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = await client.get("/v1/changes", params={"since": since}, headers=headers)
    assert answer.headers["Content-Type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


async def test_a_cursor_of_another_history_is_gone(
    client: httpx.AsyncClient, token: str, now: str
) -> None:
    ours = Cursor.parse(now)
    other = Cursor(ours.epoch[:-1] + "9", ours.seen)

    assert await _refused(client, token, str(other)) == (410, "CURSOR_EXPIRED")


async def test_a_cursor_from_before_the_floor_is_gone(
    client: httpx.AsyncClient, token: str, now: str, feed: Feed
) -> None:
    """What the floor has seen is no longer in the log."""
    at = Cursor.parse(now)
    async with db.unit_of_work() as connection:
        await connection.execute(
            "UPDATE change_position SET max = $1::text::xid8, open = $2::text[]::xid8[]",
            *at.seen.bound,
        )

    assert (await feed(now))["items"] == []
    behind = Cursor(at.epoch, Position(at.seen.max - 1))
    assert await _refused(client, token, str(behind)) == (410, "CURSOR_EXPIRED")


@pytest.mark.parametrize("statement", ["TRUNCATE change_log", "DELETE FROM change_position"])
async def test_after_the_log_was_emptied_one_begins_again(
    client: httpx.AsyncClient, token: str, now: str, feed: Feed, statement: str
) -> None:
    """What was in it is not known, but all that is committed from then on."""
    async with db.unit_of_work() as connection:
        await connection.execute("UPDATE brand SET name = 'Lumen'")
        await connection.execute(statement)
    assert await _refused(client, token, now) == (410, "CURSOR_EXPIRED")

    again = (await feed())["page"]["next"]
    assert (await feed(again))["items"] == []
    await execute("UPDATE brand SET name = 'Lumens'")
    assert said(await feed(again)) == [("brand", None, "upsert")]


@pytest.mark.parametrize("since", ["", "x", "AAAA", "€", "a" * 4000])
async def test_what_is_no_cursor_is_refused(
    client: httpx.AsyncClient, token: str, now: str, since: str
) -> None:
    assert await _refused(client, token, since) == (400, "BAD_CURSOR")


async def test_a_changed_cursor_is_refused(client: httpx.AsyncClient, token: str, now: str) -> None:
    for n in range(0, len(now), 7):
        other = now[:n] + ("A" if now[n] != "A" else "B") + now[n + 1 :]
        assert await _refused(client, token, other) == (400, "BAD_CURSOR"), n


numbers = st.integers(0, 2**63 - 1)


@given(
    numbers,
    st.frozensets(numbers, max_size=5),
    st.none() | numbers,
    st.tuples(numbers, numbers, numbers),
)
def test_a_cursor_says_all_of_its_place(
    most: int, open: frozenset[int], until: int | None, place: tuple[int, int, int]
) -> None:
    end = None if until is None else Position(until, open)
    cursor = Cursor("7.1.0001", Position(most, open), end, place)

    assert Cursor.parse(str(cursor)) == cursor


def test_all_that_is_logged_has_a_noun() -> None:
    assert set(tags.KINDS.values()) - {"placed", "text", "listing"} == NOUNS.keys()
