"""Categories: a tree, and the products in it."""

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.contrib.postgres.indexes import GinIndex
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model

from catalog.models.base import (
    EMPTY_OBJECT,
    FALSE,
    ONE,
    TRUE,
    ZERO,
    Entity,
    SortKey,
    check,
    index,
    unique,
    unique_live,
)


class Category(Entity):
    """`path` is the ids from the root down to this category."""

    parent = fields.ForeignKeyField(
        "catalog.Category", "children", on_delete=fields.RESTRICT, null=True
    )
    path = ArrayField("int")
    name = fields.TextField()
    slug = fields.TextField()
    description = fields.TextField(null=True)
    position = fields.IntField(db_default=ZERO)
    published = fields.BooleanField(db_default=TRUE)
    seo_title = fields.TextField(null=True)
    seo_description = fields.TextField(null=True)
    metadata = fields.JSONField[dict[str, object]](db_default=EMPTY_OBJECT)
    image = fields.ForeignKeyField(
        "catalog.Media", "image_of_categories", on_delete=fields.SET_NULL, null=True
    )
    version = fields.IntField(db_default=ONE)
    name_sort = SortKey()

    class Meta:
        table = "category"
        constraints = (
            unique_live("category", "slug"),
            unique_live("category", "external_id"),
            check("category", "path", "path[cardinality(path)] IS NOT DISTINCT FROM id"),
            check("category", "parent", "parent_id IS DISTINCT FROM id"),
        )
        indexes = (
            GinIndex(fields=("path",), name="category_path_idx"),
            index("category", "parent_id", "position", "id"),
            index("category", "image_id"),
        )


class ProductCategory(Model):
    id = fields.IntField(primary_key=True)
    product = fields.ForeignKeyField("catalog.Product", "categories", on_delete=fields.CASCADE)
    category = fields.ForeignKeyField("catalog.Category", "products", on_delete=fields.CASCADE)
    is_primary = fields.BooleanField(db_default=FALSE)
    position = fields.IntField(null=True)

    class Meta:
        table = "product_category"
        constraints = (
            unique("product_category", "product_id", "category_id"),
            UniqueConstraint(
                fields=("product_id",),
                name="product_category_one_primary_key",
                condition="is_primary",
            ),
        )
        indexes = (index("product_category", "category_id", "product_id"),)
