"""`catalog export`: the catalog, or a part of it, as a file."""

import sys
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from pathlib import Path
from typing import Annotated, BinaryIO, Protocol

import typer

from catalog import console, settings
from catalog.context import Context, Principal
from catalog.errors import BadFilter, FileRefused, ReferenceNotFound
from catalog.files import exporting
from catalog.files.exporting import Export, Target
from catalog.reads import brands, categories, collections
from catalog.reads.product_lists import ProductWhere
from catalog.reads.refs import Ref

# A paragraph is one line: the terminal breaks it where it needs to.
_HELP = "\n\n".join(
    (
        "Export the catalog: our own NDJSON (everything) or CSV, Shopify's product CSV, a Google "
        "Merchant feed, a sitemap. Importing our own into an empty database gives the same again.",
        "Our own formats hold all that is not deleted; the others what the public sees in the "
        "channel. Everything is of one moment, and nothing is held in memory.",
        "\b\ncatalog export catalog.ndjson\n"
        "catalog export shirts.csv --format csv --category shirts\n"
        "catalog export - --format merchant --channel web --shop-url https://shop.example",
    )
)

File = Annotated[str, typer.Argument(help="Where to; - is the standard output.")]
As = Annotated[Target, typer.Option("--format", help="Of the file.")]
Channel = Annotated[
    str | None,
    typer.Option(help="Only what is listed there; feeds are for the default one unless said."),
]
Keys = Annotated[list[str] | None, typer.Option(help="Slug or ext:key; may be given repeatedly.")]
Words = Annotated[list[str] | None, typer.Option(help="May be given repeatedly.")]
Locale = Annotated[str | None, typer.Option(help="Of feeds; the channel's own unless said.")]
Currency = Annotated[str | None, typer.Option(help="Of feeds; the channel's own unless said.")]
Number = Annotated[int | None, typer.Option(min=1, help="Which part of a sitemap's index.")]
Shop = Annotated[
    str | None, typer.Option(help="Address of the shop, for links; CATALOG_SHOP_URL unless said.")
]


def export(
    file: File = "-",
    format: As = "ndjson",
    channel: Channel = None,
    category: Keys = None,
    collection: Keys = None,
    brand: Keys = None,
    type: Words = None,
    tag: Words = None,
    status: Words = None,
    locale: Locale = None,
    currency: Currency = None,
    shop_url: Shop = None,
    number: Number = None,
) -> None:
    async def work() -> None:
        reader = Principal(scopes=frozenset({"catalog:read"}))
        ctx = await exporting.context(reader, channel=channel, locale=locale, currency=currency)
        where = ProductWhere(
            category=await _ids(ctx, categories.by_ref, category, "category"),
            collection=await _ids(ctx, collections.by_ref, collection, "collection"),
            brand=await _ids(ctx, brands.by_ref, brand, "brand"),
            type=type or None,
            tags=tag or None,
            status=status or None,
        )
        shop = shop_url or settings.current().catalog_shop_url or ""
        if format in ("merchant", "sitemap", "shopify") and not shop:
            raise BadFilter("links need the address of the shop: --shop-url, or CATALOG_SHOP_URL")
        asked = Export(ctx, where, listed=channel is not None, shop=shop, number=number)
        await _write(file, format, asked)

    console.run(work)


export.__doc__ = _HELP


class _Row(Protocol):
    @property
    def id(self) -> int: ...


async def _ids(
    ctx: Context,
    by_ref: Callable[[Context, Ref], Awaitable[_Row | None]],
    keys: list[str] | None,
    noun: str,
) -> list[int] | None:
    """Rows by their keys; None for no filter."""
    found = []
    for key in keys or ():
        external = key.startswith("ext:")
        ref = Ref("external_id", key[4:]) if external else Ref("slug", key)
        row = await by_ref(ctx, ref)
        if row is None:
            raise ReferenceNotFound(f"there is no {noun} {key}")
        found.append(row.id)
    return found or None


async def _write(file: str, target: Target, export: Export) -> None:
    """A file that is not complete is never there under its name."""
    if file == "-":
        await _fill(sys.stdout.buffer, target, export)
        return
    path = Path(file)
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as opened:
            await _fill(opened, target, export)
        part.replace(path)
    except OSError as error:
        raise FileRefused(f"{path} cannot be written: {error.strerror}") from None
    finally:
        part.unlink(missing_ok=True)


async def _fill(opened: BinaryIO, target: Target, export: Export) -> None:
    async with aclosing(exporting.pieces(target, export)) as pieces:
        async for piece in pieces:
            opened.write(piece)
    opened.flush()
