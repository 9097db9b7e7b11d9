"""Who asks: the principal that a token's secret stands for."""

from dataclasses import dataclass
from datetime import UTC, datetime

from catalog import db, secrets
from catalog.context import ANONYMOUS, Principal
from catalog.errors import Unauthorized

# Served by api_token_digest_key.
BY_DIGEST = """
SELECT id, scopes FROM api_token
WHERE digest = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)
"""

EVERYTHING = """
SELECT id, name, prefix, scopes, expires_at, revoked_at FROM api_token ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class Token:
    """What may be shown of a token."""

    id: int
    name: str
    prefix: str
    scopes: list[str]
    expires_at: datetime | None
    revoked_at: datetime | None

    def state(self, at: datetime) -> str:
        if self.revoked_at:
            return f"revoked {self.revoked_at:%Y-%m-%d}"
        if self.expires_at is None:
            return "good"
        return f"{'good until' if self.expires_at > at else 'expired'} {self.expires_at:%Y-%m-%d}"


async def everything() -> tuple[Token, ...]:
    """Every token that was ever made, in that order."""
    return tuple(Token(**row) for row in await db.fetch(EVERYTHING))


async def principal(secret: str | None) -> Principal:
    """Everybody without a secret; `Unauthorized` for one that is not, or no longer, good.
    What the task writes from here on is logged as the token's."""
    if secret is None:
        return ANONYMOUS
    digest = secrets.digest(secret)
    rows = digest and await db.fetch(BY_DIGEST, digest, datetime.now(UTC))
    if not rows:
        raise Unauthorized("the token is unknown, revoked or expired")
    db.act_as(f"token:{rows[0]['id']}")
    return Principal(token_id=rows[0]["id"], scopes=frozenset(rows[0]["scopes"]))
