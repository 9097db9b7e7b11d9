"""Why a product is, or is not, in a list."""

from collections.abc import Sequence

import strawberry
from strawberry import Parent, field

from catalog import views
from schema.fields import computed


@strawberry.type(description="What a list asks of a product.")
class Condition:
    condition: str = field(description="In words.")
    holds: bool = field(description="Whether the product fulfils it.")


@strawberry.type(description="Whether a list has a product, and why.")
class ListingExplanation:
    @computed(bool, "Whether it is in the list.")
    @staticmethod
    def listed(conditions: Parent[Sequence[views.Condition]]) -> bool:
        return all(each.holds for each in conditions)

    @computed(str | None, "The first condition that keeps it out; null where it is in the list.")
    @staticmethod
    def obstacle(conditions: Parent[Sequence[views.Condition]]) -> str | None:
        return next((each.condition for each in conditions if not each.holds), None)

    @computed(list[Condition], "Every condition, in the order in which they are asked.")
    @staticmethod
    def conditions(conditions: Parent[Sequence[views.Condition]]) -> Sequence[views.Condition]:
        return conditions
