"""Slugs of all that has a page of its own, for sitemaps."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

from catalog.context import Context
from catalog.reads import product_lists, query, translations, visibility
from catalog.reads.product_lists import EVERYTHING, ProductWhere

_PAGE = 5_000


@dataclass(frozen=True, slots=True)
class Address:
    """`kind` is products, categories or collections."""

    kind: str
    slug: str
    updated_at: datetime


async def count(ctx: Context, where: ProductWhere) -> int:
    found = product_lists.stored(ctx, where)
    rows = await query.fetch(
        ctx, f"SELECT count(*) FROM ({_all(ctx, where, found.sql)}) AS a", **found.values
    )
    total: int = rows[0]["count"]
    return total


async def pages(
    ctx: Context, where: ProductWhere, *, skip: int, limit: int
) -> AsyncIterator[list[Address]]:
    """Categories, collections, products, each the oldest first."""
    found = product_lists.stored(ctx, where)
    sql = f"{_all(ctx, where, found.sql)} ORDER BY kind, id OFFSET :skip LIMIT :size"
    for start in range(skip, skip + limit, _PAGE):
        size = min(_PAGE, skip + limit - start)
        rows = await query.fetch(ctx, sql, **found.values, skip=start, size=size)
        yield [Address(row["kind"], row["slug"], row["updated_at"]) for row in rows]
        if len(rows) < size:
            return


def _all(ctx: Context, where: ProductWhere, source: str) -> str:
    """Of a part of the products only these."""
    shown = [_of(ctx, "product", "products", source)]
    if where == EVERYTHING:
        categories = f"category AS p WHERE {visibility.categories(ctx, 'p')}"
        collections = f"collection AS p WHERE {visibility.collections(ctx, 'p')}"
        shown.append(_of(ctx, "category", "categories", categories))
        shown.append(_of(ctx, "collection", "collections", collections))
    return " UNION ALL ".join(shown)


def _of(ctx: Context, kind: str, named: str, source: str) -> str:
    return f"""
        SELECT '{named}' AS kind, p.id, {translations.text(ctx, "p", "slug")} AS slug, p.updated_at
        FROM (SELECT p.id, p.slug, p.updated_at FROM {source}) AS p
        {translations.join(ctx, kind, "p")}"""
