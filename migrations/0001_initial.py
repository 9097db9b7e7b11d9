"""The data model of the first release; its columns, constraints and indexes as they were then."""

from typing import Any
from uuid import UUID

from tortoise import fields, migrations
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.contrib.postgres.indexes import GinIndex
from tortoise.fields.db_defaults import Now, SqlDefault
from tortoise.indexes import Index
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint

SORT_KEY = """
CREATE FUNCTION catalog_sort_key(name text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path FROM CURRENT
AS $$ SELECT lower(unaccent(lower(name))) $$
"""


class SortKey(fields.TextField):
    SQL_TYPE = 'TEXT COLLATE "C"'
    allows_generated = True

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "generated": True})

    class _db_postgres:
        GENERATED_SQL = "GENERATED ALWAYS AS (catalog_sort_key(name)) STORED"


class MediaKey(fields.UUIDField[UUID]):
    allows_generated = True

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "generated": True})

    class _db_postgres:
        SQL_TYPE = "UUID"
        GENERATED_SQL = "GENERATED ALWAYS AS (md5(url || E'\\n' || alt)::uuid) STORED"


# CreateModel leaves out a model's constraints.
LIVE = "deleted_at IS NULL"

CONSTRAINTS: dict[str, tuple[UniqueConstraint | CheckConstraint, ...]] = {
    "api_token": (
        UniqueConstraint(("digest",), "api_token_digest_key"),
        CheckConstraint("octet_length(digest) = 32", "api_token_digest_check"),
        CheckConstraint(
            "scopes <@ ARRAY['catalog:read', 'catalog:write', 'prices:write', 'stock:write', 'webhooks:write', 'admin']",
            "api_token_scopes_check",
        ),
    ),
    "attribute": (
        UniqueConstraint(("code",), "attribute_code_key", LIVE),
        UniqueConstraint(("external_id",), "attribute_external_id_key", LIVE),
        CheckConstraint(
            "kind IN ('select', 'multiselect', 'text', 'rich_text', 'number', 'boolean', 'date', 'reference')",
            "attribute_kind_check",
        ),
    ),
    "attribute_option": (
        UniqueConstraint(("attribute_id", "code"), "attribute_option_attribute_id_code_key"),
    ),
    "brand": (
        UniqueConstraint(("slug",), "brand_slug_key", LIVE),
        UniqueConstraint(("external_id",), "brand_external_id_key", LIVE),
    ),
    "channel": (
        UniqueConstraint(("code",), "channel_code_key", LIVE),
        UniqueConstraint(("external_id",), "channel_external_id_key", LIVE),
        UniqueConstraint(
            ("is_default",), "channel_one_default_key", "is_default AND deleted_at IS NULL"
        ),
        CheckConstraint("default_currency = ANY (currencies)", "channel_currency_sold_check"),
        CheckConstraint("default_locale = ANY (locales)", "channel_locale_spoken_check"),
        CheckConstraint("is_active OR NOT is_default", "channel_default_active_check"),
    ),
    "idempotency_key": (UniqueConstraint(("token_id", "key"), "idempotency_key_token_id_key_key"),),
    "import_job": (
        CheckConstraint(
            "state IN ('queued', 'running', 'done', 'failed', 'cancelled')",
            "import_job_state_check",
        ),
    ),
    "media": (
        UniqueConstraint(("key",), "media_key_key"),
        CheckConstraint("kind IN ('image', 'video', 'model', 'document')", "media_kind_check"),
        CheckConstraint("width > 0", "media_width_check"),
        CheckConstraint("height > 0", "media_height_check"),
    ),
    "category": (
        UniqueConstraint(("slug",), "category_slug_key", LIVE),
        UniqueConstraint(("external_id",), "category_external_id_key", LIVE),
        CheckConstraint("path[cardinality(path)] IS NOT DISTINCT FROM id", "category_path_check"),
        CheckConstraint("parent_id IS DISTINCT FROM id", "category_parent_check"),
    ),
    "collection": (
        UniqueConstraint(("slug",), "collection_slug_key", LIVE),
        UniqueConstraint(("external_id",), "collection_external_id_key", LIVE),
    ),
    "persisted_query": (
        UniqueConstraint(("digest",), "persisted_query_digest_key"),
        CheckConstraint("digest ~ '^[0-9a-f]{64}$'", "persisted_query_digest_check"),
    ),
    "product_type": (
        UniqueConstraint(("code",), "product_type_code_key", LIVE),
        UniqueConstraint(("external_id",), "product_type_external_id_key", LIVE),
    ),
    "product": (
        UniqueConstraint(("slug",), "product_slug_key", LIVE),
        UniqueConstraint(("external_id",), "product_external_id_key", LIVE),
        CheckConstraint("status IN ('draft', 'active', 'archived')", "product_status_check"),
    ),
    "association": (
        UniqueConstraint(
            ("product_id", "kind", "target_id"), "association_product_id_kind_target_id_key"
        ),
        CheckConstraint(
            "kind IN ('related', 'cross_sell', 'up_sell', 'accessory', 'component', 'replacement')",
            "association_kind_check",
        ),
        CheckConstraint("quantity >= 1", "association_quantity_check"),
        CheckConstraint("product_id <> target_id", "association_self_check"),
    ),
    "collection_product": (
        UniqueConstraint(
            ("collection_id", "product_id"), "collection_product_collection_id_product_id_key"
        ),
    ),
    "product_category": (
        UniqueConstraint(
            ("product_id", "category_id"), "product_category_product_id_category_id_key"
        ),
        UniqueConstraint(("product_id",), "product_category_one_primary_key", "is_primary"),
    ),
    "product_listing": (
        UniqueConstraint(("product_id", "channel_id"), "product_listing_product_id_channel_id_key"),
        CheckConstraint("published_from < published_until", "product_listing_window_check"),
    ),
    "product_media": (
        UniqueConstraint(("product_id", "media_id"), "product_media_product_id_media_id_key"),
    ),
    "product_type_attribute": (
        UniqueConstraint(
            ("product_type_id", "attribute_id"),
            "product_type_attribute_product_type_id_attribute_id_key",
        ),
        CheckConstraint("level IN ('product', 'variant')", "product_type_attribute_level_check"),
        CheckConstraint(
            "level = 'variant' OR NOT is_option", "product_type_attribute_option_axis_check"
        ),
    ),
    "slug_history": (
        UniqueConstraint(("kind", "slug", "locale"), "slug_history_kind_slug_locale_key"),
        CheckConstraint(
            "kind IN ('product', 'category', 'collection', 'brand')", "slug_history_kind_check"
        ),
    ),
    "stock_location": (
        UniqueConstraint(("code",), "stock_location_code_key", LIVE),
        UniqueConstraint(("external_id",), "stock_location_external_id_key", LIVE),
    ),
    "stock_location_channel": (
        UniqueConstraint(
            ("location_id", "channel_id"), "stock_location_channel_location_id_channel_id_key"
        ),
    ),
    "translation": (
        UniqueConstraint(("kind", "entity_id", "locale"), "translation_kind_entity_id_locale_key"),
        UniqueConstraint(
            ("kind", "slug", "locale"),
            "translation_slug_key",
            "slug IS NOT NULL AND deleted_at IS NULL",
        ),
        CheckConstraint(
            "kind IN ('product', 'variant', 'category', 'collection', 'brand', 'attribute', 'option')",
            "translation_kind_check",
        ),
        CheckConstraint("locale <> ''", "translation_locale_check"),
    ),
    "variant": (
        UniqueConstraint(("sku",), "variant_sku_key", LIVE),
        UniqueConstraint(("gtin",), "variant_gtin_key", LIVE),
        UniqueConstraint(("external_id",), "variant_external_id_key", LIVE),
        UniqueConstraint(("product_id", "option_key"), "variant_product_id_option_key_key", LIVE),
        CheckConstraint("gtin ~ '^[0-9]{14}$'", "variant_gtin_check"),
        CheckConstraint("weight >= 0", "variant_weight_check"),
    ),
    "attribute_value": (
        CheckConstraint("num_nonnulls(product_id, variant_id) = 1", "attribute_value_owner_check"),
        CheckConstraint(
            "num_nonnulls(option_id, number, text, boolean, date, reference_id) = 1",
            "attribute_value_value_check",
        ),
        CheckConstraint("locale IS NULL OR text IS NOT NULL", "attribute_value_locale_check"),
    ),
    "price": (
        CheckConstraint("currency ~ '^[A-Z]{3}$'", "price_currency_check"),
        CheckConstraint("min_quantity >= 1", "price_min_quantity_check"),
        CheckConstraint("amount >= 0", "price_amount_check"),
        CheckConstraint("compare_at >= 0", "price_compare_at_check"),
        CheckConstraint("valid_from < valid_until", "price_window_check"),
    ),
    "stock_level": (
        UniqueConstraint(("variant_id", "location_id"), "stock_level_variant_id_location_id_key"),
        CheckConstraint("reserved >= 0", "stock_level_reserved_check"),
        CheckConstraint("incoming >= 0", "stock_level_incoming_check"),
    ),
    "variant_media": (
        UniqueConstraint(("variant_id", "media_id"), "variant_media_variant_id_media_id_key"),
    ),
    "webhook_delivery": (
        CheckConstraint(
            "state IN ('pending', 'delivered', 'failed')", "webhook_delivery_state_check"
        ),
    ),
}

