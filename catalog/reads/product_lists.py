"""Lists of products: which ones, and in what order, as SQL."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Literal, cast

from catalog.context import Context
from catalog.errors import BadFilter, Forbidden
from catalog.models.product import STATUSES
from catalog.paging import Key, Order
from catalog.reads import query, visibility

ID, ID_DOWN = (Key("p.id", int, descending=down) for down in (False, True))
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

Owner = Literal["category", "collection", "brand"]

# Made by hand: in a category what is placed in itself, then what is only in its descendants.
BY_HAND: dict[Owner, Order] = {
    "category": Order(
        "product.category", (Key("placed.position", int, nullable=True), CREATED_DOWN, ID_DOWN)
    ),
    "collection": Order("product.collection", (Key("placed.position", int), ID)),
}

PRODUCT_ORDERS = (*ORDERS, "position")


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


def order_of(name: str, owner: Owner | None) -> Order:
    """Sort keys by the name of an order; `position` is the one made by hand for that owner."""
    if name == "position" and owner in BY_HAND:
        return BY_HAND[owner]
    if name == "position":
        raise BadFilter("a brand's products have no order made by hand", path=("sort",))
    if name not in ORDERS:
        known = ", ".join(PRODUCT_ORDERS)
        raise BadFilter(f"products are ordered by {known}, not by {name}", path=("sort",))
    return ORDERS[name]


def owner_by_hand(where: ProductWhere) -> Owner:
    """What the order made by hand is that of."""
    one_category = where.category is not None and len(where.category) == 1
    one_collection = where.collection is not None and len(where.collection) == 1
    if one_category == one_collection:
        raise BadFilter(
            "the order by position is that of one category or of one collection: ask for one",
            path=("sort",),
        )
    return "category" if one_category else "collection"


def values(where: ProductWhere) -> dict[str, object]:
    """The fields that are asked for; each is the parameter of its name."""
    asked = ((field.name, getattr(where, field.name)) for field in fields(where))
    return {name: value for name, value in asked if value is not None}


def source(
    ctx: Context,
    where: ProductWhere,
    *,
    within: tuple[Owner, str] | None = None,
    placed: tuple[Owner, str] | None = None,
) -> str:
    """The visible products for which all fields hold, each once, from FROM on.

    `within` narrows them to those of an owner; `placed` joins their place there by hand. An owner's
    ids are an array in SQL.
    """
    _refuse(ctx, where)
    asked = [_condition(ctx, field) for field in values(where)]
    if within:
        asked.append(_within(ctx, *within))
    if asked:
        asked.append(query.PLANNED_ANEW)
    conditions = " AND ".join([visibility.products(ctx), *asked])
    return f"product AS p {_placed(*placed) if placed else ''} WHERE {conditions}"


def _refuse(ctx: Context, where: ProductWhere) -> None:
    asked = set(where.status or ())
    if asked - set(STATUSES):
        known = ", ".join(STATUSES)
        raise BadFilter(
            f"a status is one of {known}, not {min(asked - set(STATUSES))}", path=("status",)
        )
    if asked - {"active"} and not ctx.principal.sees_drafts:
        raise Forbidden(
            "products that are not active need a token with the scope catalog:read",
            path=("status",),
        )
    _refuse_time(where.updated_from, "updated_from")
    _refuse_time(where.updated_until, "updated_until")


def _refuse_time(moment: datetime | None, field: str) -> None:
    if moment is None:
        return
    if moment.tzinfo is None:
        raise BadFilter("a time needs an offset, such as 2026-05-01T00:00:00Z", path=(field,))
    try:
        moment.astimezone(UTC)
    except OverflowError:
        raise BadFilter("in UTC a time has a year from 1 to 9999", path=(field,)) from None


# Served by product_pkey, product_slug_key, product_product_type_id_idx, product_tags_idx and
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

# Served by product_slug_key and translation_slug_key.
BY_TRANSLATED_SLUG = """(p.slug = ANY (:slugs) OR p.id IN (
            SELECT entity_id
            FROM translation
            WHERE kind = 'product' AND slug = ANY (:slugs) AND locale = ANY (:locales::text[])
            AND deleted_at IS NULL
        ))"""

# A deleted brand has no products. Served by product_brand_id_idx and brand_pkey.
OF_BRANDS = """p.brand_id = ANY (:brand) AND NOT EXISTS (
            SELECT FROM brand AS b WHERE b.id = p.brand_id AND b.deleted_at IS NOT NULL
        )"""


def _condition(ctx: Context, field: str) -> str:
    if field == "brand":
        return OF_BRANDS
    if field in ("category", "collection"):
        return _within(ctx, cast(Owner, field), f":{field}::int[]")
    if field == "slugs" and ctx.locales:
        return BY_TRANSLATED_SLUG
    return CONDITIONS[field]


def _within(ctx: Context, owner: Owner, ids: str) -> str:
    """In any of the owners; of a category also what is in its descendants.

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


def _placed(owner: Owner, ids: str) -> str:
    """Served by product_category_product_id_category_id_key and, of the few that a collection has,
    collection_product_collection_id_product_id_key."""
    if owner == "category":
        return f"""LEFT JOIN product_category AS placed
            ON placed.product_id = p.id AND placed.category_id = ANY ({ids})"""
    return f"""JOIN collection_product AS placed
            ON placed.product_id = p.id AND placed.collection_id = ANY ({ids})"""
