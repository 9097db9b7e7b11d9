"""Media: pictures, videos and documents by their address, and where they are shown."""

from tortoise import fields
from tortoise.fields.db_defaults import SqlDefault
from tortoise.models import Model

from catalog.models.base import NO_TEXT, ZERO, MediaKey, Timestamps, check, index, one_of, unique

MEDIA_KINDS = ("image", "video", "model", "document")


class Media(Timestamps):
    id = fields.IntField(primary_key=True)
    url = fields.TextField()
    kind = fields.TextField(db_default=SqlDefault("'image'::text"))
    alt = fields.TextField(db_default=NO_TEXT)
    width = fields.IntField(null=True)
    height = fields.IntField(null=True)
    key = MediaKey()

    class Meta:
        table = "media"
        constraints = (
            unique("media", "key"),
            one_of("media", "kind", *MEDIA_KINDS),
            check("media", "width", "width > 0"),
            check("media", "height", "height > 0"),
        )


class ProductMedia(Model):
    id = fields.IntField(primary_key=True)
    product = fields.ForeignKeyField("catalog.Product", "media", on_delete=fields.CASCADE)
    media = fields.ForeignKeyField("catalog.Media", "products", on_delete=fields.CASCADE)
    position = fields.IntField(db_default=ZERO)

    class Meta:
        table = "product_media"
        constraints = (unique("product_media", "product_id", "media_id"),)
        indexes = (index("product_media", "media_id"),)


class VariantMedia(Model):
    id = fields.IntField(primary_key=True)
    variant = fields.ForeignKeyField("catalog.Variant", "media", on_delete=fields.CASCADE)
    media = fields.ForeignKeyField("catalog.Media", "variants", on_delete=fields.CASCADE)
    position = fields.IntField(db_default=ZERO)

    class Meta:
        table = "variant_media"
        constraints = (unique("variant_media", "variant_id", "media_id"),)
        indexes = (index("variant_media", "media_id"),)
