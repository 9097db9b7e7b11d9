"""How these tests export, empty the database, and import again."""

import asyncio
from contextlib import aclosing
from pathlib import Path

from catalog.context import Principal
from catalog.files import exporting, importing
from catalog.files.exporting import Export, Target
from catalog.files.importing import Order, Report
from catalog.reads.product_lists import EVERYTHING, ProductWhere
from catalog.settings import Settings

READER = Principal(scopes=frozenset({"catalog:read"}))


async def export(
    target: Target,
    where: ProductWhere = EVERYTHING,
    *,
    principal: Principal = READER,
    channel: str | None = None,
    shop: str = "https://shop.test",
) -> bytes:
    ctx = await exporting.context(principal, channel=channel)
    asked = Export(ctx, where, listed=channel is not None, shop=shop)
    async with aclosing(exporting.pieces(target, asked)) as pieces:
        return b"".join([piece async for piece in pieces])


async def import_(path: Path, content: bytes, settings: Settings) -> Report:
    await asyncio.to_thread(path.write_bytes, content)
    report = await importing.load(path, Order(), settings, lambda *_: None)
    assert (report.errors, report.written) == ((), True)
    return report
