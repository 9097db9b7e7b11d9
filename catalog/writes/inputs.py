"""What a write is told: one frozen value a noun. What was not sent is not set (`model_fields_set`),
so that absent keeps and null clears.

The same values come from catalog files, and from both faces. References are a slug (an attribute's,
type's, channel's or location's code), or `ext:` and the integrator's own key.
"""

from datetime import datetime
from typing import Annotated, Literal

import orjson
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from catalog.conditions import ProductConditions
from catalog.writes.kinds import (
    MAX_TEXT,
    Amount,
    AttributeInput,
    Code,
    Count,
    Currency,
    Html,
    Key,
    Line,
    LocaleTag,
    Metadata,
    Moment,
    Quantity,
    Ref,
    Slug,
    Text,
    Url,
    Weight,
    no_nul,
    storable,
)


def _parsed(value: object) -> object:
    """In a cell it is JSON."""
    if not isinstance(value, str):
        return value
    try:
        return orjson.loads(value)
    except ValueError:
        raise ValueError('is no JSON; {"category": ["shirts"]} would be a rule') from None


def _rule(conditions: ProductConditions) -> ProductConditions:
    """Of what every shopper may see of products, and of nothing that hangs on rules itself."""
    for name in ("ids", "collection", "status"):
        if getattr(conditions, name) is not None:
            raise ValueError(f"a rule has no condition on {name}")
    span = conditions.updated_at
    for moment in (span.gte, span.lt) if span else ():
        if moment:
            storable(moment)
    inner = (*(conditions.AND or ()), *(conditions.OR or ()))
    for each in (*inner, *([conditions.NOT] if conditions.NOT else ())):
        _rule(each)
    return conditions


Rule = Annotated[ProductConditions, BeforeValidator(_parsed), AfterValidator(_rule)]


class Input(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_max_length=MAX_TEXT)


class SeoInput(Input):
    title: Line | None = None
    description: Text | None = None


class TranslationInput(Input):
    """For options and attributes `name` is the label."""

    name: Line | None = None
    slug: Slug | None = None
    description: Html | None = None
    seo: SeoInput | None = None


Translations = dict[LocaleTag, TranslationInput]


class MediaInput(Input):
    url: Url
    kind: Literal["image", "video", "model", "document"] = "image"
    alt: Annotated[str, StringConstraints(max_length=500), AfterValidator(no_nul)] = ""
    width: Annotated[int, Field(gt=0, lt=2**31)] | None = None
    height: Annotated[int, Field(gt=0, lt=2**31)] | None = None


class Window(Input):
    @model_validator(mode="after")
    def _in_order(self) -> "Window":
        start, end = self._window()
        if start is not None and end is not None and start >= end:
            raise ValueError("ends before it begins; the start must be earlier than the end")
        return self

    def _window(self) -> tuple[datetime | None, datetime | None]:
        return None, None


class PriceInput(Window):
    amount: Amount
    currency: Currency
    compare_at: Amount | None = None
    channel: Ref | None = None
    min_quantity: Annotated[int, Field(ge=1, lt=2**31)] = 1
    valid_from: Moment | None = None
    valid_until: Moment | None = None

    def _window(self) -> tuple[datetime | None, datetime | None]:
        return self.valid_from, self.valid_until


class StockInput(Input):
    location: Ref
    on_hand: Quantity
    reserved: Count = 0
    incoming: Count = 0


class ListingInput(Window):
    channel: Ref
    published_from: Moment | None = None
    published_until: Moment | None = None
    purchasable_from: Moment | None = None

    def _window(self) -> tuple[datetime | None, datetime | None]:
        return self.published_from, self.published_until


class AssociationInput(Input):
    """`product` is a slug or `ext:` key; the order of the list is the order shown."""

    product: Ref
    kind: Literal["related", "cross_sell", "up_sell", "accessory", "component", "replacement"]
    quantity: Annotated[int, Field(ge=1, lt=2**31)] = 1


class VariantInput(Input):
    """Found by `external_id`, else `sku`, else by its `options` within the product.

    `options` is axis code → option code or label. `weight` in grams.
    """

    external_id: Key | None = None
    sku: Key | None = None
    barcode: Key | None = None
    name: Line | None = None
    position: Count | None = None
    options: dict[Code, Line] | None = None
    attributes: dict[Code, AttributeInput] | None = None
    prices: tuple[PriceInput, ...] | None = None
    stock: tuple[StockInput, ...] | None = None
    media: tuple[MediaInput, ...] | None = None
    weight: Weight | None = None
    tracked: bool = True
    backorder: bool = False
    metadata: Metadata | None = None
    private_metadata: Metadata | None = None
    translations: Translations | None = None


