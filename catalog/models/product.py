"""Products: what a shop shows; what it sells are their variants."""

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.fields.db_defaults import SqlDefault
from tortoise.models import Model

from catalog.models.base import (
    EMPTY_ARRAY,
    EMPTY_OBJECT,
    ONE,
    Entity,
    SortKey,
    check,
    index,
    one_of,
    unique,
    unique_live,
)

STATUSES = ("draft", "active", "archived")


class Product(Entity):
    product_type = fields.ForeignKeyField(
        "catalog.ProductType", "products", on_delete=fields.RESTRICT
    )
    brand = fields.ForeignKeyField(
        "catalog.Brand", "products", on_delete=fields.RESTRICT, null=True
    )
    name = fields.TextField()
    slug = fields.TextField()
    description = fields.TextField(null=True)
    status = fields.TextField(db_default=SqlDefault("'draft'::text"))
    tags = ArrayField("text", db_default=EMPTY_ARRAY)
    seo_title = fields.TextField(null=True)
    seo_description = fields.TextField(null=True)
    metadata = fields.JSONField[dict[str, object]](db_default=EMPTY_OBJECT)
    private_metadata = fields.JSONField[dict[str, object]](db_default=EMPTY_OBJECT)
    tax_class = fields.TextField(null=True)
    name_sort = SortKey()
    default_media = fields.ForeignKeyField(
        "catalog.Media", "default_of", on_delete=fields.SET_NULL, null=True
    )
    version = fields.IntField(db_default=ONE)

    class Meta:
        table = "product"
        constraints = (
            unique_live("product", "slug"),
            unique_live("product", "external_id"),
            one_of("product", "status", *STATUSES),
        )
        indexes = (
            index("product", "created_at", "id"),
            index("product", "updated_at", "id"),
            index("product", "name_sort", "id"),
            index("product", "brand_id"),
            index("product", "product_type_id"),
            index("product", "default_media_id"),
        )


class ProductListing(Model):
    """Published in a channel from (null: always) until (null: for ever)."""

    id = fields.IntField(primary_key=True)
    product = fields.ForeignKeyField("catalog.Product", "listings", on_delete=fields.CASCADE)
    channel = fields.ForeignKeyField("catalog.Channel", "listings", on_delete=fields.CASCADE)
    published_from = fields.DatetimeField(null=True)
    published_until = fields.DatetimeField(null=True)
    purchasable_from = fields.DatetimeField(null=True)

    class Meta:
        table = "product_listing"
        constraints = (
            unique("product_listing", "product_id", "channel_id"),
            check("product_listing", "window", "published_from < published_until"),
        )
        indexes = (index("product_listing", "channel_id"),)
