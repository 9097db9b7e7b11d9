"""Associations: which products go with a product, and what a bundle is made of."""

from tortoise import fields
from tortoise.models import Model

from catalog.models.base import ONE, ZERO, check, index, one_of, unique

ASSOCIATION_KINDS = (
    "related",
    "cross_sell",
    "up_sell",
    "accessory",
    "component",
    "replacement",
)


class Association(Model):
    id = fields.IntField(primary_key=True)
    product = fields.ForeignKeyField("catalog.Product", "associations", on_delete=fields.CASCADE)
    target = fields.ForeignKeyField("catalog.Product", "associated_by", on_delete=fields.CASCADE)
    kind = fields.TextField()
    quantity = fields.IntField(db_default=ONE)
    position = fields.IntField(db_default=ZERO)

    class Meta:
        table = "association"
        constraints = (
            unique("association", "product_id", "kind", "target_id"),
            one_of("association", "kind", *ASSOCIATION_KINDS),
            check("association", "quantity", "quantity >= 1"),
            check("association", "self", "product_id <> target_id"),
        )
        indexes = (index("association", "target_id"),)
