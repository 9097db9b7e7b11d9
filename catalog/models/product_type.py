"""Product types: which attributes their products and variants have."""

from tortoise import fields
from tortoise.models import Model

from catalog.models.base import FALSE, ZERO, Entity, check, index, one_of, unique, unique_live


class ProductType(Entity):
    code = fields.TextField()
    name = fields.TextField()

    class Meta:
        table = "product_type"
        constraints = (
            unique_live("product_type", "code"),
            unique_live("product_type", "external_id"),
        )


class ProductTypeAttribute(Model):
    id = fields.IntField(primary_key=True)
    product_type = fields.ForeignKeyField(
        "catalog.ProductType", "assignments", on_delete=fields.CASCADE
    )
    attribute = fields.ForeignKeyField(
        "catalog.Attribute", "assignments", on_delete=fields.RESTRICT
    )
    level = fields.TextField()
    is_option = fields.BooleanField(db_default=FALSE)
    required = fields.BooleanField(db_default=FALSE)
    position = fields.IntField(db_default=ZERO)

    class Meta:
        table = "product_type_attribute"
        constraints = (
            unique("product_type_attribute", "product_type_id", "attribute_id"),
            one_of("product_type_attribute", "level", "product", "variant"),
            check("product_type_attribute", "option_axis", "level = 'variant' OR NOT is_option"),
        )
        indexes = (index("product_type_attribute", "attribute_id"),)
