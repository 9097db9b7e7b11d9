"""The tables: columns, constraints, indexes. No queries."""

from catalog.models.access import ApiToken, IdempotencyKey, PersistedQuery
from catalog.models.association import Association
from catalog.models.attribute import Attribute, AttributeOption, AttributeValue
from catalog.models.brand import Brand
from catalog.models.category import Category, ProductCategory
from catalog.models.channel import Channel
from catalog.models.collection import Collection, CollectionProduct
from catalog.models.job import ImportFilePart, ImportJob, ImportResult, ImportRowError
from catalog.models.media import Media, ProductMedia, VariantMedia
from catalog.models.price import Price
from catalog.models.product import Product, ProductListing
from catalog.models.product_type import ProductType, ProductTypeAttribute
from catalog.models.stock import StockLevel, StockLocation, StockLocationChannel
from catalog.models.translation import SlugHistory, Translation
from catalog.models.variant import Variant
from catalog.models.webhook import Webhook, WebhookDelivery

__all__ = [
    "ApiToken",
    "Association",
    "Attribute",
    "AttributeOption",
    "AttributeValue",
    "Brand",
    "Category",
    "Channel",
    "Collection",
    "CollectionProduct",
    "IdempotencyKey",
    "ImportFilePart",
    "ImportJob",
    "ImportResult",
    "ImportRowError",
    "Media",
    "PersistedQuery",
    "Price",
    "Product",
    "ProductCategory",
    "ProductListing",
    "ProductMedia",
    "ProductType",
    "ProductTypeAttribute",
    "SlugHistory",
    "StockLevel",
    "StockLocation",
    "StockLocationChannel",
    "Translation",
    "Variant",
    "VariantMedia",
    "Webhook",
    "WebhookDelivery",
]

# Tortoise makes a docstring's first line the table's comment, so that editing one would ask for a
# migration.
for _name in __all__:
    globals()[_name]._meta.table_description = ""
