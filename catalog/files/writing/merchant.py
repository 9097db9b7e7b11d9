"""A Google Merchant feed: RSS 2.0 with an item for each variant that has a price.

https://support.google.com/merchants/answer/7052112
"""

from collections.abc import AsyncIterator, Iterator
from decimal import Decimal
from xml.sax.saxutils import escape

from catalog.context import Context
from catalog.files.writing import shown
from catalog.files.writing.shown import Offer, Shown
from catalog.reads.product_lists import ProductWhere
from catalog.reads.stored.values import amount, moment, number

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0">
<channel>
<title>{channel}</title>
<link>{shop}</link>
<description>Products of {channel}</description>
"""
_FOOT = "</channel>\n</rss>\n"
_PICTURES = 10
# The most characters that a field may have.
_LIMITS = {
    "title": 150,
    "description": 5000,
    "brand": 70,
    "product_type": 750,
    "color": 100,
    "size": 100,
    "material": 200,
    "pattern": 100,
}
_ID = 50
# Fields that take these words only.
_WORDS = {
    "gender": {"male", "female", "unisex"},
    "age_group": {"newborn", "infant", "toddler", "kids", "adult"},
}
_CODES = {
    "color": "color",
    "colour": "color",
    "size": "size",
    "material": "material",
    "pattern": "pattern",
    "gender": "gender",
    "age_group": "age_group",
}


async def write(ctx: Context, where: ProductWhere, *, shop: str) -> AsyncIterator[bytes]:
    yield _HEAD.format(channel=escape(ctx.channel), shop=escape(shop)).encode()
    async for page in shown.pages(ctx, where):
        items = (_item(ctx, each, offer, shop) for each in page for offer in each.offers)
        yield "".join(items).encode()
    yield _FOOT.encode()


def _item(ctx: Context, each: Shown, offer: Offer, shop: str) -> str:
    """Nothing for what has no price, or costs nothing: Google refuses it."""
    if not offer.price:
        return ""
    told = "".join(
        f"<g:{name}>{escape(allowed)}</g:{name}>\n"
        for name, text in _fields(ctx, each, offer, offer.price, shop)
        if text and (allowed := _allowed(name, shown.storable(text)))
    )
    return f"<item>\n{told}</item>\n"


def _allowed(name: str, text: str) -> str:
    if name in _WORDS:
        word = text.strip().lower()
        return word if word in _WORDS[name] else ""
    return text[: _LIMITS.get(name)].strip()


def _id(key: str | None, *others: str | None) -> str | None:
    """The first that is not too long: cut off, two might be the same."""
    return next((key for key in (key, *others) if key and len(key) <= _ID), None)


def _fields(
    ctx: Context, each: Shown, offer: Offer, price: Decimal, shop: str
) -> Iterator[tuple[str, str | None]]:
    product, variant = each.product, offer.variant
    labels = " ".join(label for _, label in offer.axes.values())
    link = shown.address(shop, product.slug)
    place = f"{product.slug}-{variant.position}"
    yield "id", _id(variant.sku, variant.external_id, place, str(variant.id))
    yield "title", f"{product.name} {labels}"
    yield "description", shown.text_of(product.description) or product.name
    yield "link", f"{link}?variant={variant.position}" if len(each.offers) > 1 else link
    pictures = [m.url for m in (*offer.media, *each.media) if m.kind == "image"]
    for name, url in zip(_picture_names(), dict.fromkeys(pictures), strict=False):
        yield name, shown.absolute(shop, url)
    yield "availability", "in_stock" if offer.available else "out_of_stock"
    yield "price", f"{amount(price)} {ctx.currency}"
    if offer.sale:
        yield "sale_price", f"{amount(offer.sale.amount)} {ctx.currency}"
        if offer.sale.valid_from and offer.sale.valid_until:
            begin, end = moment(offer.sale.valid_from), moment(offer.sale.valid_until)
            yield "sale_price_effective_date", f"{begin}/{end}"
    yield "brand", each.brand
    yield "gtin", variant.gtin
    yield "identifier_exists", None if variant.gtin or each.brand else "no"
    yield "condition", "new"
    group = _id(product.slug, str(product.id))
    yield "item_group_id", group if len(each.offers) > 1 else None
    yield "product_type", " > ".join(each.categories)
    yield "shipping_weight", f"{number(variant.weight)} g" if variant.weight else None
    values = {**each.values, **offer.values}
    told = {_CODES[code]: label for code, label in values.items() if code in _CODES}
    yield from told.items()


def _picture_names() -> Iterator[str]:
    yield "image_link"
    yield from ["additional_image_link"] * _PICTURES
