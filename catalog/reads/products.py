"""Products: one by any of its keys, pages of them by what they are and where they are shown."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from catalog import db, views
from catalog.context import Context
from catalog.errors import BadFilter, Forbidden
from catalog.models.product import STATUSES
from catalog.paging import Key, Order, Page, Paging
from catalog.reads import query, refs, translations, visibility

ID, ID_DOWN = Key("p.id", int), Key("p.id", int, descending=True)
CREATED, CREATED_DOWN = (Key("p.created_at", datetime, descending=down) for down in (False, True))
UPDATED, UPDATED_DOWN = (Key("p.updated_at", datetime, descending=down) for down in (False, True))
NAME, NAME_DOWN = (Key("p.name_sort", str, descending=down) for down in (False, True))

# Served by product_created_at_id_idx, product_updated_at_id_idx and product_name_sort_id_idx.
ORDERS = {
    "newest": Order("product.newest", (CREATED_DOWN, ID_DOWN)),
    "oldest": Order("product.oldest", (CREATED, ID)),
    "name": Order("product.name", (NAME, ID)),
    "-name": Order("product.-name", (NAME_DOWN, ID_DOWN)),
    "updated": Order("product.updated", (UPDATED, ID)),
    "-updated": Order("product.-updated", (UPDATED_DOWN, ID_DOWN)),
}

# By hand: what is placed in the asked category comes first, what is only in a descendant follows.
BY_HAND = {
    "category": Order(
        "product.category", (Key("placed.position", int, nullable=True), CREATED_DOWN, ID_DOWN)
    ),
    "collection": Order("product.collection", (Key("placed.position", int), ID)),
}

PRODUCT_ORDERS = (*ORDERS, "position")

Owner = Literal["category", "collection", "brand"]


@dataclass(frozen=True, slots=True)
class ProductWhere:
    """Which products: all fields that are not None hold, each by any one of its values.

    `type` are codes; `category` (with descendants), `collection` and `brand` are ids; `tags` are
    compared as written; `updated_from` is included, `updated_until` is not.
    """

    ids: Sequence[int] | None = None
    slugs: Sequence[str] | None = None
    type: Sequence[str] | None = None
    category: Sequence[int] | None = None
    collection: Sequence[int] | None = None
    brand: Sequence[int] | None = None
    tags: Sequence[str] | None = None
    status: Sequence[str] | None = None
    updated_from: datetime | None = None
    updated_until: datetime | None = None


EVERYTHING = ProductWhere()


def _select(ctx: Context, found: str) -> str:
    private = "p.private_metadata" if ctx.principal.sees_drafts else "'{}'::jsonb"
    return f"""
        SELECT p.id, p.external_id, p.product_type_id, p.brand_id, p.status, p.tags, p.metadata,
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


