"""Answers kept for whoever repeats a request: at most one effect a key and token, and for 24 hours
the same answer (draft-ietf-httpapi-idempotency-key-header).

What is kept is committed with the write itself, so a process killed before COMMIT leaves neither,
and a repeat does the work. Only what succeeded is kept: a refused request has had no effect, and
its key may come again with a better one.

    async with db.unit_of_work():
        if kept := await idempotency.begin(token_id, key, digest):
            return kept
        …
        await idempotency.keep(token_id, key, digest, status, answer)
"""

import hashlib
import re
from dataclasses import dataclass

from catalog import db
from catalog.errors import BadRequest, KeyInUse, KeyReused

# Held until the end of the transaction, which a killed process's server ends too. It is let go only
# after the commit shows, so that who gets it next finds what was kept.
LOCK = "SELECT pg_try_advisory_xact_lock($1)"

# Served by idempotency_key_token_id_key_key. A row of yesterday counts as none.
FIND = """
SELECT request_digest, status, answer FROM idempotency_key
WHERE token_id = $1 AND key = $2 AND created_at > now() - interval '24 hours'
"""

KEEP = """
INSERT INTO idempotency_key (token_id, key, request_digest, status, answer)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (token_id, key) DO UPDATE
SET request_digest = EXCLUDED.request_digest, status = EXCLUDED.status,
    answer = EXCLUDED.answer, created_at = now()
"""

# Served by idempotency_key_created_at_idx. A few with each new one keep the table to a day's worth;
# what another transaction is replacing is left to it.
PRUNE = """
DELETE FROM idempotency_key WHERE id IN (
    SELECT id FROM idempotency_key WHERE created_at <= now() - interval '24 hours'
    ORDER BY created_at LIMIT 10 FOR UPDATE SKIP LOCKED
)
"""

_KEY = re.compile(r"[\x20-\x7e]{1,255}", re.ASCII)
# A string of structured fields (RFC 8941, section 3.3.3), as the draft writes the header.
_QUOTED = re.compile(r'"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"', re.ASCII)
_ESCAPED = re.compile(r'\\(["\\])')


@dataclass(frozen=True, slots=True)
class Kept:
    """The answer that the first request got."""

    status: int
    answer: bytes


def digest(*parts: bytes) -> bytes:
    """SHA-256 of what makes a request that request: its method, address and body."""
    found = hashlib.sha256()
    for part in parts:
        # With its length, so that nothing moves from one part to the next unseen.
        found.update(len(part).to_bytes(8) + part)
    return found.digest()


async def begin(token_id: int, key: str, digest: bytes) -> Kept | None:
    """First of all in the unit of work. None: do the work, then `keep` its answer.

    Raises `KeyInUse` while another transaction works on the same, `KeyReused` where the key came
    with another request, `BadRequest` for what is no key.
    """
    name = _name(key)
    async with db.unit_of_work() as connection:
        if not await connection.fetchval(LOCK, _lock(token_id, name)):
            raise KeyInUse(
                "the request with this key is still running; repeat this one later for its answer"
            )
        row = await connection.fetchrow(FIND, token_id, name)
    if row is None:
        return None
    if row["request_digest"] != digest:
        raise KeyReused(
            "this idempotency key came with another request within 24 hours; use a new one for "
            "each request, and repeat a request unchanged"
        )
    return Kept(row["status"], row["answer"])


async def keep(token_id: int, key: str, digest: bytes, status: int, answer: bytes) -> None:
    """Last of all in the unit of work that `begin` was called in."""
    async with db.unit_of_work() as connection:
        await connection.execute(KEEP, token_id, _name(key), digest, status, answer)
        await connection.execute(PRUNE)


def _name(key: str) -> str:
    """Without the quotes of the draft: `"a"` and `a` are the same key."""
    text = key.strip(" \t")
    if quoted := _QUOTED.fullmatch(text):
        text = _ESCAPED.sub(r"\1", quoted[1])
    elif text.startswith('"'):
        text = ""
    if not _KEY.fullmatch(text):
        raise BadRequest(
            "an idempotency key is 1 to 255 printable ASCII characters, such as a UUID; in the "
            'header it may stand in quotes: Idempotency-Key: "8e03978e-40d5-43dd-bc93-6894a57f9324"'
        )
    return text


def _lock(token_id: int, name: str) -> int:
    """Of the 2^64 advisory locks the one of this token and key."""
    hashed = hashlib.sha256(f"{token_id} {name}".encode()).digest()
    return int.from_bytes(hashed[:8], signed=True)
