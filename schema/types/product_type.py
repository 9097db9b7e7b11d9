"""Product types: which attributes products of a kind have."""

import strawberry
from strawberry import field

from schema.types.node import Node


@strawberry.type(description="A kind of product: it says which attributes its products have.")
class ProductType(Node):
    external_id: str | None = field(description="The integrator's own key.")
    code: str = field(description="Its short name.")
    name: str = field(description="Its name for people.")
