"""`/v1/export` and `/v1/sitemap.xml`: files, streamed from one snapshot."""

from contextlib import aclosing
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Send

from catalog.files import exporting
from catalog.files.exporting import MEDIA_TYPES, Export, Target
from catalog.reads.product_lists import EVERYTHING
from catalog.reads.stored import products
from catalog.rest.answers import Answer
from catalog.rest.deps import PUBLIC, Shop
from catalog.rest.filtering import Where
from catalog.rest.openapi import problems

router = APIRouter(tags=["export"])


class Streamed(StreamingResponse):
    """Closes what it streams, also when nobody listens any more: a snapshot is open in there."""

    async def stream_response(self, send: Send) -> None:
        async with aclosing(self._pieces):
            await super().stream_response(send)

    def __init__(self, target: Target, export: Export, headers: dict[str, str]) -> None:
        self._pieces = exporting.pieces(target, export)
        super().__init__(self._pieces, headers=headers, media_type=MEDIA_TYPES[target])


def _streams(*targets: Target) -> Any:
    """The `responses` of a route that answers with one of these files."""
    content: dict[str, Any] = {MEDIA_TYPES[target].partition(";")[0]: {} for target in targets}
    return {**problems(403), 200: {"description": "The file.", "content": content}}


def _file(target: Target, answer: Answer, where: Where, shop: Shop, name: str) -> Response:
    products.refuse(answer.ctx, where)
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    export = Export(answer.ctx, where, shop=shop)
    return Streamed(target, export, answer.headers() | disposition)


@router.get(
    "/v1/export/products.ndjson",
    name="lines",
    summary="The catalog as our own NDJSON",
    response_class=Response,
    responses=_streams("ndjson"),
    dependencies=[PUBLIC],
)
async def lines(answer: Answer, where: Where, shop: Shop) -> Response:
    return _file("ndjson", answer, where, shop, "products.ndjson")


@router.get(
    "/v1/export/products.csv",
    summary="The catalog as CSV: our own, or Shopify's",
    response_class=Response,
    responses=_streams("csv"),
    dependencies=[PUBLIC],
)
async def table(
    answer: Answer,
    where: Where,
    shop: Shop,
    shopify: Annotated[bool, Query(description="As Shopify imports it.")] = False,
) -> Response:
    return _file("shopify" if shopify else "csv", answer, where, shop, "products.csv")


@router.get(
    "/v1/export/products.xml",
    summary="What is published as a Google Merchant feed",
    response_class=Response,
    responses=_streams("merchant"),
    dependencies=[PUBLIC],
)
async def feed(answer: Answer, where: Where, shop: Shop) -> Response:
    return _file("merchant", answer, where, shop, "products.xml")


@router.get(
    "/v1/sitemap.xml",
    summary="The addresses of what is published; past 50,000 an index of sitemaps",
    response_class=Response,
    responses=_streams("sitemap"),
    dependencies=[PUBLIC],
)
async def sitemap(
    request: Request,
    answer: Answer,
    shop: Shop,
    number: Annotated[int | None, Query(ge=1, le=50_000, description="One of the index.")] = None,
) -> Response:
    here = str(request.url.replace(query=""))
    export = Export(answer.ctx, EVERYTHING, shop=shop, sitemap=here, number=number)
    return Streamed("sitemap", export, answer.headers())
