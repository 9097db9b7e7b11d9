"""Who may do what: tokens, and the answers kept for repeated requests."""

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.fields.db_defaults import Now
from tortoise.models import Model

from catalog.context import SCOPES
from catalog.models.base import EMPTY_ARRAY, check, index, unique


class ApiToken(Model):
    """Only the SHA-256 of the secret is kept; `prefix` is what people recognise it by."""

    id = fields.IntField(primary_key=True)
    name = fields.TextField()
    prefix = fields.TextField()
    digest = fields.BinaryField()
    scopes = ArrayField("text", db_default=EMPTY_ARRAY)
    created_at = fields.DatetimeField(db_default=Now())
    expires_at = fields.DatetimeField(null=True)
    revoked_at = fields.DatetimeField(null=True)

    class Meta:
        table = "api_token"
        constraints = (
            unique("api_token", "digest"),
            check("api_token", "digest", "octet_length(digest) = 32"),
            check(
                "api_token",
                "scopes",
                "scopes <@ ARRAY[" + ", ".join(f"'{scope}'" for scope in SCOPES) + "]",
            ),
        )


class IdempotencyKey(Model):
    """The answer to a write, for whoever repeats it with the same key within 24 hours."""

    id = fields.BigIntField(primary_key=True)
    token = fields.ForeignKeyField("catalog.ApiToken", "idempotency_keys", on_delete=fields.CASCADE)
    key = fields.TextField()
    request_digest = fields.BinaryField()
    status = fields.IntField(null=True)
    answer = fields.BinaryField(null=True)
    created_at = fields.DatetimeField(db_default=Now())

    class Meta:
        table = "idempotency_key"
        constraints = (unique("idempotency_key", "token_id", "key"),)
        indexes = (index("idempotency_key", "created_at"),)


class PersistedQuery(Model):
    """A GraphQL document by the hexadecimal SHA-256 of its text."""

    id = fields.IntField(primary_key=True)
    digest = fields.TextField()
    document = fields.TextField()
    created_at = fields.DatetimeField(db_default=Now())

    class Meta:
        table = "persisted_query"
        constraints = (
            unique("persisted_query", "digest"),
            check("persisted_query", "digest", "digest ~ '^[0-9a-f]{64}$'"),
        )
