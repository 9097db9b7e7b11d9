"""One row found by a key of its own and held until the end of the unit of work, so that what a
write was decided on is still so when it happens."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import asyncpg

from catalog.db import unit_of_work
from catalog.errors import Conflict

Key = Literal["id", "external_id", "slug", "code", "sku"]

VERSIONED = frozenset({"product", "variant", "category", "collection", "attribute"})


@dataclass(frozen=True, slots=True)
class Held:
    """`revision` is another one after every change: its version, or else when it changed. Of a
    variant `product_id` is its product."""

    id: int
    revision: int | datetime
    product_id: int | None = None


async def hold(table: str, key: Key, value: str | int) -> Held | None:
    """Of what is not deleted. Keys are those of the rows themselves: no translated slugs, and no
    former ones; the SKU of a product is any of its variants'. Raises `Conflict` when somebody else
    holds the row for too long. Joins the caller's unit of work."""
    async with unit_of_work() as connection:
        try:
            product_id = None
            if table == "variant":
                product_id = await connection.fetchval(_OWNER.format(key=key), value)
            row = await connection.fetchrow(_sql(table, key), value)
        except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError) as error:
            raise Conflict("somebody else is changing it just now; repeat the request") from error
    return Held(row["id"], row["revision"], product_id) if row else None


# Served by {table}_{key}_key or {table}_pkey.
_FIND = """
SELECT id, {revision} AS revision FROM {table} WHERE {found} AND deleted_at IS NULL FOR UPDATE
"""
_OF_VARIANT = "id = (SELECT product_id FROM variant WHERE sku = $1 AND deleted_at IS NULL)"

# Before its variants, as everybody does: two writers would otherwise wait for each other for ever.
_OWNER = """
SELECT id FROM product
WHERE id = (SELECT product_id FROM variant WHERE {key} = $1 AND deleted_at IS NULL) FOR UPDATE
"""


def _sql(table: str, key: Key) -> str:
    return _FIND.format(
        table=table,
        revision="version" if table in VERSIONED else "updated_at",
        found=_OF_VARIANT if (table, key) == ("product", "sku") else f"{key} = $1",
    )
