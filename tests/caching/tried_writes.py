"""What is written in every way: our own requests, and statements that somebody types."""

import re
from collections.abc import Mapping
from typing import Any

from factories import lamp, variant

from catalog import ids

DESK, GARDEN = "/v1/products/desk-lamp-1", "/v1/products/garden-lamp"


def _mutation(field: str) -> tuple[str, str, Any]:
    return "POST", "/graphql", {"query": f"mutation {{ {field} }}"}


# Our own writes over both faces, one after the other; text is that of an upload.
OURS: Mapping[str, tuple[tuple[str, str, Any], ...]] = {
    "products": (
        (
            "POST",
            "/v1/products",
            lamp("moon-lamp", variants=(variant("moon-red", "red"),)).model_dump(
                mode="json", exclude_unset=True, exclude={"record"}
            ),
        ),
        ("PATCH", DESK, {"name": "Desk light"}),
        ("PATCH", DESK, {"brand": "noctis"}),
        ("PATCH", DESK, {"tags": ["old"]}),
        ("PATCH", GARDEN, {"categories": ["outlet"]}),
        ("PATCH", GARDEN, {"collections": ["favourites"]}),
        ("PATCH", DESK, {"attributes": {"power": 12, "material": {"en": "Brass"}}}),
        ("PATCH", DESK, {"media": [{"url": "/media/new.jpg"}]}),
        ("PATCH", DESK, {"associations": [{"kind": "related", "product": "garden-lamp"}]}),
        ("PATCH", DESK, {"translations": {"de": {"name": "Leuchte", "slug": "leuchte"}}}),
        ("PATCH", DESK, {"listings": [{"channel": "us"}]}),
        ("PATCH", "/v1/products/draft-lamp", {"status": "active"}),
        ("PATCH", GARDEN, {"status": "archived"}),
        ("PATCH", GARDEN, {"status": "active", "slug": "moon-lamp-2"}),
        ("DELETE", "/v1/products/floor-lamp", None),
        ("POST", "/v1/products/{Product:2}/restore", None),
        ("DELETE", DESK, None),
    ),
    "variants": (
        ("PATCH", "/v1/variants/sku:desk-red", {"sku": "desk-scarlet", "barcode": "11"}),
        ("PATCH", "/v1/variants/sku:desk-blue", {"name": "Blue", "weight": "3.5"}),
        (
            "PATCH",
            "/v1/variants/sku:desk-blue",
            {"prices": [{"amount": "9.00", "currency": "EUR"}]},
        ),
        (
            "PATCH",
            "/v1/variants/sku:desk-blue",
            {
                "prices": [
                    {"amount": "4", "currency": "EUR", "valid_from": "2020-01-01T00:00:00Z"},
                ]
            },
        ),
        ("PATCH", "/v1/variants/sku:wall-red", {"stock": [{"location": "main", "on_hand": 0}]}),
        ("PATCH", "/v1/variants/sku:wall-red", {"backorder": True}),
        ("PATCH", "/v1/variants/sku:desk-blue", {"media": [{"url": "/media/blue.jpg"}]}),
        ("DELETE", "/v1/variants/sku:desk-blue", None),
        ("POST", "/v1/variants/{Variant:2}/restore", None),
        (
            "PATCH",
            "/v1/products/wall-lamp",
            {"variants": [{"sku": "moon-red", "options": {"color": "blue"}}]},
        ),
    ),
    "nouns": (
        ("POST", "/v1/brands", {"slug": "moon", "name": "Moon"}),
        ("PATCH", "/v1/brands/lumen", {"name": "Lumina", "translations": {"de": {"name": "Li"}}}),
        ("DELETE", "/v1/brands/noctis", None),
        ("POST", "/v1/brands/{Brand:2}/restore", None),
        ("POST", "/v1/categories", {"slug": "moon", "name": "Moon", "parent": "home-lamps"}),
        ("PATCH", "/v1/categories/home-lamps", {"name": "All lamps"}),
        ("PATCH", "/v1/categories/garden", {"parent": "home"}),
        ("PATCH", "/v1/categories/outlet", {"published": False}),
        ("PATCH", "/v1/categories/outlet", {"published": True, "slug": "sale"}),
        ("PATCH", "/v1/categories/sale", {"image": {"url": "/media/sale.jpg"}}),
        ("DELETE", "/v1/categories/moon", None),
        ("POST", "/v1/collections", {"slug": "moon", "name": "Moon", "products": ["wall-lamp"]}),
        ("PATCH", "/v1/collections/favourites", {"products": ["desk-lamp-1", "floor-lamp"]}),
        ("PATCH", "/v1/collections/cheap", {"rule": {"variant": {"price": {"gt": "15"}}}}),
        ("PATCH", "/v1/collections/favourites", {"published": False}),
        ("DELETE", "/v1/collections/cheap", None),
    ),
    "more nouns": (
        ("POST", "/v1/attributes", {"code": "glow", "name": "Glow", "kind": "boolean"}),
        ("PATCH", "/v1/attributes/color", {"name": "Hue", "options": [{"code": "green"}]}),
        ("PATCH", "/v1/attributes/color", {"options": [{"code": "red", "label": "Rosy"}]}),
        ("PATCH", "/v1/attributes/material", {"filterable": True}),
        ("DELETE", "/v1/attributes/power", None),
        ("POST", "/v1/attributes/{Attribute:3}/restore", None),
        ("PATCH", "/v1/types/lamp", {"name": "Lights"}),
        ("POST", "/v1/types", {"code": "tent", "name": "Tent"}),
        ("DELETE", "/v1/locations/main", None),
        ("POST", "/v1/locations/{StockLocation:1}/restore", None),
        ("PATCH", "/v1/locations/main", {"channels": ["us"]}),
        ("PATCH", "/v1/channels/eu", {"currencies": ["EUR"], "name": "Union"}),
        ("PATCH", "/v1/channels/us", {"is_default": True}),
        ("DELETE", "/v1/channels/eu", None),
        ("POST", "/v1/channels/{Channel:1}/restore", None),
    ),
    "many": (
        (
            "POST",
            "/v1/products:bulk",
            '{"record": "product", "slug": "desk-lamp-1", "name": "Desk light"}\n'
            '{"record": "product", "slug": "garden-lamp", "categories": ["outlet"]}\n',
        ),
        (
            "POST",
            "/v1/prices:bulk",
            '{"variant": "desk-blue", "currency": "EUR", "amount": "8.5"}\n',
        ),
        ("POST", "/v1/stock:bulk", '{"variant": "wall-red", "location": "main", "on_hand": 0}\n'),
        ("POST", "/v1/brands:bulk", '{"slug": "lumen", "name": "Lumina"}\n'),
    ),
    "mutations": (
        _mutation('productUpsert(input: {slug: "desk-lamp-1", name: "Desk light"}) { status }'),
        _mutation(
            'productBulkUpsert(input: [{slug: "wall-lamp", name: "A"}, {slug: "garden-lamp",'
            ' categories: ["outlet"]}]) { results { status } }'
        ),
        _mutation('productDelete(by: {slug: "floor-lamp"}) { status }'),
        _mutation('categoryUpsert(input: {slug: "outlet", name: "Sale"}) { status }'),
        _mutation(
            'pricesSet(input: [{variant: {sku: "desk-blue"}, currency: "EUR", amount: "8.5"}])'
            " { results { status } }"
        ),
        _mutation(
            'stockSet(input: [{variant: {sku: "wall-red"}, location: "main", onHand: 0}])'
            " { results { status } }"
        ),
    ),
}


