"""Products with all that hangs on them."""

from datetime import datetime

import strawberry
from strawberry import field
from strawberry.scalars import JSON

from schema.inputs.attribute import AttributeValueInput
from schema.inputs.fields import entries, optional
from schema.inputs.media import MediaInput
from schema.inputs.texts import SeoInput, TranslationInput
from schema.inputs.variant import VariantInput
from schema.types.product import AssociationKind
from schema.types.status import ProductStatus


@strawberry.input(description="When a product shows in a channel.")
class ListingInput:
    channel: str = field(description="Code of the channel, or `ext:` and its own key.")
    published_from: datetime | None = optional("Shown from this moment on; null: always.")
    published_until: datetime | None = optional("Shown before this moment; null: for good.")
    purchasable_from: datetime | None = optional("Sold from this moment on.")


@strawberry.input(description="A product that goes with another; their order is the order shown.")
class AssociationInput:
    product: str = field(description="Slug of the other product, or `ext:` and its own key.")
    kind: AssociationKind = field(description="Why it goes with it.")
    quantity: int | None = optional("How many of it: the parts of a bundle.")


@strawberry.input(
    description="A product, found by `externalId`, else by `slug`, else by a variant's SKU. A new "
    "one needs `name` and `type`; its slug is made from the name where none is sent."
)
class ProductInput:
    external_id: str | None = optional("The integrator's own key.")
    slug: str | None = optional("Its part of an address; one that it had before leads here still.")
    type: str | None = optional("Code of its type, or `ext:` and the type's own key.")
    brand: str | None = optional("Slug of its brand, or `ext:` and the brand's own key.")
    name: str | None = optional("Its name.")
    description: str | None = optional("HTML; it is cleaned.")
    status: ProductStatus | None = optional("How far it is; a new one is a DRAFT.")
    tags: list[str] | None = optional("Free words to find it by; they replace those there.")
    seo: SeoInput | None = optional("What search engines are told of its page.")
    metadata: JSON | None = optional("An object that is kept with it, for everybody.")
    private_metadata: JSON | None = optional("An object for holders of tokens alone.")
    tax_class: str | None = optional("The integrator's name for how it is taxed.")
    categories: list[str] | None = optional(
        "Slugs of its categories, or `ext:` and their own keys; they replace those there."
    )
    primary_category: str | None = optional("The main one of them.")
    collections: list[str] | None = optional(
        "Slugs of collections it is placed in by hand, or `ext:` and their own keys."
    )
    media: list[MediaInput] | None = optional("Its pictures, the main one first; they replace all.")
    attributes: list[AttributeValueInput] | None = entries(
        "code", "What it has of the attributes of its type."
    )
    listings: list[ListingInput] | None = optional("Where it shows, by channel.")
    variants: list[VariantInput] | None = optional("What is sold of it.")
    associations: list[AssociationInput] | None = optional("Products that go with it.")
    translations: list[TranslationInput] | None = entries("locale", "Its texts by language.")
