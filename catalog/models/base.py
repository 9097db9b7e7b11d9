"""What the tables share: key and time columns, and short names for the constraints they declare."""

from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.fields.db_defaults import Now, SqlDefault
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

EMPTY_OBJECT = SqlDefault("'{}'::jsonb")
EMPTY_ARRAY = SqlDefault("'{}'::text[]")
TRUE = SqlDefault("true")
FALSE = SqlDefault("false")
ZERO = SqlDefault("0")
ONE = SqlDefault("1")
NO_TEXT = SqlDefault("''::text")

Constraint = UniqueConstraint | CheckConstraint


class Timestamps(Model):
    """Set by the database when a row is written without them."""

    created_at = fields.DatetimeField(db_default=Now())
    updated_at = fields.DatetimeField(db_default=Now())

    class Meta:
        abstract = True


class Entity(Timestamps):
    """A row that integrators write: found by its own id or by theirs, deleted softly."""

    id = fields.IntField(primary_key=True)
    external_id = fields.TextField(null=True)
    deleted_at = fields.DatetimeField(null=True)

    class Meta:
        abstract = True


class SortKey(fields.TextField):
    """`catalog_sort_key(name)`, computed by the database, compared byte by byte.

    A linguistic collation differs between machines, so a cursor made on one would skip on another.
    """

    SQL_TYPE = 'TEXT COLLATE "C"'
    allows_generated = True

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "generated": True})

    class _db_postgres:
        GENERATED_SQL = "GENERATED ALWAYS AS (catalog_sort_key(name)) STORED"


class MediaKey(fields.UUIDField[UUID]):
    """What makes two media the same: their address and text, together too long for an index."""

    allows_generated = True

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "generated": True})

    class _db_postgres:
        SQL_TYPE = "UUID"
        GENERATED_SQL = "GENERATED ALWAYS AS (md5(url || E'\\n' || alt)::uuid) STORED"


def index(table: str, *columns: str) -> Index:
    return Index(fields=columns, name=f"{table}_{'_'.join(columns)}_idx")


def unique(table: str, *columns: str) -> UniqueConstraint:
    return UniqueConstraint(fields=columns, name=f"{table}_{'_'.join(columns)}_key")


def unique_live(table: str, *columns: str) -> UniqueConstraint:
    """Unique among the rows that are not deleted: a deleted row frees its keys."""
    return UniqueConstraint(
        fields=columns,
        name=f"{table}_{'_'.join(columns)}_key",
        condition="deleted_at IS NULL",
    )


def check(table: str, what: str, sql: str) -> CheckConstraint:
    return CheckConstraint(check=sql, name=f"{table}_{what}_check")


def one_of(table: str, column: str, *values: str) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return check(table, column, f"{column} IN ({listed})")