def named(path: str) -> str:
    """`{Product:2}` as a reference by id."""
    return re.sub(
        r"\{(\w+):(\d+)\}",
        lambda found: "id:" + ids.encode(found[1], int(found[2])),
        path,
    )


# By table; each changes something that is asked for.
INSERTS = {
    "listing": "INSERT INTO listing SELECT * FROM kept_listing",
    "listing_variant": "INSERT INTO listing_variant SELECT * FROM kept_listing_variant",
    "product": """INSERT INTO product (id, product_type_id, name, slug, status)
        VALUES (99, 1, 'Moon', 'moon-lamp', 'active')""",
    "variant": "INSERT INTO variant (id, product_id, sku) VALUES (99, 1, 'moon-red')",
    "price": """INSERT INTO price (variant_id, currency, amount)
        VALUES (99, 'EUR', 3), (1, 'USD', 4)""",
    "stock_level": "INSERT INTO stock_level (variant_id, location_id, on_hand) VALUES (99, 1, 7)",
    "product_listing": "INSERT INTO product_listing (product_id, channel_id) VALUES (99, 1)",
    "product_category": "INSERT INTO product_category (product_id, category_id) VALUES (3, 4)",
    "collection_product": """INSERT INTO collection_product (collection_id, product_id, position)
        VALUES (1, 4, 0)""",
    "attribute_value": """INSERT INTO attribute_value (product_id, attribute_id, number)
        VALUES (3, 3, 77)""",
    "association": """INSERT INTO association (product_id, target_id, kind)
        VALUES (1, 4, 'accessory')""",
    "media": """INSERT INTO media (id, url) VALUES (99, '/media/99.jpg')""",
    "product_media": "INSERT INTO product_media (product_id, media_id) VALUES (1, 99)",
    "variant_media": "INSERT INTO variant_media (variant_id, media_id) VALUES (1, 99)",
    "slug_history": """INSERT INTO slug_history (kind, locale, slug, entity_id)
        VALUES ('product', '', 'moon-lamp', 2), ('category', '', 'moon', 1)""",
    "translation": """INSERT INTO translation (kind, entity_id, locale, name) VALUES
        ('brand', 1, 'de', 'Lumen DE'), ('attribute', 1, 'de', 'Farbe'),
        ('variant', 1, 'de', 'Rot')""",
    "brand": "INSERT INTO brand (id, name, slug) VALUES (99, 'Moon', 'moon')",
    "category": """INSERT INTO category (id, name, slug, parent_id, path)
        VALUES (99, 'Moon', 'moon', 2, '{1,2,99}')""",
    "collection": "INSERT INTO collection (id, name, slug) VALUES (99, 'Moon', 'moon')",
    "attribute": """INSERT INTO attribute (id, code, name, kind, filterable)
        VALUES (99, 'glow', 'Glow', 'boolean', true)""",
    "attribute_option": """INSERT INTO attribute_option (attribute_id, code, label)
        VALUES (1, 'green', 'Green')""",
    "product_type": "INSERT INTO product_type (code, name) VALUES ('tent', 'Tent')",
    "product_type_attribute": """INSERT INTO product_type_attribute
        (product_type_id, attribute_id, level) VALUES (1, 99, 'product')""",
    "channel": """INSERT INTO channel
        (code, name, default_currency, currencies, default_locale, locales)
        VALUES ('uk', 'UK', 'GBP', '{GBP}', 'en', '{en}')""",
    "stock_location": "INSERT INTO stock_location (id, code, name) VALUES (99, 'two', 'Two')",
    "stock_location_channel": """INSERT INTO stock_location_channel (location_id, channel_id)
        VALUES (99, 1)""",
    "search_word": "INSERT INTO search_word (word) VALUES ('stel')",
    "search_text": """INSERT INTO search_text (product_id, locale, document)
        VALUES (4, 'de', to_tsvector('simple', 'lamp stel'))""",
}
# What only something else that is written with it shows.
UNSEEN = {
    "media",
    "search_text",
    "product",
    "stock_location",
    "product_type_attribute",
    "stock_location_channel",
    "listing_variant",
}

