"""Shopify's product CSV, as its admin imports it.

https://help.shopify.com/en/manual/products/import-export/using-csv
"""

import csv
import io
from collections.abc import AsyncIterator, Iterator
from decimal import Decimal
from itertools import zip_longest

from catalog.context import Context
from catalog.files import cells
from catalog.files.writing import shown
from catalog.files.writing.shown import Offer, Shown
from catalog.reads.product_lists import ProductWhere
from catalog.reads.stored.values import amount

_AXES = 3
_TITLE, _SEO_TITLE, _SEO_DESCRIPTION = 255, 70, 320
HEADER = (
    *("Handle", "Title", "Body (HTML)", "Vendor", "Type", "Tags", "Published"),
    *(f"Option{n} {part}" for n in range(1, _AXES + 1) for part in ("Name", "Value")),
    *("Variant SKU", "Variant Grams", "Variant Inventory Policy", "Variant Fulfillment Service"),
    *("Variant Price", "Variant Compare At Price", "Variant Barcode", "Variant Image"),
    *("Image Src", "Image Position", "Image Alt Text", "SEO Title", "SEO Description", "Status"),
)

Row = dict[str, str | None]


async def write(ctx: Context, where: ProductWhere, *, shop: str) -> AsyncIterator[bytes]:
    held = io.StringIO(newline="")
    csv.writer(held).writerow(HEADER)
    yield held.getvalue().encode()
    async for page in shown.pages(ctx, where):
        held = io.StringIO(newline="")
        csv.writer(held).writerows(
            [cells.inert(row.get(name) or "") for name in HEADER]
            for each in page
            for row in _rows(each, shop)
        )
        yield held.getvalue().encode()


def _rows(each: Shown, shop: str) -> Iterator[Row]:
    """A row for each variant and beside them one for each picture; the first has the rest."""
    pictures = [medium for medium in each.media if medium.kind == "image"]
    rest = _product(each)
    for place, (offer, picture) in enumerate(zip_longest(each.offers, pictures), 1):
        row: Row = {"Handle": each.product.slug, **rest}
        rest = {}
        if offer:
            row |= _variant(offer, shop, first=place == 1)
        if picture:
            row |= {
                "Image Src": shown.absolute(shop, picture.url),
                "Image Position": str(place),
                "Image Alt Text": picture.alt,
            }
        yield row
    if rest:
        yield {"Handle": each.product.slug, **rest}


def _product(each: Shown) -> Row:
    product = each.product
    return {
        "Title": product.name[:_TITLE],
        "Body (HTML)": product.description,
        "Vendor": each.brand,
        "Type": each.type,
        "Tags": ", ".join(product.tags),
        "Published": "TRUE",
        "SEO Title": (product.seo.title or "")[:_SEO_TITLE],
        "SEO Description": (product.seo.description or "")[:_SEO_DESCRIPTION],
        "Status": product.status,
    }


def _variant(offer: Offer, shop: str, *, first: bool) -> Row:
    variant = offer.variant
    axes = list(offer.axes.values())[:_AXES] or [("Title", "Default Title")]
    row: Row = {}
    for n, (name, label) in enumerate(axes, 1):
        row |= {f"Option{n} Name": name if first else None, f"Option{n} Value": label}
    now = offer.sale.amount if offer.sale else offer.price
    return row | {
        "Variant SKU": variant.sku,
        "Variant Grams": _grams(variant.weight),
        "Variant Inventory Policy": "deny",
        "Variant Fulfillment Service": "manual",
        "Variant Price": amount(now),
        "Variant Compare At Price": amount(offer.price) if offer.sale else None,
        "Variant Barcode": variant.barcode,
        "Variant Image": shown.absolute(shop, offer.media[0].url) if offer.media else None,
    }


def _grams(weight: Decimal | None) -> str | None:
    """Whole ones: Shopify takes no others."""
    return None if weight is None else str(round(weight))
