"""Variants with their prices and stock, as parts of their products' records."""

from collections.abc import Sequence

from catalog import db
from catalog.context import Context
from catalog.reads import query, visibility
from catalog.reads.prices import OPEN
from catalog.reads.stored import Record
from catalog.reads.stored.values import (
    amount,
    attributes,
    filled,
    medium,
    moment,
    number,
    parts,
    translations,
)

# Served by variant_product_id_position_id_idx.
_VARIANTS = """
SELECT v.product_id AS owner_id, v.id, v.external_id, v.sku, v.barcode, v.name, v.position,
    v.weight, v.tracked, v.backorder, v.metadata, v.private_metadata
FROM variant AS v
WHERE v.product_id = ANY (:ids::int[]) AND v.deleted_at IS NULL
ORDER BY v.product_id, v.position, v.option_key COLLATE "C", v.sku COLLATE "C",
    v.external_id COLLATE "C"
"""

# Served by variant_media_variant_id_media_id_key.
_MEDIA = """
SELECT s.variant_id AS owner_id, m.url, m.kind, m.alt, m.width, m.height
FROM variant_media AS s
JOIN media AS m ON m.id = s.media_id
WHERE s.variant_id = ANY (:ids::int[])
ORDER BY s.variant_id, s.position, m.url COLLATE "C", m.alt COLLATE "C"
"""

# Served by attribute_value_variant_key.
_VALUES = """
SELECT v.variant_id AS owner_id, a.code AS attribute, a.kind, o.code AS option, v.number, v.text,
    v.boolean, v.date, r.slug AS reference, v.locale,
    coalesce(assignment.is_option, false) AS is_option
FROM attribute_value AS v
JOIN attribute AS a ON a.id = v.attribute_id AND a.deleted_at IS NULL
JOIN variant AS owner ON owner.id = v.variant_id AND owner.id = ANY (:ids::int[])
JOIN product AS p ON p.id = owner.product_id
LEFT JOIN product_type_attribute AS assignment
    ON assignment.product_type_id = p.product_type_id AND assignment.attribute_id = a.id
LEFT JOIN attribute_option AS o ON o.id = v.option_id
LEFT JOIN product AS r ON r.id = v.reference_id AND {visible}
WHERE v.variant_id = ANY (:ids::int[]) AND (v.reference_id IS NULL OR r.id IS NOT NULL)
ORDER BY v.variant_id, a.code COLLATE "C", v.locale COLLATE "C", v.position,
    coalesce(o.code, r.slug) COLLATE "C"
"""

# Served by price_variant_id_currency_idx.
_PRICES = """
SELECT price.variant_id AS owner_id, price.amount, price.currency, price.compare_at,
    c.code AS channel, price.min_quantity, price.valid_from, price.valid_until
FROM price
LEFT JOIN channel AS c ON c.id = price.channel_id
WHERE price.variant_id = ANY (:ids::int[]) AND c.deleted_at IS NULL AND {visible}
ORDER BY price.variant_id, price.currency COLLATE "C", c.code COLLATE "C" NULLS FIRST,
    price.min_quantity, price.valid_from NULLS FIRST, price.valid_until
"""

# Served by stock_level_variant_id_location_id_key.
_STOCK = """
SELECT s.variant_id AS owner_id, l.code AS location, s.on_hand, s.reserved, s.incoming
FROM stock_level AS s
JOIN stock_location AS l ON l.id = s.location_id AND l.deleted_at IS NULL
WHERE s.variant_id = ANY (:ids::int[])
ORDER BY s.variant_id, l.code COLLATE "C"
"""


async def by_product_ids(ctx: Context, ids: Sequence[int]) -> dict[int, list[Record]]:
    """Without a token: no stock, and of the prices those that hold now in this channel."""
    rows = await query.fetch(ctx, _VARIANTS, ids=ids)
    owners = [row["id"] for row in rows]
    here = "(price.channel_id IS NULL OR price.channel_id = :channel_id)"
    seen = "true" if ctx.principal.sees_drafts else f"{here} AND {OPEN}"
    texts = await translations(ctx, "variant", owners)
    media = await parts(ctx, _MEDIA, owners)
    values = await parts(ctx, _VALUES.format(visible=visibility.products(ctx, "r")), owners)
    prices = await parts(ctx, _PRICES.format(visible=seen), owners)
    stock = await parts(ctx, _STOCK, owners) if ctx.principal.sees_drafts else {}
    found: dict[int, list[Record]] = {}
    for row in rows:
        of_variant = values.get(row["id"], ())
        record = _own(ctx, row) | filled(
            options=attributes(value for value in of_variant if value["is_option"]),
            attributes=attributes(value for value in of_variant if not value["is_option"]),
            prices=[_price(each) for each in prices.get(row["id"], ())],
            stock=[_level(each) for each in stock.get(row["id"], ())],
            media=[medium(each) for each in media.get(row["id"], ())],
            translations=texts.get(row["id"]),
        )
        found.setdefault(row["owner_id"], []).append(record)
    return found


def _own(ctx: Context, row: db.Record) -> dict[str, object]:
    names = ("external_id", "sku", "barcode", "name", "position", "tracked", "backorder")
    private = row["private_metadata"] if ctx.principal.sees_drafts else None
    return filled(
        **{name: row[name] for name in names},
        weight=number(row["weight"]),
        metadata=row["metadata"],
        private_metadata=private,
    )


def _price(row: db.Record) -> Record:
    return filled(
        amount=amount(row["amount"]),
        currency=row["currency"],
        compare_at=amount(row["compare_at"]),
        channel=row["channel"],
        min_quantity=row["min_quantity"],
        valid_from=moment(row["valid_from"]),
        valid_until=moment(row["valid_until"]),
    )


def _level(row: db.Record) -> Record:
    return {name: row[name] for name in ("location", "on_hand", "reserved", "incoming")}
