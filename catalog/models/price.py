"""Prices: an amount for a variant in a currency, from a quantity on, perhaps for a while."""

from tortoise import fields

from catalog.models.base import ONE, Timestamps, check, index


class Price(Timestamps):
    """Channel null: every channel that sells the currency; the channel's own wins.

    Without a window it is the base price, one for each scope; with one it wins while the window is
    open. Both rules are in `models.undeclared`.
    """

    id = fields.BigIntField(primary_key=True)
    variant = fields.ForeignKeyField("catalog.Variant", "prices", on_delete=fields.CASCADE)
    channel = fields.ForeignKeyField(
        "catalog.Channel", "prices", on_delete=fields.CASCADE, null=True
    )
    currency = fields.TextField()
    min_quantity = fields.IntField(db_default=ONE)
    amount = fields.DecimalField(max_digits=18, decimal_places=4)
    compare_at = fields.DecimalField(max_digits=18, decimal_places=4, null=True)
    valid_from = fields.DatetimeField(null=True)
    valid_until = fields.DatetimeField(null=True)

    class Meta:
        table = "price"
        constraints = (
            check("price", "currency", "currency ~ '^[A-Z]{3}$'"),
            check("price", "min_quantity", "min_quantity >= 1"),
            check("price", "amount", "amount >= 0"),
            check("price", "compare_at", "compare_at >= 0"),
            check("price", "window", "valid_from < valid_until"),
        )
        indexes = (
            index("price", "variant_id", "currency"),
            index("price", "channel_id"),
        )
