"""How large a question may be, and that to find out is cheap however it is written."""

import time

import pytest
from speaking import Ask, Refused

pytestmark = pytest.mark.usefixtures("standing_shop")


def nested(depth: int) -> str:
    """Categories of categories, that many levels deep in all."""
    return "{ categories " + "{ children " * (depth - 2) + "{ id }" + " }" * (depth - 2) + " }"


def exploding(levels: int) -> str:
    """Fragments that spread the next one twice: short to write, endless to expand."""
    fragments = "".join(
        f"fragment F{n} on Category {{ parent {{ ...F{n + 1} }} p: parent {{ ...F{n + 1} }} }} "
        for n in range(levels)
    )
    return f"{{ categories {{ ...F0 }} }} {fragments} fragment F{levels} on Category {{ id }}"


async def test_a_question_may_be_twelve_levels_deep(ask: Ask, refused: Refused) -> None:
    assert await ask(nested(12))

    (error,) = await refused(nested(13))

    assert error["message"] == "the query is too large: 13 levels deep, at most 12"


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("{" + " ".join(f"a{n}: __typename" for n in range(31)) + "}", "31 aliases, at most 30"),
        ("{" + " __typename" * 21 + "}", "21 root fields, at most 20"),
        ("{ channels {" + " id" * 500 + "} }", "501 fields"),
        ("{ channels {" + " id" * 1000 + "} }", "more than 1000 tokens"),
        ("{ channels { id } }" + "#\n" * 101, "more than 100 comments"),
        ("{a" * 400 + "}" * 400, "nested too deeply"),
        (exploding(30), "levels deep"),
    ],
)
async def test_what_is_too_large_is_refused(refused: Refused, query: str, message: str) -> None:
    errors = await refused(query)

    assert message in " ".join(error["message"] for error in errors)


async def test_a_fragment_that_spreads_itself_is_refused(refused: Refused) -> None:
    (error,) = await refused("{ categories { ...F } } fragment F on Category { parent { ...F } }")

    assert "Cannot spread fragment 'F' within itself" in error["message"]


async def test_measuring_takes_no_longer_than_reading(refused: Refused) -> None:
    began = time.perf_counter()

    await refused(exploding(45))

    assert time.perf_counter() - began < 1
