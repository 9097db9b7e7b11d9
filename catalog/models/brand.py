"""Brands: who makes a product."""

from tortoise import fields

from catalog.models.base import EMPTY_OBJECT, Entity, SortKey, index, unique_live


class Brand(Entity):
    name = fields.TextField()
    slug = fields.TextField()
    description = fields.TextField(null=True)
    metadata = fields.JSONField[dict[str, object]](db_default=EMPTY_OBJECT)
    name_sort = SortKey()

    class Meta:
        table = "brand"
        constraints = (unique_live("brand", "slug"), unique_live("brand", "external_id"))
        indexes = (index("brand", "name_sort", "id"),)
