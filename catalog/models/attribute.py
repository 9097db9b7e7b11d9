"""Attributes, their options, and the values that products and variants have of them."""

from tortoise import fields
from tortoise.models import Model

from catalog.models.base import (
    EMPTY_OBJECT,
    FALSE,
    ONE,
    ZERO,
    Entity,
    check,
    index,
    one_of,
    unique,
    unique_live,
)

KINDS = (
    "select",
    "multiselect",
    "text",
    "rich_text",
    "number",
    "boolean",
    "date",
    "reference",
)


class Attribute(Entity):
    """`rules` narrows what a value may be; today's one rule is `{"localised": true}` for texts."""

    code = fields.TextField()
    name = fields.TextField()
    kind = fields.TextField()
    unit = fields.TextField(null=True)
    filterable = fields.BooleanField(db_default=FALSE)
    searchable = fields.BooleanField(db_default=FALSE)
    sortable = fields.BooleanField(db_default=FALSE)
    position = fields.IntField(db_default=ZERO)
    rules = fields.JSONField[dict[str, object]](db_default=EMPTY_OBJECT)
    version = fields.IntField(db_default=ONE)

    class Meta:
        table = "attribute"
        constraints = (
            unique_live("attribute", "code"),
            unique_live("attribute", "external_id"),
            one_of("attribute", "kind", *KINDS),
        )


class AttributeOption(Model):
    id = fields.IntField(primary_key=True)
    attribute = fields.ForeignKeyField("catalog.Attribute", "options", on_delete=fields.CASCADE)
    code = fields.TextField()
    label = fields.TextField()
    position = fields.IntField(db_default=ZERO)
    swatch = fields.TextField(null=True)

    class Meta:
        table = "attribute_option"
        constraints = (unique("attribute_option", "attribute_id", "code"),)


class AttributeValue(Model):
    """One value of one owner; a multiselect or a list of references has a row for each of them.

    That an owner has a value only once is an index that `models.undeclared` holds.
    """

    id = fields.BigIntField(primary_key=True)
    product = fields.ForeignKeyField(
        "catalog.Product", "attribute_values", on_delete=fields.CASCADE, null=True
    )
    variant = fields.ForeignKeyField(
        "catalog.Variant", "attribute_values", on_delete=fields.CASCADE, null=True
    )
    attribute = fields.ForeignKeyField("catalog.Attribute", "values", on_delete=fields.RESTRICT)
    option = fields.ForeignKeyField(
        "catalog.AttributeOption", "values", on_delete=fields.RESTRICT, null=True
    )
    number = fields.DecimalField(max_digits=24, decimal_places=6, null=True)
    text = fields.TextField(null=True)
    boolean = fields.BooleanField(null=True)
    date = fields.DateField(null=True)
    reference = fields.ForeignKeyField(
        "catalog.Product", "referenced_by", on_delete=fields.CASCADE, null=True
    )
    locale = fields.TextField(null=True)
    position = fields.IntField(db_default=ZERO)

    class Meta:
        table = "attribute_value"
        constraints = (
            check("attribute_value", "owner", "num_nonnulls(product_id, variant_id) = 1"),
            check(
                "attribute_value",
                "value",
                "num_nonnulls(option_id, number, text, boolean, date, reference_id) = 1",
            ),
            check("attribute_value", "locale", "locale IS NULL OR text IS NOT NULL"),
        )
        indexes = (
            index("attribute_value", "attribute_id", "option_id"),
            index("attribute_value", "option_id"),
            index("attribute_value", "reference_id"),
        )
