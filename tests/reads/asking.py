"""Who asks in these tests, and short names for what they ask."""

from datetime import datetime
from typing import Any

from catalog import db
from catalog.context import ANONYMOUS, Context, Principal
from catalog.paging import Page
from catalog.reads import contexts
from catalog.reads.refs import Ref
from catalog.views import Product

STAFF = Principal(token_id=1, scopes=frozenset({"catalog:read"}))


async def anyone(channel: str | None = None, **asked: Any) -> Context:
    """A visitor without a token."""
    return await contexts.resolve(ANONYMOUS, channel=channel, **asked)


async def staff(channel: str | None = None, **asked: Any) -> Context:
    """A holder of a token that sees drafts."""
    return await contexts.resolve(STAFF, channel=channel, **asked)


def by(**key: str) -> Ref:
    """`by(slug="desk-lamp")`."""
    ((kind, value),) = key.items()
    return Ref(kind, value)  # type: ignore[arg-type]


def slugs(page: Page[Product]) -> list[str]:
    return [product.slug for product in page.items]


def day(text: str) -> datetime:
    """Midnight UTC."""
    return datetime.fromisoformat(f"{text}T00:00:00+00:00")


async def id_of(table: str, key: str) -> int:
    """Of what has that slug, code or SKU."""
    column = {"variant": "sku", "product_type": "code", "attribute": "code"}.get(table, "slug")
    rows = await db.fetch(f"SELECT id FROM {table} WHERE {column} = $1", key)
    id: int = rows[0]["id"]
    return id


async def execute(sql: str, *args: object) -> None:
    """A change that no load makes."""
    async with db.unit_of_work() as connection:
        await connection.execute(sql, *args)
