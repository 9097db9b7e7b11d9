"""Collections: products put together by hand or by a rule."""

from tortoise import fields
from tortoise.models import Model

from catalog.models.base import (
    EMPTY_OBJECT,
    ONE,
    TRUE,
    ZERO,
    Entity,
    SortKey,
    index,
    unique,
    unique_live,
)


class Collection(Entity):
    """`rule` null: a manual order in `collection_product`."""

    name = fields.TextField()
    slug = fields.TextField()
    description = fields.TextField(null=True)
    rule = fields.JSONField[dict[str, object]](null=True)
    published = fields.BooleanField(db_default=TRUE)
    seo_title = fields.TextField(null=True)
    seo_description = fields.TextField(null=True)
    metadata = fields.JSONField[dict[str, object]](db_default=EMPTY_OBJECT)
    name_sort = SortKey()
    image = fields.ForeignKeyField(
        "catalog.Media", "image_of_collections", on_delete=fields.SET_NULL, null=True
    )
    version = fields.IntField(db_default=ONE)

    class Meta:
        table = "collection"
        constraints = (unique_live("collection", "slug"), unique_live("collection", "external_id"))
        indexes = (
            index("collection", "name_sort", "id"),
            index("collection", "image_id"),
        )


class CollectionProduct(Model):
    id = fields.IntField(primary_key=True)
    collection = fields.ForeignKeyField("catalog.Collection", "products", on_delete=fields.CASCADE)
    product = fields.ForeignKeyField("catalog.Product", "collections", on_delete=fields.CASCADE)
    position = fields.IntField(db_default=ZERO)

    class Meta:
        table = "collection_product"
        constraints = (unique("collection_product", "collection_id", "product_id"),)
        indexes = (index("collection_product", "product_id"),)
