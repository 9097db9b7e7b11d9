"""What shapes are made of: what they have in common, pages, money, stock and media.

Ids are opaque, and the same as in GraphQL.
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


def as_id(noun: str) -> BeforeValidator:
    return BeforeValidator(lambda row: ids.encode(noun, row) if isinstance(row, int) else row)


def as_ids(noun: str) -> BeforeValidator:
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
    id: Annotated[str, as_id("Media")]
    url: str
    kind: Literal["image", "video", "model", "document"]
    alt: str
    width: int | None = Field(description="In pixels.")
    height: int | None = Field(description="In pixels.")
