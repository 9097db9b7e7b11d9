"""Attributes, and the values that products and variants have of them."""

import builtins
import datetime
from decimal import Decimal

import strawberry
from strawberry import field

from schema.inputs.fields import entries, optional
from schema.inputs.texts import TextInput, TranslationInput
from schema.types.attribute import AttributeKind


@strawberry.input(
    description="What a product or variant has of one attribute: exactly one field beside `code`; "
    "null in it removes the value."
)
class AttributeValueInput:
    code: str = field(description="Code of the attribute.")
    values: list[str] | None = optional(
        "Codes or labels of options, texts, or products by slug or `ext:` and their own key."
    )
    number: Decimal | None = optional("A number, in the attribute's unit.")
    bool: builtins.bool | None = optional("Yes or no.")
    date: datetime.date | None = optional("A day.")
    texts: list[TextInput] | None = optional("A text in several languages.")


@strawberry.input(description="What a variant is along one axis of its product's type.")
class OptionValueInput:
    code: str = field(description="Code of the attribute that is the axis.")
    value: str = field(description="Code or label of the option; a label nobody knows adds one.")


@strawberry.input(description="One of the values that an attribute offers.")
class AttributeOptionInput:
    code: str = field(description="Its name in filters.")
    label: str | None = optional("Its name for people.")
    position: int | None = optional("Where it stands among the attribute's options.")
    swatch: str | None = optional("A colour (`#rrggbb`) or the address of a picture.")
    translations: list[TranslationInput] | None = entries(
        "locale", "Its label in other languages, as `name`."
    )


@strawberry.input(
    description="A property that products or variants have, found by `externalId`, else by `code`. "
    "A new one needs `code` and `kind`."
)
class AttributeInput:
    code: str | None = optional("Its name in filters.")
    external_id: str | None = optional("The integrator's own key.")
    name: str | None = optional("Its name for people.")
    kind: AttributeKind | None = optional("What its values are.")
    unit: str | None = optional("Of its numbers, such as `mm`.")
    filterable: builtins.bool | None = optional("Whether it is meant for filters.")
    searchable: builtins.bool | None = optional("Whether its texts are searched.")
    sortable: builtins.bool | None = optional("Whether it is meant for sorting.")
    localised: builtins.bool | None = optional("Whether its texts differ by language.")
    position: int | None = optional("Where it stands among the attributes.")
    options: list[AttributeOptionInput] | None = optional("What it offers to select, by code.")
    translations: list[TranslationInput] | None = entries("locale", "Its name in other languages.")
