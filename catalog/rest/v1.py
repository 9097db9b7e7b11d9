"""The routers of `/v1`, one a noun, and of health."""

from fastapi import Depends

from catalog.rest import (
    attributes,
    brands,
    categories,
    channels,
    collections,
    export,
    health,
    prices,
    products,
    query,
    stock,
    variants,
)

ROUTERS = (
    products.router,
    variants.router,
    categories.router,
    collections.router,
    brands.router,
    attributes.router,
    channels.router,
    prices.router,
    stock.router,
    export.router,
    health.router,
)
CHECKED = (Depends(query.check),)
