"""Products: one by any of its keys, pages of them by what they are and where they are shown."""

from collections.abc import Sequence
from dataclasses import replace

from catalog import db, views
from catalog.context import Context
from catalog.paging import Page, Paging
from catalog.reads import query, refs, translations, visibility
from catalog.reads.product_lists import (
    EVERYTHING,
    PRODUCT_ORDERS,
    Owner,
    ProductWhere,
    order_of,
    owner_by_hand,
    source,
    values,
)

# The largest categories' pages take 0.3 ms each instead of 14 where each is planned for itself; the
# planning takes a millisecond for each.
FEW = 10

__all__ = ["EVERYTHING", "PRODUCT_ORDERS", "Owner", "ProductWhere"]

# Of a deleted brand there is none. Served by brand_pkey.
BRAND_ID = """(
        SELECT b.id FROM brand AS b WHERE b.id = p.brand_id AND b.deleted_at IS NULL
    ) AS brand_id"""


def _select(ctx: Context, found: str) -> str:
    private = "p.private_metadata" if ctx.principal.sees_drafts else "'{}'::jsonb"
    return f"""
        SELECT p.id, p.external_id, p.product_type_id, {BRAND_ID}, p.status, p.tags, p.metadata,
            {private} AS private_metadata,
            p.tax_class, p.created_at, p.updated_at, p.version, found.*,
            {translations.text(ctx, "p", "slug")} AS slug,
            {translations.text(ctx, "p", "name")} AS name,
            {translations.text(ctx, "p", "description")} AS description,
            {translations.text(ctx, "p", "seo_title")} AS seo_title,
            {translations.text(ctx, "p", "seo_description")} AS seo_description
        FROM ({found}) AS found
        JOIN product AS p ON p.id = found.id
        {translations.join(ctx, "product", "p")}"""


def _view(row: db.Record) -> views.Product:
    return views.Product(
        id=row["id"],
        external_id=row["external_id"],
        type_id=row["product_type_id"],
        brand_id=row["brand_id"],
        slug=row["slug"],
        name=row["name"],
        description=row["description"],
        status=row["status"],
        tags=tuple(row["tags"]),
        seo=views.Seo(title=row["seo_title"], description=row["seo_description"]),
        metadata=row["metadata"],
        private_metadata=row["private_metadata"],
        tax_class=row["tax_class"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        version=row["version"],
    )


SHAPE = query.Shape("p", _select, _view)


async def by_ref(ctx: Context, ref: refs.Ref) -> views.Product | None:
    """By a former slug the product says where it went: `redirect_to`."""
    visible = visibility.products(ctx, "t")
    shape = query.Shape("p", _select, _redirected)
    return await refs.find(ctx, refs.PRODUCT, ref, visible=visible, shape=shape)


def _redirected(row: db.Record) -> views.Product:
    product = _view(row)
    return replace(product, redirect_to=product.slug) if row["moved"] else product


async def by_ids(ctx: Context, ids: Sequence[int]) -> dict[int, views.Product]:
    found = f"SELECT p.id FROM product AS p WHERE p.id = ANY (:ids) AND {visibility.products(ctx)}"
    return await query.by_ids(ctx, _select(ctx, found), ids, _view)


async def page(
    ctx: Context, where: ProductWhere = EVERYTHING, *, order: str = "newest", paging: Paging
) -> Page[views.Product]:
    """`order` is one of PRODUCT_ORDERS; `position`, the order made by hand, is that of the one
    category or collection asked for."""
    owner = owner_by_hand(where) if order == "position" else None
    placed = (owner, f":{owner}::int[]") if owner else None
    return await query.page(
        ctx,
        SHAPE,
        source(ctx, where, placed=placed),
        order=order_of(order, owner),
        paging=paging,
        **values(where),
    )


async def pages_by_owner_ids(
    ctx: Context,
    owner: Owner,
    ids: Sequence[int],
    where: ProductWhere = EVERYTHING,
    *,
    order: str = "newest",
    paging: Paging,
) -> dict[int, Page[views.Product]]:
    """The same page of each category (with descendants), collection or brand; one statement."""
    by_hand = order == "position"

    def listed(id: str) -> str:
        within = (owner, f"ARRAY[{id}]")
        return source(ctx, where, within=within, placed=within if by_hand else None)

    return await query.pages_by_owner(
        ctx,
        SHAPE,
        listed,
        ids,
        few=FEW if owner == "category" else 1,
        order=order_of(order, owner),
        paging=paging,
        **values(where),
    )


async def count(ctx: Context, where: ProductWhere = EVERYTHING) -> int:
    return await query.count(ctx, source(ctx, where), **values(where))


async def counts_by_owner_ids(
    ctx: Context, owner: Owner, ids: Sequence[int], where: ProductWhere = EVERYTHING
) -> dict[int, int]:
    """How many products each category (with descendants), collection or brand has."""
    listed = source(ctx, where, within=(owner, "ARRAY[owner.id]"))
    sql = f"""
        SELECT owner.id, (SELECT count(*) FROM {listed}) AS total
        FROM (SELECT DISTINCT unnest(:owner_ids::int[]) AS id) AS owner
        WHERE owner.id IS NOT NULL"""
    bound = {"owner_ids": list(ids), **values(where)}
    rows = await query.fetch(ctx, sql, **bound) if ids else []
    return {row["id"]: row["total"] for row in rows}
