"""What reads hand out: frozen values, in the asked locale, channel and currency.

Both faces show these as they are, so a field's name here is its name there.
"""

import dataclasses
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(*, frozen: bool, slots: bool) -> Callable[[type], type]:
        """Frozen for the type checker alone: a page has a thousand of these, and being frozen makes
        each five times as dear to make."""
        return dataclasses.dataclass(slots=slots, unsafe_hash=frozen)


JsonObject = dict[str, Any]
# A class with a field called `bool` or `date` cannot name those types any more.
Flag: TypeAlias = bool
Day: TypeAlias = date


@dataclass(frozen=True, slots=True)
class Money:
    """`amount` in units of the ISO 4217 `currency`; a string on the wire, never a float."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class PriceRange:
    min: Money
    max: Money


@dataclass(frozen=True, slots=True)
class Price:
    """One price row. `channel` null: every channel that sells the currency."""

    id: int
    variant_id: int
    channel: str | None
    amount: Decimal
    compare_at: Decimal | None
    currency: str
    min_quantity: int
    valid_from: datetime | None
    valid_until: datetime | None


@dataclass(frozen=True, slots=True)
class EffectivePrice:
    """What one piece costs now, here: `compare_at` is the price it is reduced from."""

    price: Money
    compare_at: Money | None


@dataclass(frozen=True, slots=True)
class StockLevel:
    """Exact numbers at a location; only for a token that may read them."""

    variant_id: int
    location: str
    on_hand: int
    reserved: int
    incoming: int
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Seo:
    title: str | None
    description: str | None


@dataclass(frozen=True, slots=True)
class Media:
    id: int
    url: str
    kind: str
    alt: str
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True)
class Channel:
    id: int
    external_id: str | None
    code: str
    name: str
    default_currency: str
    currencies: tuple[str, ...]
    default_locale: str
    locales: tuple[str, ...]
    prices_include_tax: bool
    is_active: bool
    is_default: bool
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Brand:
    id: int
    external_id: str | None
    slug: str
    name: str
    description: str | None
    metadata: JsonObject
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Category:
    """`path` is the ids from the root down to this one; `level` 0 is a root."""

    id: int
    external_id: str | None
    parent_id: int | None
    path: tuple[int, ...]
    slug: str
    name: str
    description: str | None
    position: int
    seo: Seo
    metadata: JsonObject
    image_id: int | None
    version: int

    @property
    def level(self) -> int:
        return len(self.path) - 1


@dataclass(frozen=True, slots=True)
class Collection:
    id: int
    external_id: str | None
    slug: str
    name: str
    description: str | None
    seo: Seo
    metadata: JsonObject
    image_id: int | None
    version: int


@dataclass(frozen=True, slots=True)
class AttributeOption:
    id: int
    attribute_id: int
    code: str
    label: str
    position: int
    swatch: str | None


@dataclass(frozen=True, slots=True)
class Attribute:
    id: int
    external_id: str | None
    code: str
    name: str
    kind: str
    unit: str | None
    filterable: bool
    searchable: bool
    sortable: bool
    position: int
    version: int


@dataclass(frozen=True, slots=True)
class AttributeValue:
    """What one owner has of one attribute: exactly the field of its kind is set.

    `values` is it as text for people, one for each option or reference, `True`/`False` lower case;
    `references` are product ids.
    """

    attribute_id: int
    values: tuple[str, ...]
    number: Decimal | None = None
    bool: Flag | None = None
    date: Day | None = None
    references: tuple[int, ...] = ()
    options: tuple[AttributeOption, ...] = ()


@dataclass(frozen=True, slots=True)
class Product:
    id: int
    external_id: str | None
    type_id: int
    brand_id: int | None
    slug: str
    name: str
    description: str | None
    status: str
    tags: tuple[str, ...]
    seo: Seo
    metadata: JsonObject
    private_metadata: JsonObject
    tax_class: str | None
    created_at: datetime
    updated_at: datetime
    version: int
    redirect_to: str | None = None


@dataclass(frozen=True, slots=True)
class Variant:
    """`weight` in grams; `position` orders the variants of a product."""

    id: int
    external_id: str | None
    product_id: int
    sku: str | None
    barcode: str | None
    gtin: str | None
    name: str | None
    position: int
    weight: Decimal | None
    metadata: JsonObject
    private_metadata: JsonObject
    version: int


@dataclass(frozen=True, slots=True)
class ProductType:
    id: int
    external_id: str | None
    code: str
    name: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Assignment:
    """An attribute that products of a type, or their variants, have; `attribute` is its code."""

    attribute_id: int
    attribute: str
    level: str
    is_option: bool
    required: bool
    position: int


@dataclass(frozen=True, slots=True)
class StockLocation:
    """`channels` are the codes of those it serves."""

    id: int
    external_id: str | None
    code: str
    name: str
    channels: tuple[str, ...]
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Association:
    """`target_id` is a product's."""

    product_id: int
    target_id: int
    kind: str
    quantity: int
    position: int


@dataclass(frozen=True, slots=True)
class Bucket:
    """One value of a facet: what it is called, how many products have it, whether it is asked for
    already. `filter` is that condition as it may be sent back, in GraphQL's terms."""

    value: str
    label: str
    count: int
    selected: Flag
    swatch: str | None
    filter: JsonObject


@dataclass(frozen=True, slots=True)
class Facet:
    """What a list may be narrowed by. `kind` is an attribute's, or category, brand, price or
    availability. `min` and `max` are numbers, prices or days (RFC 3339), as text."""

    code: str
    label: str
    kind: str
    buckets: tuple[Bucket, ...]
    min: str | None
    max: str | None


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What somebody may be typing: whole queries, products, categories; at most the asked number of
    each, the likeliest first."""

    queries: tuple[str, ...]
    products: tuple[Product, ...]
    categories: tuple[Category, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """Of a list: what it asks of a product, and whether that holds."""

    condition: str
    holds: Flag
