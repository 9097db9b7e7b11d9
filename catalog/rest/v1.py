"""The routers of `/v1`, one a noun, and of health."""

from fastapi import Depends

from catalog.rest import (
    attributes,
    brands,
    bulk,
    cache,
    categories,
    changes,
    channels,
    collections,
    export,
    health,
    imports,
    locations,
    prices,
    products,
    query,
    stock,
    suggest,
    types,
    variants,
)

ROUTERS = (
    products.router,
    variants.router,
    categories.router,
    collections.router,
    brands.router,
    attributes.router,
    types.router,
    channels.router,
    locations.router,
    prices.router,
    stock.router,
    suggest.router,
    changes.router,
    cache.router,
    bulk.router,
    export.router,
    imports.router,
    health.router,
)
CHECKED = (Depends(query.check),)
