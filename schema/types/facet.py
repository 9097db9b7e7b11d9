"""Facets: what a list of products may be narrowed by."""

import strawberry
from strawberry import field
from strawberry.scalars import JSON


@strawberry.type(description="One value of a facet.")
class Bucket:
    value: str = field(description="An option's code, an id, or the value itself.")
    label: str = field(description="Its name for people.")
    count: int = field(description="How many products of the list have it.")
    selected: bool = field(description="Whether the list is narrowed by it already.")
    swatch: str | None = field(description="A colour (`#rrggbb`) or the address of a picture.")
    filter: JSON = field(
        description="A ProductWhere that asks for it: to be sent back as it is, best within `AND`."
    )


@strawberry.type(
    description="Something that a list may be narrowed by. What the list is narrowed by in it "
    "already does not count for its own buckets, only for those of the others."
)
class Facet:
    code: str = field(
        description="An attribute's code, or `category`, `brand`, `price` or `availability`."
    )
    label: str = field(description="Its name for people.")
    kind: str = field(
        description="Kind of the attribute, or `category`, `brand`, `price`, `availability`."
    )
    buckets: list[Bucket] = field(description="Its values.")
    min: str | None = field(description="The lowest of its numbers, prices or days.")
    max: str | None = field(description="The highest.")
