"""Variants: what is priced, stocked and sold."""

from tortoise import fields

from catalog.models.base import (
    EMPTY_OBJECT,
    FALSE,
    NO_TEXT,
    ONE,
    TRUE,
    ZERO,
    Entity,
    check,
    index,
    unique_live,
)


class Variant(Entity):
    """`option_key` is the sorted `axis=option` pairs, so that a combination exists once a product;
    `barcode` is as given, `gtin` its 14 digits where its check digit holds (GS1 General
    Specifications 7.9); `weight` is in grams."""

    product = fields.ForeignKeyField("catalog.Product", "variants", on_delete=fields.CASCADE)
    sku = fields.TextField(null=True)
    barcode = fields.TextField(null=True)
    gtin = fields.TextField(null=True)
    name = fields.TextField(null=True)
    position = fields.IntField(db_default=ZERO)
    option_key = fields.TextField(db_default=NO_TEXT)
    weight = fields.DecimalField(max_digits=14, decimal_places=3, null=True)
    tracked = fields.BooleanField(db_default=TRUE)
    backorder = fields.BooleanField(db_default=FALSE)
    metadata = fields.JSONField[dict[str, object]](db_default=EMPTY_OBJECT)
    private_metadata = fields.JSONField[dict[str, object]](db_default=EMPTY_OBJECT)
    version = fields.IntField(db_default=ONE)

    class Meta:
        table = "variant"
        constraints = (
            unique_live("variant", "sku"),
            unique_live("variant", "gtin"),
            unique_live("variant", "external_id"),
            unique_live("variant", "product_id", "option_key"),
            check("variant", "gtin", "gtin ~ '^[0-9]{14}$'"),
            check("variant", "weight", "weight >= 0"),
        )
        indexes = (
            index("variant", "product_id", "position", "id"),
            index("variant", "barcode"),
        )
