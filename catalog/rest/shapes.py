"""What answers look like: one model a purpose, filled from the views by attribute.

Ids are opaque, and the same as in GraphQL. A field that costs a read of its own is only set when
`include` names it; what is not set is not shown.
"""

import datetime
from decimal import Decimal
from typing import Annotated, Any, Generic, Literal, TypeAlias, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from catalog import ids, views

T = TypeVar("T")
# A class with a field called `bool` or `date` cannot name those types any more.
Flag: TypeAlias = bool
Day: TypeAlias = datetime.date
JsonObject = dict[str, Any]


def _id(noun: str) -> BeforeValidator:
    return BeforeValidator(lambda row: ids.encode(noun, row) if isinstance(row, int) else row)


def _ids(noun: str) -> BeforeValidator:
    return BeforeValidator(lambda rows: [ids.encode(noun, row) for row in rows])


ExternalId = Annotated[str | None, Field(description="The integrator's own key.")]
Version = Annotated[int, Field(description="One more with every change.")]
Html = Annotated[str | None, Field(description="HTML, cleaned.")]
Metadata = Annotated[JsonObject, Field(description="What the integrator keeps with it.")]


class Shape(BaseModel):
    model_config = ConfigDict(from_attributes=True)


def _only_id_is_certain(schema: JsonObject) -> None:
    schema["required"] = ["id"]


class Selectable(Shape):
    """`fields` may leave out all but its id."""

    model_config = ConfigDict(json_schema_extra=_only_id_is_certain)


class PageInfo(Shape):
    next: str | None = Field(description="The `cursor` of the next page.")
    prev: str | None = Field(description="The `cursor` of the previous page.")
    total: int | None = Field(description="How many there are, whatever the page; with `count`.")


class PageOf(Shape, Generic[T]):
    items: list[T]
    page: PageInfo


class Seo(Shape):
    title: str | None
    description: str | None


class Money(Shape):
    amount: Decimal = Field(description="In units of the currency.", examples=["9.90"])
    currency: str = Field(description="ISO 4217.", examples=["EUR"])


class PriceRange(Shape):
    min: Money
    max: Money


class EffectivePrice(Shape):
    """What one piece costs now, in the asked channel and currency."""

    amount: Decimal = Field(examples=["9.90"])
    compare_at: Decimal | None = Field(description="What it is reduced from.")
    currency: str = Field(description="ISO 4217.", examples=["EUR"])


def effective_price(view: views.EffectivePrice) -> EffectivePrice:
    return EffectivePrice(
        amount=view.price.amount,
        compare_at=view.compare_at and view.compare_at.amount,
        currency=view.price.currency,
    )


class Price(Shape):
    """One row of a price list."""

    channel: str | None = Field(description="Null: every channel that sells the currency.")
    amount: Decimal = Field(examples=["9.90"])
    compare_at: Decimal | None = Field(description="What it is reduced from.")
    currency: str = Field(description="ISO 4217.", examples=["EUR"])
    min_quantity: int = Field(description="From how many pieces on.")
    valid_from: datetime.datetime | None
    valid_until: datetime.datetime | None = Field(description="Exclusive.")


class StockLevel(Shape):
    location: str = Field(description="The location's code.")
    on_hand: int
    reserved: int
    incoming: int
    updated_at: datetime.datetime


class Media(Shape):
    id: Annotated[str, _id("Media")]
    url: str
    kind: Literal["image", "video", "model", "document"]
    alt: str
    width: int | None = Field(description="In pixels.")
    height: int | None = Field(description="In pixels.")


class Channel(Shape):
    id: Annotated[str, _id("Channel")]
    external_id: ExternalId
    code: str
    name: str
    default_currency: str
    currencies: list[str]
    default_locale: str
    locales: list[str] = Field(description="In the order in which texts are looked for.")
    prices_include_tax: bool
    is_default: bool


class ProductType(Shape):
    id: Annotated[str, _id("ProductType")]
    external_id: ExternalId
    code: str
    name: str


class Brand(Selectable):
    id: Annotated[str, _id("Brand")]
    external_id: ExternalId
    slug: str
    name: str
    description: Html
    metadata: Metadata


class Category(Selectable):
    id: Annotated[str, _id("Category")]
    external_id: ExternalId
    parent_id: Annotated[str | None, _id("Category")]
    path: Annotated[list[str], _ids("Category")] = Field(description="From the root to this one.")
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
    id: Annotated[str, _id("Collection")]
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
    id: Annotated[str, _id("Attribute")]
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
    id: Annotated[str, _id("Variant")]
    external_id: ExternalId
    product_id: Annotated[str, _id("Product")]
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
    id: Annotated[str, _id("Product")]
    external_id: ExternalId
    type_id: Annotated[str, _id("ProductType")]
    brand_id: Annotated[str | None, _id("Brand")]
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

    variant_id: Annotated[str, _id("Variant")]
    sku: str | None
    price: EffectivePrice | None = Field(description="What one piece costs now.")
    prices: list[Price]


class VariantStock(Shape):
    """Exact stock of a variant, location by location."""

    variant_id: Annotated[str, _id("Variant")]
    sku: str | None
    available: bool = Field(description="Whether the asked channel sells it.")
    levels: list[StockLevel]


class Products(PageOf[Product]):
    pass


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


class Prices(PageOf[VariantPrices]):
    pass


class Stock(PageOf[VariantStock]):
    pass
