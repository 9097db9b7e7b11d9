"""Money, price rows and ranges of prices."""

from datetime import datetime
from decimal import Decimal

import strawberry
from strawberry import Parent, field

from catalog import views
from schema.fields import computed


@strawberry.type(description="An amount in a currency.")
class Money:
    amount: Decimal = field(description="In units of the currency, as a string: `9.90`.")
    currency: str = field(description="ISO 4217, such as `EUR`.")


@strawberry.type(description="The lowest and the highest price of a product's variants.")
class PriceRange:
    min: Money = field(description="The lowest.")
    max: Money = field(description="The highest; the same where all cost the same.")


@strawberry.type(
    description="One row of a price list: what a variant costs from a quantity on, and when."
)
class Price:
    channel: str | None = field(
        description="Code of the channel; null: every channel that sells the currency."
    )
    min_quantity: int = field(description="From how many pieces on.")
    valid_from: datetime | None = field(
        description="A price with a window wins over the base price while the window is open."
    )
    valid_until: datetime | None = field(description="End of the window, exclusive.")

    @computed(Money, "What one piece costs.")
    @staticmethod
    def amount(price: Parent[views.Price]) -> views.Money:
        return views.Money(price.amount, price.currency)

    @computed(Money | None, "What it is reduced from.")
    @staticmethod
    def compare_at(price: Parent[views.Price]) -> views.Money | None:
        if price.compare_at is None:
            return None
        return views.Money(price.compare_at, price.currency)
