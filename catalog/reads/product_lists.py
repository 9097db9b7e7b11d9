"""Lists of products: which ones, and in what order, as SQL over the read model `listing`.

What is carried away as it is stored (`stored`) is read from `product` alone: it is there also where
a channel has no shelf for it.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from catalog import tags
from catalog.context import Context
from catalog.errors import BadFilter
from catalog.paging import Key, Order
from catalog.reads import known, query, visibility, words
from catalog.reads.conditions import Compiler
from catalog.reads.filters import EVERYTHING, ProductWhere, attributes
from catalog.reads.known import Attribute, Known
from catalog.reads.words import Words

__all__ = ["EVERYTHING", "ProductWhere"]

Owner = Literal["category", "collection", "brand"]
Unavailable = Literal["show", "last", "hide"]

ID, ID_DOWN = (Key("l.product_id", int, descending=down) for down in (False, True))
# Beside a key of `product`: a place that is told by columns of one table is found by its index.
STORED_ID, STORED_ID_DOWN = (Key("p.id", int, descending=down) for down in (False, True))
CREATED, CREATED_DOWN = (Key("l.created_at", datetime, descending=down) for down in (False, True))
UPDATED, UPDATED_DOWN = (Key("p.updated_at", datetime, descending=down) for down in (False, True))
NAME, NAME_DOWN = (Key("l.name_sort", str, descending=down) for down in (False, True))
PRICE, PRICE_DOWN = (
    Key("l.price", Decimal, descending=down, nullable=True) for down in (False, True)
)
RELEVANCE = Key("hit.rank", int, descending=True)
GONE = Key("(NOT l.available)::int", int, values=((0, "l.available"), (1, "NOT l.available")))

# By which keys, of which the id comes last in the direction of the last. Served by
# listing_newest_idx, listing_name_idx, listing_price_idx and product_updated_at_id_idx.
ORDERS: Mapping[str, Key] = {
    "newest": CREATED_DOWN,
    "oldest": CREATED,
    "name": NAME,
    "-name": NAME_DOWN,
    "price": PRICE,
    "-price": PRICE_DOWN,
    "updated": UPDATED,
    "-updated": UPDATED_DOWN,
}

# Made by hand: what is placed there, then the newest of what a category's descendants have, or of
# what a collection's rule finds.
BY_HAND = (Key("placed.position", int, nullable=True), CREATED_DOWN)

PRODUCT_ORDERS = (*ORDERS, "position")
OF_ATTRIBUTE = re.compile(r"-?attr\.(.+)", re.DOTALL)
MOST_KEYS = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """A question for products, with what it refers to looked up. `order` names one key or several,
    the first first; by default what is asked for by words comes by relevance, else the newest."""

    where: ProductWhere = EVERYTHING
    words: Words | None = None
    order: tuple[str, ...] = ()
    unavailable: Unavailable = "show"
    known: Known = field(default_factory=Known)


@dataclass(frozen=True, slots=True)
class Source:
    """What stands between FROM and ORDER BY, from the first table to the last condition, and what
    is bound in it. `id` is where it has the product's."""

    sql: str
    values: Mapping[str, object]
    id: str = "l.product_id"


async def ask(
    ctx: Context,
    where: ProductWhere = EVERYTHING,
    *,
    search: str | None = None,
    order: str | Sequence[str] = (),
    unavailable: Unavailable = "show",
) -> Asked:
    """Looks up what the question refers to. Raises `BadFilter` for what makes no sense."""
    orders = (order,) if isinstance(order, str) else tuple(order)
    _refuse(orders, searched=bool(search and search.strip()))
    sorted_by = [found[1] for found in map(OF_ATTRIBUTE.fullmatch, orders) if found]
    wanted = await known.look_up(ctx, where, codes=sorted_by)
    for each in attributes(where):
        wanted.attribute(each.code)
    found = await words.understand(ctx, search) if search and search.strip() else None
    default = ("relevance",) if found else ("newest",)
    return Asked(where, found, orders or default, unavailable, wanted)


