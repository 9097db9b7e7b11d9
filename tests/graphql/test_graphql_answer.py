"""The reads of one answer: gathered, shared, and over when the answer is."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from factories import lamp, load
from speaking import Refused

from catalog.context import ANONYMOUS, Context
from schema.answer import Answer


class Calls(list[tuple[list[int], str]]):
    """A batch read that remembers how it was called, and takes its time."""

    async def squares(self, ctx: Context, ids: Sequence[int], *, unit: str = "") -> dict[int, str]:
        self.append((list(ids), unit))
        await asyncio.sleep(0.01)
        return {id: f"{id * id}{unit}" for id in ids if id > 0}


@pytest.fixture
def answer() -> Answer:
    answer = Answer(ANONYMOUS)
    answer.ctx = None  # type: ignore[assignment]  # these reads do not look at it
    return answer


async def test_a_level_asks_once_and_each_key_once(answer: Answer) -> None:
    calls = Calls()
    load = answer.load

    found = await asyncio.gather(*(load(calls.squares, key) for key in (3, 2, 3, -1)))
    again = await load(calls.squares, 2)

    assert (found, again) == (["9", "4", "9", None], "4")
    assert calls == [([3, 2, -1], "")]


async def test_other_arguments_are_another_question(answer: Answer) -> None:
    calls = Calls()

    found = await asyncio.gather(
        answer.load(calls.squares, 2, unit="m"),
        answer.load(calls.squares, 2, unit="g"),
        answer.load(calls.squares, 3, unit="m"),
    )

    assert found == ["4m", "4g", "9m"]
    assert calls == [([2, 3], "m"), ([2], "g")]


async def test_an_error_is_told_to_all_who_asked(answer: Answer) -> None:
    async def broken(ctx: Context, ids: Sequence[int]) -> dict[int, Any]:
        raise ValueError("broken")

    found = await asyncio.gather(
        answer.load(broken, 1), answer.load(broken, 2), return_exceptions=True
    )

    assert [str(error) for error in found] == ["broken", "broken"]


async def test_a_field_that_is_given_up_leaves_its_read_to_the_others(answer: Answer) -> None:
    calls = Calls()
    given_up, waiting = (
        asyncio.ensure_future(answer.load(calls.squares, 2)),
        asyncio.ensure_future(answer.load(calls.squares, 2)),
    )
    await asyncio.sleep(0)

    given_up.cancel()

    assert await waiting == "4"


async def test_reads_that_nobody_waits_for_end_with_the_answer(answer: Answer) -> None:
    ended = []

    async def endless(ctx: Context, ids: Sequence[int]) -> dict[int, Any]:
        try:
            await asyncio.sleep(60)
        finally:
            ended.append(list(ids))
        return {}

    async with answer:
        answer.load(endless, 1)
        await asyncio.sleep(0.01)

    assert ended == [[1]]


async def test_an_error_that_ends_all_fields_waits_for_what_they_read(
    refused: Refused, open_shop: None
) -> None:
    """Else the statements still under way would meet the end of the snapshot."""
    await load(lamp("desk-lamp"))
    query = """{
      nodes(ids: ["Q2hhbm5lbDox", "QnJhbmQ6MQ==", "UHJvZHVjdDox", "x"]) { id }
      collections(first: 1, last: 1) { totalCount }
      products { totalCount nodes { brand { name } variants { totalCount } } }
    }"""

    for _ in range(20):
        errors = await refused(query)

        assert "INTERNAL_ERROR" not in {error["extensions"]["code"] for error in errors}
