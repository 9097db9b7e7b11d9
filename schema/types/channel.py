"""Channels: where and how the catalog is sold."""

import strawberry
from strawberry import field

from schema.types.node import Node


@strawberry.type(description="A place where the catalog is sold: a country, a shop, a marketplace.")
class Channel(Node):
    external_id: str | None = field(description="The integrator's own key.")
    code: str = field(description="Its name in `@inContext`.")
    name: str = field(description="Its name for people.")
    default_currency: str = field(description="The currency where none is asked for.")
    currencies: list[str] = field(description="The currencies it sells in (ISO 4217).")
    default_locale: str = field(description="The language where none is asked for.")
    locales: list[str] = field(
        description="Its languages (BCP 47), in the order of falling back to."
    )
    prices_include_tax: bool = field(description="Whether its prices are gross.")
    is_active: bool = field(description="Whether it sells at all at present.")
    is_default: bool = field(description="Whether it is the one of who names none.")
