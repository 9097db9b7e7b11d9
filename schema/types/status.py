"""How far a product is."""

from enum import Enum

import strawberry
from strawberry import enum_value


@strawberry.enum(description="How far a product is.")
class ProductStatus(Enum):
    DRAFT = enum_value("draft", description="Not yet for the public.")
    ACTIVE = enum_value("active", description="For the public, wherever it is published.")
    ARCHIVED = enum_value("archived", description="No longer for the public.")
