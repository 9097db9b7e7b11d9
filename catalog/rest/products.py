"""`/v1/products`"""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from catalog.files.writing import linked
from catalog.reads import products
from catalog.reads.refs import Ref
from catalog.rest import filtering, preconditions, refs, searching, shapes, writes
from catalog.rest.answers import Answer, found
from catalog.rest.deps import PUBLIC, Listing, Principal, Shop
from catalog.rest.includes import PRODUCT, Shown, expand
from catalog.rest.openapi import body, problems
from catalog.rest.searching import ProductSearch, Question
from catalog.rest.writing import Kind, save
from catalog.writes.inputs import ProductInput

router = APIRouter(prefix="/v1/products", tags=["products"])


@router.get(
    "",
    summary="Products, page by page",
    response_model=shapes.Products,
    responses=problems(),
    dependencies=[PUBLIC],
    openapi_extra=filtering.BY_ATTRIBUTE,
)
async def page(
    answer: Answer,
    asked: Annotated[Question, Depends(searching.question)],
    listing: Listing,
    shown: Annotated[Shown, Depends(searching.displayed)],
) -> Response:
    return await searching.answer(answer, asked, listing, shown)


@router.post(
    "/search",
    summary="Products, by conditions of any shape",
    description="Reads, and writes nothing; a longer question than an address can hold.",
    response_model=shapes.Products,
    responses=problems(408, 413, 415),
    dependencies=[PUBLIC],
    openapi_extra=body(ProductSearch),
)
async def search(
    # First of all: nobody who sends slowly holds a connection to the database.
    asked: Annotated[ProductSearch, Depends(searching.sent)],
    answer: Answer,
    principal: Principal,
) -> Response:
    return await searching.answer_sent(answer, principal, asked)


@router.get(
    "/{ref:path}",
    summary="One product",
    description="With `Accept: application/ld+json` as JSON-LD of schema.org, for its page.",
    response_model=shapes.Product,
    responses=problems(301, 409),
    dependencies=[PUBLIC],
)
async def one(
    request: Request,
    answer: Answer,
    shop: Shop,
    ref: Annotated[Ref, Depends(refs.PRODUCT)],
    shown: Annotated[Shown, Depends(searching.displayed)],
) -> Response:
    product = found(await products.by_ref(answer.ctx, ref), "product")
    if product.redirect_to:
        return answer.moved(product.redirect_to)
    if linked.MEDIA_TYPE in request.headers.get("Accept", ""):
        content = await linked.document(answer.ctx, product, shop=shop)
        return answer.content(content, linked.MEDIA_TYPE)
    (item,) = await expand(answer.ctx, PRODUCT, [product], shown)
    return answer.one(item, tag=preconditions.tag(product))


writes.add(
    router,
    Kind("product", ProductInput, refs.PRODUCT, PRODUCT, products.by_ids, save),
    searching.displayed,
)
