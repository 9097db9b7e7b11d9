"""Products, and what goes with them."""

from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from typing import Annotated

import strawberry
from strawberry import UNSET, Parent, enum_value, field
from strawberry.scalars import JSON

from catalog import reads, views
from schema.answer import Info
from schema.edges import argument, edge
from schema.fields import computed
from schema.types.attribute import AttributeValue
from schema.types.brand import Brand
from schema.types.category import Category
from schema.types.facet import Facet
from schema.types.media import Media
from schema.types.money import PriceRange
from schema.types.node import Node
from schema.types.paging import Connection, Listing
from schema.types.product_type import ProductType
from schema.types.seo import Seo
from schema.types.status import ProductStatus
from schema.types.variant import VariantConnection


@strawberry.enum(description="Why one product goes with another.")
class AssociationKind(Enum):
    RELATED = enum_value("related", description="Like it.")
    CROSS_SELL = enum_value("cross_sell", description="Bought together with it.")
    UP_SELL = enum_value("up_sell", description="A better one.")
    ACCESSORY = enum_value("accessory", description="Made for it.")
    COMPONENT = enum_value("component", description="A part of this bundle.")
    REPLACEMENT = enum_value("replacement", description="Instead of it.")


@strawberry.type(description="A product that goes with another.")
class Association:
    kind: AssociationKind = field(description="Why it goes with it.")
    quantity: int = field(description="How many of it: the parts of a bundle.")
    position: int = field(description="Where it stands among those of its kind.")
    product: "Product" = edge(
        reads.products.by_ids, key="target_id", description="The other product."
    )


@strawberry.type(description="What a shop shows on a page; what it sells are its variants.")
class Product(Node):
    external_id: str | None = field(description="The integrator's own key.")
    slug: str = field(description="Its part of an address, unique among products.")
    name: str = field(description="Its name.")
    description: str | None = field(description="HTML, cleaned.")
    status: ProductStatus = field(description="How far it is; without a token it is ACTIVE.")
    tags: list[str] = field(description="Free words to find it by.")
    seo: Seo = field(description="What search engines are told of its page.")
    metadata: JSON = field(description="What the integrator keeps with it, for everybody.")
    tax_class: str | None = field(description="The integrator's name for how it is taxed.")
    type: ProductType = edge(
        reads.product_types.by_ids, key="type_id", description="Its kind: which attributes it has."
    )
    brand: Brand | None = edge(reads.brands.by_ids, key="brand_id", description="Who makes it.")
    category: Category | None = edge(
        reads.categories.by_product_ids,
        pick=lambda found: next(iter(found), None),
        description="Its main category.",
    )
    categories: list[Category] = edge(
        reads.categories.by_product_ids,
        empty=(),
        description="Its categories, the main one first.",
    )
    media: list[Media] = edge(
        reads.media.by_product_ids,
        argument("first", int | None, "At most so many."),
        empty=(),
        description="Its pictures, the main one first.",
    )
    attributes: list[AttributeValue] = edge(
        reads.attributes.values_by_product_ids,
        argument("codes", list[str] | None, "Only these attributes."),
        empty=(),
        description="What it has of the attributes of its type.",
    )
    variants: VariantConnection = edge(
        reads.variants.by_product_ids,
        argument("first", int | None, "At most so many.", default=50),
        argument("after", str | None, "Those behind this cursor."),
        count=reads.variants.counts_by_product_ids,
        description="What is sold of it, by position.",
    )
    price_range: PriceRange | None = edge(
        reads.prices.range_by_product_ids,
        description="What its variants cost now; null where none is sold in the currency.",
    )
    compare_at_price_range: PriceRange | None = edge(
        reads.prices.compare_at_range_by_product_ids,
        description="What those prices are reduced from; null where none is reduced.",
    )
    available: bool = edge(
        reads.stock.available_by_product_ids,
        empty=False,
        description="Whether any of its variants can be had in this channel.",
    )
    related: list[Association] = edge(
        reads.associations.by_product_ids,
        argument("kind", AssociationKind | None, "Only those that go with it for this reason."),
        empty=(),
        description="Products that go with it, by position.",
    )
    redirect_to: str | None = field(
        description="Its slug of today, where it was asked for by an old one."
    )
    created_at: datetime = field(description="When it was first written.")
    updated_at: datetime = field(description="When it was last changed.")
    version: int = field(description="One more with every change.")

    @computed(JSON | None, "What the integrator keeps with it for itself; null without a token.")
    @staticmethod
    def private_metadata(product: Parent[views.Product], info: Info) -> views.JsonObject | None:
        return product.private_metadata if info.context.principal.sees_drafts else None


@strawberry.type(description="One page of products.")
class ProductConnection(Connection[Product]):
    @computed(
        list[Facet], "What the whole list may be narrowed by, and how many there would be of each."
    )
    @staticmethod
    async def facets(
        listing: Parent[Listing[views.Product]],
        codes: Annotated[
            list[str] | None,
            strawberry.argument(
                description="Of attributes, `category`, `brand`, `price`, `availability`; by "
                "default these four and every filterable attribute."
            ),
        ] = UNSET,
    ) -> Sequence[views.Facet]:
        asked = None if codes is None or codes is UNSET else tuple(codes)
        return (listing.facets and await listing.facets(asked)) or ()
