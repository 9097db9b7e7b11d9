"""One stored record of any noun, by its id."""

from catalog.context import Context
from catalog.reads import query
from catalog.reads.stored import Record, nouns, products

# Served by variant_pkey.
_PRODUCT_OF = "SELECT product_id FROM variant WHERE id = :id"

# Told by the id of the variant that they are of.
_OF_VARIANTS = ("variant", "price", "stock")


async def by_id(ctx: Context, noun: str, id: int) -> Record | None:
    """By the name of its table; of a variant, its prices and its stock: their product's record.
    None for what is not there or deleted."""
    if noun == "product":
        return await products.one(ctx, id)
    if noun not in _OF_VARIANTS:
        return await nouns.one(ctx, noun, id)
    rows = await query.fetch(ctx, _PRODUCT_OF, id=id)
    return await products.one(ctx, rows[0]["product_id"]) if rows else None
