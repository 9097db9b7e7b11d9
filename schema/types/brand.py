"""Brands: who makes a product."""

import strawberry
from strawberry import field
from strawberry.scalars import JSON

from schema.listing import products_of
from schema.types.lazy import LazyProductConnection
from schema.types.node import Node
from schema.types.paging import Connection


@strawberry.type(description="Who makes a product.")
class Brand(Node):
    external_id: str | None = field(description="The integrator's own key.")
    slug: str = field(description="Its part of an address, unique among brands.")
    name: str = field(description="Its name.")
    description: str | None = field(description="HTML, cleaned.")
    metadata: JSON = field(description="What the integrator keeps with it, for everybody.")
    products: LazyProductConnection = products_of("brand", description="Its products.")


@strawberry.type(description="One page of brands.")
class BrandConnection(Connection[Brand]):
    pass
