"""What answers look like: one model a purpose, filled from the views by attribute.

A field that costs a read of its own is only set when `include` names it; what is not set is not
shown.
"""

import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field
from pydantic.alias_generators import to_snake

from catalog import ids, views
from catalog.rest.parts import (
    Day,
    EffectivePrice,
    ExternalId,
    Flag,
    Html,
    JsonObject,
    Media,
    Metadata,
    PageOf,
    Price,
    PriceRange,
    Selectable,
    Seo,
    Shape,
    StockLevel,
    Version,
    as_id,
    as_ids,
)


class Channel(Shape):
    id: Annotated[str, as_id("Channel")]
    external_id: ExternalId
    code: str
    name: str
    default_currency: str
    currencies: list[str]
    default_locale: str
    locales: list[str] = Field(description="In the order in which texts are looked for.")
    prices_include_tax: bool
    is_default: bool


class Assignment(Shape):
    """An attribute that products of a type, or their variants, have."""

    attribute: str = Field(description="Its code.")
    level: Literal["product", "variant"]
    is_option: bool = Field(description="Whether it tells the variants of a product apart.")
    required: bool
    position: int


class ProductType(Shape):
    id: Annotated[str, as_id("ProductType")]
    external_id: ExternalId
    code: str
    name: str


class Type(ProductType):
    attributes: list[Assignment] = Field(default_factory=list, description="In their order.")


class Location(Shape):
    id: Annotated[str, as_id("StockLocation")]
    external_id: ExternalId
    code: str
    name: str
    channels: list[str] = Field(description="Codes of the channels it serves.")


class Brand(Selectable):
    id: Annotated[str, as_id("Brand")]
    external_id: ExternalId
    slug: str
    name: str
    description: Html
    metadata: Metadata


class Category(Selectable):
    id: Annotated[str, as_id("Category")]
    external_id: ExternalId
    parent_id: Annotated[str | None, as_id("Category")]
    path: Annotated[list[str], as_ids("Category")] = Field(description="From the root to this one.")
    level: int = Field(description="0 is a root.")
    slug: str
    name: str
    description: Html
    position: int
    seo: Seo
    metadata: Metadata
    version: Version
    image: Media | None = None
    ancestors: list["Category"] = Field(default_factory=list)
    children: list["Category"] = Field(default_factory=list)


class Collection(Selectable):
    id: Annotated[str, as_id("Collection")]
    external_id: ExternalId
    slug: str
    name: str
    description: Html
    seo: Seo
    metadata: Metadata
    version: Version
    image: Media | None = None


class AttributeOption(Shape):
    code: str
    label: str
    position: int
    swatch: str | None = Field(description="A colour (`#rrggbb`) or the address of a picture.")


AttributeKind = Literal[
    "select", "multiselect", "text", "rich_text", "number", "boolean", "date", "reference"
]


class AttributeName(Shape):
    """As much of an attribute as its values need."""

    code: str
    name: str
    kind: AttributeKind
    unit: str | None = Field(description="Of its numbers.", examples=["mm"])


class Attribute(Shape):
    id: Annotated[str, as_id("Attribute")]
    external_id: ExternalId
    code: str
    name: str
    kind: AttributeKind
    unit: str | None = Field(description="Of its numbers.", examples=["mm"])
    filterable: bool
    searchable: bool
    sortable: bool
    position: int
    version: Version
    options: list[AttributeOption] = Field(default_factory=list)


class AttributeValue(Shape):
    """Beside `values`, exactly the field of the attribute's kind is set."""

    attribute: AttributeName
    values: list[str] = Field(description="The value as text for people, whatever its kind.")
    number: Decimal | None
    bool: Flag | None
    date: Day | None
    references: list[str] = Field(description="Ids of products.")
    options: list[AttributeOption]


def attribute_value(value: views.AttributeValue, attribute: AttributeName) -> AttributeValue:
    """Not checked again: there are many of them."""
    return AttributeValue.model_construct(
        attribute=attribute,
        values=list(value.values),
        number=value.number,
        bool=value.bool,
        date=value.date,
        references=[ids.encode("Product", row) for row in value.references],
        options=[AttributeOption.model_validate(option) for option in value.options],
    )


class Variant(Selectable):
    id: Annotated[str, as_id("Variant")]
    external_id: ExternalId
    product_id: Annotated[str, as_id("Product")]
    sku: str | None
    barcode: str | None = Field(description="As it was given.")
    gtin: str | None = Field(description="Its 14 digits, where its check digit holds.")
    name: str | None
    position: int
    weight: Decimal | None = Field(description="In grams.")
    metadata: Metadata
    private_metadata: JsonObject = Field(
        default={}, description="Only for a token with `catalog:read`."
    )
    version: Version
    product: "Product | None" = None
    options: list[AttributeValue] = Field(default_factory=list, description="What sets it apart.")
    attributes: list[AttributeValue] = Field(default_factory=list)
    media: list[Media] = Field(default_factory=list)
    price: EffectivePrice | None = None
    prices: list[Price] = Field(default_factory=list)
    available: Flag = False
    stock: list[StockLevel] = Field(
        default_factory=list, description="Only for a token with `catalog:read`."
    )