UNDECLARED = [
    """
        CREATE UNIQUE INDEX price_base_key ON price (variant_id, channel_id, currency, min_quantity)
        NULLS NOT DISTINCT WHERE valid_from IS NULL AND valid_until IS NULL
    """,
    """
        CREATE UNIQUE INDEX attribute_value_product_key
        ON attribute_value (product_id, attribute_id, option_id, reference_id, locale)
        NULLS NOT DISTINCT WHERE product_id IS NOT NULL
    """,
    """
        CREATE UNIQUE INDEX attribute_value_variant_key
        ON attribute_value (variant_id, attribute_id, option_id, reference_id, locale)
        NULLS NOT DISTINCT WHERE variant_id IS NOT NULL
    """,
    """CREATE INDEX product_tags_idx ON product USING gin (tags)""",
    """
        ALTER TABLE price ADD CONSTRAINT price_window_excl EXCLUDE USING gist (
            variant_id WITH =, (coalesce(channel_id, 0)) WITH =, currency WITH =,
            min_quantity WITH =, tstzrange(valid_from, valid_until) WITH &&
        ) WHERE (valid_from IS NOT NULL OR valid_until IS NOT NULL)
    """,
]


def added(table: str, constraint: UniqueConstraint | CheckConstraint) -> str:
    if isinstance(constraint, CheckConstraint):
        return f"ALTER TABLE {table} ADD CONSTRAINT {constraint.name} CHECK ({constraint.check})"
    columns = ", ".join(constraint.fields)
    if constraint.condition is None:
        return f"ALTER TABLE {table} ADD CONSTRAINT {constraint.name} UNIQUE ({columns})"
    return (
        f"CREATE UNIQUE INDEX {constraint.name} ON {table} ({columns}) WHERE {constraint.condition}"
    )


