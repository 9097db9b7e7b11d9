"""Variants: what is sold of a product."""

from decimal import Decimal
from operator import attrgetter

import strawberry
from strawberry import Parent, field
from strawberry.scalars import JSON

from catalog import reads, views
from schema.answer import Info
from schema.edges import argument, edge
from schema.fields import computed
from schema.types.attribute import AttributeValue
from schema.types.lazy import LazyProduct
from schema.types.media import Media
from schema.types.money import Money, Price
from schema.types.node import Node
from schema.types.paging import Connection
from schema.types.stock import StockLevel


@strawberry.type(description="What is sold of a product: one size, one colour.")
class Variant(Node):
    external_id: str | None = field(description="The integrator's own key.")
    sku: str | None = field(description="Stock keeping unit, unique.")
    barcode: str | None = field(description="As it was given.")
    gtin: str | None = field(description="The barcode as GTIN-14, where its check digit holds.")
    name: str | None = field(description="Its name beside the product's.")
    position: int = field(description="Where it stands among the product's variants.")
    weight: Decimal | None = field(description="In grams.")
    metadata: JSON = field(description="What the integrator keeps with it, for everybody.")
    product: LazyProduct = edge(
        reads.products.by_ids, key="product_id", description="Of what it is a variant."
    )
    options: list[AttributeValue] = edge(
        reads.variants.options_by_ids,
        empty=(),
        description="What tells it from the product's other variants.",
    )
    attributes: list[AttributeValue] = edge(
        reads.attributes.values_by_variant_ids,
        argument("codes", list[str] | None, "Only these attributes."),
        empty=(),
        description="Its attributes, its options among them.",
    )
    media: list[Media] = edge(
        reads.media.by_variant_ids, empty=(), description="Its own pictures, by position."
    )
    price: Money | None = edge(
        reads.prices.effective_by_variant_ids,
        pick=attrgetter("price"),
        description="What one piece costs now; null where it is not sold in the currency.",
    )
    compare_at_price: Money | None = edge(
        reads.prices.effective_by_variant_ids,
        pick=attrgetter("compare_at"),
        description="What the price is reduced from.",
    )
    prices: list[Price] = edge(
        reads.prices.by_variant_ids,
        empty=(),
        description="The price list that holds now in this channel and currency, "
        "with its tiers of quantity.",
    )
    stock: list[StockLevel] | None = edge(
        reads.stock.by_variant_ids,
        empty=(),
        description="Exact stock by location; an error without a token with `catalog:read`.",
    )
    available: bool = edge(
        reads.stock.available_by_variant_ids,
        empty=False,
        description="Whether it can be had in this channel.",
    )
    version: int = field(description="One more with every change.")

    @computed(JSON | None, "What the integrator keeps with it for itself; null without a token.")
    @staticmethod
    def private_metadata(variant: Parent[views.Variant], info: Info) -> views.JsonObject | None:
        return variant.private_metadata if info.context.principal.sees_drafts else None


@strawberry.type(description="One page of variants.")
class VariantConnection(Connection[Variant]):
    pass
