"""Requests that come more than once with one key: one effect, one answer."""

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

import pytest
import repeating
from repeating import KEY, REQUEST, create

from catalog import db
from catalog.errors import BadRequest, KeyInUse, KeyReused
from catalog.settings import Settings
from catalog.writes import idempotency, tokens

SCRIPT = Path(repeating.__file__)


@pytest.fixture(autouse=True)
async def holders(clean: None) -> None:
    """Two tokens, 1 and 2."""
    for name in ("erp", "pim"):
        await tokens.create(name, scopes=["catalog:write"])


async def brands() -> list[str]:
    return [str(row["id"]) for row in await db.fetch("SELECT id FROM brand")]


async def age(hours: float, key: str = KEY) -> None:
    async with db.unit_of_work() as connection:
        await connection.execute(
            "UPDATE idempotency_key SET created_at = now() - $1 * interval '1 hour' WHERE key = $2",
            hours,
            key,
        )


async def test_a_repeated_request_gets_the_first_answer_and_does_nothing() -> None:
    first = await create(1)

    assert await create(1) == first
    assert await brands() == [first]


async def test_a_hundred_at_once_have_one_effect() -> None:
    answers = set(await asyncio.gather(*(create(1, slow=0.02) for _ in range(100))))

    (made,) = await brands()
    assert answers - {"running"} == {made}


async def test_a_hundred_from_four_processes_have_one_effect(settings: Settings) -> None:
    when = time.time() + 4
    ended = await asyncio.gather(*(run(settings, 25, when) for _ in range(4)))

    answers = [answer for _, told in ended for answer in told]
    (made,) = await brands()
    assert len(answers) == 100
    assert set(answers) - {"running"} == {made}


@pytest.mark.parametrize("statement", ["write", "keep"])
async def test_who_is_killed_before_commit_leaves_nothing_and_a_repeat_works(
    settings: Settings, statement: str
) -> None:
    code, _ = await run(settings, 1, time.time(), statement)
    assert code == -signal.SIGKILL
    assert await brands() == []

    made = await patiently()
    assert await brands() == [made]
    assert await create(1) == made


async def run(
    settings: Settings, times: int, when: float, *die: str
) -> tuple[int | None, list[str]]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(SCRIPT),
        str(times),
        str(when),
        *die,
        env=os.environ | {"DATABASE_URL": settings.database_url or ""},
        stdout=asyncio.subprocess.PIPE,
    )
    told, _ = await process.communicate()
    return process.returncode, told.decode().split()


async def patiently() -> str:
    """The server notices the death of its client a moment later, and lets the key go then."""
    for _ in range(1000):
        if (answer := await create(1)) != "running":
            break
        await asyncio.sleep(0.01)
    return answer


async def test_while_the_first_runs_the_others_are_told_so() -> None:
    async with db.unit_of_work():
        await idempotency.begin(1, KEY, REQUEST)

        with pytest.raises(KeyInUse, match="still running"):
            await asyncio.create_task(elsewhere())


async def elsewhere() -> None:
    """On a connection of its own, though the task inherits the one of who made it."""
    db._session.set(None)
    await idempotency.begin(1, KEY, REQUEST)


async def test_another_request_with_the_key_is_refused() -> None:
    await create(1)

    with pytest.raises(KeyReused):
        await create(1, request=idempotency.digest(b"POST", b"/v1/brands", b"{}"))
    assert len(await brands()) == 1


async def test_the_same_key_of_another_token_is_another_key() -> None:
    first, second = await create(1), await create(2)

    assert first != second
    assert await create(2) == second


async def test_a_request_that_failed_may_come_again_with_its_key() -> None:
    with pytest.raises(ZeroDivisionError):
        await failing()

    assert await create(1) == (await brands())[0]


async def failing() -> None:
    async with db.unit_of_work():
        await create(1)
        raise ZeroDivisionError


async def test_a_key_of_yesterday_is_a_new_one() -> None:
    first = await create(1)
    await age(23.9)
    assert await create(1) == first

    await age(24.1)
    other = idempotency.digest(b"something else")
    assert await create(1, request=other) != first
    assert len(await brands()) == 2


async def test_every_kept_answer_removes_some_of_yesterday() -> None:
    for n in range(15):
        await create(1, key=f"old {n}")
        await age(25, f"old {n}")
    await create(1, key="new")
    await create(1, key="newer")

    kept = await db.fetch("SELECT key FROM idempotency_key ORDER BY id")
    assert [row["key"] for row in kept] == ["new", "newer"]


@pytest.mark.parametrize(
    ("sent", "same"),
    [
        ("a", "a"),
        (' "a" ', "a"),
        (r'"a \"b\" \\"', r'a "b" ' + "\\"),
        ('a"', 'a"'),
        ("k" * 255, "k" * 255),
        ('"' + "k" * 255 + '"', "k" * 255),
    ],
)
async def test_quotes_around_a_key_do_not_matter(sent: str, same: str) -> None:
    assert await create(1, key=sent) == await create(1, key=same)


@pytest.mark.parametrize("sent", ["", " ", '""', '"a', '"a\\b"', "ä", "a\n", "k" * 256, "a\x00"])
async def test_what_is_no_key_is_refused(sent: str) -> None:
    with pytest.raises(BadRequest, match="1 to 255 printable"):
        await create(1, key=sent)
    assert await brands() == []


def test_parts_of_a_request_do_not_run_into_each_other() -> None:
    assert idempotency.digest(b"ab", b"c") != idempotency.digest(b"a", b"bc")