KEPT = """
CREATE TEMP TABLE kept_listing AS SELECT * FROM listing WHERE product_id = 4;
CREATE TEMP TABLE kept_listing_variant AS SELECT * FROM listing_variant WHERE product_id = 3;
DELETE FROM listing WHERE product_id = 4; DELETE FROM listing_variant WHERE product_id = 3;
"""

# By table, with what has to go before; what hangs on a row goes with it.
DELETES = {
    "search_word": "DELETE FROM search_word WHERE word = 'steel'",
    "search_text": "DELETE FROM search_text WHERE product_id = 4",
    "listing_variant": "DELETE FROM listing_variant WHERE product_id = 3",
    "listing": "DELETE FROM listing WHERE product_id = 4",
    "translation": "DELETE FROM translation WHERE kind = 'product'",
    "slug_history": "DELETE FROM slug_history",
    "association": "DELETE FROM association",
    "variant_media": "DELETE FROM variant_media",
    "product_media": "DELETE FROM product_media WHERE product_id = 1 AND media_id = 1",
    "price": "DELETE FROM price WHERE variant_id = 1",
    "stock_level": "DELETE FROM stock_level WHERE variant_id IN (2, 5, 6)",
    "attribute_value": "DELETE FROM attribute_value WHERE product_id = 1",
    "product_category": "DELETE FROM product_category WHERE product_id = 1 AND category_id = 3",
    "collection_product": "DELETE FROM collection_product WHERE product_id = 1",
    "product_listing": "DELETE FROM product_listing WHERE product_id = 2 AND channel_id = 1",
    "media": "DELETE FROM media WHERE id = 1",
    "variant": "DELETE FROM variant WHERE id = 2",
    "product": "DELETE FROM product WHERE id = 4",
    "collection": "DELETE FROM collection WHERE id = 1",
    "category": "DELETE FROM category WHERE slug = 'garden'",
    "brand": "UPDATE product SET brand_id = 1 WHERE brand_id = 2; DELETE FROM brand WHERE id = 2",
    "stock_location_channel": "DELETE FROM stock_location_channel WHERE channel_id = 1",
    "stock_location": "DELETE FROM stock_location WHERE id = 1",
    "channel": "DELETE FROM channel WHERE code = 'us'",
    "attribute_option": """DELETE FROM attribute_value WHERE option_id = 2;
        DELETE FROM attribute_option WHERE id = 2""",
    "product_type_attribute": "DELETE FROM product_type_attribute WHERE attribute_id = 3",
    "attribute": """DELETE FROM attribute_value WHERE attribute_id = 3;
        DELETE FROM attribute WHERE id = 3""",
    "product_type": "DELETE FROM product; DELETE FROM product_type",
}

