"""Every SELECT that is shown.

Functions named `by_…_ids` are batches: one statement however many ids, and a dict in which a
missing id has none. Those that find products, variants, categories, collections and media hand out
only what the asker may see. Those of their parts (prices, stock, pictures, attribute values) are
asked with the ids of owners that such a function has handed out.
"""

from catalog.reads import (
    associations,
    attributes,
    brands,
    categories,
    channels,
    collections,
    contexts,
    explanations,
    facets,
    media,
    prices,
    product_types,
    products,
    stock,
    stock_locations,
    suggestions,
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
    "explanations",
    "facets",
    "media",
    "prices",
    "product_types",
    "products",
    "stock",
    "stock_locations",
    "suggestions",
    "tokens",
    "variants",
]
