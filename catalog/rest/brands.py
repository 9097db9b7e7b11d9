"""`/v1/brands`"""

from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from catalog.reads import brands
from catalog.reads.refs import Ref
from catalog.rest import preconditions, refs, shapes, writes
from catalog.rest.answers import Answer, found
from catalog.rest.deps import PUBLIC, Listing
from catalog.rest.includes import BRAND, Shown, expand, shown
from catalog.rest.openapi import problems
from catalog.rest.query import Several
from catalog.rest.writing import Kind, save
from catalog.writes.inputs import BrandInput

if TYPE_CHECKING:
    Field: TypeAlias = str
else:
    Field = Literal[*BRAND.fields]

router = APIRouter(prefix="/v1/brands", tags=["brands"])


async def _shown(
    fields: Annotated[Several[Field], Query(description="Only these of its own fields.")] = (),
) -> Shown:
    return shown(fields)


@router.get(
    "",
    summary="Brands by name, page by page",
    response_model=shapes.Brands,
    responses=problems(),
    dependencies=[PUBLIC],
)
async def page(
    answer: Answer, listing: Listing, shown: Annotated[Shown, Depends(_shown)]
) -> Response:
    listed = await brands.page(answer.ctx, paging=listing.paging)
    items = await expand(answer.ctx, BRAND, listed.items, shown)
    return answer.page(
        shapes.Brands, items, listed, total=await listing.total(brands.count, answer.ctx)
    )


@router.get(
    "/{ref:path}",
    summary="One brand",
    response_model=shapes.Brand,
    responses=problems(),
    dependencies=[PUBLIC],
)
async def one(
    answer: Answer,
    ref: Annotated[Ref, Depends(refs.BRAND)],
    shown: Annotated[Shown, Depends(_shown)],
) -> Response:
    brand = found(await brands.by_ref(answer.ctx, ref), "brand")
    (item,) = await expand(answer.ctx, BRAND, [brand], shown)
    return answer.one(item, tag=preconditions.tag(brand))


writes.add(router, Kind("brand", BrandInput, refs.BRAND, BRAND, brands.by_ids, save), _shown)
