"""Collections: products put together."""

import strawberry
from strawberry import field
from strawberry.scalars import JSON

from catalog import reads
from schema.edges import edge
from schema.listing import products_of
from schema.types.lazy import LazyProductConnection
from schema.types.media import Media
from schema.types.node import Node
from schema.types.paging import Connection
from schema.types.seo import Seo


@strawberry.type(description="Products put together: a season, a theme, a sale.")
class Collection(Node):
    external_id: str | None = field(description="The integrator's own key.")
    slug: str = field(description="Its part of an address, unique among collections.")
    name: str = field(description="Its name.")
    description: str | None = field(description="HTML, cleaned.")
    seo: Seo = field(description="What search engines are told of its page.")
    metadata: JSON = field(description="What the integrator keeps with it, for everybody.")
    image: Media | None = edge(reads.media.by_ids, key="image_id", description="Its picture.")
    products: LazyProductConnection = products_of("collection", description="The products in it.")
    version: int = field(description="One more with every change.")


@strawberry.type(description="One page of collections.")
class CollectionConnection(Connection[Collection]):
    pass