def _refuse(orders: Sequence[str], *, searched: bool) -> None:
    for name in orders:
        if name not in (*PRODUCT_ORDERS, "relevance") and not OF_ATTRIBUTE.fullmatch(name):
            known = ", ".join((*PRODUCT_ORDERS, "relevance", "attr.<code>"))
            raise BadFilter(f"products are ordered by {known}, not by {name}", path=("sort",))
    if len(set(orders)) < len(orders):
        raise BadFilter("sort by each field once", path=("sort",))
    if len(orders) > MOST_KEYS:
        raise BadFilter(f"sort by at most {MOST_KEYS} fields", path=("sort",))
    if "relevance" in orders and not searched:
        raise BadFilter("by relevance goes only what is searched for", path=("sort",))


def order_of(asked: Asked, owner: Owner | None = None, ids: str = "") -> Order:
    """`owner` is whose order by hand `position` is, and `ids` its id as an array in SQL."""
    keys: list[Key] = [GONE] if asked.unavailable == "last" else []
    joins: list[str] = []
    for name in asked.order:
        if name == "position":
            if owner not in ("category", "collection"):
                raise BadFilter("a brand's products have no order made by hand", path=("sort",))
            keys += BY_HAND
            joins.append(_placed(owner, ids))
        elif found := OF_ATTRIBUTE.fullmatch(name):
            join, key = _by_attribute(asked.known.attribute(found[1]), name, n=len(joins))
            keys.append(key)
            joins.append(join)
        else:
            keys.append(RELEVANCE if name == "relevance" else ORDERS[name])
    last = keys[-1]
    if last in (UPDATED, UPDATED_DOWN):
        keys.append(STORED_ID_DOWN if last.descending else STORED_ID)
    else:
        keys.append(ID_DOWN if last.descending else ID)
    called = ",".join((*asked.order, *(("last",) if asked.unavailable == "last" else ())))
    by_hand = f"{owner}." if "position" in asked.order else ""
    return Order(f"product.{by_hand}{called}", tuple(keys), "\n".join(joins))


def _by_attribute(attribute: Attribute, name: str, *, n: int) -> tuple[str, Key]:
    """Its lowest value, or the highest where that comes first; of options their position."""
    if not attribute.sortable:
        raise BadFilter(f"{attribute.code} is not sortable", path=("sort",))
    descending = name.startswith("-")
    column, kind = _SORTED_BY.get(attribute.kind, ("", str))
    if not column:
        raise BadFilter(f"nothing is sorted by a {attribute.kind}", path=("sort",))
    join = f"""LEFT JOIN LATERAL (
            SELECT {"max" if descending else "min"}({column}) AS key
            FROM (
                SELECT own.* FROM attribute_value AS own WHERE own.product_id = l.product_id
                UNION ALL
                SELECT own.* FROM variant AS v JOIN attribute_value AS own ON own.variant_id = v.id
                WHERE v.product_id = l.product_id AND v.deleted_at IS NULL
            ) AS value
            LEFT JOIN attribute_option AS o ON o.id = value.option_id
            WHERE value.attribute_id = {attribute.id}
        ) AS sorted_{n} ON true"""
    return join, Key(f"sorted_{n}.key", kind, descending=descending, nullable=True)


_SORTED_BY: Mapping[str, tuple[str, type[str] | type[int] | type[Decimal] | type[date]]] = {
    "select": ("o.position", int),
    "text": ('catalog_sort_key(left(value.text, 200)) COLLATE "C"', str),
    "number": ("value.number", Decimal),
    "boolean": ("value.boolean::int", int),
    "date": ("value.date", date),
}


def standing(asked: Asked, owner: Owner | None = None, ids: Sequence[int] = ()) -> tags.Within:
    """Where all that the question can find stands; `owner` is whose order by hand it has."""
    return tags.Within(_standing(asked.where, asked.known), in_any(owner, ids) if owner else None)


def in_any(owner: Owner, ids: Collection[int]) -> list[str]:
    return [f"{owner}:{id}" for id in ids]


def _standing(where: ProductWhere, known: Known) -> Sequence[str] | None:
    """The smallest of those lists that have to hold, None where there is none."""
    found: list[Sequence[str]] = []
    if where.category is not None:
        found.append(in_any("category", known.within(where.category)))
    if where.brand is not None:
        found.append(in_any("brand", where.brand))
    if where.collection is not None and not any(map(known.collections.get, where.collection)):
        found.append(in_any("collection", where.collection))
    inner = (_standing(each, known) for each in where.all_of or ())
    found += [each for each in inner if each is not None]
    return min(found, key=len, default=None)


