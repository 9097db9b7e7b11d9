"""Webhooks: who is told of changes, and what has been sent to them."""

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.fields.db_defaults import Now, SqlDefault
from tortoise.models import Model

from catalog.models.base import EMPTY_ARRAY, TRUE, ZERO, Timestamps, index, one_of

DELIVERY_STATES = ("pending", "delivered", "failed")


class Webhook(Timestamps):
    """More than one secret while they are being rotated (Standard Webhooks)."""

    id = fields.IntField(primary_key=True)
    url = fields.TextField()
    kinds = ArrayField("text", db_default=EMPTY_ARRAY)
    secrets = ArrayField("text", db_default=EMPTY_ARRAY)
    is_active = fields.BooleanField(db_default=TRUE)

    class Meta:
        table = "webhook"


class WebhookDelivery(Model):
    id = fields.BigIntField(primary_key=True)
    webhook = fields.ForeignKeyField("catalog.Webhook", "deliveries", on_delete=fields.CASCADE)
    message_id = fields.TextField()
    body = fields.JSONField[dict[str, object]]()
    state = fields.TextField(db_default=SqlDefault("'pending'::text"))
    attempts = fields.IntField(db_default=ZERO)
    next_attempt_at = fields.DatetimeField(db_default=Now())
    last_error = fields.TextField(null=True)

    class Meta:
        table = "webhook_delivery"
        constraints = (one_of("webhook_delivery", "state", *DELIVERY_STATES),)
        indexes = (
            index("webhook_delivery", "state", "next_attempt_at"),
            index("webhook_delivery", "webhook_id"),
        )
