"""Variants, and what they cost and how many there are."""

from datetime import datetime
from decimal import Decimal

import strawberry
from strawberry import field
from strawberry.scalars import JSON

from schema.inputs.attribute import AttributeValueInput, OptionValueInput
from schema.inputs.fields import entries, optional
from schema.inputs.media import MediaInput
from schema.inputs.texts import TranslationInput
from schema.refs import VariantKey


@strawberry.input(description="What a variant costs; one for each channel, currency, quantity.")
class PriceInput:
    amount: Decimal = field(description="For one piece.")
    currency: str = field(description="A currency code of ISO 4217.")
    compare_at: Decimal | None = optional("What it is reduced from.")
    channel: str | None = optional(
        "Code of the channel, or `ext:` and its own key; null: every one that sells the currency."
    )
    min_quantity: int | None = optional("From so many pieces on; 1 where it is not said.")
    valid_from: datetime | None = optional("From this moment on; it then wins over the base price.")
    valid_until: datetime | None = optional("Before this moment.")


@strawberry.input(description="A price, and the variant that it is of.")
class PriceSetInput(PriceInput):
    variant: VariantKey = field(description="One of its keys.")


@strawberry.input(description="What lies of a variant at a location.")
class StockLevelInput:
    location: str = field(description="Code of the location, or `ext:` and its own key.")
    on_hand: int = field(description="Pieces there; below zero where more were sold.")
    reserved: int | None = optional("Of these, promised to somebody.")
    incoming: int | None = optional("Pieces on their way there.")


@strawberry.input(description="What lies of a variant at a location; what is not sent stays.")
class StockSetInput:
    variant: VariantKey = field(description="One of its keys.")
    location: str = field(description="Code of the location, or `ext:` and its own key.")
    on_hand: int | None = optional("Pieces there; below zero where more were sold.")
    reserved: int | None = optional("Of these, promised to somebody.")
    incoming: int | None = optional("Pieces on their way there.")


@strawberry.input(
    description="What is sold of a product, found by `externalId`, else by `sku`, else by its "
    "`options` among the product's variants."
)
class VariantInput:
    external_id: str | None = optional("The integrator's own key.")
    sku: str | None = optional("Stock keeping unit, unique.")
    barcode: str | None = optional("As it is printed; a good GTIN is found in any of its forms.")
    name: str | None = optional("Its name beside the product's.")
    position: int | None = optional("Where it stands among the product's variants.")
    options: list[OptionValueInput] | None = entries(
        "code", "What tells it from the product's other variants."
    )
    attributes: list[AttributeValueInput] | None = entries("code", "Its other attributes.")
    prices: list[PriceInput] | None = optional("What it costs.")
    stock: list[StockLevelInput] | None = optional("How many there are, by location.")
    media: list[MediaInput] | None = optional("Its own pictures, in their order.")
    weight: Decimal | None = optional("In grams.")
    tracked: bool | None = optional("Whether stock decides if it can be had.")
    backorder: bool | None = optional("Whether it is sold beyond what is there.")
    metadata: JSON | None = optional("An object that is kept with it, for everybody.")
    private_metadata: JSON | None = optional("An object for holders of tokens alone.")
    translations: list[TranslationInput] | None = entries("locale", "Its texts by language.")
