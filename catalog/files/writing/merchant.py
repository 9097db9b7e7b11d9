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
_TITLE, _DESCRIPTION, _PICTURES = 150, 5000, 10
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
    if offer.price is None:
        return ""
    told = "".join(
        f"<g:{name}>{escape(shown.storable(text))}</g:{name}>\n"
        for name, text in _fields(ctx, each, offer, offer.price, shop)
        if text
    )
    return f"<item>\n{told}</item>\n"


def _fields(
    ctx: Context, each: Shown, offer: Offer, price: Decimal, shop: str
) -> Iterator[tuple[str, str | None]]:
    product, variant = each.product, offer.variant
    labels = " ".join(label for _, label in offer.axes.values())
    link = shown.address(shop, product.slug)
    yield "id", variant.sku or variant.external_id or f"{product.slug}-{variant.position}"
    yield "title", f"{product.name} {labels}".strip()[:_TITLE]
    yield "description", (shown.text_of(product.description) or product.name)[:_DESCRIPTION]
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
    yield "item_group_id", product.slug if len(each.offers) > 1 else None
    yield "product_type", " > ".join(each.categories)
    yield "shipping_weight", f"{number(variant.weight)} g" if variant.weight else None
    values = {**each.values, **offer.values}
    told = {_CODES[code]: label for code, label in values.items() if code in _CODES}
    yield from told.items()


def _picture_names() -> Iterator[str]:
    yield "image_link"
    yield from ["additional_image_link"] * _PICTURES
