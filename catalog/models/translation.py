"""Translations of names and texts, and the slugs that things once had."""

from tortoise import fields
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model

from catalog.models.base import Timestamps, check, index, one_of, unique

TRANSLATED = ("product", "variant", "category", "collection", "brand", "attribute", "option")


class Translation(Timestamps):
    """A null column falls through to the next locale, at last to the row itself.

    `deleted_at` follows the owner's, so that a deleted product frees its translated slugs too.
    """

    id = fields.BigIntField(primary_key=True)
    kind = fields.TextField()
    entity_id = fields.IntField()
    locale = fields.TextField()
    name = fields.TextField(null=True)
    slug = fields.TextField(null=True)
    description = fields.TextField(null=True)
    seo_title = fields.TextField(null=True)
    seo_description = fields.TextField(null=True)
    deleted_at = fields.DatetimeField(null=True)

    class Meta:
        table = "translation"
        constraints = (
            unique("translation", "kind", "entity_id", "locale"),
            UniqueConstraint(
                fields=("kind", "slug", "locale"),
                name="translation_slug_key",
                condition="slug IS NOT NULL AND deleted_at IS NULL",
            ),
            one_of("translation", "kind", *TRANSLATED),
            check("translation", "locale", "locale <> ''"),
        )


class SlugHistory(Model):
    """`locale` empty: the slug of the row itself."""

    id = fields.BigIntField(primary_key=True)
    kind = fields.TextField()
    locale = fields.TextField()
    slug = fields.TextField()
    entity_id = fields.IntField()

    class Meta:
        table = "slug_history"
        constraints = (
            unique("slug_history", "kind", "slug", "locale"),
            one_of("slug_history", "kind", "product", "category", "collection", "brand"),
        )
        indexes = (index("slug_history", "kind", "entity_id"),)
