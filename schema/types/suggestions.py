"""What somebody may be typing."""

import strawberry
from strawberry import field

from schema.types.category import Category
from schema.types.product import Product


@strawberry.type(description="What somebody may be typing, of each kind the likeliest first.")
class Suggestions:
    queries: list[str] = field(description="Whole searches.")
    products: list[Product] = field(description="Products.")
    categories: list[Category] = field(description="Categories.")
