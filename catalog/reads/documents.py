"""Trusted GraphQL documents, by the hexadecimal SHA-256 of their texts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from catalog import db, tags

# Served by persisted_query_digest_key.
BY_DIGEST = "SELECT document FROM persisted_query WHERE digest = $1"

EVERYTHING = "SELECT digest, document, created_at FROM persisted_query ORDER BY created_at, id"


@dataclass(frozen=True, slots=True)
class Stored:
    digest: str
    document: str
    created_at: datetime


async def text(digest: str) -> str | None:
    """The answer to it depends on its being there."""
    tags.note(f"document:{digest}")
    rows = await db.fetch(BY_DIGEST, digest)
    return rows[0]["document"] if rows else None


async def everything() -> Sequence[Stored]:
    """The oldest first."""
    return tuple(Stored(**row) for row in await db.fetch(EVERYTHING))
