"""What products are sorted by, as reads understand it."""

from collections.abc import Sequence
from enum import Enum

import strawberry
from strawberry import UNSET, enum_value

from catalog.errors import BadFilter


@strawberry.enum(description="What products are sorted by.")
class ProductSortField(Enum):
    NEWEST = enum_value("newest", description="When they were first written, the newest first.")
    NAME = enum_value("name", description="By name, from A to Z.")
    POSITION = enum_value(
        "position", description="By hand: as placed in the one category or collection asked of."
    )
    UPDATED = enum_value("updated", description="When they were last changed, the latest first.")
    PRICE = enum_value(
        "price", description="What their cheapest variant costs now, the cheapest first."
    )
    RELEVANCE = enum_value(
        "relevance", description="How well they answer the `search`, the best first."
    )
    ATTRIBUTE = enum_value(
        "attribute", description="By a sortable attribute, the lowest first; those without last."
    )


@strawberry.enum(description="Which end comes first.")
class SortDirection(Enum):
    ASC = enum_value("asc", description="From A to Z, the oldest, cheapest or lowest first.")
    DESC = enum_value("desc", description="From Z to A, the newest, dearest or highest first.")


@strawberry.input(
    description="A key of an order of products; those alike in all keys keep one order among them."
)
class ProductSort:
    field: ProductSortField = strawberry.field(description="What they are sorted by.")
    direction: SortDirection | None = strawberry.field(
        default=UNSET, description="By default as the field says."
    )
    attribute: str | None = strawberry.field(
        default=UNSET, description="The attribute's code, where the field is ATTRIBUTE."
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
    (ProductSortField.PRICE, SortDirection.ASC): "price",
    (ProductSortField.PRICE, SortDirection.DESC): "-price",
    (ProductSortField.RELEVANCE, SortDirection.DESC): "relevance",
    (ProductSortField.ATTRIBUTE, SortDirection.ASC): "attr.{}",
    (ProductSortField.ATTRIBUTE, SortDirection.DESC): "-attr.{}",
}


def product_order(sort: Sequence[ProductSort] | None) -> tuple[str, ...]:
    """The names of the orders in reads; none where reads choose."""
    return tuple(_order(key, n) for n, key in enumerate(sort or ()))


def _order(key: ProductSort, n: int) -> str:
    by_attribute = key.field is ProductSortField.ATTRIBUTE
    if by_attribute and not key.attribute:
        raise BadFilter("say which attribute: its code", path=("sort", n, "attribute"))
    if key.attribute and not by_attribute:
        raise BadFilter(
            f"attribute goes with the field ATTRIBUTE, not with {key.field.name}",
            path=("sort", n, "attribute"),
        )
    orders = {way: name for (by, way), name in ORDERS.items() if by is key.field}
    if key.direction and key.direction not in orders:
        raise BadFilter(f"{key.field.name} has one direction", path=("sort", n, "direction"))
    name = orders[key.direction] if key.direction else next(iter(orders.values()))
    return name.format(key.attribute)
