"""Exports: which records or products go into which format, piece by piece, from one snapshot."""

from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Literal

from catalog import db
from catalog.context import ANONYMOUS, Context, Principal
from catalog.errors import UnknownChannel
from catalog.files.writing import lines, merchant, shopify, sitemap, table
from catalog.reads import contexts
from catalog.reads.product_lists import EVERYTHING, ProductWhere
from catalog.reads.stored import Record, nouns, products

Target = Literal["ndjson", "csv", "shopify", "merchant", "sitemap"]

MEDIA_TYPES: dict[Target, str] = {
    "ndjson": "application/x-ndjson",
    "csv": "text/csv; charset=utf-8; header=present",
    "shopify": "text/csv; charset=utf-8; header=present",
    "merchant": "application/xml",
    "sitemap": "application/xml",
}
_NOUNS = 500


@dataclass(frozen=True, slots=True)
class Export:
    """`listed`: only what is listed in the context's channel. `shop` is the address of the shop,
    where a product has the address `{shop}/products/{slug}`; `sitemap` that of its sitemap, which
    has parts past 50,000 addresses, of which `number` is one."""

    ctx: Context
    where: ProductWhere = EVERYTHING
    listed: bool = False
    shop: str = ""
    sitemap: str = ""
    number: int | None = None

    @property
    def whole(self) -> bool:
        """Then a collection names all its products; of a part of the catalog it cannot."""
        return self.where == EVERYTHING and not self.listed


async def context(
    principal: Principal,
    *,
    channel: str | None = None,
    locale: str | None = None,
    currency: str | None = None,
) -> Context:
    """As for an answer, but a catalog without any channel can be carried away too."""
    try:
        return await contexts.resolve(principal, channel=channel, locale=locale, currency=currency)
    except UnknownChannel:
        if channel is not None:
            raise
        return Context(principal, 0, "", "", "", (), datetime.now(UTC))


async def pieces(target: Target, export: Export) -> AsyncGenerator[bytes, None]:
    """All of one moment. Must be closed by the task that began it: it holds a connection.

    Raises, before the first piece, what the filter is refused for.
    """
    async with db.snapshot():
        async for piece in _writer(target, export):
            yield piece


def _writer(target: Target, export: Export) -> AsyncIterator[bytes]:
    if target == "ndjson":
        return lines.write(_records(export))
    if target == "csv":
        return table.write(partial(_records, export))
    ctx, where = _public(export.ctx), export.where
    if target == "shopify":
        return shopify.write(ctx, where, shop=export.shop)
    if target == "merchant":
        return merchant.write(ctx, where, shop=export.shop)
    address = export.sitemap or f"{export.shop}/sitemap.xml"
    return sitemap.write(ctx, where, shop=export.shop, number=export.number, address=address)


def _public(ctx: Context) -> Context:
    """What is made for the world shows what the world may see, whoever asks for it."""
    return replace(ctx, principal=ANONYMOUS)


async def _records(export: Export) -> AsyncIterator[list[Record]]:
    page: list[Record] = []
    async for record in nouns.all(export.ctx, members=export.whole):
        page.append(record)
        if len(page) == _NOUNS:
            yield page
            page = []
    yield page
    async for records in products.pages(
        export.ctx, export.where, listed=export.listed, members=export.whole
    ):
        yield list(records)
