"""Fields that a function computes from the view."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import strawberry

P = ParamSpec("P")
T = TypeVar("T")


def computed(type_: object, description: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """`type_` is GraphQL's name for what the function returns, which is a view or a plain value."""
    field: Callable[[Callable[P, T]], Callable[P, T]]
    field = strawberry.field(graphql_type=type_, description=description)
    return field