# A column's new value where the ordinary one of its type will not do.
VALUES = {
    "product.status": "'archived'",
    "product.product_type_id": "2",
    "product_listing.published_from": "now() + interval '1 day'",
    "product_listing.purchasable_from": "now() + interval '1 day'",
    "product_listing.published_until": "now()",
    "price.currency": "'USD'",
    "price.valid_until": "'2020-01-01'",
    "price.valid_from": "now() + interval '1 day'",
    "variant.gtin": "'00000000000017'",
    "attribute.kind": "'multiselect'",
    "attribute_value.option_id": "2",
    "attribute_value.locale": "NULL",
    "association.kind": "'accessory'",
    "media.kind": "'video'",
    "channel.default_currency": "'USD'",
    "channel.default_locale": "'de'",
    "channel.currencies": "'{EUR}'",
    "channel.locales": "'{en}'",
    "category.parent_id": "3",
    "category.path": "'{3,2}'",
    "collection.rule": """'{"brand": ["noctis"]}'""",
    "slug_history.kind": "'brand'",
    "slug_history.entity_id": "2",
    "translation.kind": "'brand'",
    "translation.locale": "'fr'",
    "product_type_attribute.level": "'product'",
    "search_text.document": "to_tsvector('simple', 'lamp stel')",
    "search_text.locale": "'fr'",
}
ORDINARY = {
    "text": "{column} || '-x'",
    "integer": "{column} + 1",
    "bigint": "{column} + 1",
    "numeric": "coalesce({column}, 0) + 1",
    "boolean": "NOT {column}",
    "timestamp with time zone": "coalesce({column} - interval '1 hour', now())",
    "date": "'2026-01-01'",
    "jsonb": """'{{"a": 1}}'""",
    "ARRAY": "'{{7}}'",
    "tsvector": "{column}",
}
