"""Why a product is not in a list: each condition that the list has, and whether it holds."""

from collections.abc import Iterator

from catalog import views
from catalog.context import Context
from catalog.errors import NotFound
from catalog.reads import filters, query, visibility
from catalog.reads.conditions import Compiler
from catalog.reads.filters import EVERYTHING, ProductWhere
from catalog.reads.product_lists import Asked, ask, tables
from catalog.reads.selections import parts

# What must hold for everybody without a token, in this order.
_SHOWN = {
    "the product is not deleted": "p.deleted_at IS NULL",
    "its status is active": "p.status = 'active'",
    "it is listed in the channel": """EXISTS (
        SELECT FROM product_listing AS listed
        WHERE listed.product_id = p.id AND listed.channel_id = :channel_id)""",
    "its publication has begun": "coalesce(l.shown_from <= :at, true)",
    "its publication is not over": "coalesce(l.shown_until > :at, true)",
}


async def of(
    ctx: Context, product_id: int, where: ProductWhere = EVERYTHING, *, search: str | None = None
) -> tuple[views.Condition, ...]:
    """In the order in which they are asked; needs `catalog:read`. The list has the product where
    all of them hold; else the first that does not is what keeps it out."""
    ctx.principal.require("catalog:read")
    asked = await ask(ctx, where, search=search)
    compiler = Compiler(ctx, asked.known)
    conditions = dict(_conditions(asked, compiler))
    columns = ", ".join(f"coalesce({sql}, false)" for sql in conditions.values())
    sql = f"""
        SELECT ARRAY[{columns}] AS held
        FROM product AS p
        LEFT JOIN listing AS l ON l.product_id = p.id AND {visibility.SHELF}
        WHERE p.id = :product_id"""
    words = asked.words.values if asked.words else {}
    values = {**compiler.values, **words, "product_id": product_id}
    rows = await query.fetch(ctx, sql, **values)
    if not rows:
        raise NotFound(f"there is no product with the id {product_id}", path=("id",))
    return tuple(map(views.Condition, conditions, rows[0]["held"]))


def _conditions(asked: Asked, compiler: Compiler) -> Iterator[tuple[str, str]]:
    yield from _SHOWN.items()
    for n, part in enumerate(parts(asked.where), start=1):
        named = ", ".join(_named(part.where))
        held = " AND ".join(f"({each})" for each in compiler.where(part.where)) or "true"
        yield f"condition {n}: {named}", held
    if asked.words is not None:
        found = tables(asked.words, [], ranked=False)
        yield (
            "it has the words of the search",
            f"p.id IN (SELECT hit.product_id FROM {found.partition(' JOIN ')[0]})",
        )


def _named(where: ProductWhere) -> Iterator[str]:
    """What a condition is about, as clients name it."""
    named = {"all_of": "AND", "any_of": "OR", "none_of": "NOT"}
    for name in filters.asked(where):
        codes = [each.code for each in where.attributes or ()] if name == "attributes" else []
        yield " ".join([named.get(name, name), *codes])