class ProductInput(Input):
    """Found by `external_id` when it has one, else by `slug`; without both by a variant's `sku`.

    What is sent of scalars, tags, categories and media replaces what is there; variants, prices,
    stock, listings, attributes, collections, translations and associations are merged by their key
    unless the write replaces lists: what a file does not mention stays. A new one needs `name` and
    `type`; its slug is made from the name where none is sent.
    """

    record: Literal["product"] = "product"
    external_id: Key | None = None
    slug: Slug | None = None
    type: Ref | None = None
    brand: Ref | None = None
    name: Line | None = None
    description: Html | None = None
    status: Literal["draft", "active", "archived"] | None = None
    tags: tuple[Line, ...] | None = None
    seo: SeoInput | None = None
    metadata: Metadata | None = None
    private_metadata: Metadata | None = None
    tax_class: Line | None = None
    categories: tuple[Ref, ...] | None = None
    primary_category: Ref | None = None
    collections: tuple[Ref, ...] | None = None
    media: tuple[MediaInput, ...] | None = None
    attributes: dict[Code, AttributeInput] | None = None
    listings: tuple[ListingInput, ...] | None = None
    variants: tuple[VariantInput, ...] | None = None
    associations: tuple[AssociationInput, ...] | None = None
    translations: Translations | None = None


class Noun(Input):
    """A record that products refer to, found by `external_id`, else by its code or slug. With
    `if_missing` one that exists stays as it is: what a shop has corrected survives the next import
    of a file that only mentions it."""

    if_missing: bool = False


class ChannelInput(Noun):
    """A new one needs `code`, `default_currency` and `default_locale`; it sells in the one and
    speaks the other unless `currencies` and `locales` say more."""

    record: Literal["channel"] = "channel"
    code: Code | None = None
    external_id: Key | None = None
    name: Line | None = None
    default_currency: Currency | None = None
    currencies: tuple[Currency, ...] | None = None
    default_locale: LocaleTag | None = None
    locales: tuple[LocaleTag, ...] | None = None
    prices_include_tax: bool = True
    is_active: bool = True
    is_default: bool = False


class LocationInput(Noun):
    """A place with stock, and the channels it serves."""

    record: Literal["location"] = "location"
    code: Code | None = None
    external_id: Key | None = None
    name: Line | None = None
    channels: tuple[Ref, ...] = ()


class OptionInput(Input):
    code: Code
    label: Line | None = None
    position: Count | None = None
    swatch: Line | None = None
    translations: Translations | None = None


class AttributeDefinition(Noun):
    """`options` are merged by code: an attribute's options come from many files. A new one needs
    `code` and `kind`."""

    record: Literal["attribute"] = "attribute"
    code: Code | None = None
    external_id: Key | None = None
    name: Line | None = None
    kind: (
        Literal[
            "select", "multiselect", "text", "rich_text", "number", "boolean", "date", "reference"
        ]
        | None
    ) = None
    unit: Line | None = None
    filterable: bool = False
    searchable: bool = False
    sortable: bool = False
    localised: bool = False
    position: Count = 0
    options: tuple[OptionInput, ...] = ()
    translations: Translations | None = None


class AssignmentInput(Input):
    attribute: Code
    level: Literal["product", "variant"] = "product"
    is_option: bool = False
    required: bool = False
    position: Count = 0


class TypeInput(Noun):
    """`attributes` are merged by attribute, also with `if_missing`."""

    record: Literal["type"] = "type"
    code: Code | None = None
    external_id: Key | None = None
    name: Line | None = None
    attributes: tuple[AssignmentInput, ...] = ()


class BrandInput(Noun):
    """A new one needs a `name`; its slug is made from that where none is sent."""

    record: Literal["brand"] = "brand"
    slug: Slug | None = None
    external_id: Key | None = None
    name: Line | None = None
    description: Html | None = None
    metadata: Metadata | None = None
    translations: Translations | None = None


class CategoryInput(Noun):
    """`parent` null is a root; without `parent` a known category stays where it is."""

    record: Literal["category"] = "category"
    slug: Slug | None = None
    external_id: Key | None = None
    parent: Ref | None = None
    name: Line | None = None
    description: Html | None = None
    position: Count = 0
    published: bool = True
    seo: SeoInput | None = None
    metadata: Metadata | None = None
    image: MediaInput | None = None
    translations: Translations | None = None


class CollectionInput(Noun):
    """`products` replaces the manual order. `rule` puts it together by conditions instead, which a
    search may be sent as well; products that are placed by hand come first in its own order."""

    record: Literal["collection"] = "collection"
    slug: Slug | None = None
    external_id: Key | None = None
    name: Line | None = None
    description: Html | None = None
    published: bool = True
    seo: SeoInput | None = None
    metadata: Metadata | None = None
    image: MediaInput | None = None
    products: tuple[Ref, ...] | None = None
    rule: Rule | None = None
    translations: Translations | None = None


class TranslationRecord(TranslationInput):
    """Texts of something that is there already, or elsewhere in the same file."""

    record: Literal["translation"] = "translation"
    kind: Literal["product", "variant", "category", "collection", "brand", "attribute"]
    ref: Ref
    locale: LocaleTag


class PriceRecord(PriceInput):
    """A price of a variant that is there already, or elsewhere in the same upload. `variant` is its
    SKU, or `ext:` and the integrator's key."""

    record: Literal["price"] = "price"
    variant: Ref


class StockRecord(StockInput):
    """What lies of a variant at a location; `variant` as for prices. What is not sent stays."""

    record: Literal["stock"] = "stock"
    variant: Ref
    on_hand: Quantity = 0


Record = Annotated[
    ChannelInput
    | LocationInput
    | AttributeDefinition
    | TypeInput
    | BrandInput
    | CategoryInput
    | CollectionInput
    | ProductInput
    | TranslationRecord
    | PriceRecord
    | StockRecord,
    Field(discriminator="record"),
]