class Migration(migrations.Migration):
    initial = True

    operations = [
        # Extensions stay when the tables go: others may use them.
        ops.RunSQL(
            [
                "CREATE EXTENSION IF NOT EXISTS pg_trgm",
                "CREATE EXTENSION IF NOT EXISTS unaccent",
                "CREATE EXTENSION IF NOT EXISTS btree_gist",
            ],
            ops.RunSQL.noop,
        ),
        ops.RunSQL(SORT_KEY, "DROP FUNCTION catalog_sort_key(text)"),
        ops.CreateModel(
            name="ApiToken",
            fields=[
                ("id", fields.IntField(primary_key=True)),
                ("name", fields.TextField()),
                ("prefix", fields.TextField()),
                ("digest", fields.BinaryField()),
                ("scopes", ArrayField(db_default=SqlDefault("'{}'::text[]"), element_type="TEXT")),
                ("created_at", fields.DatetimeField(db_default=Now())),
                ("expires_at", fields.DatetimeField(null=True)),
                ("revoked_at", fields.DatetimeField(null=True)),
            ],
            options={"table": "api_token", "constraints": CONSTRAINTS["api_token"]},
        ),
        ops.CreateModel(
            name="Attribute",
            fields=[
                ("created_at", fields.DatetimeField(db_default=Now())),
                ("updated_at", fields.DatetimeField(db_default=Now())),
                ("id", fields.IntField(primary_key=True)),
                ("external_id", fields.TextField(null=True)),
                ("deleted_at", fields.DatetimeField(null=True)),
                ("code", fields.TextField()),
                ("name", fields.TextField()),
                ("kind", fields.TextField()),
                ("unit", fields.TextField(null=True)),
                ("filterable", fields.BooleanField(db_default=SqlDefault("false"))),
                ("searchable", fields.BooleanField(db_default=SqlDefault("false"))),
                ("sortable", fields.BooleanField(db_default=SqlDefault("false"))),
                ("position", fields.IntField(db_default=SqlDefault("0"))),
                ("rules", fields.JSONField(db_default=SqlDefault("'{}'::jsonb"))),
                ("version", fields.IntField(db_default=SqlDefault("1"))),
            ],
            options={"table": "attribute", "constraints": CONSTRAINTS["attribute"]},
        ),
        ops.CreateModel(
            name="AttributeOption",
            fields=[
                ("id", fields.IntField(primary_key=True)),
                (
                    "attribute",
                    fields.ForeignKeyField(
                        "catalog.Attribute",
                        source_field="attribute_id",
                        to_field="id",
                        related_name="options",
                        on_delete=fields.CASCADE,
                    ),
                ),
                ("code", fields.TextField()),
                ("label", fields.TextField()),
                ("position", fields.IntField(db_default=SqlDefault("0"))),
                ("swatch", fields.TextField(null=True)),
            ],
            options={"table": "attribute_option", "constraints": CONSTRAINTS["attribute_option"]},
        ),
        ops.CreateModel(
            name="Brand",
            fields=[
                ("created_at", fields.DatetimeField(db_default=Now())),
                ("updated_at", fields.DatetimeField(db_default=Now())),
                ("id", fields.IntField(primary_key=True)),
                ("external_id", fields.TextField(null=True)),
                ("deleted_at", fields.DatetimeField(null=True)),
                ("name", fields.TextField()),
                ("slug", fields.TextField()),
                ("description", fields.TextField(null=True)),
                ("metadata", fields.JSONField(db_default=SqlDefault("'{}'::jsonb"))),
                ("name_sort", SortKey()),
            ],
            options={
                "table": "brand",
                "indexes": [Index(fields=["name_sort", "id"], name="brand_name_sort_id_idx")],
                "constraints": CONSTRAINTS["brand"],
            },
        ),
        ops.CreateModel(
            name="Channel",
            fields=[
                ("created_at", fields.DatetimeField(db_default=Now())),
                ("updated_at", fields.DatetimeField(db_default=Now())),
                ("id", fields.IntField(primary_key=True)),
                ("external_id", fields.TextField(null=True)),
                ("deleted_at", fields.DatetimeField(null=True)),
                ("code", fields.TextField()),
                ("name", fields.TextField()),
                ("default_currency", fields.TextField()),
                (
                    "currencies",
                    ArrayField(db_default=SqlDefault("'{}'::text[]"), element_type="TEXT"),
                ),
                ("default_locale", fields.TextField()),
                ("locales", ArrayField(db_default=SqlDefault("'{}'::text[]"), element_type="TEXT")),
                ("prices_include_tax", fields.BooleanField(db_default=SqlDefault("true"))),
                ("is_active", fields.BooleanField(db_default=SqlDefault("true"))),
                ("is_default", fields.BooleanField(db_default=SqlDefault("false"))),
            ],
            options={"table": "channel", "constraints": CONSTRAINTS["channel"]},
        ),
        ops.CreateModel(
            name="IdempotencyKey",
            fields=[
                ("id", fields.BigIntField(primary_key=True)),
                (
                    "token",
                    fields.ForeignKeyField(
                        "catalog.ApiToken",
                        source_field="token_id",
                        to_field="id",
                        related_name="idempotency_keys",
                        on_delete=fields.CASCADE,
                    ),
                ),
                ("key", fields.TextField()),
                ("request_digest", fields.BinaryField()),
                ("status", fields.IntField(null=True)),
                ("answer", fields.BinaryField(null=True)),
                ("created_at", fields.DatetimeField(db_default=Now())),
            ],
            options={
                "table": "idempotency_key",
                "indexes": [Index(fields=["created_at"], name="idempotency_key_created_at_idx")],
                "constraints": CONSTRAINTS["idempotency_key"],
            },
        ),
        ops.CreateModel(
            name="ImportJob",
            fields=[
                ("created_at", fields.DatetimeField(db_default=Now())),
                ("updated_at", fields.DatetimeField(db_default=Now())),
                ("id", fields.IntField(primary_key=True)),
                ("state", fields.TextField(db_default=SqlDefault("'queued'::text"))),
                ("file_name", fields.TextField()),
                ("options", fields.JSONField(db_default=SqlDefault("'{}'::jsonb"))),
                ("counts", fields.JSONField(db_default=SqlDefault("'{}'::jsonb"))),
                ("chunks_done", fields.IntField(db_default=SqlDefault("0"))),
                ("started_at", fields.DatetimeField(null=True)),
                ("finished_at", fields.DatetimeField(null=True)),
            ],
            options={
                "table": "import_job",
                "indexes": [Index(fields=["state", "id"], name="import_job_state_id_idx")],
                "constraints": CONSTRAINTS["import_job"],
            },
        ),
        ops.CreateModel(
            name="ImportRowError",
            fields=[
                ("id", fields.BigIntField(primary_key=True)),
                (
                    "job",
                    fields.ForeignKeyField(
                        "catalog.ImportJob",
                        source_field="job_id",
                        to_field="id",
                        related_name="row_errors",
                        on_delete=fields.CASCADE,
                    ),
                ),
                ("line", fields.IntField()),
                ("column", fields.TextField(null=True)),
                ("value", fields.TextField(null=True)),
                ("code", fields.TextField()),
                ("message", fields.TextField()),
            ],
            options={
                "table": "import_row_error",
                "indexes": [
                    Index(fields=["job_id", "line"], name="import_row_error_job_id_line_idx")
                ],
            },
        ),
        ops.CreateModel(
            name="Media",
            fields=[
                ("created_at", fields.DatetimeField(db_default=Now())),
                ("updated_at", fields.DatetimeField(db_default=Now())),
                ("id", fields.IntField(primary_key=True)),
                ("url", fields.TextField()),
                ("kind", fields.TextField(db_default=SqlDefault("'image'::text"))),
                ("alt", fields.TextField(db_default=SqlDefault("''::text"))),
                ("width", fields.IntField(null=True)),
                ("height", fields.IntField(null=True)),
                ("key", MediaKey()),
            ],
            options={"table": "media", "constraints": CONSTRAINTS["media"]},
        ),
        ops.CreateModel(
            name="Category",
            fields=[
                ("created_at", fields.DatetimeField(db_default=Now())),
                ("updated_at", fields.DatetimeField(db_default=Now())),
                ("id", fields.IntField(primary_key=True)),
                ("external_id", fields.TextField(null=True)),
                ("deleted_at", fields.DatetimeField(null=True)),
                (
                    "parent",
                    fields.ForeignKeyField(
                        "catalog.Category",
                        source_field="parent_id",
                        null=True,
                        to_field="id",
                        related_name="children",
                        on_delete=fields.RESTRICT,
                    ),
                ),
                ("path", ArrayField(element_type="INT")),
                ("name", fields.TextField()),
                ("slug", fields.TextField()),
                ("description", fields.TextField(null=True)),
                ("position", fields.IntField(db_default=SqlDefault("0"))),
                ("published", fields.BooleanField(db_default=SqlDefault("true"))),
                ("seo_title", fields.TextField(null=True)),
                ("seo_description", fields.TextField(null=True)),
                ("metadata", fields.JSONField(db_default=SqlDefault("'{}'::jsonb"))),
                (
                    "image",
                    fields.ForeignKeyField(
                        "catalog.Media",
                        source_field="image_id",
                        null=True,
                        to_field="id",
                        related_name="image_of_categories",
                        on_delete=fields.SET_NULL,
                    ),
                ),
                ("version", fields.IntField(db_default=SqlDefault("1"))),
            ],
            options={
                "table": "category",
                "indexes": [
                    GinIndex(fields=["path"], name="category_path_idx"),
                    Index(
                        fields=["parent_id", "position", "id"],
                        name="category_parent_id_position_id_idx",
                    ),
                    Index(fields=["image_id"], name="category_image_id_idx"),
                ],
                "constraints": CONSTRAINTS["category"],
            },
        ),
        ops.CreateModel(
            name="Collection",
            fields=[
                ("created_at", fields.DatetimeField(db_default=Now())),
                ("updated_at", fields.DatetimeField(db_default=Now())),
                ("id", fields.IntField(primary_key=True)),
                ("external_id", fields.TextField(null=True)),
                ("deleted_at", fields.DatetimeField(null=True)),
                ("name", fields.TextField()),
                ("slug", fields.TextField()),
                ("description", fields.TextField(null=True)),
                ("rule", fields.JSONField(null=True)),
                ("published", fields.BooleanField(db_default=SqlDefault("true"))),
                ("seo_title", fields.TextField(null=True)),
                ("seo_description", fields.TextField(null=True)),
                ("metadata", fields.JSONField(db_default=SqlDefault("'{}'::jsonb"))),
                ("name_sort", SortKey()),
                (
                    "image",
                    fields.ForeignKeyField(
                        "catalog.Media",
                        source_field="image_id",
                        null=True,
                        to_field="id",
                        related_name="image_of_collections",
                        on_delete=fields.SET_NULL,
                    ),
                ),
                ("version", fields.IntField(db_default=SqlDefault("1"))),
            ],
            options={
                "table": "collection",
                "indexes": [
                    Index(fields=["name_sort", "id"], name="collection_name_sort_id_idx"),
                    Index(fields=["image_id"], name="collection_image_id_idx"),
                ],
                "constraints": CONSTRAINTS["collection"],
            },
        ),
        ops.CreateModel(
            name="PersistedQuery",
            fields=[
                ("id", fields.IntField(primary_key=True)),
                ("digest", fields.TextField()),
                ("document", fields.TextField()),
                ("created_at", fields.DatetimeField(db_default=Now())),
            ],
            options={"table": "persisted_query", "constraints": CONSTRAINTS["persisted_query"]},
        ),
        ops.CreateModel(
            name="ProductType",
            fields=[
                ("created_at", fields.DatetimeField(db_default=Now())),
                ("updated_at", fields.DatetimeField(db_default=Now())),
                ("id", fields.IntField(primary_key=True)),
                ("external_id", fields.TextField(null=True)),
                ("deleted_at", fields.DatetimeField(null=True)),
                ("code", fields.TextField()),
                ("name", fields.TextField()),
            ],
            options={"table": "product_type", "constraints": CONSTRAINTS["product_type"]},
        ),
        ops.CreateModel(
            name="Product",
            fields=[
                ("created_at", fields.DatetimeField(db_default=Now())),
                ("updated_at", fields.DatetimeField(db_default=Now())),
                ("id", fields.IntField(primary_key=True)),
                ("external_id", fields.TextField(null=True)),
                ("deleted_at", fields.DatetimeField(null=True)),
                (
                    "product_type",
                    fields.ForeignKeyField(
                        "catalog.ProductType",
                        source_field="product_type_id",
                        to_field="id",
                        related_name="products",
                        on_delete=fields.RESTRICT,
                    ),
                ),
                (
                    "brand",
                    fields.ForeignKeyField(
                        "catalog.Brand",
                        source_field="brand_id",
                        null=True,
                        to_field="id",
                        related_name="products",
                        on_delete=fields.RESTRICT,
                    ),
                ),
                ("name", fields.TextField()),
                ("slug", fields.TextField()),
                ("description", fields.TextField(null=True)),
                ("status", fields.TextField(db_default=SqlDefault("'draft'::text"))),
                ("tags", ArrayField(db_default=SqlDefault("'{}'::text[]"), element_type="TEXT")),
                ("seo_title", fields.TextField(null=True)),
                ("seo_description", fields.TextField(null=True)),
                ("metadata", fields.JSONField(db_default=SqlDefault("'{}'::jsonb"))),
                ("private_metadata", fields.JSONField(db_default=SqlDefault("'{}'::jsonb"))),
                ("tax_class", fields.TextField(null=True)),
                ("name_sort", SortKey()),
                (
                    "default_media",
                    fields.ForeignKeyField(
                        "catalog.Media",
                        source_field="default_media_id",
                        null=True,
                        to_field="id",
                        related_name="default_of",
                        on_delete=fields.SET_NULL,
                    ),
                ),
                ("version", fields.IntField(db_default=SqlDefault("1"))),
            ],
            options={
                "table": "product",
                "indexes": [
                    Index(fields=["created_at", "id"], name="product_created_at_id_idx"),
                    Index(fields=["updated_at", "id"], name="product_updated_at_id_idx"),
                    Index(fields=["name_sort", "id"], name="product_name_sort_id_idx"),
                    Index(fields=["brand_id"], name="product_brand_id_idx"),
                    Index(fields=["product_type_id"], name="product_product_type_id_idx"),
                    Index(fields=["default_media_id"], name="product_default_media_id_idx"),
                ],
                "constraints": CONSTRAINTS["product"],
            },
        ),
        ops.CreateModel(
            name="Association",
            fields=[
                ("id", fields.IntField(primary_key=True)),
                (
                    "product",
                    fields.ForeignKeyField(
                        "catalog.Product",
                        source_field="product_id",
                        to_field="id",
                        related_name="associations",
                        on_delete=fields.CASCADE,
                    ),
                ),
                (
                    "target",
                    fields.ForeignKeyField(
                        "catalog.Product",
                        source_field="target_id",
                        to_field="id",
                        related_name="associated_by",
                        on_delete=fields.CASCADE,
                    ),
                ),
                ("kind", fields.TextField()),
                ("quantity", fields.IntField(db_default=SqlDefault("1"))),
                ("position", fields.IntField(db_default=SqlDefault("0"))),
            ],
            options={
                "table": "association",
                "indexes": [Index(fields=["target_id"], name="association_target_id_idx")],
                "constraints": CONSTRAINTS["association"],
            },
        ),
        ops.CreateModel(
            name="CollectionProduct",
            fields=[
                ("id", fields.IntField(primary_key=True)),
                (
                    "collection",
                    fields.ForeignKeyField(
                        "catalog.Collection",
                        source_field="collection_id",
                        to_field="id",
                        related_name="products",
                        on_delete=fields.CASCADE,
                    ),
                ),
                (
                    "product",
                    fields.ForeignKeyField(
                        "catalog.Product",
                        source_field="product_id",
                        to_field="id",
                        related_name="collections",
                        on_delete=fields.CASCADE,
                    ),
                ),
                ("position", fields.IntField(db_default=SqlDefault("0"))),
            ],
            options={
                "table": "collection_product",
                "indexes": [Index(fields=["product_id"], name="collection_product_product_id_idx")],
                "constraints": CONSTRAINTS["collection_product"],
            },
        ),
        ops.CreateModel(
            name="ProductCategory",
            fields=[
                ("id", fields.IntField(primary_key=True)),
                (
                    "product",
                    fields.ForeignKeyField(
                        "catalog.Product",
                        source_field="product_id",
                        to_field="id",
                        related_name="categories",
                        on_delete=fields.CASCADE,
                    ),
                ),
                (
                    "category",
                    fields.ForeignKeyField(
                        "catalog.Category",
                        source_field="category_id",
                        to_field="id",
                        related_name="products",
                        on_delete=fields.CASCADE,
                    ),
                ),
                ("is_primary", fields.BooleanField(db_default=SqlDefault("false"))),
                ("position", fields.IntField(null=True)),
            ],
            options={
                "table": "product_category",
                "indexes": [
                    Index(
                        fields=["category_id", "product_id"],
                        name="product_category_category_id_product_id_idx",
                    )
                ],
                "constraints": CONSTRAINTS["product_category"],
            },
        ),
        ops.CreateModel(
            name="ProductListing",
            fields=[
                ("id", fields.IntField(primary_key=True)),
                (
                    "product",
                    fields.ForeignKeyField(
                        "catalog.Product",
                        source_field="product_id",
                        to_field="id",
                        related_name="listings",
                        on_delete=fields.CASCADE,
                    ),
                ),
                (
                    "channel",
                    fields.ForeignKeyField(
                        "catalog.Channel",
                        source_field="channel_id",
                        to_field="id",
                        related_name="listings",
                        on_delete=fields.CASCADE,
                    ),
                ),
                ("published_from", fields.DatetimeField(null=True)),
                ("published_until", fields.DatetimeField(null=True)),
                ("purchasable_from", fields.DatetimeField(null=True)),
            ],
            options={
                "table": "product_listing",
                "indexes": [Index(fields=["channel_id"], name="product_listing_channel_id_idx")],
                "constraints": CONSTRAINTS["product_listing"],
            },
        ),
        ops.CreateModel(
            name="ProductMedia",
            fields=[
                ("id", fields.IntField(primary_key=True)),
                (
                    "product",
                    fields.ForeignKeyField(
                        "catalog.Product",
                        source_field="product_id",
                        to_field="id",
                        related_name="media",
                        on_delete=fields.CASCADE,
                    ),
                ),
                (
                    "media",
                    fields.ForeignKeyField(
                        "catalog.Media",
                        source_field="media_id",
                        to_field="id",
                        related_name="products",
                        on_delete=fields.CASCADE,
                    ),
                ),
                ("position", fields.IntField(db_default=SqlDefault("0"))),
            ],
            options={
                "table": "product_media",
                "indexes": [Index(fields=["media_id"], name="product_media_media_id_idx")],
                "constraints": CONSTRAINTS["product_media"],
            },
        ),
        ops.CreateModel(
            name="ProductTypeAttribute",
            fields=[
                ("id", fields.IntField(primary_key=True)),
                (
                    "product_type",
                    fields.ForeignKeyField(
                        "catalog.ProductType",
                        source_field="product_type_id",
                        to_field="id",
                        related_name="assignments",
                        on_delete=fields.CASCADE,
                    ),
                ),
                (
                    "attribute",
                    fields.ForeignKeyField(
                        "catalog.Attribute",
                        source_field="attribute_id",
                        to_field="id",
                        related_name="assignments",
                        on_delete=fields.RESTRICT,
                    ),
                ),
                ("level", fields.TextField()),
                ("is_option", fields.BooleanField(db_default=SqlDefault("false"))),
                ("required", fields.BooleanField(db_default=SqlDefault("false"))),
                ("position", fields.IntField(db_default=SqlDefault("0"))),
            ],
            options={
                "table": "product_type_attribute",
                "indexes": [
                    Index(fields=["attribute_id"], name="product_type_attribute_attribute_id_idx")
                ],
                "constraints": CONSTRAINTS["product_type_attribute"],
            },
        ),
        ops.CreateModel(
            name="SlugHistory",
            fields=[
                ("id", fields.BigIntField(primary_key=True)),
                ("kind", fields.TextField()),
                ("locale", fields.TextField()),
                ("slug", fields.TextField()),
                ("entity_id", fields.IntField()),
            ],
            options={
                "table": "slug_history",
                "indexes": [
                    Index(fields=["kind", "entity_id"], name="slug_history_kind_entity_id_idx")
                ],
                "constraints": CONSTRAINTS["slug_history"],
            },
        ),
        ops.CreateModel(
            name="StockLocation",
            fields=[
                ("created_at", fields.DatetimeField(db_default=Now())),
                ("updated_at", fields.DatetimeField(db_default=Now())),
                ("id", fields.IntField(primary_key=True)),
                ("external_id", fields.TextField(null=True)),
                ("deleted_at", fields.DatetimeField(null=True)),
                ("code", fields.TextField()),
                ("name", fields.TextField()),
            ],
            options={"table": "stock_location", "constraints": CONSTRAINTS["stock_location"]},
        ),
        ops.CreateModel(
            name="StockLocationChannel",
            fields=[
                ("id", fields.IntField(primary_key=True)),
                (
                    "location",
                    fields.ForeignKeyField(
                        "catalog.StockLocation",
                        source_field="location_id",
                        to_field="id",
                        related_name="channels",
                        on_delete=fields.CASCADE,
                    ),
                ),
                (
                    "channel",
                    fields.ForeignKeyField(
                        "catalog.Channel",
                        source_field="channel_id",
                        to_field="id",
                        related_name="locations",
                        on_delete=fields.CASCADE,
                    ),
                ),
            ],
            options={
                "table": "stock_location_channel",
                "indexes": [
                    Index(fields=["channel_id"], name="stock_location_channel_channel_id_idx")
                ],
                "constraints": CONSTRAINTS["stock_location_channel"],
            },
        ),
        ops.CreateModel(
            name="Translation",
            fields=[
                ("created_at", fields.DatetimeField(db_default=Now())),
                ("updated_at", fields.DatetimeField(db_default=Now())),
                ("id", fields.BigIntField(primary_key=True)),
                ("kind", fields.TextField()),
                ("entity_id", fields.IntField()),
                ("locale", fields.TextField()),
                ("name", fields.TextField(null=True)),
                ("slug", fields.TextField(null=True)),
                ("description", fields.TextField(null=True)),
                ("seo_title", fields.TextField(null=True)),
                ("seo_description", fields.TextField(null=True)),
                ("deleted_at", fields.DatetimeField(null=True)),
            ],
            options={"table": "translation", "constraints": CONSTRAINTS["translation"]},
        ),
        ops.CreateModel(
            name="Variant",
            fields=[
                ("created_at", fields.DatetimeField(db_default=Now())),
                ("updated_at", fields.DatetimeField(db_default=Now())),
                ("id", fields.IntField(primary_key=True)),
                ("external_id", fields.TextField(null=True)),
                ("deleted_at", fields.DatetimeField(null=True)),
                (
                    "product",
                    fields.ForeignKeyField(
                        "catalog.Product",
                        source_field="product_id",
                        to_field="id",
                        related_name="variants",
                        on_delete=fields.CASCADE,
                    ),
                ),
                ("sku", fields.TextField(null=True)),
                ("barcode", fields.TextField(null=True)),
                ("gtin", fields.TextField(null=True)),
                ("name", fields.TextField(null=True)),
                ("position", fields.IntField(db_default=SqlDefault("0"))),
                ("option_key", fields.TextField(db_default=SqlDefault("''::text"))),
                ("weight", fields.DecimalField(null=True, max_digits=14, decimal_places=3)),
                ("tracked", fields.BooleanField(db_default=SqlDefault("true"))),
                ("backorder", fields.BooleanField(db_default=SqlDefault("false"))),
                ("metadata", fields.JSONField(db_default=SqlDefault("'{}'::jsonb"))),
                ("private_metadata", fields.JSONField(db_default=SqlDefault("'{}'::jsonb"))),
                ("version", fields.IntField(db_default=SqlDefault("1"))),
            ],
            options={
                "table": "variant",
                "indexes": [
                    Index(
                        fields=["product_id", "position", "id"],
                        name="variant_product_id_position_id_idx",
                    ),
                    Index(fields=["barcode"], name="variant_barcode_idx"),
                ],
                "constraints": CONSTRAINTS["variant"],
            },
        ),
        ops.CreateModel(
            name="AttributeValue",
            fields=[
                ("id", fields.BigIntField(primary_key=True)),
                (
                    "product",
                    fields.ForeignKeyField(
                        "catalog.Product",
                        source_field="product_id",
                        null=True,
                        to_field="id",
                        related_name="attribute_values",
                        on_delete=fields.CASCADE,
                    ),
                ),
                (
                    "variant",
                    fields.ForeignKeyField(
                        "catalog.Variant",
                        source_field="variant_id",
                        null=True,
                        to_field="id",
                        related_name="attribute_values",
                        on_delete=fields.CASCADE,
                    ),
                ),
                (
                    "attribute",
                    fields.ForeignKeyField(
                        "catalog.Attribute",
                        source_field="attribute_id",
                        to_field="id",
                        related_name="values",
                        on_delete=fields.RESTRICT,
                    ),
                ),
                (
                    "option",
                    fields.ForeignKeyField(
                        "catalog.AttributeOption",
                        source_field="option_id",
                        null=True,
                        to_field="id",
                        related_name="values",
                        on_delete=fields.RESTRICT,
                    ),
                ),
                ("number", fields.DecimalField(null=True, max_digits=24, decimal_places=6)),
                ("text", fields.TextField(null=True)),
                ("boolean", fields.BooleanField(null=True)),
                ("date", fields.DateField(null=True)),
                (
                    "reference",
                    fields.ForeignKeyField(
                        "catalog.Product",
                        source_field="reference_id",
                        null=True,
                        to_field="id",
                        related_name="referenced_by",
                        on_delete=fields.CASCADE,
                    ),
                ),
                ("locale", fields.TextField(null=True)),
                ("position", fields.IntField(db_default=SqlDefault("0"))),
            ],
            options={
                "table": "attribute_value",
                "indexes": [
                    Index(
                        fields=["attribute_id", "option_id"],
                        name="attribute_value_attribute_id_option_id_idx",
                    ),
                    Index(fields=["option_id"], name="attribute_value_option_id_idx"),
                    Index(fields=["reference_id"], name="attribute_value_reference_id_idx"),
                ],
                "constraints": CONSTRAINTS["attribute_value"],
            },
        ),
        ops.CreateModel(
            name="Price",
            fields=[
                ("created_at", fields.DatetimeField(db_default=Now())),
                ("updated_at", fields.DatetimeField(db_default=Now())),
                ("id", fields.BigIntField(primary_key=True)),
                (
                    "variant",
                    fields.ForeignKeyField(
                        "catalog.Variant",
                        source_field="variant_id",
                        to_field="id",
                        related_name="prices",
                        on_delete=fields.CASCADE,
                    ),
                ),
                (
                    "channel",
                    fields.ForeignKeyField(
                        "catalog.Channel",
                        source_field="channel_id",
                        null=True,
                        to_field="id",
                        related_name="prices",
                        on_delete=fields.CASCADE,
                    ),
                ),
                ("currency", fields.TextField()),
                ("min_quantity", fields.IntField(db_default=SqlDefault("1"))),
                ("amount", fields.DecimalField(max_digits=18, decimal_places=4)),
                ("compare_at", fields.DecimalField(null=True, max_digits=18, decimal_places=4)),
                ("valid_from", fields.DatetimeField(null=True)),
                ("valid_until", fields.DatetimeField(null=True)),
            ],
            options={
                "table": "price",
                "indexes": [
                    Index(fields=["variant_id", "currency"], name="price_variant_id_currency_idx"),
                    Index(fields=["channel_id"], name="price_channel_id_idx"),
                ],
                "constraints": CONSTRAINTS["price"],
            },
        ),
        ops.CreateModel(
            name="StockLevel",
            fields=[
                ("id", fields.BigIntField(primary_key=True)),
                (
                    "variant",
                    fields.ForeignKeyField(
                        "catalog.Variant",
                        source_field="variant_id",
                        to_field="id",
                        related_name="stock",
                        on_delete=fields.CASCADE,
                    ),
                ),
                (
                    "location",
                    fields.ForeignKeyField(
                        "catalog.StockLocation",
                        source_field="location_id",
                        to_field="id",
                        related_name="stock",
                        on_delete=fields.CASCADE,
                    ),
                ),
                ("on_hand", fields.IntField(db_default=SqlDefault("0"))),
                ("reserved", fields.IntField(db_default=SqlDefault("0"))),
                ("incoming", fields.IntField(db_default=SqlDefault("0"))),
                ("updated_at", fields.DatetimeField(db_default=Now())),
            ],
            options={
                "table": "stock_level",
                "indexes": [Index(fields=["location_id"], name="stock_level_location_id_idx")],
                "constraints": CONSTRAINTS["stock_level"],
            },
        ),
        ops.CreateModel(
            name="VariantMedia",
            fields=[
                ("id", fields.IntField(primary_key=True)),
                (
                    "variant",
                    fields.ForeignKeyField(
                        "catalog.Variant",
                        source_field="variant_id",
                        to_field="id",
                        related_name="media",
                        on_delete=fields.CASCADE,
                    ),
                ),
                (
                    "media",
                    fields.ForeignKeyField(
                        "catalog.Media",
                        source_field="media_id",
                        to_field="id",
                        related_name="variants",
                        on_delete=fields.CASCADE,
                    ),
                ),
                ("position", fields.IntField(db_default=SqlDefault("0"))),
            ],
            options={
                "table": "variant_media",
                "indexes": [Index(fields=["media_id"], name="variant_media_media_id_idx")],
                "constraints": CONSTRAINTS["variant_media"],
            },
        ),
        ops.CreateModel(
            name="Webhook",
            fields=[
                ("created_at", fields.DatetimeField(db_default=Now())),
                ("updated_at", fields.DatetimeField(db_default=Now())),
                ("id", fields.IntField(primary_key=True)),
                ("url", fields.TextField()),
                ("kinds", ArrayField(db_default=SqlDefault("'{}'::text[]"), element_type="TEXT")),
                ("secrets", ArrayField(db_default=SqlDefault("'{}'::text[]"), element_type="TEXT")),
                ("is_active", fields.BooleanField(db_default=SqlDefault("true"))),
            ],
            options={"table": "webhook"},
        ),
        ops.CreateModel(
            name="WebhookDelivery",
            fields=[
                ("id", fields.BigIntField(primary_key=True)),
                (
                    "webhook",
                    fields.ForeignKeyField(
                        "catalog.Webhook",
                        source_field="webhook_id",
                        to_field="id",
                        related_name="deliveries",
                        on_delete=fields.CASCADE,
                    ),
                ),
                ("message_id", fields.TextField()),
                ("body", fields.JSONField()),
                ("state", fields.TextField(db_default=SqlDefault("'pending'::text"))),
                ("attempts", fields.IntField(db_default=SqlDefault("0"))),
                ("next_attempt_at", fields.DatetimeField(db_default=Now())),
                ("last_error", fields.TextField(null=True)),
            ],
            options={
                "table": "webhook_delivery",
                "indexes": [
                    Index(
                        fields=["state", "next_attempt_at"],
                        name="webhook_delivery_state_next_attempt_at_idx",
                    ),
                    Index(fields=["webhook_id"], name="webhook_delivery_webhook_id_idx"),
                ],
                "constraints": CONSTRAINTS["webhook_delivery"],
            },
        ),
        # Gone with their tables.
        ops.RunSQL(
            [
                added(table, constraint)
                for table, constraints in CONSTRAINTS.items()
                for constraint in constraints
            ],
            ops.RunSQL.noop,
        ),
        ops.RunSQL(UNDECLARED, ops.RunSQL.noop),
    ]
