"""Products: one by any of its keys, pages of them by what they are and where they are shown."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from catalog import db, tags, views
from catalog.context import Context
from catalog.paging import Page, Paging
from catalog.reads import known, query, refs, translations, visibility
from catalog.reads.product_lists import (
    EVERYTHING,
    PRODUCT_ORDERS,
    Owner,
    ProductWhere,
    Unavailable,
    ask,
    in_any,
    order_of,
    owner_by_hand,
    source,
    standing,
    within,
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


SHAPE = query.Shape("p", _select, _view, "product")


async def by_ref(ctx: Context, ref: refs.Ref) -> views.Product | None:
    """By a former slug the product says where it went: `redirect_to`."""
    visible = visibility.products(ctx, "t")
    shape = query.Shape("p", _select, _redirected, "product")
    return await refs.find(ctx, refs.PRODUCT, ref, visible=visible, shape=shape)


def _redirected(row: db.Record) -> views.Product:
    product = _view(row)
    return replace(product, redirect_to=product.slug) if row["moved"] else product


async def by_ids(ctx: Context, ids: Sequence[int]) -> dict[int, views.Product]:
    found = f"SELECT p.id FROM product AS p WHERE p.id = ANY (:ids) AND {visibility.products(ctx)}"
    return await query.by_ids(ctx, _select(ctx, found), ids, _view, of="product")


async def page(
    ctx: Context,
    where: ProductWhere = EVERYTHING,
    *,
    search: str | None = None,
    order: str | Sequence[str] = (),
    unavailable: Unavailable = "show",
    paging: Paging,
) -> Page[views.Product]:
    """`order` names one of PRODUCT_ORDERS or `attr.<code>`, or several, the first first; by default
    what is searched for comes by relevance, else the newest. `position`, the order made by hand, is
    that of the one category or collection asked for."""
    asked = await ask(ctx, where, search=search, order=order, unavailable=unavailable)
    owner = owner_by_hand(asked)
    one = (where.category if owner == "category" else where.collection) or ()
    order_by = order_of(asked, owner, ":placed_in::int[]")
    found = source(ctx, asked, order=order_by)
    return await query.page(
        ctx,
        SHAPE,
        found.sql,
        id=found.id,
        order=order_by,
        paging=paging,
        within=standing(asked, owner, one),
        values={**found.values, "placed_in": list(one)},
    )


async def pages_by_owner_ids(
    ctx: Context,
    owner: Owner,
    ids: Sequence[int],
    where: ProductWhere = EVERYTHING,
    *,
    search: str | None = None,
    order: str | Sequence[str] = (),
    unavailable: Unavailable = "show",
    paging: Paging,
) -> dict[int, Page[views.Product]]:
    """The same page of each category (with descendants), collection or brand; one statement, beside
    what it refers to. Collections that have a rule are asked one by one."""
    asked = await ask(ctx, where, search=search, order=order, unavailable=unavailable)
    owners = list(dict.fromkeys(ids))
    ruled = await _ruled(ctx, owner, owners)
    by_hand = [id for id in owners if id not in ruled]
    below = await known.below(ctx, by_hand) if owner == "category" and len(owners) <= FEW else {}

    def listed(id: str, number: int | None) -> str:
        narrowed = (
            f"l.category_ids && :below_{number}::int[]"
            if below and number is not None
            else within(ctx, owner, f"ARRAY[{id}]")
        )
        order = order_of(asked, owner, f"ARRAY[{id}]")
        return source(ctx, asked, within=narrowed, order=order).sql

    pages = await query.pages_by_owner(
        ctx,
        SHAPE,
        listed,
        by_hand,
        few=FEW if owner == "category" else 1,
        id="l.product_id",
        order=order_of(asked, owner, ""),
        paging=paging,
        within=_standing(owner, by_hand, below),
        values={
            **source(ctx, asked).values,
            **{f"below_{n}": below.get(id, ()) for n, id in enumerate(by_hand)},
        },
    )
    for id in ruled:
        pages[id] = await page(
            ctx,
            _in_collection(id, where),
            search=search,
            order=order,
            unavailable=unavailable,
            paging=paging,
        )
    return pages


def _standing(owner: Owner, ids: Sequence[int], below: Mapping[int, Sequence[int]]) -> tags.Within:
    """Where the products of the owners stand; of a category also what is `below` it, if known."""
    hung = {id for each in ids for id in (below.get(each, ()) if owner == "category" else (each,))}
    lists = None if owner == "category" and not below else in_any(owner, hung)
    return tags.Within(lists, in_any(owner, ids))


async def _ruled(ctx: Context, owner: Owner, ids: Sequence[int]) -> list[int]:
    """Those of the owners that are collections with a rule."""
    if owner != "collection":
        return []
    found = await known.of_collections(ctx, ids)
    return [id for id, rule in found.items() if rule is not None]


def _in_collection(id: int, where: ProductWhere) -> ProductWhere:
    return ProductWhere(collection=(id,), all_of=(where,))


async def count(
    ctx: Context,
    where: ProductWhere = EVERYTHING,
    *,
    search: str | None = None,
    unavailable: Unavailable = "show",
) -> int:
    asked = await ask(ctx, where, search=search, unavailable=unavailable)
    found = source(ctx, asked)
    return await query.count(ctx, found.sql, standing(asked), **found.values)


async def counts_by_owner_ids(
    ctx: Context,
    owner: Owner,
    ids: Sequence[int],
    where: ProductWhere = EVERYTHING,
    *,
    search: str | None = None,
    unavailable: Unavailable = "show",
) -> dict[int, int]:
    """How many products each category (with descendants), collection or brand has."""
    ruled = await _ruled(ctx, owner, ids)
    asked = await ask(ctx, where, search=search, unavailable=unavailable)
    listed = source(ctx, asked, within=within(ctx, owner, "ARRAY[owner.id]"))
    sql = f"""
        SELECT owner.id, (SELECT count(*) FROM {listed.sql}) AS total
        FROM (SELECT DISTINCT unnest(:owner_ids::int[]) AS id) AS owner
        WHERE owner.id IS NOT NULL"""
    bound = {"owner_ids": list(ids), **listed.values}
    stands = tags.ANYWHERE if owner == "category" else _standing(owner, ids, {})
    rows = await query.fetch(ctx, sql, stands, **bound) if ids else []
    totals = {row["id"]: row["total"] for row in rows}
    for id in ruled:
        narrowed = _in_collection(id, where)
        totals[id] = await count(ctx, narrowed, search=search, unavailable=unavailable)
    return totals
