"""Stock: how many of a variant lie at a location, and which channels a location serves."""

from tortoise import fields
from tortoise.fields.db_defaults import Now
from tortoise.models import Model

from catalog.models.base import ZERO, Entity, check, index, unique, unique_live


class StockLocation(Entity):
    code = fields.TextField()
    name = fields.TextField()

    class Meta:
        table = "stock_location"
        constraints = (
            unique_live("stock_location", "code"),
            unique_live("stock_location", "external_id"),
        )


class StockLocationChannel(Model):
    id = fields.IntField(primary_key=True)
    location = fields.ForeignKeyField("catalog.StockLocation", "channels", on_delete=fields.CASCADE)
    channel = fields.ForeignKeyField("catalog.Channel", "locations", on_delete=fields.CASCADE)

    class Meta:
        table = "stock_location_channel"
        constraints = (unique("stock_location_channel", "location_id", "channel_id"),)
        indexes = (index("stock_location_channel", "channel_id"),)


class StockLevel(Model):
    """On hand may fall below zero: a shop that sold more than it had must be able to say so."""

    id = fields.BigIntField(primary_key=True)
    variant = fields.ForeignKeyField("catalog.Variant", "stock", on_delete=fields.CASCADE)
    location = fields.ForeignKeyField("catalog.StockLocation", "stock", on_delete=fields.CASCADE)
    on_hand = fields.IntField(db_default=ZERO)
    reserved = fields.IntField(db_default=ZERO)
    incoming = fields.IntField(db_default=ZERO)
    updated_at = fields.DatetimeField(db_default=Now())

    class Meta:
        table = "stock_level"
        constraints = (
            unique("stock_level", "variant_id", "location_id"),
            check("stock_level", "reserved", "reserved >= 0"),
            check("stock_level", "incoming", "incoming >= 0"),
        )
        indexes = (index("stock_level", "location_id"),)
