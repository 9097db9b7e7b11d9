"""Products as a shop shows them, with what feeds tell of them; read as the faces read them."""

import html
import re
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import nh3

from catalog import views
from catalog.context import Context
from catalog.paging import Paging
from catalog.reads import (
    attributes,
    brands,
    categories,
    media,
    prices,
    product_types,
    products,
    stock,
    variants,
)
from catalog.reads.product_lists import ProductWhere
from catalog.reads.variants import VariantWhere

_PAGE = 100
_BLOCK = re.compile(r"<(?:br|/p|/div|/li|/h\d|/tr)\b[^>]*>", re.IGNORECASE)
# https://www.w3.org/TR/xml/#charsets
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Offer:
    """A variant: `axes` are name and label by attribute code, `values` are labels by code; `price`
    is the usual one, `sale` what it costs now where that is less, and for how long."""

    variant: views.Variant
    axes: Mapping[str, tuple[str, str]]
    values: Mapping[str, str]
    media: tuple[views.Media, ...]
    available: bool
    price: Decimal | None
    sale: views.Price | None


@dataclass(frozen=True, slots=True)
class Shown:
    """`categories` are the names from the root down to the primary category."""

    product: views.Product
    type: str
    brand: str | None
    categories: tuple[str, ...]
    media: tuple[views.Media, ...]
    values: Mapping[str, str]
    offers: tuple[Offer, ...]


async def pages(ctx: Context, where: ProductWhere) -> AsyncIterator[tuple[Shown, ...]]:
    """The oldest first."""
    after = None
    while True:
        paging = Paging(first=_PAGE, after=after)
        page = await products.page(ctx, where, order="oldest", paging=paging)
        yield await of(ctx, page.items)
        if not page.has_next:
            return
        after = page.end_cursor


async def of(ctx: Context, shown: Sequence[views.Product]) -> tuple[Shown, ...]:
    ids = [product.id for product in shown]
    brand_ids = list({product.brand_id for product in shown if product.brand_id})
    types = await product_types.by_ids(ctx, list({product.type_id for product in shown}))
    made_by = await brands.by_ids(ctx, brand_ids)
    paths = await _paths(ctx, ids)
    pictures = await media.by_product_ids(ctx, ids)
    values = await attributes.values_by_product_ids(ctx, ids)
    named = await _named(ctx, values.values())
    offers = await _offers(ctx, ids)
    return tuple(
        Shown(
            product=product,
            type=types[product.type_id].name,
            brand=made_by[product.brand_id].name if product.brand_id in made_by else None,
            categories=paths.get(product.id, ()),
            media=pictures.get(product.id, ()),
            values=_labels(values.get(product.id, ()), named),
            offers=tuple(offers.get(product.id, ())),
        )
        for product in shown
    )


async def _paths(ctx: Context, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Names down to the primary category, by product."""
    placed = {id: held[0] for id, held in (await categories.by_product_ids(ctx, ids)).items()}
    above = await categories.ancestors_by_ids(ctx, list({c.id for c in placed.values()}))
    return {
        id: (*(each.name for each in above.get(category.id, ())), category.name)
        for id, category in placed.items()
    }


async def _offers(ctx: Context, ids: Sequence[int]) -> dict[int, list[Offer]]:
    """Of all their variants, however many; by product, in their order."""
    found: dict[int, list[Offer]] = {}
    after = None
    while ids:
        paging = Paging(first=_PAGE, after=after)
        page = await variants.page(ctx, VariantWhere(product=ids), paging=paging)
        for offer in await _of_variants(ctx, page.items):
            found.setdefault(offer.variant.product_id, []).append(offer)
        if not page.has_next:
            break
        after = page.end_cursor
    return found


async def _of_variants(ctx: Context, page: Sequence[views.Variant]) -> list[Offer]:
    ids = [variant.id for variant in page]
    axes = await variants.options_by_ids(ctx, ids)
    values = await attributes.values_by_variant_ids(ctx, ids)
    named = await _named(ctx, values.values())
    pictures = await media.by_variant_ids(ctx, ids)
    available = await stock.available_by_variant_ids(ctx, ids)
    effective = await prices.effective_by_variant_ids(ctx, ids)
    listed = await prices.by_variant_ids(ctx, ids)
    offers = []
    for variant in page:
        usual, sale = _usual_and_sale(ctx, effective.get(variant.id), listed.get(variant.id, ()))
        on_axes = {
            named[value.attribute_id].code: (named[value.attribute_id].name, _label(value))
            for value in axes.get(variant.id, ())
        }
        offers.append(
            Offer(
                variant=variant,
                axes=on_axes,
                values=_labels(values.get(variant.id, ()), named),
                media=pictures.get(variant.id, ()),
                available=available.get(variant.id, False),
                price=usual,
                sale=sale,
            )
        )
    return offers


def _usual_and_sale(
    ctx: Context, effective: views.EffectivePrice | None, listed: Sequence[views.Price]
) -> tuple[Decimal | None, views.Price | None]:
    """The price it is reduced from, and the one it is reduced to."""
    if effective is None:
        return None, None
    now = effective.price.amount
    of_one = [price for price in listed if price.min_quantity == 1]
    won = next((p for p in of_one if p.amount == now and _holds(ctx, p)), None)
    base = next((p.amount for p in of_one if not p.valid_from and not p.valid_until), now)
    usual = effective.compare_at.amount if effective.compare_at else base
    return (usual, won) if won and usual > now else (now, None)


def _holds(ctx: Context, price: views.Price) -> bool:
    begun = price.valid_from is None or price.valid_from <= ctx.at
    return begun and (price.valid_until is None or price.valid_until > ctx.at)


async def _named(
    ctx: Context, values: Iterable[Sequence[views.AttributeValue]]
) -> dict[int, views.Attribute]:
    ids = {value.attribute_id for each in values for value in each}
    return await attributes.by_ids(ctx, sorted(ids))


def _labels(
    values: Sequence[views.AttributeValue], named: Mapping[int, views.Attribute]
) -> dict[str, str]:
    return {
        named[value.attribute_id].code: _label(value)
        for value in values
        if value.attribute_id in named
    }


def _label(value: views.AttributeValue) -> str:
    return ", ".join(value.values)


def text_of(markup: str | None) -> str:
    """HTML as plain text; a block ends a line."""
    if not markup:
        return ""
    bare = nh3.clean(_BLOCK.sub("\n", markup), tags=set())
    lines = (" ".join(line.split()) for line in html.unescape(bare).splitlines())
    return "\n".join(line for line in lines if line)


def storable(text: str) -> str:
    """Without the characters that XML cannot hold."""
    return _NO_XML.sub("", text)


def address(shop: str, slug: str) -> str:
    return f"{shop}/products/{slug}"


def absolute(shop: str, url: str) -> str:
    return f"{shop}{url}" if url.startswith("/") else url
