"""Tokens as text."""

import pytest

from catalog import secrets


def test_a_secret_is_recognised_and_no_two_are_alike() -> None:
    one, other = secrets.make(), secrets.make()
    assert one != other
    assert one.startswith("cat_")
    assert len(one) == len(other) == 53
    assert secrets.digest(one) != secrets.digest(other)
    assert secrets.digest(one) == secrets.digest(one)


@pytest.mark.parametrize(
    "damaged",
    ["", "cat_", "cat_x", "{0}x", "{0}é", "dog{0}", "{1}", "{2}"],
)
def test_a_damaged_secret_is_known_without_a_look_up(damaged: str) -> None:
    secret = secrets.make()
    other = "a" if secret[10] != "a" else "b"
    swapped = f"{secret[:10]}{other}{secret[11:]}"
    assert secrets.digest(damaged.format(secret, swapped, secret.removeprefix("cat_"))) is None
