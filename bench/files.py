"""Catalog files to import: a database's made-up products, in our own format and in Shopify's."""

import csv
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import orjson

from catalog import db
from catalog.writes.synthetic.records import Size, records

PRODUCTS = """
SELECT jsonb_build_object(
    'record', 'product',
    'external_id', p.external_id,
    'slug', p.slug,
    'type', t.code,
    'brand', b.slug,
    'name', p.name,
    'description', p.description,
    'status', p.status,
    'tags', to_jsonb(p.tags),
    'metadata', p.metadata,
    'private_metadata', p.private_metadata,
    'tax_class', p.tax_class,
    'categories', (
        SELECT jsonb_agg(c.slug ORDER BY m.is_primary DESC, m.id)
        FROM product_category m JOIN category c ON c.id = m.category_id WHERE m.product_id = p.id
    ),
    'media', (
        SELECT jsonb_agg(
            jsonb_build_object('url', x.url, 'alt', x.alt, 'width', x.width, 'height', x.height)
            ORDER BY m.position
        )
        FROM product_media m JOIN media x ON x.id = m.media_id WHERE m.product_id = p.id
    ),
    'attributes', (
        SELECT jsonb_object_agg(
            a.code,
            coalesce(to_jsonb(o.code), to_jsonb(v.number), to_jsonb(v.boolean), to_jsonb(v.date),
                to_jsonb(v.text))
        )
        FROM attribute_value v JOIN attribute a ON a.id = v.attribute_id
        LEFT JOIN attribute_option o ON o.id = v.option_id WHERE v.product_id = p.id
    ),
    'listings', (
        SELECT jsonb_agg(jsonb_build_object(
            'channel', c.code, 'published_from', l.published_from,
            'published_until', l.published_until
        ))
        FROM product_listing l JOIN channel c ON c.id = l.channel_id WHERE l.product_id = p.id
    ),
    'variants', (
        SELECT jsonb_agg(jsonb_build_object(
            'sku', v.sku,
            'barcode', v.barcode,
            'weight', v.weight,
            'tracked', v.tracked,
            'backorder', v.backorder,
            'options', (
                SELECT jsonb_object_agg(a.code, o.code)
                FROM attribute_value x JOIN attribute a ON a.id = x.attribute_id
                JOIN attribute_option o ON o.id = x.option_id WHERE x.variant_id = v.id
            ),
            'prices', (
                SELECT jsonb_agg(jsonb_build_object(
                    'amount', x.amount::text, 'currency', x.currency,
                    'compare_at', x.compare_at::text
                ))
                FROM price x WHERE x.variant_id = v.id
            ),
            'stock', (
                SELECT jsonb_agg(jsonb_build_object(
                    'location', l.code, 'on_hand', x.on_hand, 'reserved', x.reserved,
                    'incoming', x.incoming
                ))
                FROM stock_level x JOIN stock_location l ON l.id = x.location_id
                WHERE x.variant_id = v.id
            )
        ) ORDER BY v.position)
        FROM variant v WHERE v.product_id = p.id
    )
) AS product
FROM product p
JOIN product_type t ON t.id = p.product_type_id
JOIN brand b ON b.id = p.brand_id
WHERE p.id > $1 ORDER BY p.id LIMIT 500
"""
HIGHEST = "SELECT max(id) AS id FROM (SELECT id FROM product WHERE id > $1 ORDER BY id LIMIT 500) p"

Product = dict[str, Any]

COLUMNS = (
    "Handle",
    "Title",
    "Body (HTML)",
    "Vendor",
    "Type",
    "Tags",
    "Published",
    "Option1 Name",
    "Option1 Value",
    "Option2 Name",
    "Option2 Value",
    "Variant SKU",
    "Variant Grams",
    "Variant Inventory Tracker",
    "Variant Inventory Qty",
    "Variant Inventory Policy",
    "Variant Fulfillment Service",
    "Variant Price",
    "Variant Compare At Price",
    "Variant Requires Shipping",
    "Variant Taxable",
    "Variant Barcode",
    "Image Src",
    "Image Position",
    "Image Alt Text",
    "Status",
)


async def products() -> AsyncIterator[Product]:
    after = 0
    while rows := await db.fetch(PRODUCTS, after):
        for row in rows:
            yield row["product"]
        after = (await db.fetch(HIGHEST, after))[0]["id"]


async def write_native(file: Path, size: Size) -> None:
    with file.open("wb") as out:
        for record in records(size):
            sent = record.model_dump(mode="json", exclude_unset=True)
            out.write(orjson.dumps({"record": record.record} | sent) + b"\n")
        async for product in products():
            out.write(orjson.dumps(product) + b"\n")


async def write_shopify(file: Path) -> None:
    with file.open("w", newline="", encoding="utf-8") as out:
        table = csv.DictWriter(out, COLUMNS)
        table.writeheader()
        async for product in products():
            table.writerows(shopify_rows(product))


def shopify_rows(product: Product) -> list[dict[str, object]]:
    """A row a variant; what is the product's stands on the first, pictures one on each."""
    rows = [{"Handle": product["slug"]} | _variant(variant) for variant in product["variants"]]
    rows[0] |= {
        "Title": product["name"],
        "Body (HTML)": product["description"],
        "Vendor": product["brand"],
        "Type": product["type"],
        "Tags": ", ".join(product["tags"]),
        "Published": "true",
        "Option1 Name": "Color",
        "Option2 Name": "Size",
        "Status": product["status"],
    }
    for position, (row, picture) in enumerate(zip(rows, product["media"], strict=False), 1):
        row |= {
            "Image Src": "https://cdn.shop.test" + picture["url"],
            "Image Position": position,
            "Image Alt Text": picture["alt"],
        }
    return rows


def _variant(variant: Product) -> dict[str, object]:
    price = next(price for price in variant["prices"] if price["currency"] == "EUR")
    return {
        "Option1 Value": variant["options"]["color"],
        "Option2 Value": variant["options"]["size"],
        "Variant SKU": variant["sku"],
        "Variant Grams": variant["weight"],
        "Variant Inventory Tracker": "shopify" if variant["tracked"] else "",
        "Variant Inventory Qty": variant["stock"][0]["on_hand"],
        "Variant Inventory Policy": "continue" if variant["backorder"] else "deny",
        "Variant Fulfillment Service": "manual",
        "Variant Price": price["amount"],
        "Variant Compare At Price": price["compare_at"],
        "Variant Requires Shipping": "true",
        "Variant Taxable": "true",
        "Variant Barcode": variant["barcode"],
    }
