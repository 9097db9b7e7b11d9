"""Trusted GraphQL documents stored and taken away; their face has checked them."""

from collections.abc import Sequence

from catalog import db
from catalog.errors import NotFound

ADD = """
INSERT INTO persisted_query (digest, document)
SELECT DISTINCT encode(sha256(convert_to(document, 'UTF8')), 'hex'), document
FROM unnest($1::text[]) AS given (document)
ON CONFLICT (digest) DO NOTHING
"""

REMOVE = "DELETE FROM persisted_query WHERE digest = ANY ($1) RETURNING digest"


async def add(texts: Sequence[str]) -> int:
    """How many of them are new."""
    async with db.unit_of_work() as connection:
        return int((await connection.execute(ADD, texts)).split()[-1])


async def remove(digests: Sequence[str]) -> None:
    """From the next request on they are unknown; all of them, or none."""
    async with db.unit_of_work() as connection:
        removed = {row["digest"] for row in await connection.fetch(REMOVE, digests)}
        if missing := [each for each in digests if each not in removed]:
            raise NotFound(f"there is no document {', '.join(missing)}")
