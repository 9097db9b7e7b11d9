"""Shopify's product CSV."""

from catalog.files.shopify.header import recognise
from catalog.files.shopify.reading import read

__all__ = ["read", "recognise"]
