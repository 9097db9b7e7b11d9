"""Channels: where products are sold, in which currencies and languages."""

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.migrations.constraints import UniqueConstraint

from catalog.models.base import EMPTY_ARRAY, FALSE, TRUE, Entity, check, unique_live


class Channel(Entity):
    code = fields.TextField()
    name = fields.TextField()
    default_currency = fields.TextField()
    currencies = ArrayField("text", db_default=EMPTY_ARRAY)
    default_locale = fields.TextField()
    locales = ArrayField("text", db_default=EMPTY_ARRAY)
    prices_include_tax = fields.BooleanField(db_default=TRUE)
    is_active = fields.BooleanField(db_default=TRUE)
    is_default = fields.BooleanField(db_default=FALSE)

    class Meta:
        table = "channel"
        constraints = (
            unique_live("channel", "code"),
            unique_live("channel", "external_id"),
            UniqueConstraint(
                fields=("is_default",),
                name="channel_one_default_key",
                condition="is_default AND deleted_at IS NULL",
            ),
            check("channel", "currency_sold", "default_currency = ANY (currencies)"),
            check("channel", "locale_spoken", "default_locale = ANY (locales)"),
            check("channel", "default_active", "is_active OR NOT is_default"),
        )