def owner_by_hand(asked: Asked) -> Owner | None:
    """What the order made by hand is that of, where it is asked for."""
    if "position" not in asked.order:
        return None
    where = asked.where
    one_category = where.category is not None and len(where.category) == 1
    one_collection = where.collection is not None and len(where.collection) == 1
    if one_category == one_collection:
        raise BadFilter(
            "the order by position is that of one category or of one collection: ask for one",
            path=("sort",),
        )
    return "category" if one_category else "collection"


def source(
    ctx: Context,
    asked: Asked,
    *,
    within: str | None = None,
    order: Order | None = None,
) -> Source:
    """The visible products for which all holds, each once. `within` is a condition more."""
    compiler = Compiler(ctx, asked.known, hung="hit" if asked.words else "l")
    conditions = compiler.where(asked.where)
    if within:
        conditions.append(within)
    if asked.unavailable == "hide":
        conditions.append("l.available")
    if conditions or asked.words:
        conditions.append(query.PLANNED_ANEW)
    keys = order.columns if order else ""
    from_ = tables(asked.words, [*conditions, keys], ranked="hit." in keys)
    joins = order.joins if order else ""
    everything = " AND ".join([*visibility.listed(ctx), *conditions])
    bound = {**compiler.values, **(asked.words.values if asked.words else {})}
    return Source(f"{from_} {joins} WHERE {everything}", bound)


def tables(words: Words | None, conditions: Sequence[str], *, ranked: bool) -> str:
    found = "listing AS l"
    if words:
        found = f"{words.hits(ranked=ranked)} JOIN listing AS l ON l.product_id = hit.product_id"
    if re.search(r"\bp\.", " ".join(conditions)):
        found += " JOIN product AS p ON p.id = l.product_id"
    return found


def within(ctx: Context, owner: Owner, ids: str) -> str:
    """In any of the owners, an array in SQL; of a category also what is in its descendants.

    Served by listing_sets_idx, category_path_idx and listing_brand_idx.
    """
    if owner == "brand":
        return f"l.brand_id = ANY ({ids})"
    if owner == "collection":
        return f"""l.collection_ids && ARRAY(
            SELECT c.id FROM collection AS c
            WHERE c.id = ANY ({ids}) AND {visibility.collections(ctx)}
        )"""
    return f"""l.category_ids && ARRAY(
            SELECT c.id FROM category AS c
            WHERE c.path && {ids} AND {visibility.categories(ctx)}
        )"""


def _placed(owner: Owner, ids: str) -> str:
    """Served by product_category_product_id_category_id_key, collection_product_product_id_idx."""
    table = "product_category" if owner == "category" else "collection_product"
    return f"""LEFT JOIN {table} AS placed
            ON placed.product_id = l.product_id AND placed.{owner}_id = ANY ({ids})"""


def stored(ctx: Context, where: ProductWhere) -> Source:
    """The same of products as they are stored, whatever shelf they stand on."""
    compiler = _Stored(ctx, Known(), row="p")
    conditions = [visibility.products(ctx), *compiler.where(where)]
    if len(conditions) > 1:
        conditions.append(query.PLANNED_ANEW)
    return Source(f"product AS p WHERE {' AND '.join(conditions)}", compiler.values, "p.id")


class _Stored(Compiler):
    """What is in which category or collection by the memberships themselves."""

    def _category(self, ids: Sequence[int]) -> str:
        return _members_of_categories(self.ctx, f"{self.bind(ids)}::int[]")

    def _collection(self, ids: Sequence[int]) -> str:
        return _members_of_collections(self.ctx, f"{self.bind(ids)}::int[]")


def _members_of_categories(ctx: Context, ids: str) -> str:
    """Also of what is in their descendants.

    Served by category_path_idx and product_category_category_id_product_id_idx.
    """
    return f"""p.id IN (
            SELECT member.product_id
            FROM product_category AS member
            JOIN category AS c ON c.id = member.category_id
            WHERE c.path && {ids} AND {visibility.categories(ctx)}
        )"""


def _members_of_collections(ctx: Context, ids: str) -> str:
    """Served by collection_product_collection_id_product_id_key."""
    return f"""p.id IN (
            SELECT member.product_id
            FROM collection_product AS member
            JOIN collection AS c ON c.id = member.collection_id
            WHERE c.id = ANY ({ids}) AND {visibility.collections(ctx)}
        )"""
