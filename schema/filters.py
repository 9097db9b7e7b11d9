"""What a list may be narrowed by and sorted by, as reads understand it."""

from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from typing import TypeVar

import strawberry
from strawberry import UNSET, enum_value, field

from catalog import ids
from catalog.errors import BadFilter
from catalog.reads import products, variants
from schema.types.status import ProductStatus

T = TypeVar("T")


@strawberry.input(description="A span of time.")
class DateTimeRange:
    gte: datetime | None = field(default=UNSET, description="From this moment on.")
    lt: datetime | None = field(default=UNSET, description="Before this moment.")


@strawberry.input(
    description="Which products: all given fields hold, each by any of its values. "
    "An empty list matches none."
)
class ProductWhere:
    ids: list[strawberry.ID] | None = field(default=UNSET, description="These.")
    slugs: list[str] | None = field(default=UNSET, description="Those with these slugs.")
    type: list[str] | None = field(default=UNSET, description="Codes of product types.")
    category: list[strawberry.ID] | None = field(
        default=UNSET, description="In these categories or their descendants."
    )
    collection: list[strawberry.ID] | None = field(
        default=UNSET, description="In these collections."
    )
    brand: list[strawberry.ID] | None = field(default=UNSET, description="Of these brands.")
    tags: list[str] | None = field(default=UNSET, description="With any of these tags.")
    status: list[ProductStatus] | None = field(
        default=UNSET, description="Others than ACTIVE need a token."
    )
    updated_at: DateTimeRange | None = field(
        default=UNSET, description="Changed in this span of time."
    )


@strawberry.input(description="Which variants: all given fields hold, each by any of its values.")
class VariantWhere:
    ids: list[strawberry.ID] | None = field(default=UNSET, description="These.")
    sku: list[str] | None = field(default=UNSET, description="Those with these SKUs.")
    product: list[strawberry.ID] | None = field(default=UNSET, description="Of these products.")


@strawberry.enum(description="What products are sorted by.")
class ProductSortField(Enum):
    NEWEST = enum_value("newest", description="When they were first written, the newest first.")
    NAME = enum_value("name", description="By name, from A to Z.")
    POSITION = enum_value(
        "position", description="By hand: as placed in the one category or collection asked of."
    )
    UPDATED = enum_value("updated", description="When they were last changed, the latest first.")


@strawberry.enum(description="Which end comes first.")
class SortDirection(Enum):
    ASC = enum_value("asc", description="From A to Z, the oldest first.")
    DESC = enum_value("desc", description="From Z to A, the newest first.")


@strawberry.input(description="An order of products; the same ones keep one order among them.")
class ProductSort:
    field: ProductSortField = strawberry.field(description="What they are sorted by.")
    direction: SortDirection | None = strawberry.field(
        default=UNSET, description="By default as the field says."
    )


# Of each field the natural direction first.
ORDERS = {
    (ProductSortField.NEWEST, SortDirection.DESC): "newest",
    (ProductSortField.NEWEST, SortDirection.ASC): "oldest",
    (ProductSortField.NAME, SortDirection.ASC): "name",
    (ProductSortField.NAME, SortDirection.DESC): "-name",
    (ProductSortField.POSITION, SortDirection.ASC): "position",
    (ProductSortField.UPDATED, SortDirection.DESC): "-updated",
    (ProductSortField.UPDATED, SortDirection.ASC): "updated",
}


def product_where(where: ProductWhere | None) -> products.ProductWhere:
    asked = where or ProductWhere()
    updated = asked.updated_at or DateTimeRange()
    return products.ProductWhere(
        ids=_rows("Product", asked.ids, "ids"),
        slugs=_given(asked.slugs),
        type=_given(asked.type),
        category=_rows("Category", asked.category, "category"),
        collection=_rows("Collection", asked.collection, "collection"),
        brand=_rows("Brand", asked.brand, "brand"),
        tags=_given(asked.tags),
        status=_statuses(asked.status),
        updated_from=updated.gte or None,
        updated_until=updated.lt or None,
    )


def variant_where(where: VariantWhere | None) -> variants.VariantWhere:
    asked = where or VariantWhere()
    return variants.VariantWhere(
        ids=_rows("Variant", asked.ids, "ids"),
        skus=_given(asked.sku),
        product=_rows("Product", asked.product, "product"),
    )


def product_order(sort: list[ProductSort] | None) -> str:
    """The name of the order in reads; newest first where none is asked for."""
    if not sort:
        return "newest"
    if len(sort) > 1:
        raise BadFilter("sort by one field; the order of the same ones is settled", path=("sort",))
    field, direction = sort[0].field, sort[0].direction
    orders = {way: name for (by, way), name in ORDERS.items() if by is field}
    if direction and direction not in orders:
        raise BadFilter(f"{field.name} has one direction", path=("sort", 0, "direction"))
    return orders[direction] if direction else next(iter(orders.values()))


def _rows(kind: str, asked: Sequence[str] | None, name: str) -> tuple[int, ...] | None:
    return ids.rows_of(kind, _given(asked), path=("where", name))


def _statuses(asked: Sequence[ProductStatus] | None) -> tuple[str, ...] | None:
    given = _given(asked)
    return None if given is None else tuple(str(status.value) for status in given)


def _given(values: Sequence[T] | None) -> tuple[T, ...] | None:
    """A tuple, so that equal questions are one; None, which is no condition, for what is absent."""
    return None if values is None or values is UNSET else tuple(values)
