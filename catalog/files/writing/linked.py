"""schema.org JSON-LD of one product, for the page that shows it: ProductGroup where it has several
variants (https://schema.org/ProductGroup), else Product.
"""

import orjson

from catalog import views
from catalog.context import Context
from catalog.files.writing import shown
from catalog.files.writing.shown import Offer, Shown
from catalog.reads.stored.values import amount, filled, moment

MEDIA_TYPE = "application/ld+json"

Thing = dict[str, object]


async def document(ctx: Context, product: views.Product, *, shop: str) -> bytes:
    (each,) = await shown.of(ctx, [product])
    return orjson.dumps({"@context": "https://schema.org"} | _thing(ctx, each, shop))


def _thing(ctx: Context, each: Shown, shop: str) -> Thing:
    product = each.product
    told = filled(
        name=product.name,
        description=shown.text_of(product.description),
        url=shown.address(shop, product.slug),
        image=[shown.absolute(shop, m.url) for m in each.media if m.kind == "image"],
        brand={"@type": "Brand", "name": each.brand} if each.brand else None,
        category=" > ".join(each.categories),
        material=each.values.get("material"),
    )
    if len(each.offers) == 1:
        return {"@type": "Product"} | told | _sold(ctx, each.offers[0], shop)
    axes = sorted({code for offer in each.offers for code in offer.axes})
    return {
        "@type": "ProductGroup",
        **told,
        **filled(productGroupID=product.external_id or product.slug, variesBy=axes),
        "hasVariant": [_variant(ctx, each, offer, shop) for offer in each.offers],
    }


def _variant(ctx: Context, each: Shown, offer: Offer, shop: str) -> Thing:
    labels = " ".join(label for _, label in offer.axes.values())
    name = offer.variant.name or f"{each.product.name} {labels}".strip()
    return {"@type": "Product", "name": name} | _sold(ctx, offer, shop)


def _sold(ctx: Context, offer: Offer, shop: str) -> Thing:
    variant = offer.variant
    return filled(
        sku=variant.sku,
        gtin=variant.gtin,
        color=offer.values.get("color") or offer.values.get("colour"),
        size=offer.values.get("size"),
        image=[shown.absolute(shop, m.url) for m in offer.media if m.kind == "image"],
        offers=_offer(ctx, offer),
    )


def _offer(ctx: Context, offer: Offer) -> Thing | None:
    if offer.price is None:
        return None
    now = offer.sale.amount if offer.sale else offer.price
    until = moment(offer.sale.valid_until) if offer.sale else None
    stands = "InStock" if offer.available else "OutOfStock"
    return {
        "@type": "Offer",
        "price": amount(now),
        "priceCurrency": ctx.currency,
        "availability": f"https://schema.org/{stands}",
        **filled(priceValidUntil=until),
    }
