"""What everything with an id of its own has in common."""

from typing import Any

import strawberry
from strawberry import Parent

from catalog import ids
from schema.fields import computed


@strawberry.interface(description="Anything with an id of its own; `node` and `nodes` find it.")
class Node:
    """A view is named as its GraphQL type is: that is how a value tells its type."""

    @computed(strawberry.ID, "Opaque and unique in the whole catalog.")
    @staticmethod
    def id(view: Parent[Any]) -> str:
        return ids.encode(type(view).__name__, view.id)

    @classmethod
    def is_type_of(cls, value: object, _info: object) -> bool:
        return type(value).__name__ == cls.__name__

    @classmethod
    def resolve_type(cls, value: object, _info: object, _abstract: object) -> str:
        return type(value).__name__
