"""What the database says when two writers meet, in the shop's words."""

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg

from catalog.errors import Conflict

# A unique key, a row or a lock that another writer was quicker to get, or to take away.
_COLLISIONS = (
    asyncpg.UniqueViolationError,
    asyncpg.ExclusionViolationError,
    asyncpg.ForeignKeyViolationError,
    asyncpg.NotNullViolationError,
    asyncpg.LockNotAvailableError,
    asyncpg.DeadlockDetectedError,
)


@contextmanager
def told(remedy: str) -> Iterator[None]:
    """As `Conflict`."""
    try:
        yield
    except _COLLISIONS as error:
        what = getattr(error, "constraint_name", None) or error
        raise Conflict(
            f"somebody else wrote the same thing meanwhile ({what}); {remedy}"
        ) from error
