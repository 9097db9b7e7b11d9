"""What products refer to: brands, categories, collections, product types, channels, locations."""

from enum import Enum

import strawberry
from strawberry import enum_value, field
from strawberry.scalars import JSON

from schema.inputs.fields import entries, optional
from schema.inputs.media import MediaInput
from schema.inputs.texts import SeoInput, TranslationInput


@strawberry.input(
    description="A brand, found by `externalId`, else by `slug`. A new one needs `name`."
)
class BrandInput:
    slug: str | None = optional("Its part of an address; made from the name where none is sent.")
    external_id: str | None = optional("The integrator's own key.")
    name: str | None = optional("Its name.")
    description: str | None = optional("HTML; it is cleaned.")
    metadata: JSON | None = optional("An object that is kept with it, for everybody.")
    translations: list[TranslationInput] | None = entries("locale", "Its texts by language.")


@strawberry.input(
    description="A category, found by `externalId`, else by `slug`. A new one needs `name`."
)
class CategoryInput:
    slug: str | None = optional("Its part of an address; made from the name where none is sent.")
    external_id: str | None = optional("The integrator's own key.")
    parent: str | None = optional(
        "Slug of what it is a branch of, or `ext:` and its own key; null makes it a root."
    )
    name: str | None = optional("Its name.")
    description: str | None = optional("HTML; it is cleaned.")
    position: int | None = optional("Where it stands among its siblings.")
    published: bool | None = optional("Whether the public sees it.")
    seo: SeoInput | None = optional("What search engines are told of its page.")
    metadata: JSON | None = optional("An object that is kept with it, for everybody.")
    image: MediaInput | None = optional("Its picture.")
    translations: list[TranslationInput] | None = entries("locale", "Its texts by language.")


@strawberry.input(
    description="A collection, found by `externalId`, else by `slug`. A new one needs `name`."
)
class CollectionInput:
    slug: str | None = optional("Its part of an address; made from the name where none is sent.")
    external_id: str | None = optional("The integrator's own key.")
    name: str | None = optional("Its name.")
    description: str | None = optional("HTML; it is cleaned.")
    published: bool | None = optional("Whether the public sees it.")
    seo: SeoInput | None = optional("What search engines are told of its page.")
    metadata: JSON | None = optional("An object that is kept with it, for everybody.")
    image: MediaInput | None = optional("Its picture.")
    products: list[str] | None = optional(
        "Slugs of its products in their order, or `ext:` and their own keys; they replace all."
    )
    rule: JSON | None = optional(
        "Puts it together by conditions: an object as `POST /v1/products/search` takes for `where`."
    )
    translations: list[TranslationInput] | None = entries("locale", "Its texts by language.")


@strawberry.enum(description="Whether products or their variants have an attribute.")
class AssignmentLevel(Enum):
    PRODUCT = enum_value("product", description="Products of the type have it.")
    VARIANT = enum_value("variant", description="Each of their variants has it.")


@strawberry.input(description="An attribute that products of a type have.")
class AssignmentInput:
    attribute: str = field(description="Code of the attribute.")
    level: AssignmentLevel | None = optional("Who has it; PRODUCT where it is not said.")
    is_option: bool | None = optional("Whether it tells a product's variants from one another.")
    required: bool | None = optional("Whether it must be there.")
    position: int | None = optional("Where it stands among the type's attributes.")


@strawberry.input(
    description="A product type, found by `externalId`, else by `code`. A new one needs `code`."
)
class ProductTypeInput:
    code: str | None = optional("Its short name.")
    external_id: str | None = optional("The integrator's own key.")
    name: str | None = optional("Its name for people.")
    attributes: list[AssignmentInput] | None = optional("What its products have, by attribute.")


@strawberry.input(
    description="A channel, found by `externalId`, else by `code`. A new one needs `code`, "
    "`defaultCurrency` and `defaultLocale`."
)
class ChannelInput:
    code: str | None = optional("Its name in `@inContext`.")
    external_id: str | None = optional("The integrator's own key.")
    name: str | None = optional("Its name for people.")
    default_currency: str | None = optional("The currency where none is asked for (ISO 4217).")
    currencies: list[str] | None = optional("The currencies it sells in (ISO 4217).")
    default_locale: str | None = optional("The language where none is asked for (BCP 47).")
    locales: list[str] | None = optional("Its languages (BCP 47), in the order of falling back to.")
    prices_include_tax: bool | None = optional("Whether its prices are gross.")
    is_active: bool | None = optional("Whether it sells at all at present.")
    is_default: bool | None = optional("Whether it is the one of who names none.")


@strawberry.input(
    description="A place with stock, found by `externalId`, else by `code`. A new one needs `code`."
)
class StockLocationInput:
    code: str | None = optional("Its short name.")
    external_id: str | None = optional("The integrator's own key.")
    name: str | None = optional("Its name for people.")
    channels: list[str] | None = optional(
        "Codes of the channels it serves, or `ext:` and their own keys."
    )
