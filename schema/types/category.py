"""Categories: the tree that products hang in."""

import strawberry
from strawberry import field
from strawberry.scalars import JSON

from catalog import reads
from schema.edges import edge
from schema.listing import products_of
from schema.types.lazy import LazyProductConnection
from schema.types.media import Media
from schema.types.node import Node
from schema.types.seo import Seo


@strawberry.type(description="A branch of the tree that products hang in.")
class Category(Node):
    external_id: str | None = field(description="The integrator's own key.")
    slug: str = field(description="Its part of an address, unique among categories.")
    name: str = field(description="Its name.")
    description: str | None = field(description="HTML, cleaned.")
    level: int = field(description="How far from the root it is; 0 is a root.")
    position: int = field(description="Where it stands among its siblings.")
    seo: Seo = field(description="What search engines are told of its page.")
    metadata: JSON = field(description="What the integrator keeps with it, for everybody.")
    image: Media | None = edge(reads.media.by_ids, key="image_id", description="Its picture.")
    parent: "Category | None" = edge(
        reads.categories.by_ids,
        key="parent_id",
        description="What it is a branch of, if any.",
    )
    children: list["Category"] = edge(
        reads.categories.children_by_ids, empty=(), description="Its branches, by position."
    )
    ancestors: list["Category"] = edge(
        reads.categories.ancestors_by_ids, empty=(), description="From the root down to its parent."
    )
    products: LazyProductConnection = products_of(
        "category", description="Products in it and in its descendants."
    )
    version: int = field(description="One more with every change.")
