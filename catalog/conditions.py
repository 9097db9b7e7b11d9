"""Conditions on products as JSON: what a search is sent, and the rule of a collection.

Things are named by their keys: slugs, or `ext:` and the integrator's own; `id:` and an opaque id.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Final, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from catalog.views import Flag

MOST_VALUES: Final = 100

Key = Annotated[str, Field(min_length=1, max_length=500)]
Keys = Annotated[list[Key], Field(max_length=MOST_VALUES)]


def _text(value: object) -> object:
    """A number or a boolean as a value of an attribute is written."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else value


Value = Annotated[str, BeforeValidator(_text), Field(max_length=500)]
Values = Annotated[list[Value], Field(max_length=MOST_VALUES)]
Amount = Annotated[Decimal, Field(max_digits=24, decimal_places=6)]


class _Conditions(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AmountRange(_Conditions):
    gte: Amount | None = Field(None, description="At least.")
    gt: Amount | None = Field(None, description="More than.")
    lte: Amount | None = Field(None, description="At most.")
    lt: Amount | None = Field(None, description="Less than.")


class DayRange(_Conditions):
    gte: date | None = Field(None, description="From this day on.")
    gt: date | None = Field(None, description="After this day.")
    lte: date | None = Field(None, description="Up to this day.")
    lt: date | None = Field(None, description="Before this day.")


class MomentRange(_Conditions):
    gte: AwareDatetime | None = Field(None, description="From this moment on.")
    lt: AwareDatetime | None = Field(None, description="Before this moment.")


class AttributeConditions(_Conditions):
    """Of an attribute: all that is given holds."""

    code: Key = Field(description="Of the attribute.")
    any_of: Values | None = Field(None, description="Has one of these: codes of options, or texts.")
    all_of: Values | None = Field(None, description="Has each of these.")
    none_of: Values | None = Field(None, description="Has none of these.")
    number: AmountRange | None = None
    date: DayRange | None = None
    bool: Flag | None = None
    exists: Flag | None = Field(None, description="Whether it has a value.")


Attributes = Annotated[list[AttributeConditions], Field(max_length=20)]


class VariantConditions(_Conditions):
    """All that is given holds for one variant."""

    sku: Keys | None = None
    price: AmountRange | None = Field(None, description="What one piece costs now.")
    available: bool | None = Field(None, description="Whether it can be had.")
    attributes: Attributes | None = Field(None, description="Its own.")


class ProductConditions(_Conditions):
    """All that is given holds, each by any of its values."""

    ids: Keys | None = None
    slugs: Keys | None = None
    type: Keys | None = Field(None, description="Codes of product types.")
    category: Keys | None = Field(None, description="In these or their descendants: references.")
    collection: Keys | None = Field(None, description="In these: references.")
    brand: Keys | None = Field(None, description="Of these: references.")
    tags: Keys | None = None
    status: list[Literal["draft", "active", "archived"]] | None = None
    updated_at: MomentRange | None = None
    attributes: Attributes | None = Field(None, description="Of the product or of its variants.")
    variant: VariantConditions | None = None
    AND: "list[ProductConditions] | None" = None
    OR: "list[ProductConditions] | None" = None
    NOT: "ProductConditions | None" = None
