"""Every SELECT that is shown.

Functions named `by_…_ids` are batches: one statement however many ids, and a dict in which a
missing id has none. Those that find products, variants, categories and collections hand out only
what the asker may see; those of a part (prices, stock, media, attribute values) take the ids of
owners that such a function has handed out.
"""

from catalog.reads import (
    associations,
    attributes,
    brands,
    categories,
    channels,
    collections,
    contexts,
    media,
    prices,
    product_types,
    products,
    stock,
    tokens,
    variants,
)

__all__ = [
    "associations",
    "attributes",
    "brands",
    "categories",
    "channels",
    "collections",
    "contexts",
    "media",
    "prices",
    "product_types",
    "products",
    "stock",
    "tokens",
    "variants",
]
