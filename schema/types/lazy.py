"""Types that lead back to the products, named before they are defined."""

from typing import TYPE_CHECKING, Annotated, TypeAlias

import strawberry

if TYPE_CHECKING:
    from schema.types.product import Product, ProductConnection

LazyProduct: TypeAlias = Annotated["Product", strawberry.lazy("schema.types.product")]
LazyProductConnection: TypeAlias = Annotated[
    "ProductConnection", strawberry.lazy("schema.types.product")
]
