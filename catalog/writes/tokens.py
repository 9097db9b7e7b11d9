"""API tokens: handed out once, revoked for good."""

from collections.abc import Sequence
from datetime import datetime

from catalog import db, secrets
from catalog.context import SCOPES
from catalog.errors import BadRequest, NotFound

INSERT = """
INSERT INTO api_token (name, prefix, digest, scopes, expires_at) VALUES ($1, $2, $3, $4, $5)
"""

REVOKE = "UPDATE api_token SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL"


async def create(
    name: str, *, scopes: Sequence[str] = ("catalog:read",), expires_at: datetime | None = None
) -> str:
    """The secret, which nobody can read again: the database keeps its SHA-256."""
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown:
        raise BadRequest(
            f"{', '.join(unknown)} is no scope; there are {', '.join(SCOPES)}", path=("scopes",)
        )
    secret = secrets.make()
    async with db.unit_of_work() as connection:
        await connection.execute(
            INSERT,
            name,
            secrets.recognisable(secret),
            secrets.digest(secret),
            sorted(set(scopes)),
            expires_at,
        )
    return secret


async def revoke(token_id: int) -> None:
    """From the next request on; a revoked token cannot be brought back."""
    async with db.unit_of_work() as connection:
        outcome = await connection.execute(REVOKE, token_id)
    if outcome == "UPDATE 0":
        raise NotFound(f"there is no token {token_id}, or it is revoked already")
