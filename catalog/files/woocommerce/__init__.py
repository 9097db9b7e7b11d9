"""WooCommerce's product CSV."""

from catalog.files.woocommerce.header import recognise
from catalog.files.woocommerce.reading import read

__all__ = ["read", "recognise"]
