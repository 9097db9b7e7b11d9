"""Sitemaps, and past 50,000 addresses an index of them: https://www.sitemaps.org/protocol.html"""

from collections.abc import AsyncIterator
from urllib.parse import quote
from xml.sax.saxutils import escape

from catalog.context import Context
from catalog.reads import addresses
from catalog.reads.addresses import Address
from catalog.reads.product_lists import ProductWhere
from catalog.reads.stored.values import moment

LIMIT = 50_000
_SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


async def write(
    ctx: Context, where: ProductWhere, *, shop: str, number: int | None, address: str
) -> AsyncIterator[bytes]:
    """The one of that `number`, from 1 on. Without it the only one, or the index of all, each at
    `address` and its number."""
    yield _HEAD.encode()
    total = await addresses.count(ctx, where) if number is None else 0
    if total > LIMIT:
        yield _index(total, address).encode()
        return
    yield f"<urlset {_SPACE}>\n".encode()
    skip = ((number or 1) - 1) * LIMIT
    async for page in addresses.pages(ctx, where, skip=skip, limit=LIMIT):
        yield "".join(_url(shop, each) for each in page).encode()
    yield b"</urlset>\n"


def _index(total: int, address: str) -> str:
    numbers = range(1, -(-total // LIMIT) + 1)
    listed = "".join(
        f"<sitemap><loc>{escape(address)}?number={n}</loc></sitemap>\n" for n in numbers
    )
    return f"<sitemapindex {_SPACE}>\n{listed}</sitemapindex>\n"


def _url(shop: str, each: Address) -> str:
    location = escape(f"{shop}/{each.kind}/{quote(each.slug)}")
    return f"<url><loc>{location}</loc><lastmod>{moment(each.updated_at)}</lastmod></url>\n"