class Association(Shape):
    kind: str
    quantity: int
    product: "Product"


class Product(Selectable):
    id: Annotated[str, as_id("Product")]
    external_id: ExternalId
    type_id: Annotated[str, as_id("ProductType")]
    brand_id: Annotated[str | None, as_id("Brand")]
    slug: str
    name: str
    description: Html
    status: Literal["draft", "active", "archived"]
    tags: list[str]
    seo: Seo
    metadata: Metadata
    private_metadata: JsonObject = Field(
        default={}, description="Only for a token with `catalog:read`."
    )
    tax_class: str | None
    created_at: datetime.datetime
    updated_at: datetime.datetime
    version: Version
    type: ProductType | None = None
    brand: Brand | None = None
    category: Category | None = Field(default=None, description="Its main category.")
    categories: list[Category] = Field(default_factory=list, description="The main one first.")
    collections: list[Collection] = Field(default_factory=list)
    image: Media | None = Field(default=None, description="The first of its media.")
    media: list[Media] = Field(default_factory=list)
    attributes: list[AttributeValue] = Field(default_factory=list)
    price_range: PriceRange | None = None
    compare_at_price_range: PriceRange | None = None
    available: bool = False
    related: list[Association] = Field(default_factory=list)
    variants: "Variants | None" = Field(
        default=None, description="The first 50; `page.next` goes on in `/v1/variants?product=`."
    )


class VariantPrices(Shape):
    """What a variant costs in the asked channel and currency."""

    variant_id: Annotated[str, as_id("Variant")]
    sku: str | None
    price: EffectivePrice | None = Field(description="What one piece costs now.")
    prices: list[Price]


class VariantStock(Shape):
    """Exact stock of a variant, location by location."""

    variant_id: Annotated[str, as_id("Variant")]
    sku: str | None
    available: bool = Field(description="Whether the asked channel sells it.")
    levels: list[StockLevel]


class Change(Shape):
    """One difference; null stands for what was, or will not be, there."""

    path: list[str | int] = Field(examples=[["variants", "LAMP-RED", "name"]])
    old: Any
    new: Any


class DryRun(Shape):
    """What a write would do."""

    status: Literal["created", "updated", "unchanged", "failed"]
    changes: list[Change]


class Bucket(Shape):
    """One value of a facet."""

    value: str = Field(description="An option's code, an id, or the value itself.")
    label: str = Field(description="Its name for people.")
    count: int = Field(description="How many products of the list have it.")
    selected: Flag = Field(description="Whether the list is narrowed by it already.")
    swatch: str | None = Field(description="A colour (`#rrggbb`) or the address of a picture.")
    filter: JsonObject = Field(
        description="A `where` of `/v1/products/search` that asks for it, best within `AND`."
    )


class Facet(Shape):
    """What a list may be narrowed by. The list's own conditions on it do not count for its buckets,
    only for those of the others."""

    code: str = Field(
        description="An attribute's, or `category`, `brand`, `price` or `availability`."
    )
    label: str = Field(description="Its name for people.")
    kind: str = Field(description="The attribute's, or as the code.")
    buckets: list[Bucket]
    min: str | None = Field(description="The lowest of its numbers, prices or days.")
    max: str | None = Field(description="The highest.")


def facet(view: views.Facet) -> Facet:
    return Facet(
        code=view.code,
        label=view.label,
        kind=view.kind,
        buckets=[_bucket(each) for each in view.buckets],
        min=view.min,
        max=view.max,
    )


def _bucket(view: views.Bucket) -> Bucket:
    """Not checked again: there are many of them."""
    return Bucket.model_construct(
        value=view.value,
        label=view.label,
        count=view.count,
        selected=view.selected,
        swatch=view.swatch,
        filter=_spelled(view.filter),
    )


def _spelled(condition: Any) -> Any:
    """A condition of GraphQL as `rules` reads it."""
    if isinstance(condition, list):
        return [_spelled(each) for each in condition]
    if not isinstance(condition, dict):
        return condition
    return {
        name if name.isupper() else to_snake(name): (
            [f"id:{id}" for id in value] if name in ("category", "brand") else _spelled(value)
        )
        for name, value in condition.items()
    }


class Products(PageOf[Product]):
    facets: list[Facet] = Field(default_factory=list, description="Those that are asked for.")


class Suggestions(Shape):
    """What somebody may be typing, of each kind the likeliest first."""

    queries: list[str] = Field(description="Whole searches.")
    products: list[Product]
    categories: list[Category]


class Variants(PageOf[Variant]):
    pass


class Categories(PageOf[Category]):
    pass


class Collections(PageOf[Collection]):
    pass


class Brands(PageOf[Brand]):
    pass


class Attributes(PageOf[Attribute]):
    pass


class Channels(PageOf[Channel]):
    pass


class Types(PageOf[Type]):
    pass


class Locations(PageOf[Location]):
    pass


class Prices(PageOf[VariantPrices]):
    pass


class Stock(PageOf[VariantStock]):
    pass