async def by_ref(ctx: Context, ref: refs.Ref) -> views.Product | None:
    """By a former slug the product says where it went: `redirect_to`."""
    visible = visibility.products(ctx, "t")
    return await refs.find(
        ctx, refs.PRODUCT, ref, visible=visible, select=_select, view=_redirected
    )


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
    _refuse(ctx, where)
    place = _placed_in(where) if order == "position" else None
    return await query.page(
        ctx,
        _source(ctx, where, placed=place and (place, f"(:{place}::int[])[1]")),
        alias="p",
        order=_order(order, place),
        paging=paging,
        select=_select,
        view=_view,
        **_values(where),
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
    _refuse(ctx, where)
    if order == "position" and owner == "brand":
        raise BadFilter("a brand's products have no order made by hand", path=("sort",))
    placed = (owner, "owner.id") if order == "position" else None
    source = _source(ctx, where, placed=placed)
    return await query.pages_by_owner(
        ctx,
        "SELECT DISTINCT unnest(:owner_ids::int[]) AS id",
        ids,
        f"{source} AND {_within(ctx, owner, 'ARRAY[owner.id]')}",
        alias="p",
        order=_order(order, owner),
        paging=paging,
        select=_select,
        view=_view,
        **_values(where),
    )


async def count(ctx: Context, where: ProductWhere = EVERYTHING) -> int:
    _refuse(ctx, where)
    return await query.count(ctx, _source(ctx, where), **_values(where))


async def counts_by_owner_ids(
    ctx: Context, owner: Owner, ids: Sequence[int], where: ProductWhere = EVERYTHING
) -> dict[int, int]:
    """How many products each category (with descendants), collection or brand has."""
    _refuse(ctx, where)
    sql = f"""
        SELECT owner.id, (
            SELECT count(*) FROM {_source(ctx, where)}
            AND {_within(ctx, owner, "ARRAY[owner.id]")}
        ) AS total
        FROM (SELECT DISTINCT unnest(:owner_ids::int[]) AS id) AS owner"""
    values = {"owner_ids": list(ids), **_values(where)}
    rows = await query.fetch(ctx, sql, **values) if ids else []
    return {row["id"]: row["total"] for row in rows if row["id"] is not None}


def _order(name: str, place: str | None) -> Order:
    if name == "position" and place:
        return BY_HAND[place]
    if name not in ORDERS:
        known = ", ".join(PRODUCT_ORDERS)
        raise BadFilter(f"products are ordered by {known}, not by {name}", path=("sort",))
    return ORDERS[name]


def _placed_in(where: ProductWhere) -> Literal["category", "collection"]:
    """What the order made by hand is that of."""
    one_category = where.category is not None and len(where.category) == 1
    one_collection = where.collection is not None and len(where.collection) == 1
    if one_category == one_collection:
        raise BadFilter(
            "the order by position is that of one category or of one collection: ask for one",
            path=("sort",),
        )
    return "category" if one_category else "collection"


def _refuse(ctx: Context, where: ProductWhere) -> None:
    unknown = set(where.status or ()) - set(STATUSES)
    if unknown:
        known = ", ".join(STATUSES)
        raise BadFilter(f"a status is one of {known}, not {min(unknown)}", path=("status",))
    if set(where.status or ()) - {"active"} and not ctx.principal.sees_drafts:
        raise Forbidden(
            "products that are not active need a token with the scope catalog:read",
            path=("status",),
        )
    for field in ("updated_from", "updated_until"):
        moment: datetime | None = getattr(where, field)
        if moment is not None and moment.tzinfo is None:
            raise BadFilter("a time needs an offset, such as 2026-05-01T00:00:00Z", path=(field,))


def _values(where: ProductWhere) -> dict[str, object]:
    """The fields that are asked for; each is the parameter of its name."""
    fields = ((field, getattr(where, field)) for field in ProductWhere.__dataclass_fields__)
    return {field: value for field, value in fields if value is not None}


def _source(ctx: Context, where: ProductWhere, *, placed: tuple[str, str] | None = None) -> str:
    """From products, `placed` in a category or collection whose id is that SQL, where all fields
    hold. Each product once: what has many rows of something is only asked whether it has one."""
    asked = [_condition(ctx, field) for field in _values(where)]
    conditions = [visibility.products(ctx), *asked, *([query.PLANNED_ANEW] if asked else [])]
    return f"product AS p {_placed(*placed) if placed else ''} WHERE " + " AND ".join(conditions)


def _placed(owner: str, id: str) -> str:
    """Served by product_category_product_id_category_id_key and its like of collections."""
    kind = "LEFT JOIN" if owner == "category" else "JOIN"
    table = f"product_{owner}" if owner == "category" else f"{owner}_product"
    return f"{kind} {table} AS placed ON placed.product_id = p.id AND placed.{owner}_id = {id}"


def _condition(ctx: Context, field: str) -> str:
    if field in ("category", "collection", "brand"):
        return _within(ctx, field, f":{field}::int[]")
    if field == "slugs" and ctx.locales:
        return f"(p.slug = ANY (:slugs) OR p.id IN ({TRANSLATED_SLUGS}))"
    return CONDITIONS[field]


# Served by translation_kind_slug_locale_key.
TRANSLATED_SLUGS = """
        SELECT entity_id FROM translation
        WHERE kind = 'product' AND slug = ANY (:slugs) AND locale = ANY (:locales::text[])
        AND deleted_at IS NULL"""

# Served by product_pkey, product_slug_key, product_product_type_id_idx, product_tags_idx,
# product_updated_at_id_idx.
CONDITIONS = {
    "ids": "p.id = ANY (:ids)",
    "slugs": "p.slug = ANY (:slugs)",
    "type": """p.product_type_id IN (
            SELECT id FROM product_type WHERE code = ANY (:type) AND deleted_at IS NULL
        )""",
    "tags": "p.tags && :tags::text[]",
    "status": "p.status = ANY (:status)",
    "updated_from": "p.updated_at >= :updated_from",
    "updated_until": "p.updated_at < :updated_until",
}


def _within(ctx: Context, owner: str, ids: str) -> str:
    """In any of the categories, collections or brands of that array in SQL.

    Served by category_path_idx and product_category_category_id_product_id_idx,
    collection_product_collection_id_product_id_key, product_brand_id_idx.
    """
    if owner == "brand":
        return f"p.brand_id = ANY ({ids})"
    if owner == "collection":
        return f"""p.id IN (
            SELECT member.product_id
            FROM collection_product AS member
            JOIN collection AS c ON c.id = member.collection_id
            WHERE c.id = ANY ({ids}) AND {visibility.collections(ctx)}
        )"""
    return f"""p.id IN (
            SELECT member.product_id
            FROM product_category AS member
            JOIN category AS c ON c.id = member.category_id
            WHERE c.path && {ids} AND {visibility.categories(ctx)}
        )"""
