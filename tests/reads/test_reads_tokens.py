"""Principals: what a secret says of who asks."""

from datetime import UTC, datetime, timedelta

import pytest

from catalog import secrets
from catalog.context import ANONYMOUS
from catalog.errors import Unauthorized
from catalog.reads.tokens import principal
from catalog.writes import tokens

pytestmark = pytest.mark.usefixtures("clean")


async def test_who_shows_no_secret_is_everybody() -> None:
    assert await principal(None) is ANONYMOUS


async def test_a_secret_stands_for_its_scopes() -> None:
    holder = await principal(await tokens.create("erp", scopes=["catalog:read", "stock:write"]))

    assert holder.scopes == {"catalog:read", "stock:write"}
    assert holder.sees_drafts


@pytest.mark.parametrize("secret", ["", "cat_", "cat_\ud800", "\x00", "secret", "cat_" + "x" * 49])
async def test_what_is_no_secret_is_refused(secret: str) -> None:
    with pytest.raises(Unauthorized):
        await principal(secret)


async def test_a_secret_that_nobody_was_given_is_refused() -> None:
    with pytest.raises(Unauthorized):
        await principal(secrets.make())


async def test_a_revoked_secret_is_refused() -> None:
    secret = await tokens.create("erp")
    holder = await principal(secret)
    assert holder.token_id is not None
    await tokens.revoke(holder.token_id)

    with pytest.raises(Unauthorized):
        await principal(secret)


async def test_a_secret_is_good_until_it_expires() -> None:
    now = datetime.now(UTC)
    good = await tokens.create("erp", expires_at=now + timedelta(hours=1))
    over = await tokens.create("erp", expires_at=now - timedelta(seconds=1))

    assert (await principal(good)).token_id is not None
    with pytest.raises(Unauthorized):
        await principal(over)
